"""Lists and their propensities, against enumeration of all orders."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import numpy as np
import pytest

from reader.replay.simulator.lists import draw_list, newest_first, propensities
from reader.replay.simulator.settings import SimulationSettings
from reader.replay.simulator.world import World, make_world
from tests.builders import START, article
from tests.reader.replay.simulator.worlds import demo_simulation

MIXED = SimulationSettings(logging="mixed", exploration=0.3, candidates=3)
AT_S = START.timestamp()


def three_items() -> World:
    """Published on the same day but for `b`, which came first."""
    older = START.replace(day=18)
    return make_world([article("a"), article("b", published_at=older), article("c")], MIXED, 0)


def test_propensities_are_the_sum_over_all_orders() -> None:
    """P(order) = e/3! + (1 - e) x [newest first]; of item and place the chances of all orders that have it there."""
    newest = newest_first(three_items().subjects)
    orders = list(permutations(newest))
    chance = {order: 0.3 / 6 + 0.7 * (list(order) == newest) for order in orders}

    assert [subject.item.id for subject in newest] == ["a", "c", "b"]
    for order in orders:
        expected = [sum(chance[other] for other in orders if other[place] is order[place]) for place in range(3)]
        assert propensities(order, newest, MIXED) == pytest.approx(expected)


def test_propensities_of_a_place_sum_to_one_over_the_items() -> None:
    newest = newest_first(three_items().subjects)
    by_place = [
        {order[place].item.id: propensities(order, newest, MIXED)[place] for order in permutations(newest)}
        for place in range(3)
    ]

    assert [sum(chances.values()) for chances in by_place] == pytest.approx([1, 1, 1])


def test_drawn_orders_are_as_frequent_as_their_propensities() -> None:
    world, rng, draws = three_items(), np.random.default_rng(0), 4000
    first: Counter[str] = Counter()
    stated: dict[str, float] = {}
    for _ in range(draws):
        drawn = draw_list(world, AT_S, (), MIXED, rng)
        first[drawn.subjects[0].item.id] += 1
        stated[drawn.subjects[0].item.id] = drawn.propensities[0]

    # Three standard errors of a share of 4000 are at most 0.024.
    assert stated == pytest.approx({"a": 0.8, "b": 0.1, "c": 0.1})
    assert {item: count / draws for item, count in first.items()} == pytest.approx(stated, abs=0.024)


def test_uniform_lists_have_one_chance_everywhere() -> None:
    drawn = draw_list(three_items(), AT_S, (), SimulationSettings(candidates=3), np.random.default_rng(0))

    assert drawn.propensities == pytest.approx((1 / 3,) * 3)


def test_candidates_are_drawn_evenly_among_what_is_out_and_unseen() -> None:
    """A third of 30 items is excluded: each of the other 20 comes equally often."""
    items = [article(f"i{number:02d}") for number in range(30)]
    settings = SimulationSettings(candidates=5)
    world, rng, draws = make_world(items, settings, 0), np.random.default_rng(1), 4000
    excluded = {f"i{number:02d}" for number in range(10)}

    counts = Counter(
        subject.item.id for _ in range(draws) for subject in draw_list(world, AT_S, excluded, settings, rng).subjects
    )

    assert sorted(counts) == [f"i{number:02d}" for number in range(10, 30)]
    assert [count / draws for count in counts.values()] == pytest.approx([0.25] * 20, abs=0.03)


def test_a_list_is_short_where_little_is_left() -> None:
    world = three_items()

    assert len(draw_list(world, AT_S, {"a"}, MIXED, np.random.default_rng(0)).subjects) == 2
    assert draw_list(world, AT_S, {"a", "b", "c"}, MIXED, np.random.default_rng(0)).subjects == ()
    assert draw_list(world, 0.0, (), MIXED, np.random.default_rng(0)).subjects == ()


def test_no_list_of_the_demo_shows_an_item_twice() -> None:
    world, settings = demo_simulation().world, SimulationSettings()
    shown = draw_list(world, world.end.timestamp(), (), settings, np.random.default_rng(0)).subjects

    assert len({subject.item.id for subject in shown}) == len(shown) == 20
