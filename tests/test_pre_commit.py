"""The hooks as pre-commit installs and runs them, in a repository with the wrong program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WRONG = (ROOT / "fixtures" / "article" / "wrong_way.py").read_text()
RIGHT = (ROOT / "fixtures" / "article" / "value_and_lock.py").read_text()

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

Run = subprocess.CompletedProcess[str]


class Repository:
    """A git repository that no setting of the user or of the system reaches."""

    def __init__(self, folder: Path, pre_commit_home: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        names = {
            f"GIT_{who}_{what}": "a@b.c"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        inherited = {name: x for name, x in os.environ.items() if not name.startswith("GIT_")}
        self.environment = {
            **inherited,
            **names,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "PRE_COMMIT_HOME": str(pre_commit_home),
        }
        self.git("init", "--quiet")

    def run(self, *command: str) -> Run:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def git(self, *arguments: str) -> str:
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def pre_commit(self, *arguments: str) -> Run:
        return self.run(sys.executable, "-m", "pre_commit", *arguments)

    def commit(self, name: str, text: str) -> Run:
        (self.folder / name).write_text(text)
        self.git("add", name)
        return self.run("git", "commit", "--quiet", "--message", name)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit-home")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Repository:
    """Return a repository with this checkout's files, as a release would have them."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in ("src", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    repository = Repository(folder, home)
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message", "release")
    return repository


@pytest.fixture
def project(tmp_path: Path, home: Path, hooks: Repository) -> Repository:
    """Return a repository whose commits are checked by the hook `lintvalue`."""
    repository = Repository(tmp_path / "project", home)
    (repository.folder / ".pre-commit-config.yaml").write_text(config(hooks, "lintvalue"))
    repository.git("add", ".")
    installed = repository.pre_commit("install", "--install-hooks")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return repository


def config(hooks: Repository, hook: str) -> str:
    rev = hooks.git("rev-parse", "HEAD")
    return f"repos:\n- repo: {hooks.folder}\n  rev: {rev}\n  hooks:\n  - id: {hook}\n"


def test_manifest() -> None:
    """The manifest is one that pre-commit accepts."""
    manifest = str(ROOT / ".pre-commit-hooks.yaml")
    subprocess.run([sys.executable, "-m", "pre_commit", "validate-manifest", manifest], check=True)


def test_wrong_program_is_stopped(project: Repository) -> None:
    """A commit with the wrong program does not happen, and the finding is shown."""
    committed = project.commit("worker.py", WRONG)
    assert committed.returncode == 1
    assert "LV101" in committed.stdout + committed.stderr
    assert "worker.py" in project.git("status", "--porcelain")


def test_right_program_passes(project: Repository) -> None:
    """A commit with the right program happens."""
    committed = project.commit("worker.py", RIGHT)
    assert committed.returncode == 0, committed.stdout + committed.stderr
    assert project.git("status", "--porcelain") == ""


def test_fix_lets_the_commit_pass(project: Repository, hooks: Repository) -> None:
    """What the hook `lintvalue-fix` has rewritten is accepted by the hook `lintvalue`."""
    assert project.commit("worker.py", WRONG).returncode == 1
    fixing = project.folder / "fixing.yaml"
    fixing.write_text(config(hooks, "lintvalue-fix"))
    fixed = project.pre_commit("run", "--config", "fixing.yaml", "--all-files")
    assert "files were modified by this hook" in fixed.stdout, fixed.stdout + fixed.stderr
    repaired = (project.folder / "worker.py").read_text()
    assert repaired != WRONG
    fixing.unlink()
    committed = project.commit("worker.py", repaired)
    assert committed.returncode == 0, committed.stdout + committed.stderr
