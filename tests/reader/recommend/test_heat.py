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
