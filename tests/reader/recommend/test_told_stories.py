"""Stories in a reader's lists: one place each, the others named, and none again once it was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.reach import Mask, Unlimited
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import RankingSettings, Settings
from reader.types import AnyItem, RecommendationList, Recommended
from reader.wiring import make_recommender
from tests.builders import ReadingStory, act, article
from tests.reader.conftest import NOW, MakeRecommender
from tests.reader.recommend.test_stories import reports

LAUEN = ("kohle-lauen-1", "kohle-lauen-2", "kohle-lauen-3")


@pytest.fixture
def recommender(make: MakeRecommender) -> Recommender:
    """Without exploring places, which may show any report of a story."""
    settings = Settings(ranking=RankingSettings(exploring_every=1000))
    return make(items=tuple(item for item, _ in reports()), settings=settings)


def listed(made: RecommendationList) -> list[str]:
    return [place.item for place in made.items]


def place_of(made: RecommendationList, story: str) -> Recommended:
    return next(place for place in made.items if place.item.startswith(story))


def reports_listed(made: RecommendationList, story: str) -> list[str]:
    return [item for item in listed(made) if item.startswith(story)]


def test_a_story_takes_one_place_and_names_the_others(recommender: Recommender) -> None:
    made = recommender.recommend(Request("ann"))

    assert len(made.items) == len({story for _, story in reports()})
    place = place_of(made, "kohle-lauen")
    assert place.story is not None
    assert place.story.id == "kohle-lauen-1"
    assert {place.item, *place.story.more} == set(LAUEN)
    times = [recommender.item(item).published_at for item in place.story.more]
    assert times == sorted(times, reverse=True)  # type: ignore[type-var]  # all have a time
    assert place_of(made, "quake-orsola").story is None


def test_the_best_scored_report_stands_for_its_story(recommender: Recommender) -> None:
    recommender.observe([act("follow", target=("source", "Morgenpfad"), at=NOW)])

    scored = recommender.recommend(Request("ann", candidates=tuple(item.id for item, _ in reports())))
    made = recommender.recommend(Request("ann"))

    for story in ("kohle-lauen", "otter", "quake-tarvik", "election-maro"):
        assert place_of(made, story).item == reports_listed(scored, story)[0]


def test_candidates_that_are_given_are_all_ranked(recommender: Recommender) -> None:
    """A logged impression is scored as it was: reports of one story, read ones, and all of one source."""
    read = ReadingStory("kohle-lauen-1", at=NOW - timedelta(minutes=9)).read(0, 1, 2).close()
    recommender.observe(list(read))

    assert sorted(listed(recommender.recommend(Request("ann", candidates=LAUEN)))) == list(LAUEN)


def test_latest_shows_every_report(recommender: Recommender) -> None:
    made = recommender.recommend(Request("ann", mode="latest"))

    assert len(made.items) == len(reports())
    assert all(place.story is None for place in made.items)


def test_what_the_reader_will_not_see_is_not_named_either(recommender: Recommender) -> None:
    recommender.observe([act("mute", target=("source", "Morgenpfad"), at=NOW)])
    recommender.add_items([replace(reports()[0][0], id="quake-tarvik-late", published_at=NOW + timedelta(hours=1))])

    made = recommender.recommend(Request("ann"))

    for story in ("kohle-lauen", "quake-tarvik"):
        told = place_of(made, story)
        assert told.story is not None
        assert not {"kohle-lauen-2", "quake-tarvik-late"} & {told.item, *told.story.more}


def test_a_kept_list_keeps_its_stories(recommender: Recommender) -> None:
    made = recommender.recommend(Request("ann"))

    assert recommender.made_list(made.id, "ann").items == made.items


def test_a_story_that_was_read_to_its_end_does_not_come_again(recommender: Recommender) -> None:
    recommender.observe(list(ReadingStory("kohle-lauen-2", at=NOW - timedelta(minutes=5)).read(0, 1, 2).close()))

    assert reports_listed(recommender.recommend(Request("ann")), "kohle-lauen") == []
    assert reports_listed(recommender.recommend(Request("bob")), "kohle-lauen") != []


def test_it_stays_away_after_the_view_is_settled_and_after_a_reset(
    recommender: Recommender, clock: ManualClock
) -> None:
    recommender.observe(list(ReadingStory("kohle-lauen-2", at=NOW - timedelta(minutes=5)).read(0, 1, 2).close()))
    clock.at = NOW + timedelta(hours=5)
    recommender.observe([act("open", "otter-1", at=clock.at, view="w"), act("reset", at=clock.at)])

    assert reports_listed(recommender.recommend(Request("ann")), "kohle-lauen") == []


def test_a_report_published_after_the_reading_may_tell_more_but_sinks(
    recommender: Recommender, clock: ManualClock
) -> None:
    known = next(item for item, _ in reports() if item.id == "kohle-lauen-3")
    assert known.published_at is not None
    clock.at = known.published_at + timedelta(hours=1)
    recommender.observe(list(ReadingStory("kohle-lauen-2", at=clock.at).read(0, 1, 2).close()))
    clock.at += timedelta(hours=1)
    recommender.add_items([replace(known, id="kohle-lauen-new", source="Wire", published_at=clock.at)])

    place = place_of(recommender.recommend(Request("ann")), "kohle-lauen")

    assert place.item == "kohle-lauen-new"
    assert place.contributions["story"] < 0


def test_a_story_of_which_a_report_was_only_opened_sinks(recommender: Recommender) -> None:
    before = place_of(recommender.recommend(Request("ann")), "otter")
    recommender.observe([act("open", "otter-1" if before.item == "otter-2" else "otter-2", at=NOW, view="w")])

    after = place_of(recommender.recommend(Request("ann")), "otter")

    assert after.item == before.item
    assert before.contributions["story"] == 0 > after.contributions["story"]
    assert sum(after.contributions.values()) == pytest.approx(after.score)


def test_a_story_that_is_passed_by_does_not_come_back_in_other_words(recommender: Recommender) -> None:
    """Each time the card is passed by, whatever report stands for the story has less."""
    lost = []
    for minute in range(3):
        place = place_of(recommender.recommend(Request("ann")), "otter")
        lost.append(place.contributions["story"] + place.contributions["saturation"])
        recommender.observe([act("viewable", item, at=NOW + timedelta(minutes=minute)) for item in (place.item,)])

    assert lost[0] > lost[1] > lost[2]


def test_hiding_a_report_hides_its_story(recommender: Recommender) -> None:
    hidden = place_of(recommender.recommend(Request("ann")), "otter").item
    recommender.observe([act("hide", hidden, at=NOW)])

    assert reports_listed(recommender.recommend(Request("ann")), "otter") == []


def test_what_was_opened_does_not_come_again_even_in_a_new_version(recommender: Recommender) -> None:
    recommender.observe([act("open", "quake-orsola-1", at=NOW, view="w")])
    old = recommender.item("quake-orsola-1")
    recommender.add_items([article(old.id, title="Orsola: two churches damaged", published_at=NOW)])

    assert "quake-orsola-1" not in listed(recommender.recommend(Request("ann")))
    assert "quake-orsola-1" in listed(recommender.recommend(Request("ann", mode="latest")))


def test_a_new_version_of_what_was_read_does_not_bring_its_story_back(recommender: Recommender) -> None:
    recommender.observe(list(ReadingStory("kohle-lauen-2", at=NOW - timedelta(minutes=5)).read(0, 1, 2).close()))
    known = next(item for item, _ in reports() if item.id == "kohle-lauen-2")
    recommender.add_items([replace(known, author="Somebody")])

    assert reports_listed(recommender.recommend(Request("ann")), "kohle-lauen") == []


def stories_of(recommender: Recommender) -> set[frozenset[str]]:
    catalogue = recommender.catalogue
    rows = [int(catalogue.rows_of([item.id])[0]) for item, _ in reports()]
    return {frozenset(catalogue.id_at(member) for member in catalogue.stories.members(row)) for row in rows}


def test_a_restart_gives_the_same_stories(recommender: Recommender, clock: ManualClock, remembering: Analyser) -> None:
    """A version that is gone had linked two others; the store, and so a restart, knows the present one alone."""
    told = {item.id: item for item, story in reports() if story == "election-maro"}
    recommender.add_items([replace(told["election-maro-2"], title="Ferries are late", paragraphs=("Fog.",))])

    again = make_recommender(
        clock=clock, storage=recommender.storage, analyser=remembering, settings=recommender.settings
    )

    assert stories_of(again) == stories_of(recommender)
    assert frozenset(("election-maro-2",)) in stories_of(again)


def test_a_new_item_can_be_drawn_at_once(recommender: Recommender) -> None:
    """Nobody has seen it, and nothing is known of the reader: exploring places give it the chance of all others."""
    new: AnyItem = article("new", title="A walnut tree is planted", published_at=NOW)
    recommender.add_items([new])

    pool = recommender.drawable(Request("ann"), ())

    assert "new" in pool
    assert len(pool) == len({story for _, story in reports()}) + 1


def test_a_list_asks_once_what_its_reader_may_get(recommender: Recommender) -> None:
    """Though the candidates and the other reports of a story must both be within reach."""
    reach = Counting()
    recommender.catalogue.reach = reach

    made = recommender.recommend(Request("ann"))

    assert any(place.story for place in made.items)
    assert reach.asked == ["ann"]


class Counting(Unlimited):
    """A reach that notes for whom it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def rows(self, user: str) -> Mask | None:
        self.asked.append(user)
        return super().rows(user)
