"""Files with several names are written in place, and what a kill leaves half done is finished."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from lintvalue.sources.write import Change, Unwritable, recover, write

fcntl = pytest.importorskip("fcntl")  # links, pipes and locks of POSIX

OLD, NEW = b"old = 1\n" * 9, b"new = 22\n" * 12


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "app.py"
    path.write_bytes(OLD)
    return path


@pytest.fixture
def twin(file):
    """Another name of the same file, in another folder."""
    other = file.parent / "else" / "twin.py"
    other.parent.mkdir()
    other.hardlink_to(file)
    return other


def change(path, old=OLD, new=NEW):
    return Change(os.fspath(path), old, new)


def refused(path, *more):
    with pytest.raises(Unwritable) as caught:
        write([change(path), *more], [os.fspath(path.parent)])
    return str(caught.value)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("new", [NEW, OLD[:20], b"", OLD + b"#"], ids=["long", "short", "", "more"])
def test_a_file_with_several_names_keeps_them(new, file, twin):
    write([change(file, new=new)], [os.fspath(file.parent)])
    assert twin.samefile(file)
    assert twin.read_bytes() == new
    assert names(file.parent) == ["app.py", "else"]


def test_what_holds_the_new_text_already_needs_nothing(file, twin):
    write([change(file)], [os.fspath(file.parent)])
    write([change(twin)], [os.fspath(file.parent)])
    assert file.read_bytes() == NEW


def test_two_names_in_one_group_are_one_file(file, twin):
    write([change(file), change(twin)], [os.fspath(file.parent)])
    assert file.read_bytes() == NEW


def test_a_link_and_its_target_in_one_group_are_one_file(file):
    link = file.with_name("link.py")
    link.symlink_to("app.py")
    write([change(file), change(link)], [os.fspath(file.parent)])
    assert link.is_symlink()
    assert file.read_bytes() == NEW


@pytest.mark.parametrize("linked", [False, True])
def test_all_are_put_back_where_one_cannot_be_written(linked, file, request):
    if linked:
        request.getfixturevalue("twin")
    last = file.with_name("last.py")
    last.write_bytes(b"saved by its editor\n")
    assert "changed since it was read" in refused(file, change(last))
    last.write_bytes(OLD)
    last.with_name("third.py").hardlink_to(last)
    with last.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another run" in refused(file, change(last))
    assert file.read_bytes() == last.read_bytes() == OLD
    assert not [name for name in names(file.parent) if name.startswith(".lintvalue")]


def test_a_full_disk_is_met_before_a_byte_is_lost(file, twin, monkeypatch):
    def full(_descriptor, _offset, _length):
        raise OSError(28, "No space left on device")

    before = file.stat().st_mtime_ns
    monkeypatch.setattr(os, "fsync", lambda descriptor: full(descriptor, 0, 0))
    assert "no space left" in refused(file)
    assert (twin.read_bytes(), file.stat().st_mtime_ns) == (OLD, before)
    monkeypatch.undo()
    monkeypatch.setattr(
        os,
        "posix_fallocate",
        lambda *given: full(*given) if given[2] > len(OLD) else None,
        raising=False,
    )
    assert "no space left" in refused(file)
    assert twin.read_bytes() == OLD
    assert names(file.parent) == ["app.py", "else"]


def test_a_pipe_in_the_place_of_a_file_does_not_block(file):
    file.unlink()
    os.mkfifo(file)
    assert "changed since it was read" in refused(file)


def test_a_link_in_the_place_of_a_file_is_not_followed(file, tmp_path_factory):
    victim = tmp_path_factory.mktemp("elsewhere") / "victim.py"
    victim.write_bytes(OLD)
    file.unlink()
    file.symlink_to(victim)
    assert "leaves the named paths" in refused(file)
    assert victim.read_bytes() == OLD


# What a killed run leaves of a file with several names


def journal(file, old=OLD, new=NEW):
    """As a run leaves it that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    mark = f"{file.stat().st_ino}-{len(old)}-{len(new)}"
    path = file.with_name(f".lintvalue-{ended.pid}-{mark}.journal")
    path.write_bytes(old + new)
    return path


def recovered(file):
    return recover({os.fspath(file)}, [os.fspath(file.parent)])


@pytest.mark.parametrize("reached", [0, 1, 8, 71, 72, 100])
def test_what_was_half_written_is_finished(reached, file, twin):
    begun = journal(file)
    space = OLD.ljust(len(NEW), b"\0")
    file.write_bytes(NEW[:reached] + space[reached:])
    assert recovered(file).finished == (os.fspath(file),)
    assert twin.read_bytes() == NEW
    assert not begun.exists()


def test_it_is_found_by_any_of_its_names(file):
    begun = journal(file)
    other = file.with_name("a.py")
    other.hardlink_to(file)
    file.write_bytes(NEW[:9] + OLD.ljust(len(NEW), b"\0")[9:])
    assert recover({os.fspath(other)}, [os.fspath(file.parent)]).finished == (os.fspath(other),)
    assert (file.read_bytes(), begun.exists()) == (NEW, False)


@pytest.mark.parametrize("reached", [1, 19, 20])
def test_so_is_what_becomes_shorter(reached, file, twin):
    new = NEW[:20]
    journal(file, new=new)
    file.write_bytes(new[:reached] + OLD[reached:])
    recovered(file)
    assert twin.read_bytes() == new


@pytest.mark.parametrize("held", [OLD, NEW], ids=["old", "new"])
def test_what_is_whole_stays_and_its_journal_goes(held, file):
    begun = journal(file)
    file.write_bytes(held)
    assert (recovered(file).finished, file.read_bytes()) == ((), held)
    assert not begun.exists()


def test_a_journal_that_was_not_finished_itself_goes(file):
    begun = journal(file)
    begun.write_bytes(OLD)
    recovered(file)
    assert (file.read_bytes(), begun.exists()) == (OLD, False)


@pytest.mark.parametrize("held", [b"", b"saved by its editor\n", NEW[:9] + b"x" + OLD[10:]])
def test_what_somebody_has_saved_since_stays_and_so_does_the_journal(held, file):
    begun = journal(file)
    file.write_bytes(held)
    assert recovered(file).unclear == (os.fspath(begun),)
    assert file.read_bytes() == held


def test_a_journal_whose_file_was_replaced_is_kept(file):
    begun = journal(file)
    file.rename(file.with_name("app.bak.py"))
    file.write_bytes(OLD)
    begun.with_name("app.bak.py").unlink()
    assert recovered(file).unclear == (os.fspath(begun),)


def test_a_file_that_is_not_to_be_fixed_is_left_alone(file):
    begun = journal(file)
    torn = NEW[:9] + OLD[9:].ljust(len(NEW) - 9, b"\0")
    file.write_bytes(torn)
    recover({os.fspath(file.with_name("other.py"))}, [os.fspath(file.parent)])
    assert (file.read_bytes(), begun.exists()) == (torn, True)
