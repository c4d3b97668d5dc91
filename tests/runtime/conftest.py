"""The contexts in which the runtime is tested."""

from __future__ import annotations

import multiprocessing

import pytest

from lintvalue.runtime import guards, sharded


def context(method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} on this system")
    return multiprocessing.get_context(method)


@pytest.fixture(params=["fork", "spawn", "forkserver"])
def ctx(request):
    return context(request.param)


@pytest.fixture
def fork():
    return context("fork")


@pytest.fixture(params=["this Python's ways", "the ways of other Pythons"])
def _pythons(request, monkeypatch):
    """Also as where a `with` block is entered by a call, and where threads run at the same time."""
    if request.param == "the ways of other Pythons":
        monkeypatch.setattr(guards, "WITH_IS_ONE_STEP", False)
        monkeypatch.setattr(sharded, "ONE_THREAD_AT_A_TIME", False)
