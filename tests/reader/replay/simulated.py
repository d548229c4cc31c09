"""Simulated logs, replayed beside what the simulator knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reader.replay.log import read_log
from reader.replay.panel import MakeRecommender
from reader.replay.result import replay
from reader.replay.simulator import SimulationSettings, simulate, write_simulation
from reader.replay.truth import read_truth
from reader.types import AnyItem, Article

ESTIMATORS = ("ips", "snips", "doubly_robust", "replay")


def titles_only(items: Sequence[AnyItem]) -> list[AnyItem]:
    """Return the items without their texts: readers open them and see nothing, which is quickly replayed."""
    return [replace(item, paragraphs=()) if isinstance(item, Article) else item for item in items]


def replay_simulation(
    items: Sequence[AnyItem],
    settings: SimulationSettings,
    seed: int,
    policies: Sequence[str],
    make: MakeRecommender,
    folder: Path,
) -> dict[str, Any]:
    """Simulate, write, read and replay; return the result."""
    write_simulation(simulate(items, settings, seed), folder)
    prepared = folder / "prepared"
    prepared.mkdir()
    log = read_log(folder / "events.jsonl", [folder / "items.jsonl"], prepared)
    return replay(log, policies, make, seed=seed, truth=read_truth(folder / "truth.jsonl", log.items))


def covered(result: dict[str, Any]) -> Iterator[tuple[str, str, bool | None]]:
    """Yield (policy, estimator, whether its interval holds the true value); None where the estimate was refused."""
    for name, figures in result["policies"].items():
        for estimator in ESTIMATORS:
            low, high = figures["off_policy"][estimator].get("ci95", (None, None))
            yield name, estimator, None if low is None else low <= figures["true_value"] <= high
