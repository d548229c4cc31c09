"""The promise of the product: going back to a paragraph changes the next list, says why, and can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import RankingSettings, Settings
from reader.types import RecommendationList
from tests.builders import ReadingStory, act
from tests.reader.conftest import NOW, MakeRecommender

# "Inside the Lithium Battery"; its fourth paragraph is about brine, salt flats and the old salt trade.
ARTICLE, PARAGRAPH = "demo-en-energy-01", 3
ON_SALT = "demo-en-food-02"
READ_AT = NOW - timedelta(minutes=10)
# Without exploring slots, so that two lists differ by what was learned only.
PLAIN = Settings(ranking=RankingSettings(exploring_every=1000))


def story(recommender: Recommender, user: str) -> ReadingStory:
    paragraphs = range(len(recommender.item(ARTICLE).paragraphs))
    return ReadingStory(ARTICLE, user=user, view=f"view-{user}", at=READ_AT).read(*paragraphs, seconds=20)


def listed(recommender: Recommender, user: str) -> RecommendationList:
    return recommender.recommend(Request(user))


def position(made: RecommendationList, item: str) -> int:
    return next(place.position for place in made.items if place.item == item)


@pytest.fixture
def recommender(make: MakeRecommender) -> Recommender:
    """Ann read the article and went back to the paragraph."""
    made = make(settings=PLAIN)
    made.observe(list(story(made, "ann").go_back(PARAGRAPH, seconds=15)))
    return made


@pytest.fixture
def control(make: MakeRecommender) -> Recommender:
    """The same world, but here Ann did not go back."""
    made = make(settings=PLAIN)
    made.observe(list(story(made, "ann")))
    return made


def items(made: RecommendationList) -> list[str]:
    return [place.item for place in made.items]


def test_what_the_paragraph_is_about_rises(recommender: Recommender, control: Recommender) -> None:
    went_back, read_on = listed(recommender, "ann"), listed(control, "ann")

    assert position(went_back, ON_SALT) < position(read_on, ON_SALT)
    assert position(went_back, ON_SALT) <= 4


def test_the_reason_names_the_paragraph(recommender: Recommender) -> None:
    place = next(place for place in listed(recommender, "ann").items if place.item == ON_SALT)

    reason = place.reasons[0]

    assert reason.code == "reread"
    assert reason.label.startswith("You went back to paragraph 4 of “Inside the Lithium Battery")
    assert (reason.evidence[0].item, reason.evidence[0].paragraph) == (ARTICLE, PARAGRAPH)


def test_it_is_noticed_once_and_keeping_it_ends_the_notice(recommender: Recommender, control: Recommender) -> None:
    (noticed,) = recommender.noticed("ann")
    assert (noticed.item, noticed.paragraph, control.noticed("ann")) == (ARTICLE, PARAGRAPH, ())
    before = items(listed(recommender, "ann"))

    recommender.observe([act("keep_paragraph", ARTICLE, user="ann", at=NOW, paragraph=PARAGRAPH)])

    assert recommender.noticed("ann") == ()
    assert items(listed(recommender, "ann")) == before


def test_forgetting_it_gives_the_list_of_one_who_never_went_back(
    recommender: Recommender, control: Recommender
) -> None:
    recommender.observe([act("forget_paragraph", ARTICLE, user="ann", at=NOW, paragraph=PARAGRAPH)])

    assert items(listed(recommender, "ann")) == items(listed(control, "ann"))
    assert recommender.noticed("ann") == ()


def test_forgetting_holds_after_the_view_has_settled(
    recommender: Recommender, control: Recommender, clock: ManualClock
) -> None:
    """The way back to a settled view is to fold the log again."""
    clock.at = NOW + timedelta(hours=4)
    for world in (recommender, control):
        later = ReadingStory("demo-en-music-01", view="later", at=NOW + timedelta(hours=3))
        world.observe(list(later.read(0, 1)))
    assert position(listed(recommender, "ann"), ON_SALT) < position(listed(control, "ann"), ON_SALT)

    recommender.observe([act("forget_paragraph", ARTICLE, user="ann", at=clock.at, paragraph=PARAGRAPH)])

    assert items(listed(recommender, "ann")) == items(listed(control, "ann"))


def test_going_back_again_another_day_is_noticed_anew(recommender: Recommender, clock: ManualClock) -> None:
    recommender.observe([act("forget_paragraph", ARTICLE, user="ann", at=NOW, paragraph=PARAGRAPH)])
    clock.at = NOW + timedelta(days=1, hours=1)

    again = ReadingStory(ARTICLE, view="again", at=NOW + timedelta(days=1))
    recommender.observe(list(again.read(*range(7), seconds=20).go_back(PARAGRAPH, seconds=15)))

    assert [noticed.view for noticed in recommender.noticed("ann")] == ["again"]


def test_arriving_in_any_order_gives_the_same_list(recommender: Recommender, make: MakeRecommender) -> None:
    other = make(settings=PLAIN)
    events = list(story(other, "ann").go_back(PARAGRAPH, seconds=15))

    other.observe(events[:0:-1])
    other.observe(events)

    assert items(listed(other, "ann")) == items(listed(recommender, "ann"))


def test_a_restart_changes_nothing(recommender: Recommender, clock: ManualClock) -> None:
    again = Recommender(recommender.storage, recommender._intake._analysing, PLAIN, clock)

    assert items(listed(again, "ann")) == items(listed(recommender, "ann"))


def test_what_was_opened_is_not_listed_again(recommender: Recommender) -> None:
    assert ARTICLE not in items(listed(recommender, "ann"))
    assert ARTICLE in items(listed(recommender, "cat"))


def test_reading_a_list_changes_no_profile(recommender: Recommender) -> None:
    before = recommender.interests("ann")

    listed(recommender, "ann")

    assert recommender.interests("ann") == before
