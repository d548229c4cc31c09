"""One place a story, caps that hold whenever they can, and a pool that is found again."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reader.settings_lists import CapSettings
from tests.reader.recommend.fields import Drawn, caps, fields, make_field


def caps_broken(drawn: Drawn, above: list[int], candidate: int, limits: CapSettings) -> int:
    """Count, by the words of the settings, which caps a candidate would break below `above`."""
    broken, field = 0, drawn.field
    most_of = (limits.source, limits.creator, limits.sound, limits.topic)
    for kind, most in enumerate(most_of if drawn.by_topic else most_of[:3]):
        maker = int(field.makers[kind, candidate])
        if maker < 0:
            continue
        column = [int(field.makers[kind, place]) for place in above]
        stretch = column[-(limits.stretch - 1) :] if limits.stretch > 1 else []
        broken += len(stretch) >= most and stretch.count(maker) >= most
        if kind in (1, 2) and limits.apart:
            broken += maker in column[-limits.apart :]
    return broken


@given(fields(), caps, st.randoms(use_true_random=False))
def test_caps_hold_whenever_they_can_and_stories_come_once(drawn: Drawn, limits: CapSettings, chance: Random) -> None:
    lineup, above = drawn.lineup(limits), list[int]()
    everyone = np.arange(len(drawn.field.ids))
    told: set[int] = set()
    while True:
        allowed = np.flatnonzero(lineup.may_follow(everyone)).tolist()
        left = [place for place in everyone.tolist() if int(drawn.field.stories[place]) not in told]
        broken = {place: caps_broken(drawn, above, place, limits) for place in left}

        assert allowed == [place for place in left if broken[place] == min(broken.values())]
        if not allowed:
            break
        above.append(chance.choice(allowed))
        told.add(int(drawn.field.stories[above[-1]]))
        lineup.place(above[-1])
    assert told == set(drawn.field.stories.tolist())


@given(fields(), caps)
def test_drawn_is_the_newest_report_of_a_story_that_may_come(drawn: Drawn, limits: CapSettings) -> None:
    lineup, field = drawn.lineup(limits), drawn.field
    newest = {
        story: min((-drawn.published_s[place], field.ids[place]) for place in np.flatnonzero(field.stories == story))[1]
        for story in field.stories.tolist()
    }
    lineup.place(0)

    pool = lineup.pool().tolist()

    ids = [field.ids[place] for place in pool]
    assert ids == sorted(ids)
    assert set(ids) <= set(newest.values())
    open_heads = [place for place in range(len(field.ids)) if field.ids[place] in newest.values()]
    open_heads = [place for place in open_heads if field.stories[place] != field.stories[0]]
    fewest = min((caps_broken(drawn, [0], place, limits) for place in open_heads), default=0)
    assert set(pool) == {place for place in open_heads if caps_broken(drawn, [0], place, limits) == fewest}


def fill(drawn: Drawn, limits: CapSettings) -> list[int]:
    """Return a list that takes the first candidate that may come."""
    lineup, everyone, made = drawn.lineup(limits), np.arange(len(drawn.field.ids)), list[int]()
    while (allowed := lineup.may_follow(everyone)).any():
        made.append(int(np.argmax(allowed)))
        lineup.place(made[-1])
    return made


def test_a_feed_of_one_source_fills() -> None:
    assert fill(make_field(list(range(30)), [7] * 30), CapSettings()) == list(range(30))


def test_a_busy_source_waits_for_the_others() -> None:
    """Twenty of one source stand before six others: three of it, then those, each stretch of ten with three at most."""
    made = fill(make_field(list(range(27)), [0] * 20 + [1, 1, 1, 2, 2, 2, 3]), CapSettings())

    assert made[:12] == [0, 1, 2, 20, 21, 22, 23, 24, 25, 26, 3, 4]
    # From then on only the busy source is left, and it goes on.
    assert sorted(made) == list(range(27))


def test_a_creator_does_not_come_twice_in_a_row() -> None:
    drawn = make_field(list(range(5)), [0, 1, 2, 3, 4], [5, 5, 6, 6, -1], [-1, -1, -1, -1, -1])

    made = fill(drawn, CapSettings())

    assert made == [0, 2, 1, 3, 4]


def test_two_sources_share_until_one_is_used_up() -> None:
    made = fill(make_field(list(range(16)), [0] * 10 + [1] * 6), CapSettings())

    assert Counter(0 if place < 10 else 1 for place in made[:6]) == {0: 3, 1: 3}
    assert sorted(made) == list(range(16))
