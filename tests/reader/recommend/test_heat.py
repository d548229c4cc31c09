"""What counts as heat, and what does not."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from reader.recommend.factors.registry import default_registry
from reader.settings import Settings
from tests.builders import act, impression
from tests.reader.conftest import NOW, MakeRecommender
from tests.reader.recommend.factors.worlds import moment_of

REGISTRY = default_registry(Settings().ranking)
PLACE = {spec.name: row for row, spec in enumerate(REGISTRY.specs)}


def test_openings_from_elsewhere_are_no_clicks(make: MakeRecommender) -> None:
    """A log that brings histories along has many openings without impressions; they must not raise any click rate."""
    recommender = make()
    before = NOW - timedelta(hours=1)
    lists = [impression(f"l{n}", "demo-en-food-01", "demo-en-food-02", user=f"r{n}", at=before) for n in range(40)]
    clicks = [
        act("open", "demo-en-food-01", user=f"r{n}", at=before, view=f"v{n}", list=lists[n].list) for n in range(8)
    ]
    others = [
        act("open", "demo-en-energy-01", user=f"h{n}", at=before, view=f"h{n}", list="history") for n in range(90)
    ]
    recommender.observe([*lists, *clicks, *others])

    rows = recommender.catalogue.rows_of(
        ["demo-en-food-01", "demo-en-food-02", "demo-en-energy-01", "demo-en-music-01"]
    )
    moment = moment_of(recommender, "ann", NOW, rows)
    clicked, passed, elsewhere, unknown = REGISTRY.compute(moment).values[PLACE["heat.rate.impression.48h"]]

    assert clicked > unknown == elsewhere == 0.0 > passed
    assert np.isclose(REGISTRY.compute(moment).values[PLACE["heat.click.48h"], 2], 0.0)


def test_what_a_place_is_due_follows_from_the_length_of_its_list(make: MakeRecommender) -> None:
    """Shown as often and clicked as often, an item of long lists has done more than one of short lists."""
    recommender = make()
    before = NOW - timedelta(hours=1)
    short = [impression(f"s{n}", "demo-en-food-01", "demo-en-music-01", user=f"r{n}", at=before) for n in range(12)]
    rest = [f"demo-en-energy-{n:02}" for n in range(1, 4)] + [f"demo-en-music-{n:02}" for n in range(2, 5)]
    long = [impression(f"l{n}", "demo-en-food-02", *rest, user=f"q{n}", at=before) for n in range(12)]
    clicks = [
        act("open", item, user=f"{user}{n}", at=before, view=f"v-{user}{n}", list=f"{kind}{n}")
        for item, user, kind in (("demo-en-food-01", "r", "s"), ("demo-en-food-02", "q", "l"))
        for n in range(5)
    ]
    recommender.observe([*short, *long, *clicks])

    rows = recommender.catalogue.rows_of(["demo-en-food-01", "demo-en-food-02", "demo-en-food-03"])
    values = REGISTRY.compute(moment_of(recommender, "ann", NOW, rows)).values
    of_short, of_long, unknown = values[PLACE["heat.worth.30d"]]

    assert values[PLACE["heat.rate.impression.30d"], 0] == values[PLACE["heat.rate.impression.30d"], 1]
    assert of_long > of_short
    assert unknown == 0.0
