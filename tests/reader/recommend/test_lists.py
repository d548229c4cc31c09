"""What holds for every list: sums, order, diversity, chance, filters."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.lists import new_list_id
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import RankingSettings, Settings
from reader.storage.memory import MemoryStorage
from reader.types import Impression, RecommendationList, Video
from reader.wiring import make_recommender
from tests.builders import ReadingStory, act, article, tune
from tests.reader.conftest import NOW, MakeRecommender, demo_items


@pytest.fixture
def recommender(make: MakeRecommender) -> Recommender:
    made = make()
    read = ReadingStory("demo-en-energy-02", at=NOW - timedelta(minutes=10)).read(0, 1, 2, 3).go_back(1)
    made.observe([*read, act("like", "demo-en-music-01", at=NOW), act("open", "demo-en-food-01", at=NOW, view="w")])
    return made


def ids(made: RecommendationList) -> list[str]:
    return [place.item for place in made.items]


def test_contributions_sum_to_the_score(recommender: Recommender) -> None:
    made = recommender.recommend(Request("ann"))

    assert len(made.items) > 10
    for place in made.items:
        assert sum(place.contributions.values()) == pytest.approx(place.score, abs=1e-9)
        assert sum(reason.share for reason in place.reasons) <= 1 + 1e-9


def test_a_list_falls_except_where_it_explores(recommender: Recommender) -> None:
    scores = [place.score for place in recommender.recommend(Request("ann")).items if not place.exploration]

    assert scores == sorted(scores, reverse=True)


def test_every_tenth_place_explores_with_its_propensity(recommender: Recommender) -> None:
    made = recommender.recommend(Request("ann"))

    explored = [place for place in made.items if place.exploration]
    assert [place.position for place in explored] == [10]
    # 15 articles, two opened, one liked; nine places stand above: three were left to draw from.
    assert explored[0].propensity == pytest.approx(1 / 3)


@pytest.mark.parametrize(("said", "taken_back"), [("like", "unlike"), ("save", "unsave")])
def test_what_was_liked_or_saved_unread_does_not_come_for_its_own_words(
    recommender: Recommender, said: str, taken_back: str
) -> None:
    first = ids(recommender.recommend(Request("ann")))[0]

    recommender.observe([act(said, first, at=NOW)])
    assert first not in ids(recommender.recommend(Request("ann")))
    assert first in ids(recommender.recommend(Request("ann", mode="latest")))

    recommender.observe([act(taken_back, first, at=NOW)])
    assert first in ids(recommender.recommend(Request("ann")))


def test_latest_is_in_order_of_time_and_involves_no_profile(recommender: Recommender) -> None:
    made = recommender.recommend(Request("ann", mode="latest"))

    times = [recommender.item(item).published_at for item in ids(made)]
    assert times == sorted(times, reverse=True)  # type: ignore[type-var]  # all demo articles have a time
    assert ids(made) == ids(recommender.recommend(Request("somebody else", mode="latest")))


def test_kinds_are_kept_apart_on_request(recommender: Recommender) -> None:
    recommender.add_items([Video(id="v1", title="Tides at work", published_at=NOW - timedelta(hours=1))])

    assert ids(recommender.recommend(Request("ann", kinds=("video",)))) == ["v1"]
    assert "v1" not in ids(recommender.recommend(Request("ann", kinds=("article",))))
    assert "v1" in ids(recommender.recommend(Request("ann")))


def test_what_is_not_published_yet_is_not_listed(recommender: Recommender) -> None:
    recommender.add_items([article("tomorrow", published_at=NOW + timedelta(days=1))])

    assert "tomorrow" not in ids(recommender.recommend(Request("ann")))


def test_muted_topics_sources_and_keywords_are_gone(recommender: Recommender) -> None:
    recommender.observe(
        [act("mute", target=("topic", "food"), at=NOW), act("mute", target=("source", "Elbkurier"), at=NOW)]
    )

    shown = [recommender.item(item) for item in ids(recommender.recommend(Request("ann")))]

    assert shown
    assert not [item.id for item in shown if "food" in item.topics or item.source == "Elbkurier"]


def test_what_was_hidden_or_muted_is_not_in_latest_either(recommender: Recommender) -> None:
    newest = ids(recommender.recommend(Request("ann", mode="latest")))[0]

    recommender.observe([act("hide", newest, at=NOW), act("mute", target=("topic", "food"), at=NOW)])

    left = ids(recommender.recommend(Request("ann", mode="latest")))
    assert newest not in left
    assert not [item for item in left if "food" in recommender.item(item).topics]


def test_leaving_at_once_without_any_visit_counts_against(recommender: Recommender) -> None:
    story = ReadingStory("demo-en-music-03", user="eve", view="flash", at=NOW - timedelta(minutes=1))
    story.clock_ms = 500

    recommender.observe(list(story.close()))

    weights = {i.target.value: i.weight for i in recommender.interests("eve") if i.target.kind == "topic"}
    assert weights["music"] < 0


def test_a_mute_ends_when_it_says(recommender: Recommender) -> None:
    recommender.observe([act("mute", target=("topic", "food"), until=NOW - timedelta(minutes=1), at=NOW)])

    assert any("food" in recommender.item(item).topics for item in ids(recommender.recommend(Request("ann"))))


def test_following_lifts_and_weighing_down_sinks(recommender: Recommender) -> None:
    def mean_position(topic: str) -> float:
        places = recommender.recommend(Request("cat")).items
        return float(np.mean([p.position for p in places if topic in recommender.item(p.item).topics]))

    before = mean_position("music")
    recommender.observe([act("follow", user="cat", target=("topic", "music"), at=NOW)])
    followed = mean_position("music")
    recommender.observe([act("weigh", user="cat", target=("topic", "music"), weight=-1.0, at=NOW)])

    assert followed < before < mean_position("music")


def test_reset_leaves_a_reader_without_interests_but_not_without_memory(recommender: Recommender) -> None:
    assert recommender.interests("ann")

    recommender.observe([act("reset", at=NOW)])

    assert recommender.interests("ann") == ()
    assert "demo-en-energy-02" not in ids(recommender.recommend(Request("ann")))


def test_what_was_opened_before_a_reset_and_told_after_it_is_read(recommender: Recommender) -> None:
    """As by a device that was without a connection."""
    opened = act("open", "demo-en-energy-01", view="late", at=NOW - timedelta(minutes=9))

    recommender.observe([act("reset", at=NOW - timedelta(minutes=8))])
    assert "demo-en-energy-01" in ids(recommender.recommend(Request("ann")))
    recommender.observe([opened])

    assert "demo-en-energy-01" not in ids(recommender.recommend(Request("ann")))
    assert recommender.interests("ann") == ()


def test_forgetting_a_keyword_takes_its_credit_and_nothing_else(recommender: Recommender) -> None:
    keyword = next(i for i in recommender.interests("ann") if i.target.kind == "keyword")

    recommender.observe([act("forget", target=("keyword", keyword.target.value), at=NOW)])

    left = {interest.target for interest in recommender.interests("ann")}
    assert keyword.target not in left
    assert left


def test_a_passed_card_counts_against_its_topic_until_it_is_opened(recommender: Recommender) -> None:
    def topic() -> float:
        weights = {i.target.value: i.weight for i in recommender.interests("dan") if i.target.kind == "topic"}
        return weights.get("music", 0.0)

    recommender.observe([act("viewable", "demo-en-music-02", user="dan", at=NOW)])
    passed = topic()
    recommender.observe([act("open", "demo-en-music-02", user="dan", at=NOW, view="x")])

    assert passed < 0 < topic()
    signals = {e.signal for i in recommender.interests("dan") for e in i.evidence}
    assert signals == {"open"}


def test_a_card_sinks_each_time_it_is_passed_by(recommender: Recommender) -> None:
    def standing() -> tuple[int, float]:
        places = recommender.recommend(Request("ann")).items
        place = next(place for place in places if place.item == passed)
        return place.position, place.contributions["saturation"]

    passed = recommender.recommend(Request("ann")).items[1].item
    seen = [standing()]
    for day in range(4):
        recommender.observe([act("viewable", passed, at=NOW + timedelta(minutes=day))])
        seen.append(standing())

    assert [lost for _, lost in seen] == sorted({lost for _, lost in seen}, reverse=True)
    assert seen[-1][0] > seen[0][0]


def test_surprise_leads_away_from_what_was_opened(recommender: Recommender) -> None:
    """From familiar to surprising: further from what ann opened, less alike, more drawn; and the sum still holds."""
    opened = recommender.catalogue.rows_of(("demo-en-energy-02", "demo-en-food-01"))
    vectors = recommender.catalogue.vectors.values

    def first_five(surprise: float) -> tuple[float, int]:
        recommender.observe([tune(surprise, at=NOW)])
        made = recommender.recommend(Request("ann"))
        for place in made.items:
            assert sum(place.contributions.values()) == pytest.approx(place.score, abs=1e-9)
        rows = recommender.catalogue.rows_of(ids(made)[:5])
        nearness = float((vectors[opened] @ vectors[rows].T).max(axis=0).mean())
        return nearness, sum(place.exploration for place in made.items)

    familiar, middle, surprising = (first_five(surprise) for surprise in (0.0, 0.5, 1.0))

    assert familiar[0] > surprising[0]
    assert [familiar[1], middle[1], surprising[1]] == [0, 1, 2]


def test_erasing_gives_the_list_of_a_reader_never_seen(recommender: Recommender) -> None:
    recommender.erase("ann")

    assert recommender.interests("ann") == ()
    assert ids(recommender.recommend(Request("ann", mode="latest"))) == ids(
        recommender.recommend(Request("never seen", mode="latest"))
    )
    assert "demo-en-energy-02" in ids(recommender.recommend(Request("ann")))


def test_a_list_of_nothing_is_an_empty_list(make: MakeRecommender) -> None:
    """An empty store, a kind of which there is none, everything muted: no list is an error."""
    empty, articles = make(items=()), make()
    articles.observe([act("mute", target=("topic", topic), at=NOW) for topic in ("energy", "food", "music")])

    assert empty.recommend(Request("ann")).items == ()
    assert empty.recommend(Request("ann", mode="latest")).items == ()
    assert articles.recommend(Request("ann", kinds=("video",))).items == ()
    assert articles.recommend(Request("ann")).items == ()


def test_a_source_of_candidates_can_be_switched_off(make: MakeRecommender) -> None:
    settings = Settings(ranking=RankingSettings(candidates_fresh=0, candidates_popular=0, candidates_semantic=0))
    recommender = make(settings=settings)

    assert recommender.recommend(Request("ann")).items == ()


def test_an_item_without_a_date_keeps_the_time_it_first_came(make: MakeRecommender, clock: ManualClock) -> None:
    recommender = make(items=(article("undated", published_at=None),))
    assert ids(recommender.recommend(Request("ann"))) == ["undated"]

    clock.at = NOW + timedelta(days=2)
    recommender.add_items([article("undated", published_at=None)])

    assert recommender.item("undated").published_at == NOW


def test_related_are_near_and_leave_out_the_item_itself(recommender: Recommender) -> None:
    related = recommender.related("demo-en-energy-01", limit=3)

    assert "demo-en-energy-01" not in [place.item for place in related]
    assert "demo-en-energy-04" in [place.item for place in related]  # storing energy: the other one on batteries


def test_an_item_that_changes_is_listed_once_in_its_new_form(recommender: Recommender) -> None:
    old = demo_items()[0]
    new = article(old.id, title="Quite another title", published_at=NOW - timedelta(minutes=1))

    recommender.add_items([new])

    made = recommender.recommend(Request("ann", mode="latest"))
    assert ids(made).count(old.id) == 1
    assert recommender.item(old.id).title == "Quite another title"


def test_a_score_of_candidates_ranks_them_all_and_logs_nothing(recommender: Recommender) -> None:
    before = recommender.storage.last_event_seq()

    made = recommender.recommend(Request("ann", candidates=("demo-en-food-01", "demo-en-music-01", "unknown")))

    assert sorted(ids(made)) == ["demo-en-food-01", "demo-en-music-01"]
    assert recommender.storage.last_event_seq() == before


def test_lists_of_the_same_millisecond_are_lists_of_their_own(make: MakeRecommender) -> None:
    """Each is logged, can be paged through and explained; before, the second one had the id of the first."""
    recommender = make(items=(*demo_items(), Video(id="clip", title="A clip of a lake", published_at=NOW)))

    mixed, again = recommender.recommend(Request("ann", 5)), recommender.recommend(Request("ann", 5))
    clips = recommender.recommend(Request("ann", 5, ("video",)))

    made = (mixed, again, clips)
    assert len({each.id for each in made}) == 3
    shown = [event for event in recommender.storage.iter_events(user="ann") if isinstance(event, Impression)]
    assert [event.list for event in shown] == [each.id for each in made]
    for each in made:
        assert ids(recommender.made_list(each.id, "ann")) == ids(each)


def test_the_ids_of_a_millisecond_follow_from_reader_time_and_number(make: MakeRecommender) -> None:
    one, other = make(), make()

    made = [recommender.recommend(Request("ann")).id for recommender in (one, other, one, other)]

    assert made[0] == made[1] == new_list_id("ann", NOW)
    assert made[2] == made[3] == new_list_id("ann", NOW, 1)


def test_two_processes_give_lists_of_the_same_millisecond_ids_of_their_own(
    clock: ManualClock, remembering: Analyser
) -> None:
    storage = MemoryStorage()
    one, other = (make_recommender(clock=clock, storage=storage, analyser=remembering) for _ in range(2))
    one.add_items(demo_items())

    made = [recommender.recommend(Request("ann")) for recommender in (one, other, one)]

    assert len({each.id for each in made}) == 3


def test_a_list_that_is_made_again_keeps_its_id(recommender: Recommender) -> None:
    made = recommender.recommend(Request("ann"))

    assert recommender.recommend(Request("ann", list_id=made.id)).id == made.id
