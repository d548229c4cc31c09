"""A whole simulation of watching: reader after reader, day after day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np

from reader.recommend.lists import generator
from reader.replay.simulator.journal import Journal
from reader.replay.simulator.watching.feed import draw_clips
from reader.replay.simulator.watching.readers import Watcher, draw_watcher
from reader.replay.simulator.watching.settings import WatchHabitSettings, WatchSimulationSettings
from reader.replay.simulator.watching.sitting import Sitting
from reader.replay.simulator.watching.valid import ValidChance, find_bars
from reader.replay.simulator.watching.world import ClipWorld, make_clip_world
from reader.types import AnyItem, Event

Record = dict[str, object]

_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class WatchLife:
    """All that one reader did. lists: lines of truth.jsonl; returns: scroll-backs, of which a feed has none."""

    watcher: Watcher
    events: tuple[Event, ...]
    lists: tuple[Record, ...]
    returns: tuple[()] = ()

    def truth(self) -> Iterator[Record]:
        """Yield the reader's lines of truth.jsonl."""
        yield self.watcher.record()
        yield from self.lists


@dataclass(frozen=True)
class WatchSimulation:
    """A simulated log of watching and what it was made from. Each iteration makes it anew, the same every time."""

    world: ClipWorld
    settings: WatchSimulationSettings
    seed: int

    @property
    def items(self) -> tuple[AnyItem, ...]:
        """The clips, every one with a date."""
        return tuple(clip.item for clip in self.world.clips)

    @cached_property
    def valid(self) -> ValidChance:
        """What a valid watch is in this world."""
        return find_bars(self.world, self.settings, self.seed)

    def head(self) -> Record:
        """Return the first line of truth.jsonl."""
        return {"type": "simulation", "of": "watching", "seed": self.seed, "settings": asdict(self.settings)}

    def lives(self) -> Iterator[WatchLife]:
        """Yield all readers with what they did."""
        for number in range(1, self.settings.readers + 1):
            yield live(draw_watcher(number, self.world, self.settings, self.seed), self)

    def events(self) -> Iterator[Event]:
        """Yield all events: reader after reader, those of each in order of time."""
        for life in self.lives():
            yield from life.events


def simulate_watching(
    items: Sequence[AnyItem], settings: WatchSimulationSettings | None = None, seed: int = 0
) -> WatchSimulation:
    """Prepare a simulation of watching on the clips of a catalogue; readers come to life as they are asked for.

    Raises InvalidInputError if there is no clip.
    """
    settings = settings or WatchSimulationSettings()
    return WatchSimulation(make_clip_world(items, settings, seed), settings, seed)


def live(watcher: Watcher, simulation: WatchSimulation) -> WatchLife:
    """Let one reader live through all days."""
    world, settings, seed = simulation.world, simulation.settings, simulation.seed
    journal = Journal(watcher.user, world.start)
    seen: set[str] = set()
    lists: list[Record] = []
    for number, planned_ms in enumerate(_visit_times(watcher, settings, seed), start=1):
        # Whoever is still watching comes a little later.
        journal.clock_ms = max(planned_ms, journal.clock_ms + 1000)
        list_id = f"{watcher.user}-l{number}"
        journal.session = f"{watcher.user}-s{number}"
        rng = generator(seed, watcher.user, list_id)
        clips = draw_clips(watcher, world, seen, settings, rng)
        if clips:
            record, watched = Sitting(watcher, journal, settings, simulation.valid, rng, list_id).go_through(clips)
            lists.append(record)
            seen.update(clip.item.id for clip in watched)
    return WatchLife(watcher, tuple(journal.events), tuple(lists))


def _visit_times(watcher: Watcher, settings: WatchSimulationSettings, seed: int) -> list[int]:
    """Draw when the reader comes, in ms since the start, in order: a Poisson number of times every day."""
    rng = generator(seed, watcher.user, "days")
    rate = settings.lists_a_day * watcher.activity
    times = (
        day * _DAY_MS + visit_ms
        for day in range(settings.days)
        for visit_ms in _times_of_day(int(rng.poisson(rate)), settings.habits, rng)
    )
    return sorted(times)


def _times_of_day(visits: int, habits: WatchHabitSettings, rng: np.random.Generator) -> list[int]:
    centres = rng.choice(habits.visit_hours, size=visits)
    hours = np.clip(centres + habits.visit_hours_sd * rng.standard_normal(visits), 0.0, 23.999)
    return [round(hour * _HOUR_MS) for hour in hours.tolist()]
