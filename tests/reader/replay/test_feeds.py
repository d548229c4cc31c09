"""In a feed a clip opens by itself: what was watched validly counts, half of the watches at every length."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reader.replay.feeds import better_half
from reader.replay.labels import digest
from reader.replay.log import Log, prepare
from reader.types import Event, Impression, ItemKind, Shown, Video, Watch
from tests.builders import START

CLIPS = [Video(id=f"v{number}", title="A clip", duration_s=30.0) for number in range(8)]
SHORT = [Video(id=f"s{number}", title="A clip", duration_s=6.0) for number in range(8)]
UNKNOWN = [Video(id=f"u{number}", title="A clip") for number in range(4)]


def feed(
    list_id: str, watched: dict[str, float], *, at: datetime = START, kinds: tuple[ItemKind, ...] = ("video",)
) -> list[Event]:
    """Return a list, and of each of its clips the opening and so many seconds of playing."""
    shown = tuple(Shown(item, place, 0.5) for place, item in enumerate(watched, start=1))
    events: list[Event] = [
        Impression(id=list_id, type="impression", at=at, user="ann", list=list_id, items=shown, kinds=kinds)
    ]
    for number, (item, seconds) in enumerate(watched.items(), start=1):
        view, opened = f"{list_id}-{item}", at + timedelta(minutes=number)
        common: dict[str, Any] = {"user": "ann", "item": item, "view": view}
        events.append(Event(id=f"{view}-o", type="open", at=opened, list=list_id, position=number, **common))
        if seconds:
            end = opened + timedelta(seconds=seconds)
            events.append(Watch(id=f"{view}-w", type="watch", at=end, from_s=0.0, to_s=seconds, **common))
    return events


def opened(log: Log, list_id: str, items: list[str], at: datetime = START) -> list[bool]:
    found = log.labels.opened(list_id, "ann", items, at.timestamp())
    return [digest(item) in found.items for item in items]


def test_the_better_half_of_the_watches_counts_as_opened(tmp_path: Path) -> None:
    items = ["v0", "v1", "v2", "v3"]

    log = prepare(CLIPS, feed("f", dict(zip(items, (0.0, 20.0, 9.0, 10.0), strict=True))), tmp_path)

    assert opened(log, "f", items) == [False, True, False, True]


def test_each_length_has_a_half_of_its_own(tmp_path: Path) -> None:
    """Six seconds are the whole of a short clip and little of a long one; seconds alone would leave the short out."""
    watched = {"v0": 12.0, "v1": 20.0, "s0": 3.0, "s1": 5.9, "u0": 2.0, "u1": 4.0}

    log = prepare([*CLIPS, *SHORT, *UNKNOWN], feed("f", watched), tmp_path)

    assert opened(log, "f", list(watched)) == [False, True] * 3


def test_where_all_see_the_end_still_only_half_count(tmp_path: Path) -> None:
    watched = {clip.id: 5.9 for clip in SHORT}

    log = prepare(SHORT, feed("f", watched), tmp_path)

    assert sum(opened(log, "f", list(watched))) == 4


def test_playing_a_part_twice_is_no_longer_watch(tmp_path: Path) -> None:
    events = feed("f", {"v0": 10.0, "v1": 11.0})
    again = Watch(
        id="again",
        type="watch",
        at=START + timedelta(minutes=1, seconds=30),
        user="ann",
        item="v0",
        view="f-v0",
        from_s=2.0,
        to_s=9.0,
    )

    log = prepare(CLIPS, [*events, again], tmp_path)

    assert opened(log, "f", ["v0", "v1"]) == [False, True]


def test_in_other_lists_a_clip_is_opened_by_whoever_opens_it(tmp_path: Path) -> None:
    """Lists of articles and clips, and lists that do not say, are chosen from."""
    mixed = feed("mixed", {"v0": 1.0, "v1": 20.0}, kinds=("article", "video"))
    untold = feed("untold", {"v2": 1.0, "v3": 20.0}, kinds=())

    log = prepare(CLIPS, [*mixed, *untold], tmp_path)

    assert opened(log, "mixed", ["v0", "v1"]) == [True, True]
    assert opened(log, "untold", ["v2", "v3"]) == [True, True]


def test_watches_of_many_days_are_compared_with_one_another(tmp_path: Path) -> None:
    later = START + timedelta(days=9)
    events = [*feed("f", {"v0": 10.0, "v1": 3.0}), *feed("g", {"v2": 12.0, "v3": 2.0}, at=later)]

    log = prepare(CLIPS, events, tmp_path)

    assert opened(log, "f", ["v0", "v1"]) == [True, False]
    assert opened(log, "g", ["v2", "v3"], later) == [True, False]


@given(
    st.integers(1, 60).flatmap(
        lambda n: st.tuples(
            arrays(np.int8, n, elements=st.integers(-1, 3)),
            arrays(np.float64, n, elements=st.sampled_from([0.0, 0.2, 0.5, 1.0])),
            arrays(np.uint64, n, elements=st.integers(0, 2**63), unique=True),
        )
    )
)
def test_half_of_each_bucket_is_the_better_half(drawn: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    buckets, shares, luck = drawn

    better = better_half(buckets, shares, luck)

    for bucket in np.unique(buckets):
        own = buckets == bucket
        assert better[own].sum() == own.sum() // 2
        if better[own].any() and (~better[own]).any():
            assert shares[own & better].min() >= shares[own & ~better].max()


@pytest.mark.parametrize("kinds", [("video",), ()])
def test_feeds_need_no_clips_to_be_known(tmp_path: Path, kinds: tuple[ItemKind, ...]) -> None:
    log = prepare([], feed("f", {"gone": 3.0}, kinds=kinds), tmp_path)

    assert log.events == 3
