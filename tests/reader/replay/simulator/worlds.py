"""Catalogues and small simulations that the tests of this folder share."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reader.ingest.jsonl import BadLine, read_items
from reader.replay.simulator import Life, Simulation, SimulationSettings, simulate
from reader.replay.simulator.settings import ScrollBacks
from reader.types import AnyItem

DEMO = Path(__file__).parents[4] / "fixtures" / "demo" / "items"


@cache
def demo_items() -> tuple[AnyItem, ...]:
    """The 94 items of the demo."""
    found = (found for path in sorted(DEMO.glob("*.jsonl")) for found in read_items(path))
    return tuple(item for item in found if not isinstance(item, BadLine))


@cache
def demo_simulation(readers: int = 30, scroll_backs: ScrollBacks = "both", seed: int = 1) -> Simulation:
    """A simulation on the demo's items."""
    return simulate(demo_items(), SimulationSettings(readers=readers, scroll_backs=scroll_backs), seed)


@cache
def demo_lives(readers: int = 30, scroll_backs: ScrollBacks = "both", seed: int = 1) -> tuple[Life, ...]:
    """What its readers did."""
    return tuple(demo_simulation(readers, scroll_backs, seed).lives())
