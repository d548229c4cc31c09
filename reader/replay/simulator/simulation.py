"""A whole simulation: reader after reader, day after day. Nothing of a reader is kept once the next one begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np

from reader.recommend.lists import generator
from reader.records import format_time
from reader.replay.simulator.journal import IntendedReturn, Journal
from reader.replay.simulator.lists import draw_list
from reader.replay.simulator.new_interests import NewInterest, find_new_interests
from reader.replay.simulator.readers import SimulatedReader, draw_reader
from reader.replay.simulator.settings import SimulationSettings
from reader.replay.simulator.visits import Sitting
from reader.replay.simulator.world import World, make_world
from reader.types import AnyItem, Event

Record = dict[str, object]

_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Life:
    """All that one reader did. lists: lines of truth.jsonl; returns: the scroll-backs that were meant.

    new_interests: what came up, and where it first showed.
    """

    reader: SimulatedReader
    events: tuple[Event, ...]
    lists: tuple[Record, ...]
    returns: tuple[IntendedReturn, ...]
    new_interests: tuple[NewInterest, ...]

    def truth(self) -> Iterator[Record]:
        """Yield the reader's lines of truth.jsonl."""
        yield self.reader.record()
        yield from (new.record() for new in self.new_interests)
        yield from self.lists
        yield from (back.record() for back in self.returns)


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulated log and what it was made from. Each iteration makes it anew, the same every time."""

    world: World
    settings: SimulationSettings
    seed: int

    @property
    def items(self) -> tuple[AnyItem, ...]:
        """The catalogue, every item with a date."""
        return self.world.items

    def head(self) -> Record:
        """Return the first line of truth.jsonl."""
        settings = asdict(self.settings, dict_factory=_plain)
        return {"type": "simulation", "seed": self.seed, "start": format_time(self.world.start), "settings": settings}

    def lives(self) -> Iterator[Life]:
        """Yield all readers with what they did."""
        for number in range(1, self.settings.readers + 1):
            yield live(draw_reader(number, self.world, self.settings, self.seed), self)

    def events(self) -> Iterator[Event]:
        """Yield all events: reader after reader, those of each in order of time."""
        for life in self.lives():
            yield from life.events

    def truth(self) -> Iterator[Record]:
        """Yield all lines of truth.jsonl."""
        yield self.head()
        for life in self.lives():
            yield from life.truth()


def simulate(items: Sequence[AnyItem], settings: SimulationSettings | None = None, seed: int = 0) -> Simulation:
    """Prepare a simulation on a catalogue; readers come to life as they are asked for.

    Raises InvalidInputError if there is no item.
    """
    settings = settings or SimulationSettings()
    return Simulation(make_world(items, settings, seed), settings, seed)


def live(reader: SimulatedReader, simulation: Simulation) -> Life:
    """Let one reader live through all days."""
    world, settings, seed = simulation.world, simulation.settings, simulation.seed
    journal = Journal(reader.user, world.start)
    seen: set[str] = set()
    lists: list[Record] = []
    for number, planned_ms in enumerate(_visit_times(reader, settings, seed), start=1):
        # Whoever is still reading comes a little later.
        journal.clock_ms = max(planned_ms, journal.clock_ms + 1000)
        list_id = f"{reader.user}-l{number}"
        journal.session = f"{reader.user}-s{number}"
        rng = generator(seed, reader.user, list_id)
        drawn = draw_list(world, journal.at.timestamp(), seen, settings, rng)
        if drawn.subjects:
            taste = reader.taste_at(journal.at, settings.taste)
            sitting = Sitting(reader, taste, journal, seen, settings, rng, list_id)
            lists.append(sitting.go_through(drawn))
    found = find_new_interests(reader, world.subjects, journal)
    return Life(reader, tuple(journal.events), tuple(lists), tuple(journal.returns), tuple(found))


def _visit_times(reader: SimulatedReader, settings: SimulationSettings, seed: int) -> list[int]:
    """Draw when the reader comes, in ms since the start, in order: a Poisson number of times every day."""
    rng = generator(seed, reader.user, "days")
    rate = settings.lists_a_day * reader.activity
    times = (
        day * _DAY_MS + visit_ms
        for day in range(settings.days)
        for visit_ms in _times_of_day(int(rng.poisson(rate)), settings, rng)
    )
    return sorted(times)


def _times_of_day(visits: int, settings: SimulationSettings, rng: np.random.Generator) -> list[int]:
    centres = rng.choice(settings.habits.visit_hours, size=visits)
    hours = np.clip(centres + settings.habits.visit_hours_sd * rng.standard_normal(visits), 0.0, 23.999)
    return [round(hour * _HOUR_MS) for hour in hours.tolist()]


def _plain(pairs: list[tuple[str, object]]) -> Record:
    return {name: format_time(value) if isinstance(value, datetime) else value for name, value in pairs}
