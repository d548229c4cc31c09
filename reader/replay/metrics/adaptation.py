"""Time-to-adapt: how many lists a policy needs until a new interest of a reader is in the first places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from statistics import median
from typing import Final

# Openings that tell what a reader is interested in at all; what comes up after them is new. Ours, untuned.
OPENINGS_BEFORE_NEW: Final = 5


@dataclass(slots=True)
class Adaptation:
    """The new interests of one reader, and how long one policy took to take up each. The definition is ours.

    After the reader's first 5 openings of items with topics, the first opening of an item with a topic that no item
    opened before had starts a new interest in that topic. From then on a list counts if it has more candidates than
    its first places hold, and an item of the topic that was not opened yet is among them; the first such list with
    that item in the first places ends the wait.

    times: lists of each interest that was taken up, up to and including the one that did it (1: the very next).
    """

    times: list[int] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _openings: int = 0
    _waiting: dict[str, int] = field(default_factory=dict)

    @property
    def overlooked(self) -> int:
        """Number of interests still waited for, although at least one list could have taken them up."""
        return sum(lists > 0 for lists in self._waiting.values())

    def opened(self, topics: Collection[str]) -> None:
        """Learn that the reader opened an item with these topics."""
        if not topics:
            return
        if self._openings >= OPENINGS_BEFORE_NEW:
            self._waiting.update((topic, 0) for topic in sorted(topics) if topic not in self._known)
        self._openings += 1
        self._known.update(topics)

    def listed(self, top: Iterable[Collection[str]], rest: Iterable[Collection[str]]) -> None:
        """Learn how a list was ranked.

        top, rest: the topics of each candidate in the first ten places and after them, of an item that the reader had
        opened before none at all. Without a rest the list does not count: all were in the first places. Both are read
        only as far as needed, so give iterators where the candidates are many.
        """
        if not self._waiting:
            return
        beyond = iter(rest)
        following = next(beyond, None)
        if following is None:
            return
        in_top = self._waiting.keys() & set(chain.from_iterable(top))
        held = in_top | _found(self._waiting.keys() - in_top, chain([following], beyond))
        for topic in [topic for topic in self._waiting if topic in held]:
            self._waiting[topic] += 1
            if topic in in_top:
                self.times.append(self._waiting.pop(topic))


def median_time_to_adapt(adaptations: Iterable[Adaptation]) -> float:
    """Return the median number of lists, over the interests that were taken up; ValueError if none was.

    It says nothing about those that never were: read it beside `adapted_share`.
    """
    times = [time for adaptation in adaptations for time in adaptation.times]
    if not times:
        raise ValueError("time to adapt needs an interest that was taken up")
    return float(median(times))


def adapted_share(adaptations: Iterable[Adaptation]) -> float:
    """Return the share of interests taken up, of those that a list could have; 0 to 1, ValueError if there is none."""
    counts = [(len(adaptation.times), adaptation.overlooked) for adaptation in adaptations]
    taken_up, overlooked = sum(taken for taken, _ in counts), sum(left for _, left in counts)
    if not taken_up + overlooked:
        raise ValueError("a share of adapted interests needs one that a list could have taken up")
    return taken_up / (taken_up + overlooked)


def _found(wanted: set[str], candidates: Iterator[Collection[str]]) -> set[str]:
    """Return which of the wanted topics are among the candidates, reading no further than to the last of them."""
    missing = set(wanted)
    for topics in candidates:
        if not missing:
            break
        missing.difference_update(topics)
    return wanted - missing
