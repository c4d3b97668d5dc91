"""Reading single files: what is refused and what is kept."""

from __future__ import annotations

import codecs
import os

import pytest

from lintvalue.sources.read import SIZE_LIMIT, Unreadable, Vanished, decode, read_bytes

WORDS = (b"multiprocess",)


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    with pytest.raises(Unreadable, match="not a regular file"):
        read_bytes(str(tmp_path / "pipe.py"), WORDS)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="not a regular file"):
        read_bytes(str(tmp_path), WORDS)


def test_a_file_that_is_gone_is_told_apart(tmp_path):
    with pytest.raises(Vanished):
        read_bytes(str(tmp_path / "gone.py"), WORDS)


def test_a_large_file_is_refused_only_if_it_could_matter(tmp_path):
    plain, ours = tmp_path / "plain.py", tmp_path / "ours.py"
    plain.write_bytes(b"x = 1\n" * SIZE_LIMIT)
    ours.write_bytes(b"#" * (SIZE_LIMIT + (1 << 20) - 6) + b"multiprocessing")
    assert read_bytes(str(plain), WORDS) == b""
    with pytest.raises(Unreadable, match="too large"):
        read_bytes(str(ours), WORDS)


def test_a_file_too_large_to_be_searched_is_refused(tmp_path):
    with (tmp_path / "sparse.py").open("wb") as file:
        file.truncate(3 << 30)
    with pytest.raises(Unreadable, match="too large"):
        read_bytes(str(tmp_path / "sparse.py"), WORDS)


@pytest.mark.parametrize(
    "data",
    [
        b"x = 1\r\ny = 2\rz = 3\n",
        codecs.BOM_UTF8 + b"x = 1\n",
        "# coding: latin-1\nx = 'é'\n".encode("latin-1"),
        "# coding: latin-1\rx = 'é'\r".encode("latin-1"),
        "#!/usr/bin/python\r\n# coding: latin-1\r\nx = 'é'\r\n".encode("latin-1"),
        "# coding: cp1252\nx = '€'\n".encode("cp1252"),
        "# coding: euc-jp\nx = '日'\n".encode("euc-jp"),
        "x = '\u2028\x0c\x1c'\n".encode(),
        b"",
    ],
)
def test_a_text_gives_its_bytes_back(data):
    source = decode("a.py", data)
    mark = codecs.BOM_UTF8 if source.bom else b""
    assert mark + source.text.encode(source.encoding) == data


@pytest.mark.parametrize(
    "data",
    [
        b"x = '\xff'\n",
        b"# coding: nosuch\n",
        b"# coding: rot13\n",
        b"# coding: base64\n",
        b"# coding: punycode\nx\n",
        b"# coding: utf-7\nx\n",
        b"# coding: unicode_escape\nx\n",
        b"# coding: undefined\nx\n",
        b"# coding: cp1252\n\x81\n",
        codecs.BOM_UTF8 + b"# coding: latin-1\n",
        "x = 1\n".encode("utf-16"),
        b"\x7fELF" + bytes(range(256)),
        b"# coding: iso2022_jp\nx = '\x1b(B'\n",
    ],
)
def test_what_is_no_text_or_not_surely_one_is_refused(data):
    with pytest.raises(Unreadable):
        decode("a.py", data)
