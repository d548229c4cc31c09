"""A log made ready: every event once, in order of time, and what is wrong with it counted by kind."""

from __future__ import annotations

import gzip
import json
import random
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.records import event_record
from reader.replay.labels import WINDOW_S, LabelCollector, digest
from reader.replay.log import Log, prepare, read_log
from reader.types import Event
from tests.builders import START, act, impression

Prepare = Callable[..., Log]


def at(minute: float, *, user: str = "ann", **fields: str) -> Event:
    return act("open", "a1", user=user, at=START + timedelta(minutes=minute), view=f"{user}-{minute}", **fields)


def test_events_come_in_order_of_time_and_impressions_first(tmp_path: Path) -> None:
    """An opening in the same millisecond as its list must not be known before the list is scored."""
    later, earlier = at(2), at(1)
    shown, same_time = impression("l", "a1", at=START), act("open", "a1", at=START, view="v", list="l")

    log = prepare([], [later, same_time, earlier, shown], tmp_path)

    assert list(log.read()) == [shown, same_time, earlier, later]
    assert (log.events, log.users, log.impressions, log.began_at) == (4, 1, 1, START)


def test_the_first_of_equal_ids_counts_whatever_the_order_of_arrival(tmp_path: Path) -> None:
    first = at(1)
    again = act("like", "a2", at=START + timedelta(hours=1))
    object.__setattr__(again, "id", first.id)

    for number, events in enumerate(([first, again], [again, first])):
        folder = tmp_path / str(number)
        folder.mkdir()
        log = prepare([], events, folder)
        assert [event.type for event in log.read()] == ["open"]
        assert log.problems == {"event: duplicate id": 1}


def test_the_same_id_of_two_readers_is_two_events(tmp_path: Path) -> None:
    """As in the store."""
    ann, bob = at(1, user="ann"), at(1, user="bob")
    object.__setattr__(bob, "id", ann.id)

    log = prepare([], [bob, ann, bob], tmp_path)

    assert [event.user for event in log.read()] == ["ann", "bob"]
    assert log.problems == {"event: duplicate id": 1}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.lists(st.integers(0, 5), max_size=12), st.randoms())
def test_the_order_of_lines_changes_nothing_but_their_being_out_of_order(
    tmp_path: Path, minutes: list[int], chance: random.Random
) -> None:
    events = [at(minute, user=f"u{n}") for n, minute in enumerate(minutes)]
    forward = list(prepare([], events, tmp_path).read())
    chance.shuffle(events)

    assert list(prepare([], events, tmp_path).read()) == forward


def test_what_is_odd_is_noticed_and_taken(tmp_path: Path) -> None:
    """Out of order, sessions with two readers, openings from nowhere: all of it is read."""
    events = [
        impression("l", "a1", at=START),
        at(3, session="s"),
        at(1, user="bob", session="s"),
        at(2, user="cat", session="t", list="gone"),
    ]

    log = prepare([], events, tmp_path)

    assert log.events == 4
    assert log.problems == {}
    assert log.notices == {
        "event: out of order": 2,
        "session: of several readers": 1,
        "open: from a list that the log does not have": 1,
        "open: from no list": 2,
    }


