"""Files are rewritten wholly or not at all, and keep what they have besides their bytes."""

from __future__ import annotations

import os
import stat

import pytest

from lintvalue.sources.write import Change, Unwritable, write

OLD, NEW = b"old\n", b"new, and longer\n"


@pytest.fixture
def app(tmp_path):
    path = tmp_path / "app.py"
    path.write_bytes(OLD)
    return path


def change(path, old=OLD, new=NEW):
    return Change(str(path), old, new)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_new_bytes_are_there_and_nothing_else_is(app, tmp_path):
    write([change(app)], [str(tmp_path)])
    assert app.read_bytes() == NEW
    assert names(tmp_path) == ["app.py"]


@pytest.mark.parametrize("mode", [0o755, 0o600, 0o664])
def test_the_mode_stays(app, tmp_path, mode):
    app.chmod(mode)
    write([change(app)], [str(tmp_path)])
    assert stat.S_IMODE(app.stat().st_mode) == mode


def test_a_read_only_file_is_refused(app, tmp_path):
    app.chmod(0o444)
    with pytest.raises(Unwritable, match="read-only"):
        write([change(app)], [str(tmp_path)])
    assert app.read_bytes() == OLD


def test_a_file_saved_meanwhile_keeps_that_save(app, tmp_path):
    app.write_bytes(b"saved by an editor\n")
    with pytest.raises(Unwritable, match="changed since it was read"):
        write([change(app)], [str(tmp_path)])
    assert app.read_bytes() == b"saved by an editor\n"


def test_a_named_link_stays_one_and_its_target_is_written(app, tmp_path):
    link = tmp_path / "link.py"
    link.symlink_to(app)
    write([change(link)], [str(link)])
    assert link.is_symlink()
    assert app.read_bytes() == NEW


def test_a_link_that_leaves_the_named_paths_is_refused(app, tmp_path):
    (tmp_path / "named").mkdir()
    link = tmp_path / "named" / "link.py"
    link.symlink_to(app)
    with pytest.raises(Unwritable, match="leaves the named paths"):
        write([change(link)], [str(tmp_path / "named")])
    assert app.read_bytes() == OLD


def test_a_folder_whose_name_begins_like_a_named_one_is_not_named(app, tmp_path):
    (tmp_path / "ap").mkdir()
    with pytest.raises(Unwritable, match="leaves the named paths"):
        write([change(app)], [str(tmp_path / "ap")])


def test_hard_links_stay_one_file(app, tmp_path):
    twin = tmp_path / "twin.txt"
    twin.hardlink_to(app)
    write([change(app)], [str(tmp_path)])
    assert app.samefile(twin)
    assert twin.read_bytes() == NEW


def test_a_shorter_text_leaves_no_tail_in_a_hard_link(app, tmp_path):
    (tmp_path / "twin.txt").hardlink_to(app)
    write([change(app, new=b"n")], [str(tmp_path)])
    assert app.read_bytes() == b"n"


def test_of_a_group_all_files_are_written_or_none(app, tmp_path):
    other = tmp_path / "zoo.py"
    other.write_bytes(b"saved by an editor\n")
    with pytest.raises(Unwritable) as caught:
        write([change(app), change(other)], [str(tmp_path)])
    assert caught.value.path == str(other)
    assert app.read_bytes() == OLD
    assert names(tmp_path) == ["app.py", "zoo.py"]


def test_what_is_replaced_already_is_put_back_when_a_later_file_fails(app, tmp_path, monkeypatch):
    other = tmp_path / "zoo.py"
    other.write_bytes(OLD)
    replace = type(app).replace

    def failing(path, target):
        if target == str(other):
            raise OSError(5, "input/output error")
        return replace(path, target)

    monkeypatch.setattr(type(app), "replace", failing)
    with pytest.raises(Unwritable, match="nput/output error"):
        write([change(app), change(other)], [str(tmp_path)])
    assert (app.read_bytes(), other.read_bytes()) == (OLD, OLD)
    assert names(tmp_path) == ["app.py", "zoo.py"]


def test_a_full_disk_leaves_the_file_and_no_litter(app, tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unwritable, match="no space left"):
        write([change(app)], [str(tmp_path)])
    assert app.read_bytes() == OLD
    assert names(tmp_path) == ["app.py"]


def test_an_interrupt_leaves_the_file_and_no_litter(app, tmp_path, monkeypatch):
    def interrupted(_descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write([change(app)], [str(tmp_path)])
    assert app.read_bytes() == OLD
    assert names(tmp_path) == ["app.py"]


def test_a_file_that_is_gone_is_named(tmp_path):
    with pytest.raises(Unwritable, match="no such file"):
        write([change(tmp_path / "gone.py")], [str(tmp_path)])
