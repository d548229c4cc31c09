"""A simulated world, made again from the head of its truth: what its readers would open at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from reader.records import parse_time
from reader.replay.simulator.readers import SimulatedReader, draw_reader, reader_number
from reader.replay.simulator.relevance import examination, relevance, stay_chance
from reader.replay.simulator.settings import SimulationSettings
from reader.replay.simulator.world import Subject, World, make_world
from reader.types import AnyItem

_SETTINGS = TypeAdapter(SimulationSettings)


@dataclass(frozen=True, slots=True)
class ListTruth:
    """examination: chance that a place is looked at, by place; relevance: chance that an item looked at is opened.

    stays: chance that an opening of an item is not left at once.
    """

    examination: tuple[float, ...]
    relevance: Mapping[str, float]
    stays: Mapping[str, float]

    def values(self, ranking: Sequence[str]) -> list[float]:
        """Return the chance of an opening in each place if the list stood in this order; 0 for an unknown item."""
        return [chance * self.relevance.get(item, 0.0) for chance, item in zip(self.examination, ranking, strict=False)]

    def kept_values(self, ranking: Sequence[str]) -> list[float]:
        """Return the chance of an opening that is not left at once, in each place."""
        values = zip(self.values(ranking), ranking, strict=False)
        return [chance * self.stays.get(item, 1.0) for chance, item in values]


@dataclass(frozen=True)
class Oracle:
    """The world of a simulation and its readers, each drawn when first asked for."""

    world: World
    settings: SimulationSettings
    seed: int
    _readers: dict[str, SimulatedReader] = field(default_factory=dict)
    _subjects: dict[str, Subject] = field(default_factory=dict)

    def list_truth(self, user: str, at: datetime, items: Sequence[str]) -> ListTruth:
        """Return the truth of a list of these items, had the reader been shown it at that moment."""
        reader = self._reader(user)
        taste = reader.taste_at(at, self.settings.taste)
        subjects = [self._subject(item) for item in items]
        taste_settings, at_s = self.settings.taste, at.timestamp()
        return ListTruth(
            examination(len(items), self.settings.position_bias),
            {one.item.id: relevance(one, reader, taste, at_s, taste_settings) for one in subjects},
            {one.item.id: stay_chance(one, taste, self.settings) for one in subjects},
        )

    def _reader(self, user: str) -> SimulatedReader:
        if user not in self._readers:
            self._readers[user] = draw_reader(reader_number(user), self.world, self.settings, self.seed)
        return self._readers[user]

    def _subject(self, item: str) -> Subject:
        if not self._subjects:
            self._subjects.update({subject.item.id: subject for subject in self.world.subjects})
        return self._subjects[item]


def make_oracle(head: Mapping[str, Any], items: Iterable[AnyItem]) -> Oracle:
    """Make the world of a simulation again. head: the first line of its truth; items: as it wrote them.

    Raises KeyError or ValueError (pydantic's ValidationError is one) if the head is none.
    """
    settings, seed = _SETTINGS.validate_python(head["settings"]), int(head["seed"])
    return Oracle(make_world(list(items), settings, seed, start=parse_time(str(head["start"]))), settings, seed)
