"""Taking a like or a save back leaves what there was before it: no more, however often and however late."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from reader.profile.state import ReaderState
from reader.profile.steering import Steering
from reader.recommend.recommender import Recommender
from tests.builders import act
from tests.reader.conftest import NOW, MakeRecommender, demo_items

ITEM = demo_items()[0].id
PAIRS = (("like", "unlike"), ("save", "unsave"))


@pytest.fixture(scope="module")
def began() -> datetime:
    return NOW - timedelta(days=60)


@pytest.fixture
def recommender(make: MakeRecommender) -> Recommender:
    return make()


def told(recommender: Recommender, began: datetime, *steps: tuple[str, float]) -> ReaderState:
    """A reader does some things to one item, each so many days after `began`."""
    state = recommender.readers.new("ann", Steering())
    for type_, days in steps:
        event = act(type_, None if type_ == "reset" else ITEM, at=began + timedelta(days=days))
        state.apply(event)
    return state


def most(state: ReaderState) -> float:
    """Return the greatest credit either way, of all but clusters: what was added to one is not told apart in it."""
    interests = state.portrait.interests
    rows = [row for row, (kind, _) in enumerate(interests.features) if kind != "cluster"]
    return float(np.abs(interests.credit_at(NOW.timestamp())[rows]).max(initial=0.0))


@pytest.mark.parametrize(("do", "undo"), PAIRS)
def test_what_was_never_done_cannot_be_taken_back(
    recommender: Recommender, began: datetime, do: str, undo: str
) -> None:
    assert most(told(recommender, began, (undo, 1), (undo, 2))) == 0.0
    assert most(told(recommender, began, (do, 1))) > 0.1  # else the test would say nothing


@pytest.mark.parametrize(("do", "undo"), PAIRS)
def test_taking_back_takes_what_is_left_and_no_more(
    recommender: Recommender, began: datetime, do: str, undo: str
) -> None:
    """A month later little is left of it; the second time nothing is."""
    assert most(told(recommender, began, (do, 0), (undo, 30))) == pytest.approx(0.0, abs=1e-9)
    assert most(told(recommender, began, (do, 0), (undo, 30), (undo, 31))) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("do", "undo"), PAIRS)
def test_once_more_while_it_stands_counts_once(recommender: Recommender, began: datetime, do: str, undo: str) -> None:
    assert most(told(recommender, began, (do, 0), (do, 1))) == most(told(recommender, began, (do, 0)))
    assert most(told(recommender, began, (do, 0), (do, 1), (undo, 2))) == pytest.approx(0.0, abs=1e-9)
    again = told(recommender, began, (do, 0), (undo, 1), (do, 2))
    assert most(again) == pytest.approx(most(told(recommender, began, (do, 2))))


@pytest.mark.parametrize(("do", "undo"), PAIRS)
def test_what_a_reset_has_forgotten_is_not_taken_back(
    recommender: Recommender, began: datetime, do: str, undo: str
) -> None:
    assert most(told(recommender, began, (do, 0), ("reset", 0), (undo, 1))) == 0.0
    liked_anew = told(recommender, began, (do, 0), ("reset", 1), (do, 2))
    assert most(liked_anew) == pytest.approx(most(told(recommender, began, (do, 2))))


def test_a_save_stays_when_the_like_is_taken_back(recommender: Recommender, began: datetime) -> None:
    both = told(recommender, began, ("like", 0), ("save", 0), ("unlike", 1))

    assert most(both) == pytest.approx(most(told(recommender, began, ("save", 0))))
    assert set(both.steering.saved) == {ITEM}
