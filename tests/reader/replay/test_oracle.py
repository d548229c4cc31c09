"""The world made again from its truth is the world of the log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reader.records import parse_time
from reader.replay.log import read_log
from reader.replay.simulator import SimulationSettings, generate_items, simulate, write_simulation
from reader.replay.simulator.settings import TasteSettings
from reader.replay.truth import read_truth
from reader.types import AnyItem, Article
from tests.reader.replay.simulated import titles_only
from tests.reader.replay.simulator.worlds import demo_items

UNDATED = tuple(Article(id=f"t{n}", title=f"{['harbour', 'violin', 'comet'][n % 3]} story {n}") for n in range(40))


@pytest.mark.parametrize(
    ("items", "settings"),
    [
        (titles_only(demo_items()), SimulationSettings(readers=6, days=5, changes_share=1.0)),
        (generate_items(150), SimulationSettings(readers=6, days=5, changes=3, changes_share=1.0, clickbait_share=0.3)),
        (UNDATED, SimulationSettings(readers=6, days=3, position_bias=0.2, taste=TasteSettings(base=-0.5))),
    ],
    ids=["demo", "generated", "undated"],
)
def test_the_oracle_tells_what_the_log_was_made_by(
    items: tuple[AnyItem, ...], settings: SimulationSettings, tmp_path: Path
) -> None:
    """For every list that was shown it gives the chances by which it was looked at and opened, to their six digits."""
    write_simulation(simulate(items, settings, 3), tmp_path)
    (tmp_path / "prepared").mkdir()
    log = read_log(tmp_path / "events.jsonl", [tmp_path / "items.jsonl"], tmp_path / "prepared")
    truth = read_truth(tmp_path / "truth.jsonl", log.items)
    shown = [
        record
        for record in map(json.loads, (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines())
        if record["type"] == "impression"
    ]

    assert truth.oracle is not None
    assert len(shown) == len(truth.lists) > 20
    for record in shown:
        names = [place["item"] for place in record["items"]]
        told, known = (
            truth.lists[record["list"]],
            truth.oracle.list_truth(record["user"], parse_time(record["at"]), names),
        )
        assert known.examination == pytest.approx(told.examination, abs=1e-6)
        assert known.relevance == pytest.approx(told.relevance, abs=1e-6)
        assert known.stays == pytest.approx(told.stays, abs=1e-6)


def test_without_items_nothing_is_known_beyond_the_lists(tmp_path: Path) -> None:
    write_simulation(simulate(titles_only(demo_items()), SimulationSettings(readers=2, days=2), 1), tmp_path)

    truth = read_truth(tmp_path / "truth.jsonl")

    assert truth.oracle is None
    assert truth.lists
