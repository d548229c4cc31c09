"""The collector is as it was afterwards, whatever happens."""

from __future__ import annotations

import gc

import pytest

from reader.recommend.garbage import uncollected


def test_it_rests_meanwhile_and_only_then() -> None:
    with uncollected(), uncollected():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(KeyError), uncollected():
        raise KeyError("a")

    assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
