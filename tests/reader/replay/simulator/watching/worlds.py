"""Made-up clips of all lengths, and small simulations on them."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import numpy as np

from reader.replay.simulator import WatchSimulation, WatchSimulationSettings, simulate_watching
from reader.replay.simulator.watching.simulation import WatchLife
from reader.types import Video
from tests.builders import START


@cache
def clips(count: int = 240) -> tuple[Video, ...]:
    """Clips of 4 to 400 s, evenly on a logarithmic scale, which has nothing to do with what they are about."""
    rng = np.random.default_rng(11)
    return tuple(
        Video(
            id=f"c{number:03d}",
            title=f"Video {number}",
            published_at=START - timedelta(hours=number),
            language="en",
            tags=tuple(f"tag {tag}" for tag in rng.choice(10, size=1 + number % 2, replace=False)),
            creator=f"Maker {rng.integers(40)}",
            creator_id=f"m{number % 40}",
            sound=f"Sound {rng.integers(30)}" if number % 3 else "",
            duration_s=None if number % 20 == 0 else round(float(np.exp(rng.uniform(np.log(4), np.log(400)))), 1),
        )
        for number in range(count)
    )


@cache
def simulation(readers: int = 8, seed: int = 1) -> WatchSimulation:
    """A week of watching."""
    return simulate_watching(clips(), WatchSimulationSettings(readers=readers, days=7), seed)


@cache
def lives(readers: int = 8, seed: int = 1) -> tuple[WatchLife, ...]:
    """What its readers did."""
    return tuple(simulation(readers, seed).lives())
