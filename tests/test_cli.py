"""The command line, through real processes: what is printed where, and the exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

UNSAFE = """\
from multiprocessing import Process, Value


def add(hits):
    hits.value += 1


if __name__ == "__main__":
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=add, args=(hits,)).start()
"""
SAFE = UNSAFE.replace("    hits.value += 1", "    with hits.get_lock():\n        hits.value += 1")
BROKEN = "from multiprocessing import Value\ndef f(:\n"
FOUND = "5:5: LV101"


def lintvalue(
    folder: Path, arguments: Sequence[str], stdin: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lintvalue", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env={**_environment(), **environment},
        check=False,
    )


def _environment() -> dict[str, str]:
    ours = ("LINTVALUE_OUTPUT_FORMAT", "LINTVALUE_CACHE_DIR", "NO_COLOR", "FORCE_COLOR")
    return {name: value for name, value in os.environ.items() if name not in ours}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    return tmp_path


def test_a_clean_folder_ends_with_status_0(folder):
    (folder / "worker.py").write_text(SAFE)
    done = lintvalue(folder, ["check"])
    assert (done.returncode, done.stdout) == (0, "")
    assert "All checks passed!" in done.stderr


def test_a_finding_ends_with_status_1_and_stands_on_standard_output(folder):
    (folder / "worker.py").write_text(UNSAFE)
    done = lintvalue(folder, ["check", "--output-format", "concise"])
    assert done.returncode == 1
    assert done.stdout.startswith("worker.py:" + FOUND)
    assert done.stdout.count("\n") == 1
    assert done.stderr == "Found 1 error.\n"


def test_exit_zero_turns_1_into_0_and_never_2(folder):
    (folder / "worker.py").write_text(UNSAFE)
    assert lintvalue(folder, ["check", "--exit-zero"]).returncode == 0
    assert lintvalue(folder, ["check", "--exit-zero", "worker.py", "missing.py"]).returncode == 2


def test_a_missing_path_is_named_and_the_others_are_checked(folder):
    (folder / "worker.py").write_text(UNSAFE)
    done = lintvalue(folder, ["check", "missing.py", "worker.py"])
    assert done.returncode == 2
    assert "error: missing.py: no such file or directory" in done.stderr
    assert FOUND in done.stdout


def test_a_folder_without_python_files_is_a_warning(folder):
    (folder / "notes.txt").write_text("multiprocessing")
    done = lintvalue(folder, ["check", "."])
    assert (done.returncode, done.stdout) == (0, "")
    assert "warning: No Python files found under the given path(s)" in done.stderr


def test_a_file_that_cannot_be_decoded_is_named_and_the_others_are_checked(folder):
    (folder / "worker.py").write_text(UNSAFE)
    (folder / "odd.py").write_bytes(UNSAFE.encode() + b"x = '\xff'\n")
    done = lintvalue(folder, ["check"])
    assert done.returncode == 2
    assert "error: odd.py: cannot be decoded" in done.stderr
    assert "worker.py:" + FOUND in done.stdout


def test_a_file_that_cannot_be_parsed_is_named_and_the_others_are_checked(folder):
    (folder / "worker.py").write_text(UNSAFE)
    (folder / "broken.py").write_text(BROKEN)
    done = lintvalue(folder, ["check"])
    assert done.returncode == 2
    assert "error: broken.py:2:" in done.stderr
    assert "worker.py:" + FOUND in done.stdout


def test_a_broken_file_without_any_word_of_ours_counts_as_checked(folder):
    (folder / "broken.py").write_text("def f(:\n")
    assert lintvalue(folder, ["check"]).returncode == 0


def test_a_broken_neighbour_that_is_not_named_is_not_reported(folder):
    (folder / "worker.py").write_text(SAFE)
    (folder / "broken.py").write_text(BROKEN)
    assert lintvalue(folder, ["check", "worker.py"]).returncode == 0


def test_a_named_module_is_judged_within_its_project(folder):
    """`check jobs.py` finds what only the module that launches it makes a fault."""
    head, _, main = UNSAFE.partition("\n\nif")
    jobs = head.partition("\n")[2].strip() + "\n"
    (folder / "jobs.py").write_text(jobs)
    (folder / "app.py").write_text(
        "from multiprocessing import Process, Value\nfrom jobs import add\n\nif" + main
    )
    done = lintvalue(folder, ["check", "jobs.py", "--output-format", "concise"])
    assert done.stdout.startswith("jobs.py:2:5: LV101")
    alone = lintvalue(folder, ["check", "--isolated", "jobs.py"])
    assert (alone.returncode, alone.stdout) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nosuch"],
        [],
        ["check", "--nosuch"],
        ["check", "--select", "NOPE"],
        ["check", "--output-format", "nosuch"],
        ["check", "--output-format", "sarif"],
        ["check", "--jobs", "0"],
        ["check", "--config", "nothere.toml"],
        ["check", "--baseline", "base.json"],
        ["rule", "NOPE"],
        ["rule"],
    ],
)
def test_bad_usage_ends_with_status_2_and_a_sentence_on_standard_error(folder, arguments):
    done = lintvalue(folder, arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_an_unknown_key_of_the_configuration_ends_with_status_2(folder):
    (folder / "worker.py").write_text(UNSAFE)
    (folder / "pyproject.toml").write_text("[tool.lintvalue]\nnosuch = 1\n")
    done = lintvalue(folder, ["check"])
    assert (done.returncode, done.stdout) == (2, "")
    assert "pyproject.toml" in done.stderr
    assert "nosuch" in done.stderr


def test_isolated_reads_no_configuration(folder):
    (folder / "worker.py").write_text(UNSAFE)
    (folder / "pyproject.toml").write_text("[tool.lintvalue\n")
    assert lintvalue(folder, ["check", "--isolated", "worker.py"]).returncode == 1


def test_the_path_of_standard_input_is_the_name_that_is_given_for_it(folder):
    done = lintvalue(
        folder,
        ["check", "-", "--stdin-filename", "app/new.py", "--output-format", "concise"],
        stdin=UNSAFE,
    )
    assert done.returncode == 1
    assert done.stdout.startswith("app/new.py:" + FOUND)
    assert not (folder / "app").exists()


def test_statistics_count_the_findings_of_each_rule(folder):
    (folder / "a.py").write_text(UNSAFE)
    (folder / "b.py").write_text(UNSAFE)
    done = lintvalue(folder, ["check", "--statistics"])
    assert done.returncode == 1
    assert done.stdout == "2\tLV101\tunlocked-augmented-assignment\n"


def test_json_carries_the_fields_that_readers_rely_on(folder):
    (folder / "worker.py").write_text(UNSAFE)
    (found,) = json.loads(lintvalue(folder, ["check", "--output-format", "json"]).stdout)
    assert found["code"] == "LV101"
    assert found["filename"] == "worker.py"
    assert found["location"] == {"row": 5, "column": 5}
    assert found["end_location"] == {"row": 5, "column": 20}
    assert found["cell"] is None
    assert found["object"] == {
        "filename": "worker.py",
        "location": {"row": 9, "column": 12},
        "kind": "Value",
    }
    assert {"name", "severity", "message", "symbol", "related", "fix", "fingerprint", "url"} <= set(
        found
    )


def test_the_format_may_come_from_the_environment_and_the_option_wins(folder):
    (folder / "worker.py").write_text(UNSAFE)
    variable = {"LINTVALUE_OUTPUT_FORMAT": "json"}
    assert json.loads(lintvalue(folder, ["check"], **variable).stdout)
    plain = lintvalue(folder, ["check", "--output-format", "concise"], **variable)
    assert plain.stdout.startswith("worker.py:")


def test_json_lines_are_one_object_a_line(folder):
    (folder / "a.py").write_text(UNSAFE)
    (folder / "b.py").write_text(UNSAFE)
    lines = lintvalue(folder, ["check", "--output-format", "json-lines"]).stdout.splitlines()
    assert [json.loads(line)["filename"] for line in lines] == ["a.py", "b.py"]


def test_github_paths_start_at_the_root_of_the_repository(folder):
    (folder / ".git").mkdir()
    (folder / "src").mkdir()
    (folder / "src" / "worker.py").write_text(UNSAFE)
    done = lintvalue(folder / "src", ["check", "--output-format", "github"])
    assert done.stdout.startswith("::error title=lintvalue (LV101),file=src/worker.py,line=5,")


def test_an_output_file_takes_the_findings_and_a_folder_is_refused(folder):
    (folder / "worker.py").write_text(UNSAFE)
    done = lintvalue(folder, ["check", "--output-file", "report.txt"])
    assert (done.returncode, done.stdout) == (1, "")
    assert FOUND in (folder / "report.txt").read_text()
    assert lintvalue(folder, ["check", "--output-file", "."]).returncode == 2


def test_colour_is_for_terminals_unless_it_is_asked_for(folder):
    (folder / "worker.py").write_text(UNSAFE)
    assert "\x1b" not in lintvalue(folder, ["check"]).stdout
    assert "\x1b[" in lintvalue(folder, ["check", "--color", "always"]).stdout


def test_a_module_of_the_checked_folder_is_never_imported(folder):
    (folder / "worker.py").write_text(SAFE)
    for name in ("ast", "json", "libcst", "argparse", "tomllib"):
        (folder / f"{name}.py").write_text("open('ran', 'w').close()\n")
    assert lintvalue(folder, ["check"]).returncode == 0
    assert not (folder / "ran").exists()


def test_neither_help_nor_a_project_without_our_words_loads_the_parser(folder):
    (folder / "plain.py").write_text("x = 1\n")
    for arguments in (["--help"], ["check", "--help"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "lintvalue", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "libcst" not in done.stderr


def test_the_version_is_printed(folder):
    assert lintvalue(folder, ["--version"]).stdout.startswith("lintvalue 0.")


def test_rule_prints_its_page_as_text_and_as_json(folder):
    assert "(LV101)" in lintvalue(folder, ["rule", "LV101"]).stdout
    entries = json.loads(lintvalue(folder, ["rule", "--all", "--output-format", "json"]).stdout)
    assert [entry["code"] for entry in entries] == sorted(entry["code"] for entry in entries)


def test_clean_succeeds_without_a_cache(folder):
    assert lintvalue(folder, ["clean"]).returncode == 0


def test_show_files_lists_what_is_meant(folder):
    (folder / "venv").mkdir()
    (folder / "venv" / "c.py").write_text("")
    (folder / "b.py").write_text("")
    (folder / "a.py").write_text("")
    assert lintvalue(folder, ["check", "--show-files"]).stdout == "a.py\nb.py\n"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_with_its_own_status(folder, number, status):
    """The run waits for standard input when the signal comes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lintvalue", "check", "-"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    _wait_until_it_reads(process)
    process.send_signal(number)
    _, errors = process.communicate()
    assert process.returncode == status
    assert b"Traceback" not in errors


