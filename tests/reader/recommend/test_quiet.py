"""A source that publishes rarely does not drown among those that publish often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import RankingSettings, Settings
from reader.settings_lists import QuietSettings
from reader.types import AnyItem, Steer, Target
from tests.builders import ReadingStory, act, article
from tests.reader.conftest import NOW, MakeRecommender

DAY = timedelta(days=1)
WORDS = ("harbour", "council", "budget", "school", "bridge", "strike", "museum", "storm", "train", "match")
OFF = Settings(ranking=RankingSettings(quiet=QuietSettings(weight=0.0)))


def wire(count: int = 200) -> list[AnyItem]:
    """A source with an item every 50 minutes for a week."""
    return [
        article(
            f"wire-{number:03}",
            title=f"{WORDS[number % 10].title()} news {number}",
            source="Wire",
            paragraphs=(f"The {WORDS[number % 10]} and the {WORDS[number // 10 % 10]}, report {number}.",),
            published_at=NOW - timedelta(minutes=50 * (number + 1)),
        )
        for number in range(count)
    ]


def monthly(days: float = 3, *, count: int = 1) -> list[AnyItem]:
    """A source with so many items, the newest some days old, and one of long ago that was read."""
    new = [
        article(f"new-{number}", title=f"On wells {number}", source="Monthly", paragraphs=("A well is dug slowly.",))
        for number in range(count)
    ]
    dated = [article(one.id, title=one.title, source=one.source, paragraphs=one.paragraphs,
                     published_at=NOW - timedelta(days=days + number)) for number, one in enumerate(new)]  # fmt: skip
    old = article("old", title="On mills", source="Monthly", paragraphs=("A mill.",), published_at=NOW - 40 * DAY)
    return [*dated, old]


def reader_of(recommender: Recommender, *items: str) -> Recommender:
    for number, item in enumerate(items):
        story = ReadingStory(item, view=f"v{number}", at=NOW - timedelta(hours=3 - number)).read(0, seconds=8)
        assert not recommender.observe(story.close().events).rejected
    return recommender


def place_of(recommender: Recommender, item: str) -> int | None:
    made = recommender.recommend(Request("ann"))
    return next((place.position for place in made.items if place.item == item), None)


def made(make: MakeRecommender, items: Sequence[AnyItem], settings: Settings | None = None) -> Recommender:
    return reader_of(make(items=tuple(items), settings=settings), "old", "wire-150", "wire-160")


def test_its_news_comes_up_where_it_would_have_drowned(make: MakeRecommender) -> None:
    """Six days old, behind 170 items of the wire. Place 4 is the first after the three that one source may have."""
    items = [*wire(), *monthly(days=6)]

    assert place_of(made(make, items), "new-0") == 4
    assert place_of(made(make, items, OFF), "new-0") is None


def archive(count: int = 40) -> list[AnyItem]:
    """What the monthly published in earlier years, newest first, as a feed has it."""
    return [
        article(f"archive-{number:02}", title=f"On roofs {number}", source="Monthly", paragraphs=("A roof.",),
                published_at=NOW - (50 + 30 * number) * DAY)
        for number in range(count)
    ]  # fmt: skip


def test_dates_count_and_not_the_order_in_which_items_came(make: MakeRecommender) -> None:
    """A feed brings its newest first, and all of its archive after that."""
    assert place_of(made(make, [*wire(), *monthly(days=6), *archive()]), "new-0") == 4


def test_a_source_is_not_quiet_for_having_brought_its_archive_last(make: MakeRecommender) -> None:
    """Twenty items in four weeks came before forty old ones, and two after them."""
    late = [replace(one, id=f"late-{one.id}") for one in monthly(days=1, count=2)[:2]]
    recommender = made(make, [*wire(), *monthly(days=3, count=20), *archive(), *late])

    places = {place.item: place for place in recommender.recommend(Request("ann")).items}

    assert not any(place.contributions.get("quiet") for place in places.values())


def test_the_lift_is_a_part_of_the_score_and_a_reason(make: MakeRecommender) -> None:
    recommender = made(make, [*wire(), *monthly()])

    places = {place.item: place for place in recommender.recommend(Request("ann")).items}

    assert places["new-0"].contributions["quiet"] > 0
    assert "quiet" in [reason.code for reason in places["new-0"].reasons]
    assert sum(places["new-0"].contributions.values()) == pytest.approx(places["new-0"].score)
    assert all(place.contributions["quiet"] == 0 for item, place in places.items() if item != "new-0")


@pytest.mark.parametrize(
    ("items", "why"),
    [
        (monthly(count=5), "five in four weeks are too many"),
        (monthly(days=15), "two weeks are too long ago"),
    ],
)
def test_what_is_not_quiet_or_not_new_is_not_lifted(make: MakeRecommender, items: list[AnyItem], why: str) -> None:
    recommender = made(make, [*wire(), *items])

    assert all("quiet" not in place.contributions for place in recommender.recommend(Request("ann")).items), why


def test_a_source_that_the_reader_does_not_know_is_not_lifted_until_they_follow_it(make: MakeRecommender) -> None:
    recommender = reader_of(make(items=(*wire(), *monthly())), "wire-150")
    assert not any(place.contributions.get("quiet") for place in recommender.recommend(Request("ann")).items)

    follow = Steer(id="f", type="follow", at=NOW, user="ann", target=Target("source", "Monthly"))
    recommender.observe([follow])

    assert any(place.contributions.get("quiet") for place in recommender.recommend(Request("ann")).items)


def test_what_was_passed_by_is_lifted_less(make: MakeRecommender) -> None:
    recommender = made(make, [*wire(), *monthly()])

    def lift() -> float:
        places = {place.item: place for place in recommender.recommend(Request("ann")).items}
        return places["new-0"].contributions["quiet"] if "new-0" in places else 0.0

    before = lift()
    recommender.observe([act("viewable", "new-0", at=NOW)])

    assert 0 <= lift() < before


def test_without_a_liking_for_its_source_its_news_is_not_looked_for(make: MakeRecommender) -> None:
    """Among the few newest candidates are none of the monthly: the source alone brought it there."""
    few: dict[str, Any] = {
        "candidates_lexical": 2,
        "candidates_semantic": 2,
        "candidates_fresh": 20,
        "candidates_popular": 2,
    }
    ranking = RankingSettings(exploring_every=1000, counterfactuals_a_place=5, **few)
    recommender = made(make, [*wire(), *monthly(days=6)], Settings(ranking=ranking))
    recommender.observe([Steer(id="f", type="follow", at=NOW, user="ann", target=Target("source", "Monthly"))])
    listed = recommender.recommend(Request("ann"))
    place = next(place for place in listed.items if place.item == "new-0")
    (own,) = (
        each
        for each in recommender.why(listed, [place])["new-0"].counterfactuals
        if each.target == Target("source", "Monthly")
    )

    recommender.observe([act("weigh", target=("source", "Monthly"), weight=0.0, at=NOW)])

    assert own.position is None
    assert place_of(recommender, "new-0") is None
