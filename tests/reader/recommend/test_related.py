"""What stands beside an article: others on the subject, one a story, and apart from them other reports of the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reader.errors import NotFoundError
from reader.recommend.recommender import Recommender
from reader.types import AnyItem, Steer, Target
from tests.builders import act, article
from tests.reader.conftest import NOW, MakeRecommender

LITHIUM = ("Lithium brine is pumped from the Atacama salt flats in Chile and dries in the sun for a year and a half.",)
SODIUM = (
    "Sodium batteries without lithium go into storage stations and small cars, built in China since this summer.",
)
BREAD = ("Sourdough bread ferments for two days before it meets the oven, and the crust sings when it cools down.",)

TITLES: dict[tuple[str, ...], str] = {
    LITHIUM: "Lithium from Chile's salt",
    SODIUM: "Sodium batteries arrive",
    BREAD: "Bread without haste",
}


def report(item_id: str, source: str, text: tuple[str, ...], hours: int) -> AnyItem:
    at = NOW - timedelta(hours=hours)
    return article(item_id, title=TITLES[text], source=source, paragraphs=text, published_at=at)


@pytest.fixture
def recommender(make: MakeRecommender) -> Recommender:
    items = (
        report("lithium", "Post", LITHIUM, 9),
        report("lithium-2", "Paper", LITHIUM, 8),
        report("lithium-3", "Blatt", LITHIUM, 7),
        report("sodium", "Post", SODIUM, 6),
        report("sodium-2", "Paper", SODIUM, 5),
        report("bread", "Post", BREAD, 4),
    )
    return make(items=items)


def related(recommender: Recommender, user: str | None = None) -> list[str]:
    return [place.item for place in recommender.related("lithium", limit=5, user=user)]


def test_each_story_has_one_place_and_its_own_none(recommender: Recommender) -> None:
    found = related(recommender)

    assert found[0] in ("sodium", "sodium-2")
    assert found[1:] == ["bread"]


def test_the_limit_holds_after_stories_are_told_apart(recommender: Recommender) -> None:
    assert len(recommender.related("lithium", limit=1)) == 1


def test_other_reports_of_the_same_stand_apart_newest_first(recommender: Recommender) -> None:
    assert recommender.same_story("lithium") == ("lithium-3", "lithium-2")
    assert recommender.same_story("lithium", limit=1) == ("lithium-3",)
    assert recommender.same_story("bread") == ()


def test_what_a_reader_muted_or_hid_is_in_neither(recommender: Recommender) -> None:
    mute = Steer(id="m", type="mute", at=NOW, user="ann", target=Target("source", "Paper"))
    recommender.observe([mute, act("hide", "bread", at=NOW)])

    assert related(recommender, "ann") == ["sodium"]
    assert recommender.same_story("lithium", user="ann") == ("lithium-3",)
    assert "bread" in related(recommender, "bob")


def test_an_unknown_item_has_neither(recommender: Recommender) -> None:
    with pytest.raises(NotFoundError):
        recommender.related("nowhere")
    with pytest.raises(NotFoundError):
        recommender.same_story("nowhere")