def _wait_until_it_reads(process: subprocess.Popen[bytes]) -> None:
    """Returns when a pipe of more than its buffer is being emptied: the program is in its read."""
    assert process.stdin is not None
    process.stdin.write(b"#" * (1 << 17))
    process.stdin.flush()
    time.sleep(0.05)


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
def test_closed_standard_streams_do_no_harm(folder, closed):
    (folder / "worker.py").write_text(UNSAFE)
    done = subprocess.run(
        [
            "sh",
            "-c",
            'exec "$@" ' + " ".join(f"{descriptor}>&-" for descriptor in closed),
            "sh",
            sys.executable,
            "-m",
            "lintvalue",
            "check",
        ],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert (folder / "worker.py").read_text() == UNSAFE


def test_a_full_standard_output_is_an_error(folder):
    (folder / "worker.py").write_text(UNSAFE)
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "lintvalue", "check"],
            cwd=folder,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert b"cannot write to standard output" in done.stderr


def test_fix_writes_what_makes_a_second_check_clean(folder):
    (folder / "worker.py").write_text(UNSAFE)
    assert lintvalue(folder, ["fix", "--style", "lock"]).returncode == 0
    assert "get_lock()" in (folder / "worker.py").read_text()
    assert lintvalue(folder, ["check"]).returncode == 0


