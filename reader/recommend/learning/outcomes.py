"""From what was shown, and what came of it, to lessons: a list once its openings are in, a while after it was shown.

What belongs here: which places count, and what each was worth. What does not: what is learned from it.
All times are those of the events, so that a replay learns at the same moments as the server did.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reader.profile.outcomes import ViewOutcome
from reader.recommend.factors.spec import Factors
from reader.recommend.learning.utility import ACTIONS
from reader.settings import OutcomeSettings

# (reader, view) -> what it has come to by now; None if nothing is known of it.
Look = Callable[[str, str], ViewOutcome | None]
# What is an explicit plus of a card, and what takes it back.
PLUS = frozenset(("like", "save", "share", "comment"))
_TAKEN_BACK = {"unlike": "like", "unsave": "save"}
ACTS = PLUS | _TAKEN_BACK.keys() | {"hide"}


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """One list, or one page of it, with what it was worth; only places that count.

    seq: of the impression in the log; places: (n,) int64, from 0, of the list as shown; factors: (factors, n) float32;
    scores: (n,) float64, by which it was ranked, or would have been; opened: (n,) bool, or liked without an opening;
    gains: (n,) float64 >= 0, 0 for what was passed by; actions: (ACTIONS, n) float64, 1, 0, or NaN where not known.
    """

    list: str
    reader: str
    at_s: float
    seq: int
    items: tuple[str, ...]
    places: NDArray[np.int64]
    factors: Factors
    scores: NDArray[np.float64]
    opened: NDArray[np.bool_]
    gains: NDArray[np.float64]
    actions: NDArray[np.float64]

    @property
    def weight(self) -> float:
        """The greatest gain, at most 1: of a list from which only bounces came, a quarter should be believed."""
        return min(1.0, float(self.gains.max(initial=0.0)))


@dataclass(slots=True)
class _Waiting:
    list: str
    reader: str
    at_s: float
    seq: int
    items: tuple[str, ...]
    factors: NDArray[np.floating]
    scores: NDArray[np.float64]
    is_feed: bool = False
    viewable: set[str] = field(default_factory=set)
    # item -> its views from this list; an item can be opened twice.
    opened: dict[str, set[str]] = field(default_factory=dict)
    acts: dict[str, set[str]] = field(default_factory=dict)

    def act(self, item: str, type: str) -> None:
        acts = self.acts.setdefault(item, set())
        if type in _TAKEN_BACK:
            acts.discard(_TAKEN_BACK[type])
        else:
            acts.add(type)

    def counted(self) -> tuple[int, ...]:
        told = self.viewable | self.opened.keys() | self.acts.keys()
        return tuple(place for place, item in enumerate(self.items) if not self.viewable or item in told)


@dataclass(frozen=True, slots=True)
class _Came:
    """What came of one place."""

    opened: bool
    liked: bool
    hidden: bool
    views: tuple[ViewOutcome, ...]

    @property
    def chosen(self) -> bool:
        """A card that was liked without being opened was chosen, too."""
        return self.opened or self.liked

    def gain(self, settings: OutcomeSettings) -> float:
        gains = [_gain(view, settings) for view in self.views]
        return max(gains, default=1.0) if self.opened else float(self.liked)

    def actions(self) -> tuple[float, ...]:
        """Return a number for each of ACTIONS."""
        after = (*(_any(self.views, name) for name in ("valid", "finished")), float(self.liked), self._bounced())
        return (*(after if self.chosen else (np.nan,) * len(after)), float(self.hidden))

    def _bounced(self) -> float:
        known = [view.bounced for view in self.views if view.bounced is not None]
        return float(all(known)) if known else np.nan


def _any(views: Iterable[ViewOutcome], name: str) -> float:
    known = [getattr(view, name) for view in views if getattr(view, name) is not None]
    return float(any(known)) if known else np.nan


def _gain(view: ViewOutcome, settings: OutcomeSettings) -> float:
    if not 0 <= view.dwell_share < np.inf:
        raise ValueError(f"dwell_share is {view.dwell_share}: give a finite one of at least 0")
    if view.valid:
        return 1.0 + settings.dwell_gain * min(view.dwell_share, settings.dwell_limit)
    return settings.bounce_gain if view.bounced else 1.0


class Pending:
    """Lists that wait for their outcome, oldest first; of the same age in the order of their coming.

    look: is asked what views have come to when a list is learned from.
    """

    def __init__(self, settings: OutcomeSettings, look: Look = lambda reader, view: None) -> None:
        self._settings = settings
        self._look = look
        self._came = 0
        self._waiting: dict[int, _Waiting] = {}
        self._queue: list[tuple[float, int]] = []
        self._parts: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def seqs(self) -> tuple[int, ...]:
        """The places in the log of the lists that wait, in order."""
        return tuple(sorted(part.seq for part in self._waiting.values()))

    def shown(
        self,
        list_id: str,
        reader: str,
        items: Sequence[str],
        factors: NDArray[np.floating],
        at_s: float,
        *,
        scores: NDArray[np.float64] | None = None,
        seq: int = 0,
        is_feed: bool = False,
    ) -> list[Lesson]:
        """Take in a list, or a further page of one; return the lessons of the oldest lists that make room for it.

        factors: (factors, items) float16 or float32, kept as given: not to be changed. A page that waits already
        is not taken twice. at_s: of the event, in s since the epoch. scores, seq: see Lesson. is_feed:
        clips open by themselves, so that only a valid watch is taken for an opening.
        """
        if factors.ndim != 2 or factors.shape[1] != len(items):
            raise ValueError(f"factors {factors.shape} for {len(items)} items of list {list_id}")
        if any(part.items == tuple(items) and part.reader == reader for part in self._parts_of(list_id)):
            return []
        scores = np.zeros(len(items)) if scores is None else scores
        self._came += 1
        self._waiting[self._came] = _Waiting(list_id, reader, at_s, seq, tuple(items), factors, scores, is_feed)
        self._parts.setdefault(list_id, []).append(self._came)
        heapq.heappush(self._queue, (at_s, self._came))
        return [self._take_oldest() for _ in range(len(self._waiting) - self._settings.lists_kept)]

    def viewable(self, reader: str, list_id: str, item: str) -> None:
        """Note that a card was seen. A list of which no card was is one whose sender does not tell."""
        for part in self._parts_with(reader, list_id, item):
            part.viewable.add(item)

    def opened(self, reader: str, list_id: str, item: str, view: str = "") -> None:
        """Note an opening. view: by which `look` knows what came of it."""
        for part in self._parts_with(reader, list_id, item):
            part.opened.setdefault(item, set()).update({view} if view else ())

    def acted(self, reader: str, item: str, type: str, list_id: str | None = None) -> None:
        """Note one of ACTS; where it is not said on which list, it was the newest that shows the item."""
        parts = self._parts_with(reader, list_id, item) if list_id else self._newest_with(reader, item)
        for part in parts:
            part.act(item, type)

    def due(self, at_s: float) -> list[Lesson]:
        """Take out the lists whose time has come by an event's time, oldest first."""
        lessons = []
        while self._queue and self._queue[0][0] + self._settings.settle_s <= at_s:
            lessons.append(self._take_oldest())
        return lessons

    def _take_oldest(self) -> Lesson:
        part = self._remove(heapq.heappop(self._queue)[1])
        places = np.array(part.counted(), dtype=np.int64)
        items = tuple(part.items[place] for place in places)
        came = [self._came_of(part, item) for item in items]
        return Lesson(
            list=part.list,
            reader=part.reader,
            at_s=part.at_s,
            seq=part.seq,
            items=items,
            places=places,
            factors=part.factors[:, places].astype(np.float32),
            scores=part.scores[places],
            opened=np.array([one.chosen for one in came], dtype=np.bool_),
            gains=np.array([one.gain(self._settings) for one in came], dtype=np.float64),
            actions=np.array([one.actions() for one in came], dtype=np.float64).reshape(len(came), len(ACTIONS)).T,
        )

    def _came_of(self, part: _Waiting, item: str) -> _Came:
        acts = part.acts.get(item, set())
        seen = (self._look(part.reader, view) for view in sorted(part.opened.get(item, ())))
        views = tuple(view for view in seen if view is not None)
        is_opened = item in part.opened and (not part.is_feed or any(view.valid for view in views))
        return _Came(is_opened, not PLUS.isdisjoint(acts), "hide" in acts, views)

    def _remove(self, came: int) -> _Waiting:
        part = self._waiting.pop(came)
        self._parts[part.list].remove(came)
        if not self._parts[part.list]:
            del self._parts[part.list]
        return part

    def _parts_of(self, list_id: str) -> list[_Waiting]:
        return [self._waiting[came] for came in self._parts.get(list_id, ())]

    def _parts_with(self, reader: str, list_id: str, item: str) -> list[_Waiting]:
        # Senders may name lists of their own alike for all readers; and nobody is to touch what another's list teaches.
        return [part for part in self._parts_of(list_id) if part.reader == reader and item in part.items]

    def _newest_with(self, reader: str, item: str) -> list[_Waiting]:
        parts = (part for part in reversed(self._waiting.values()) if part.reader == reader and item in part.items)
        newest = next(parts, None)
        return [] if newest is None else [newest]
