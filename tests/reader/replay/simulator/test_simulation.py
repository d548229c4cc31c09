"""The simulated log as a whole: valid, repeatable, and as likely as its truth says."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reader.behaviour.events import parse_event
from reader.errors import InvalidInputError
from reader.records import event_record, parse_time
from reader.replay.log import read_log
from reader.replay.simulator import Life, SimulationSettings, generate_items, simulate, write_simulation
from reader.replay.simulator.settings import AttentionSettings
from reader.replay.truth import read_truth
from reader.types import Article, Close, Event, Impression, ParagraphVisit, Video, Watch
from tests.reader.replay.simulator.worlds import demo_items, demo_lives, demo_simulation

# The chance of a false alarm at 4 standard errors is below 1 in 10,000; the seed is fixed besides.
STANDARD_ERRORS = 4.0
CLIPS = {item.id for item in demo_items() if isinstance(item, Video)}
FILES = ("events.jsonl", "items.jsonl", "truth.jsonl")


def truth_of(life: Life) -> list[tuple[tuple[float, ...], dict[str, float]]]:
    """Return examination and relevance of each list of a reader."""
    lists: list[Any] = list(life.lists)
    return [(tuple(record["examination"]), dict(record["relevance"])) for record in lists]


def within(observed: int, chances: list[float]) -> bool:
    """Whether a count of independent trials lies where their chances let it."""
    expected = math.fsum(chances)
    deviation = math.sqrt(math.fsum(chance * (1 - chance) for chance in chances))
    return abs(observed - expected) <= STANDARD_ERRORS * deviation


def counted(events: tuple[Event, ...], type: str) -> int:
    return sum(event.type == type for event in events)


def test_same_arguments_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    settings = SimulationSettings(readers=5)
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        write_simulation(simulate(demo_items(), settings, seed), tmp_path / name)

    written = {name: [(tmp_path / name / file).read_bytes() for file in FILES] for name in ("one", "two", "other")}

    assert written["one"] == written["two"]
    assert written["one"][0] != written["other"][0]


def test_a_reader_alone_behaves_as_among_many() -> None:
    alone = next(iter(demo_simulation(readers=1).lives()))

    assert alone == demo_lives()[0]
    assert alone.events


def test_every_event_survives_a_trip_through_json() -> None:
    events = [event for life in demo_lives() for event in life.events]

    for event in events:
        assert parse_event(json.loads(json.dumps(event_record(event)))) == event
    assert len({event.id for event in events}) == len(events)
    assert {"impression", "viewable", "open", "paragraph_visit", "watch", "close", "like", "save"} <= {
        event.type for event in events
    }


def test_what_is_written_is_a_log_without_problems(tmp_path: Path) -> None:
    """The files go through the doors of replay: no line is left out, and every list has its truth."""
    simulation = demo_simulation(readers=3)

    written = write_simulation(simulation, tmp_path)
    prepared = tmp_path / "prepared"
    prepared.mkdir()
    log = read_log(tmp_path / "events.jsonl", [tmp_path / "items.jsonl"], prepared)
    truth = read_truth(tmp_path / "truth.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    times = [
        (parse_time(record["at"]), record["id"])
        for record in map(json.loads, (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines())
    ]

    assert sum(log.problems.values()) == 0
    assert log.events == written.events
    assert times == sorted(times)
    assert len(times) == written.events == sum(len(life.events) for life in demo_lives()[:3])
    assert len(truth.lists) == written.lists
    assert truth.lists["r0001-l1"].stays.keys() == truth.lists["r0001-l1"].relevance.keys()
    assert lines[0]["type"] == "simulation"
    assert lines[0]["settings"]["position_bias"] == 0.7
    assert [line["user"] for line in lines if line["type"] == "reader"] == ["r0001", "r0002", "r0003"]
    assert sum(line["type"] == "scroll_back" for line in lines) == written.scroll_backs
    assert not list(tmp_path.glob("*.part"))


def test_events_of_a_reader_are_in_order_and_within_their_session() -> None:
    for life in demo_lives():
        assert all(before.at <= after.at and before.id < after.id for before, after in pairwise(life.events))
        sessions = [event.session for event in life.events]
        assert len(set(sessions)) == sum(one != next for one, next in pairwise(sessions)) + 1


def test_nothing_is_shown_before_its_publication_or_after_its_opening() -> None:
    published = {item.id: item.published_at for item in demo_simulation().items}
    for life in demo_lives():
        opened: set[str | None] = set()
        for event in life.events:
            if isinstance(event, Impression):
                assert all((published[shown.item] or event.at) <= event.at for shown in event.items)
                assert not opened & {shown.item for shown in event.items}
            elif event.type in ("open", "hide"):
                opened.add(event.item)


def test_places_are_looked_at_and_opened_as_often_as_the_truth_says() -> None:
    """Over all places, over the last ones, and over the most and the least relevant items."""
    cases: dict[str, list[tuple[float, float, bool, bool]]] = {"all": [], "low": [], "keen": [], "dull": []}
    for life in demo_lives():
        seen = {(event.list, event.item) for event in life.events if event.type == "viewable"}
        opened = {(event.list, event.item) for event in life.events if event.type == "open"}
        shown = {event.list: event for event in life.events if isinstance(event, Impression)}
        for record in life.lists:
            examined, relevant = truth_of(replace(life, lists=(record,)))[0]
            for place in shown[str(record["list"])].items:
                key = (str(record["list"]), place.item)
                look, chance = examined[place.position - 1], relevant[place.item]
                case = (look, look * chance, key in seen, key in opened)
                cases["all"].append(case)
                cases["low"] += [case] if place.position > 10 else []
                cases["keen"] += [case] if chance > 0.5 else []
                cases["dull"] += [case] if chance < 0.1 else []

    for name, found in cases.items():
        assert len(found) > 500, name
        assert within(sum(seen for _, _, seen, _ in found), [look for look, _, _, _ in found]), name
        assert within(sum(opened for _, _, _, opened in found), [chance for _, chance, _, _ in found]), name


def test_rates_are_those_of_news_sites() -> None:
    """Roughly: one place in twenty is opened, and there is a scroll-back for every third opening."""
    lives = demo_lives()
    places = sum(len(relevant) for life in lives for _, relevant in truth_of(life))
    opens = sum(counted(life.events, "open") for life in lives)
    returns = sum(len(life.returns) for life in lives)

    assert 0.03 < opens / places < 0.1
    assert 0.2 < returns / opens < 0.6


@pytest.mark.parametrize("clickbait_share", [0.0, 0.5])
def test_openings_are_left_at_once_as_often_as_the_truth_says(clickbait_share: float) -> None:
    """Also where titles promise more than the texts hold. Nobody skims here: who does, and stops, would be as quick."""
    settings = SimulationSettings(
        readers=30, clickbait_share=clickbait_share, attention=AttentionSettings(skim=(1.0, 1.0))
    )
    left, chances = 0, []
    for life in simulate(demo_items(), settings, 1).lives():
        stays: dict[Any, Any] = {record["list"]: record["stays"] for record in life.lists}
        closed = {event.view: event.active_ms for event in life.events if isinstance(event, Close)}
        for event in (event for event in life.events if event.type == "open" and event.item not in CLIPS):
            left += closed[event.view] <= 4_500
            chances.append(1 - stays[event.list][event.item])

    assert len(chances) > 500
    assert sum(chances) / len(chances) == pytest.approx(0.45 if clickbait_share else 0.15, abs=0.1)
    assert within(left, chances)


def test_hot_items_are_opened_by_most_who_look_at_them() -> None:
    calm, hot = (simulate(demo_items(), SimulationSettings(hot_share=share), 1).world for share in (0.0, 0.1))
    more = [two.appeal - one.appeal for one, two in zip(calm.subjects, hot.subjects, strict=True)]

    assert set(np.round(more, 6)) == {0.0, 2.5}
    assert 3 <= np.count_nonzero(more) <= 20  # of 94


def test_bait_is_a_matter_of_the_source() -> None:
    """A larger share of sources has all that a smaller one has, and each on top of what its items have anyway."""
    baits = {
        share: {subject.item.source for subject in world.subjects if subject.is_bait}
        for share in (0.2, 0.5)
        for world in [simulate(demo_items(), SimulationSettings(clickbait_share=share), 1).world]
    }

    assert baits[0.2] < baits[0.5] < {item.source for item in demo_items()}


def test_a_new_interest_is_told_with_its_items_and_where_it_first_showed() -> None:
    opened = returned = 0
    settings = SimulationSettings(readers=60, changes_share=1.0, scroll_backs="interest")
    simulation = simulate(generate_items(300), settings, 1)
    subjects = {subject.item.id: subject for subject in simulation.world.subjects}
    for life in simulation.lives():
        list_of = {event.view: event.list for event in life.events if event.type == "open"}
        for interest, new in zip(life.reader.changes, life.new_interests, strict=True):
            begins = interest.begins or simulation.world.start
            own = [e for e in life.events if e.type == "open" and e.item in new.items and e.at >= begins]
            assert all(interest.is_of(subjects[item]) for item in new.items)
            assert new.opened_in == (own[0].list if own else None)
            lists = [list_of[back.view] for back in life.returns if back.topic == new.topic]
            assert new.returned_in is None or (new.returned_in in lists and new.returned_in != new.opened_in)
            opened += new.opened_in is not None
            returned += new.returned_in is not None

    assert opened > 20
    assert returned > 5


def test_reading_takes_the_time_that_words_and_speed_ask_for() -> None:
    """Time on paragraphs over words / speed: below 1 since some are skimmed, far above what skimming alone takes."""
    words = {
        (subject.item.id, index): paragraph.words
        for subject in demo_simulation().world.subjects
        for index, paragraph in enumerate(subject.paragraphs)
    }
    shares = []
    for life in demo_lives():
        if life.reader.language != "en":
            continue
        first = [e for e in life.events if isinstance(e, ParagraphVisit) and e.visit == 0 and "-de-" not in str(e.item)]
        read_min = sum(event.dwell_ms for event in first) / 60_000
        shares.append(
            read_min * life.reader.words_per_min / sum(words[str(e.item), e.paragraph] for e in first if not e.part)
        )

    assert 0.45 < sum(shares) / len(shares) < 1.0


def test_closing_tells_the_time_that_was_spent() -> None:
    """active_ms covers all stays; a clip is never played beyond its end."""
    durations = {item.id: getattr(item, "duration_s", None) for item in demo_items()}
    for life in demo_lives():
        spent: dict[str | None, float] = {}
        for event in life.events:
            if isinstance(event, ParagraphVisit):
                spent[event.view] = max(spent.get(event.view, 0), event.started_ms + event.visible_ms)
            elif isinstance(event, Watch):
                assert event.to_s <= (durations[str(event.item)] or math.inf)
            elif isinstance(event, Close):
                assert event.active_ms >= spent.get(event.view, 0)


def test_a_catalogue_of_titles_without_dates_and_topics_works() -> None:
    """Topics are derived from the words; items get dates before the start; openings are of nothing but titles."""
    words = ("harbour", "violin", "comet", "bread", "glacier")
    items = [Article(id=f"t{number}", title=f"{words[number % 5]} {words[number % 3]} story") for number in range(40)]

    simulation = simulate(items, SimulationSettings(readers=10, days=3), 0)
    lives = list(simulation.lives())

    assert all(item.published_at and item.published_at < simulation.world.start for item in simulation.items)
    assert [item.id for item in simulation.items] == [item.id for item in items]
    assert all(life.reader.interests for life in lives)
    # Of an opened title nobody knows how long it was looked at: no close that would make it left at once.
    assert {event.type for life in lives for event in life.events} == {"impression", "viewable", "open"}


def test_one_item_is_a_catalogue() -> None:
    """It is opened once by a reader, and then there are no more lists."""
    lives = list(simulate([Article(id="only", title="x")], SimulationSettings(readers=20, days=5), 0).lives())

    opens = [counted(life.events, "open") for life in lives]
    assert max(opens) == 1


def test_given_dates_are_kept_and_the_days_end_with_the_last_of_them() -> None:
    simulation = demo_simulation()

    assert simulation.items == demo_items()
    assert simulation.world.end == datetime(2026, 11, 22, tzinfo=UTC)


def test_no_items_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="items"):
        simulate([])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("readers", 0),
        ("days", -1),
        ("lists_a_day", math.nan),
        ("candidates", 0),
        ("exploration", 1.1),
        ("changes_share", -0.1),
        ("changes", 0),
        ("hot_share", 2.0),
        ("clickbait_share", -1.0),
        ("position_bias", -1.0),
        ("logging", "greedy"),
        ("scroll_backs", "some"),
    ],
)
def test_settings_out_of_range_are_refused(field: str, value: object) -> None:
    with pytest.raises(InvalidInputError, match=field):
        SimulationSettings(**{field: value})  # type: ignore[arg-type]  # one wrong value at a time
