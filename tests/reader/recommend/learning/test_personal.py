"""Readers' own parts: whose is whose, what is kept of them, and what teaches twice (nothing)."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from reader.recommend.learning.personal import Personal
from reader.settings import DeltaSettings

FAMILIES = ("match", "heat")
RAW = np.array([[1.0, -1.0, 0.0], [0.0, 0.5, 0.5]])
SCORES = RAW.sum(axis=0)
FIRST = np.array([1.0, 0.0, 0.0])


def make(
    kept: dict[str, bytes] | None = None,
    families: tuple[str, ...] = FAMILIES,
    earlier: tuple[str, ...] | None = None,
) -> Personal:
    return Personal(families, DeltaSettings(), kept or {}, earlier)


def taught(*marks: tuple[float, int]) -> Personal:
    personal = make()
    for mark in marks:
        personal.learn("ann", mark, RAW, SCORES, FIRST)
    return personal


def mean(personal: Personal, reader: str = "ann") -> NDArray[np.float64]:
    return personal.of(reader).mean


def test_a_list_teaches_its_reader_alone() -> None:
    personal = taught((10.0, 1))

    assert mean(personal)[0] > 0
    assert mean(personal, "bob").tolist() == [0.0, 0.0]


@pytest.mark.parametrize("again", [(10.0, 1), (9.0, 2), (10.0, 0)], ids=["the same", "shown before", "logged before"])
def test_no_list_teaches_twice(again: tuple[float, int]) -> None:
    """After a crash the log is gone through from where the model stood; a part may have come further."""
    assert mean(taught((10.0, 1), again)).tolist() == mean(taught((10.0, 1))).tolist()


@pytest.mark.parametrize("later", [(10.0, 2), (11.0, 1)], ids=["a further page", "shown later"])
def test_a_later_list_teaches(later: tuple[float, int]) -> None:
    assert mean(taught((10.0, 1), later))[0] > mean(taught((10.0, 1)))[0]


def test_what_is_kept_comes_back_with_its_mark() -> None:
    personal = taught((10.0, 1))

    again = make(personal.to_keep())
    again.learn("ann", (10.0, 1), RAW, SCORES, FIRST)

    assert mean(again) == pytest.approx(mean(personal), rel=1e-6)


def test_only_what_has_changed_is_to_be_kept() -> None:
    personal = taught((10.0, 1))

    assert personal.to_keep().keys() == {"ann"}
    assert personal.to_keep() == {}
    personal.keep_again(["ann", "nobody"])
    assert personal.to_keep().keys() == {"ann"}


def test_after_a_reset_earlier_lists_teach_nothing_not_even_after_a_restart() -> None:
    personal = taught((10.0, 1))
    personal.reset("ann", 20.0)

    for one in (personal, make(personal.to_keep())):
        one.learn("ann", (20.0, 5), RAW, SCORES, FIRST)
        assert mean(one).tolist() == [0.0, 0.0]
        one.learn("ann", (21.0, 6), RAW, SCORES, FIRST)
        assert mean(one)[0] > 0


def test_a_reset_that_is_met_again_in_the_log_takes_nothing_of_what_came_after_it() -> None:
    personal = taught((10.0, 1), (21.0, 6))
    before = mean(personal).tolist()

    personal.reset("ann", 20.0, from_log=True)
    assert mean(personal).tolist() == before

    for at_s, from_log in ((20.0, False), (21.0, True)):
        again = taught((10.0, 1), (21.0, 6))
        again.reset("ann", at_s, from_log=from_log)
        assert mean(again).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("broken", [b"", b"short", None])
def test_a_part_that_is_broken_or_of_other_families_begins_anew(broken: bytes | None) -> None:
    kept = taught((10.0, 1)).to_keep() if broken is None else {"ann": broken}
    families = ("other", "families") if broken is None else FAMILIES

    assert mean(make(kept, families)).tolist() == [0.0, 0.0]


def test_with_a_new_family_readers_keep_their_parts_and_these_are_to_be_kept_anew() -> None:
    """Of the model of the next save they are no parts of earlier families any more."""
    personal = taught((10.0, 1))
    families = ("heat", "new", "match")

    again = make(personal.to_keep(), families, FAMILIES)
    match, heat = mean(personal)
    assert mean(again) == pytest.approx([heat, 0.0, match], rel=1e-6)
    again.learn("ann", (10.0, 1), RAW[[1, 0, 0]], SCORES, FIRST)
    assert mean(again) == pytest.approx([heat, 0.0, match], rel=1e-6), "the mark comes along"

    kept = again.to_keep()
    for earlier in (families, FAMILIES):
        assert mean(make(kept, families, earlier)) == pytest.approx(mean(again), rel=1e-6)