def test_a_file_that_is_broken_off_gives_what_is_whole(tmp_path: Path) -> None:
    lines = "".join(json.dumps(event_record(at(n))) + "\n" for n in range(500)).encode()
    whole = gzip.compress(lines)
    (tmp_path / "events.jsonl.gz").write_bytes(whole[: len(whole) // 2])

    log = read_log(tmp_path / "events.jsonl.gz", [], tmp_path)

    assert 0 < log.events < 500
    assert log.problems["events: the file is broken off"] == 1


def test_bytes_that_are_no_text_and_json_that_is_no_event_are_counted(tmp_path: Path) -> None:
    good = json.dumps(event_record(at(1))).encode()
    lines = [good, b"\xff\xfe", b"[1, 2]", b"{", b"null", b"[" * 100_000]
    (tmp_path / "events.jsonl").write_bytes(b"\n".join(lines))

    log = read_log(tmp_path / "events.jsonl", [], tmp_path)

    assert log.events == 1
    assert log.problems == {"event: not a JSON line": 3, "event: event": 2}


def test_of_each_kind_of_bad_lines_the_first_is_told_with_its_line_its_value_and_the_remedy(tmp_path: Path) -> None:
    good = event_record(at(1))
    bad = [{**good, "at": "yesterday"}, {**good, "at": "the day before"}, {**good, "type": "opened"}]
    lines = [json.dumps(record) for record in (good, *bad)]
    events, items = tmp_path / "events.jsonl", tmp_path / "items.jsonl"
    events.write_text("\n".join((*lines, "{")), encoding="utf-8")
    items.write_text('\n{"id":"a1","kind":"book","title":"One"}\n', encoding="utf-8")

    log = read_log(events, [items], tmp_path)

    assert log.problems.keys() == log.examples.keys()
    assert log.problems["event: at"] == 2
    assert str(log.examples["event: at"]).startswith(f"{events}:2: at: 'yesterday' is no moment; use RFC 3339")
    assert str(log.examples["event: type"]).startswith(f"{events}:4: type: 'opened' is unknown; use one of")
    assert (log.examples["event: not a JSON line"].line, log.examples["item: kind"].line) == (5, 2)


def collected(*openings: tuple[str, str, str, float]) -> LabelCollector:
    collector = LabelCollector()
    for opening in openings:
        collector.add(*opening)
    return collector


def test_an_opening_belongs_to_the_list_of_its_reader() -> None:
    labels = collected(("l", "ann", "a", 5), ("m", "ann", "b", 1), ("l", "bob", "b", 3), ("l", "ann", "c", 4)).labels()

    opened = labels.opened("l", "ann", ["a", "b"], at_s=0)

    assert opened.items == {digest("a")}
    assert opened.other == 1  # c, which the list did not show
    assert labels.opened("n", "ann", ["a"], at_s=0).items == frozenset()


def test_an_opening_before_the_list_or_a_day_later_is_no_label() -> None:
    labels = collected(
        ("l", "ann", "a", 5), ("l", "ann", "b", 10 + WINDOW_S), ("l", "ann", "c", 11 + WINDOW_S)
    ).labels()

    opened = labels.opened("l", "ann", ["a", "b", "c"], at_s=10)

    assert [set(opened.items), set(opened.early), set(opened.late)] == [{digest("b")}, {digest("a")}, {digest("c")}]


def test_of_a_list_shown_again_an_opening_belongs_to_the_latest_that_held_the_item() -> None:
    """First page a and b at 0, second page c at 10, the first page again at 20; a is opened at 15, b at 25."""
    collector = collected(("l", "ann", "a", 15), ("l", "ann", "b", 25), ("l", "ann", "c", 12))
    for at_s, items in ((0, ["a", "b"]), (10, ["c"]), (20, ["a", "b"])):
        collector.add_shown("l", "ann", items, at_s)
    labels = collector.labels()

    first, page, again = (
        labels.opened("l", "ann", items, at) for at, items in ((0, ["a", "b"]), (10, ["c"]), (20, ["a", "b"]))
    )

    assert [set(part.items) for part in (first, page, again)] == [{digest("a")}, {digest("c")}, {digest("b")}]
    assert not any(part.early for part in (first, page, again))
    assert first.other == page.other == again.other == 0


def test_what_is_left_out_gives_no_label(tmp_path: Path) -> None:
    """The second event of an id names another item; it is left out, and so is what it would have said."""
    shown = impression("l", "a1", "a2", at=START)
    first = act("open", "a1", at=START + timedelta(minutes=1), view="v", list="l")
    again = act("open", "a2", at=START + timedelta(minutes=2), view="v", list="l")
    object.__setattr__(again, "id", first.id)

    log = prepare([], [shown, first, again], tmp_path)

    assert log.labels.opened("l", "ann", ["a1", "a2"], START.timestamp()).items == {digest("a1")}


def test_an_opening_from_another_readers_list_is_noticed(tmp_path: Path) -> None:
    events = [impression("l", "a1", at=START), at(1, user="bob", list="l")]

    assert prepare([], events, tmp_path).notices == {"open: from another reader's list": 1}


@pytest.mark.slow
def test_a_log_is_not_held_in_memory(tmp_path: Path) -> None:
    """Two and a half times the events take hardly more memory, of which most is one sorted run."""

    def many(count: int) -> Iterator[Event]:
        yield from (at(minute) for minute in range(count))

    peaks = []
    for count in (52_000, 130_000):
        tracemalloc.start()
        log = prepare([], many(count), tmp_path)
        assert sum(1 for _ in log.read()) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 1.25 * peaks[0]