def test_fix_says_of_each_file_what_was_done_and_why_the_rest_was_not(folder):
    (folder / "worker.py").write_text(UNSAFE)
    (folder / "other.py").write_text(UNSAFE)
    managed = UNSAFE.replace(", Value", ", Manager").replace("Value(", "Manager().Value(")
    (folder / "managed.py").write_text(managed)
    said = lintvalue(folder, ["fix", "--style", "lock"]).stderr.splitlines()
    assert "worker.py: 1 fixed, 0 remaining" in said
    at = said.index("managed.py: 0 fixed, 1 remaining")
    assert said[at + 1].startswith("managed.py:5:5: not fixed: `hits` has no lock of its own")
    assert said[-1] == "Found 3: 2 fixed, 1 remaining."


def test_fix_names_files_that_change_along_with_others(folder):
    (folder / "state.py").write_text("from multiprocessing import Value\n\nhits = Value('i', 0)\n")
    (folder / "worker.py").write_text(
        "from multiprocessing import Process\n\nimport state\n\n\n"
        "def work(hits):\n    hits.value += 1\n\n\n"
        "for _ in range(4):\n    Process(target=work, args=(state.hits,)).start()\n"
    )
    done = lintvalue(folder, ["fix", "--style", "counter", "--start-method", "fork"])
    assert "state.py: changed together with others" in done.stderr.splitlines()
    assert "worker.py: 1 fixed, 0 remaining" in done.stderr.splitlines()


def test_fix_takes_standard_input_alone(folder):
    (folder / "worker.py").write_text(UNSAFE)
    done = lintvalue(folder, ["fix", "-", "worker.py"], stdin=UNSAFE)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: `-` stands for a text of its own: fix it without other paths\n"


def test_fix_diff_writes_nothing_and_says_by_its_status_that_there_is_something_to_do(folder):
    (folder / "worker.py").write_text(UNSAFE)
    done = lintvalue(folder, ["fix", "--diff", "--style", "lock"])
    assert done.returncode == 1
    assert "+    with hits.get_lock():" in done.stdout
    assert (folder / "worker.py").read_text() == UNSAFE


def test_fix_of_standard_input_prints_the_repaired_text_and_nothing_else(folder):
    done = lintvalue(folder, ["fix", "-", "--style", "lock"], stdin=UNSAFE)
    assert (done.returncode, done.stdout) == (0, SAFE)
