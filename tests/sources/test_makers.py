"""Whether a text makes shared memory is told from its bytes, and soon."""

from __future__ import annotations

import pytest

from lintvalue.sources.makers import makes

LONG = 4_000_000


@pytest.mark.parametrize(
    "text",
    [b"x" * LONG, b") " + b" " * LONG, b"a." * LONG, b")" * LONG],
    ids=["word", "blanks", "dots", "brackets"],
)
def test_no_text_takes_time_with_the_square_of_its_length(text):
    """With it, this would go on for hours."""
    assert not makes(b"import multiprocessing\n# " + text)


@pytest.mark.parametrize(
    "text",
    [
        b"mp . Value('i')",
        b"context().Lock()",
        b"a[0].Array('i')",
        b"x.y.RawValue('i')",
        b"(ctx\n    .Value)",
        "größe.Value('i')".encode(),
        "maß.Value('i')".encode(),
        b"threading.Lock(), ctx.Lock()",
    ],
)
def test_a_maker_may_be_a_member_of_anything(text):
    assert makes(b"import multiprocessing as mp\n" + text)


def test_what_another_library_has_is_no_maker():
    assert not makes(b"import threading\nthreading . Lock()\n")


@pytest.mark.parametrize(
    "text", [b"'x'.Value", b"{}.Value", b".Value", b"x.Values", b"x = 1 # .Lock"]
)
def test_what_is_no_member_of_a_name_is_none(text):
    assert not makes(text)
