"""Replay: every list is scored with what was known before it, then learned from; the same log gives the same bytes."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.errors import InvalidInputError
from reader.recommend.recommender import Recommender
from reader.records import event_record, item_record
from reader.replay.log import Log, prepare, read_log
from reader.replay.policies import ablated
from reader.replay.result import replay
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem, Event
from reader.wiring import make_recommender
from tests.builders import START, ReadingStory, act, article, impression


@pytest.fixture
def make_empty(remembering: Analyser) -> Any:
    def made(clock: ManualClock, ablation: str | None) -> Recommender:
        settings = ablated(Settings(), ablation)
        return make_recommender(settings=settings, clock=clock, storage=MemoryStorage(), analyser=remembering)

    return made


@pytest.fixture
def logged(tmp_path: Path) -> Callable[[Sequence[AnyItem], Sequence[Event]], Log]:
    """Prepare a log in a folder of its own."""
    return lambda items, events: prepare(items, events, Path(tempfile.mkdtemp(dir=tmp_path)))


def items(count: int = 6) -> list[AnyItem]:
    """a0 is the newest; all were published before START."""
    return [article(f"a{n}", published_at=START - timedelta(hours=n + 1)) for n in range(count)]


def opened(list_id: str, item: str, *, user: str = "ann", minute: float = 1) -> Event:
    at = START + timedelta(minutes=minute)
    return act("open", item, user=user, at=at, view=f"{list_id}-{item}", list=list_id)


def test_latest_is_scored_by_hand(make_empty: Any, logged: Any) -> None:
    """Shown a0, a1, a2; opened a1: latest ranks it second. AUC 1/2, MRR 1/2, nDCG 1/log2(3)."""
    log = logged(items(3), [impression("l", "a2", "a1", "a0"), opened("l", "a1")])

    figures = replay(log, ["latest"], make_empty)["policies"]["latest"]

    assert figures["impressions"] == 1
    assert (figures["auc"], figures["mrr"], figures["ndcg@5"]) == (0.5, 0.5, 0.63093)
    assert figures["ci95"]["auc"] == [0.5, 0.5]


def test_opens_without_an_impression_are_scored_against_all_known_items(make_empty: Any, logged: Any) -> None:
    """Of six items the third newest is opened: rank 3 of 6 by time."""
    log = logged(items(), [act("open", "a2", at=START, view="v")])

    figures = replay(log, ["latest"], make_empty)["policies"]["latest"]

    assert (figures["catalogue_opens"], figures["catalogue_mrr"], figures["catalogue_hit@10"]) == (1, 0.333333, 1.0)


def test_a_reader_who_opens_an_item_twice_is_one_reader(make_empty: Any, logged: Any) -> None:
    """Ann opens a1 twice, bob a2, then cat is shown a0 and a1. Shares of readers are smoothed by (1, 2).

    Ann's list: 3 items of which none of no readers had any, 1 bit each. Bob's: a1 had by 1 of 1, log2(3/2) bits; a0 and
    a2 log2(3) each. Cat's: a1 by 1 of 2, 1 bit; a0 by none, 2 bits. Ann's second opening is no new one.
    """
    events: list[Event] = [act("open", "a1", at=START + timedelta(minutes=n), view=f"v{n}") for n in range(2)]
    events.append(act("open", "a2", user="bob", at=START + timedelta(minutes=3), view="b"))
    later = START + timedelta(minutes=5)
    events += [impression("l", "a0", "a1", user="cat", at=later), opened("l", "a0", user="cat", minute=6)]

    figures = replay(logged(items(3), events), ["latest"], make_empty)["policies"]["latest"]

    assert figures["impressions"] == 1
    assert figures["catalogue_opens"] == 2
    assert figures["novelty@10"] == pytest.approx((1 + (math.log2(1.5) + 2 * math.log2(3)) / 3 + 1.5) / 3, abs=1e-6)


def test_a_label_opened_before_its_list_is_no_candidate(make_empty: Any, logged: Any) -> None:
    """The profile knows that opening already: a1 is left out and counted, a0 and a2 are scored."""
    events: list[Event] = [opened("l", "a1", minute=-5), impression("l", "a0", "a1", "a2"), opened("l", "a2", minute=2)]

    result = replay(logged(items(3), events), ["latest"], make_empty)

    assert result["problems"] == {"impression: item opened before it was shown": 1}
    assert result["policies"]["latest"]["auc"] == 0.0  # a2 is older than a0


def test_a_click_of_somebody_else_moves_no_figure(make_empty: Any, logged: Any) -> None:
    events = [impression("l", "a0", "a1", "a2"), opened("l", "a1")]
    foreign = opened("l", "a2", user="bob", minute=2)

    alone = replay(logged(items(3), events), ["latest"], make_empty)
    result = replay(logged(items(3), [*events, foreign]), ["latest"], make_empty)

    assert result["policies"]["latest"]["auc"] == alone["policies"]["latest"]["auc"] == 0.5
    assert result["notices"]["open: from another reader's list"] == 1


def test_times_at_the_ends_of_the_calendar_are_counted_and_break_nothing(make_empty: Any, tmp_path: Path) -> None:
    far = [
        event_record(opened("l", "a1")) | {"id": f"e{at}", "at": at}
        for at in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z")
    ]
    (tmp_path / "events.jsonl").write_text("\n".join(json.dumps(record) for record in far), encoding="utf-8")

    log = read_log(tmp_path / "events.jsonl", [], tmp_path)

    assert replay(log, ["latest"], make_empty)["problems"] == {"event: at": 2}


def test_items_are_unknown_before_they_are_published(make_empty: Any, logged: Any) -> None:
    """a9 comes out after the open, so it is no candidate: the newest known one is at rank 1."""
    future = article("a9", published_at=START + timedelta(hours=1))
    log = logged([*items(), future], [act("open", "a0", at=START, view="v")])

    assert replay(log, ["latest"], make_empty)["policies"]["latest"]["catalogue_mrr"] == 1.0


def test_tomorrows_events_move_no_figure_of_today(make_empty: Any, logged: Any) -> None:
    """Planted: everybody opens a2 a day later. Only the lists of that day may know."""
    today: list[Event] = [
        event
        for n in range(4)
        for event in (impression(f"l{n}", "a0", "a1", "a2", user=f"u{n}"), opened(f"l{n}", "a1", user=f"u{n}"))
    ]
    today.sort(key=lambda event: (event.at, event.id))
    tomorrow = [opened("none", "a2", user=f"w{n}", minute=24 * 60 + n) for n in range(5)]
    policies = ["profile", "latest", "popular", "random"]

    before = replay(logged(items(3), today), policies, make_empty)["policies"]
    after = replay(logged(items(3), today + tomorrow), policies, make_empty)["policies"]

    assert after == before


def test_learning_from_reading_lifts_the_profile_policy(make_empty: Any, logged: Any) -> None:
    """Ann opens what is about salt each time; after the first lists the profile knows."""
    about = {"salt": "Salt and brine of the salt lake", "bread": "Sourdough bread and rye flour"}
    texts: list[AnyItem] = [article(f"{t}{n}", title=f"{about[t]} {n}", topics=(t,)) for n in range(6) for t in about]
    events: list[Event] = []
    for n in range(6):
        at = START + timedelta(minutes=10 * n)
        events.append(impression(f"l{n}", f"bread{n}", f"salt{n}", at=at))
        events.append(act("open", f"salt{n}", at=at + timedelta(minutes=1), view=f"v{n}", list=f"l{n}"))

    figures = replay(logged(texts, events), ["profile", "random"], make_empty)["policies"]

    assert figures["profile"]["auc"] >= 0.8


def test_same_log_and_seed_give_the_same_bytes_in_any_order_of_lines(make_empty: Any, tmp_path: Path) -> None:
    story = ReadingStory("a3", at=START - timedelta(hours=1), view="early")
    events = [*story.visit(0), impression("l", "a0", "a1"), opened("l", "a0"), impression("m", "a1", "a2", user="bob")]
    made = []
    for name, order in (("forward", events), ("backward", events[::-1])):
        (tmp_path / "items.jsonl").write_text("".join(json.dumps(item_record(item)) + "\n" for item in items()))
        (tmp_path / name).write_text("".join(json.dumps(event_record(event)) + "\n" for event in order))
        log = read_log(tmp_path / name, [tmp_path / "items.jsonl"], Path(tempfile.mkdtemp(dir=tmp_path)))
        log.notices.pop("event: out of order", None)  # which is what differs
        made.append(json.dumps(replay(log, ["profile", "popular", "random"], make_empty)))

    assert made[0] == made[1]


def test_what_is_wrong_with_a_log_is_counted_by_kind(make_empty: Any, tmp_path: Path) -> None:
    good = json.dumps(event_record(impression("l", "a0", "a1", "ghost")))
    lines = [good, good, '{"type": "open"', '{"id": "x", "type": "dance", "at": "2026-11-20T08:00:00Z", "user": "u"}']
    lines += [json.dumps(event_record(opened("l", "a0"))), json.dumps(event_record(opened("l", "ghost")))]
    (tmp_path / "events.jsonl").write_text("\n".join(lines))
    (tmp_path / "items.jsonl").write_text("".join(json.dumps(item_record(item)) + "\n" for item in items(2)))

    result = replay(
        read_log(tmp_path / "events.jsonl", [tmp_path / "items.jsonl"], Path(tempfile.mkdtemp(dir=tmp_path))),
        ["latest"],
        make_empty,
    )

    assert result["problems"] == {
        "event: duplicate id": 1,
        "event: unknown item": 1,
        "event: not a JSON line": 1,
        "event: type": 1,
        "impression: unknown item": 1,
    }
    assert result["policies"]["latest"]["impressions"] == 1


def test_an_unknown_policy_and_a_missing_log_are_named(make_empty: Any, logged: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="'psychic' is unknown; use one of profile"):
        replay(logged([], []), ["psychic"], make_empty)
    with pytest.raises(InvalidInputError, match=r"nowhere\.jsonl is not a file"):
        read_log(tmp_path / "nowhere.jsonl", [], tmp_path)


def test_an_empty_log_gives_an_empty_result(make_empty: Any, logged: Any) -> None:
    result = replay(logged([], []), ["profile"], make_empty)

    assert result["log"] == {"events": 0, "users": 0, "impressions": 0, "items": 0}
    assert result["policies"]["profile"]["impressions"] == 0


def test_a_list_that_a_program_fetched_is_no_impression(make_empty: Any, logged: Any) -> None:
    """Nobody can tell what of it was seen: it is neither counted nor scored, and what was opened from it is learned."""
    seen = [impression("l", "a2", "a1", "a0"), opened("l", "a1")]
    fetched = [replace(impression("f", "a5", "a4", "a3"), origin="atom"), opened("f", "a4", minute=2)]

    with_it = replay(logged(items(), [*seen, *fetched]), ["latest"], make_empty)
    alone = replay(logged(items(), seen), ["latest"], make_empty)

    assert with_it["log"]["impressions"] == alone["log"]["impressions"] == 1
    assert with_it["policies"]["latest"]["auc"] == alone["policies"]["latest"]["auc"]
    assert with_it["policies"]["latest"]["impressions"] == 1
