"""How a reader's interests moved: a fold over their log that writes down, at even steps, how strong each one was.

What belongs here: steps, how they are thinned, and what of the past is no longer told. What does not: drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from reader.profile.axes import Feature
from reader.profile.state import ReaderState
from reader.recommend.recommender import Recommender
from reader.recommend.showing import middle_of, weight_of
from reader.types import Event, Impression, Steer
from reader.types_undo import Undo

# Steps that are kept at most; then every second one goes, and the others lie twice as far apart. Ours.
STEPS_KEPT: Final = 96
# How far apart steps lie at first; ours.
FIRST_STEP: Final = timedelta(minutes=1)
# Events taken in at a time, and readers whose timelines stay at hand; ours.
PAGE_SIZE: Final = 500
# Events that a page may wait for, about a second; ours.
EVENTS_AT_ONCE: Final = 3_000
READERS_KEPT: Final = 32
# What is told of: what a reader likes, and not who brought it.
TOLD: Final = frozenset(("topic", "keyword", "creator"))


@dataclass(frozen=True, slots=True)
class Course:
    """One interest over time. weights: one for each moment of the timeline, -1 (dislike) to 1; 0 where unknown."""

    feature: Feature
    label: str
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """How the strongest interests moved. moments: ascending, the last is now."""

    moments: tuple[datetime, ...] = ()
    courses: tuple[Course, ...] = ()


class Tracing:
    """A fold of one reader's log with a memory of how strong interests were. Goes on where it has stopped."""

    def __init__(self, state: ReaderState, middle: float) -> None:
        """state: an empty one, kept by nobody else, that knows what its reader wants forgotten.

        middle: see `middle_of`.
        """
        state.teaches = False
        self.state = state
        self._middle = middle
        self.seq = 0
        self._step = FIRST_STEP
        self._next: datetime | None = None
        self._steps: list[tuple[datetime, dict[Feature, float]]] = []

    def take(self, events: Iterable[tuple[int, Event]]) -> None:
        """Take in events in order of their place in the log."""
        for seq, event in events:
            self._write_until(event)
            self.state.apply(event)
            self._leave_out(event)
            self.seq = seq

    def is_undone_by(self, events: Iterable[tuple[int, Event]]) -> bool:
        """Tell whether events take back what was folded as done: then a fold must begin anew, knowing of it."""
        undone = self.state.steering.undone
        return any(isinstance(event, Undo) and event.event not in undone for _, event in events)

    def _write_until(self, event: Event) -> None:
        """Write down all steps before an event. What was shown to a reader begins nothing."""
        if self._next is None:
            if not isinstance(event, Impression):
                self._next = event.at + self._step
            return
        while self._next <= event.at:
            self._steps.append((self._next, weights_at(self.state, self._next, self._middle)))
            if len(self._steps) > STEPS_KEPT:
                self._steps = self._steps[1::2]
                self._step *= 2
                self._next = self._steps[-1][0]
            self._next += self._step

    def _leave_out(self, event: Event) -> None:
        """What a reader wants forgotten is not told of their past either."""
        if event.type == "reset" and self.state.steering.reset_at == event.at:
            self._steps.clear()
        elif isinstance(event, Steer) and event.type == "forget":
            feature: Feature = (event.target.kind, event.target.value)
            for _, weights in self._steps:
                weights.pop(feature, None)

    def timeline(self, now: datetime, count: int) -> Timeline:
        """Return the `count` interests that are or were strongest, those that are strongest now first."""
        present = weights_at(self.state, now, self._middle)
        steps = [(at, weights) for at, weights in self._steps if at < now]
        chosen = _strongest(present, [weights for _, weights in steps], count)
        if not chosen:
            return Timeline()
        told = [*(weights for _, weights in steps), present]
        courses = tuple(
            Course(feature, self._label(feature), tuple(weights.get(feature, 0.0) for weights in told))
            for feature in chosen
        )
        return Timeline((*(at for at, _ in steps), now), courses)

    def _label(self, feature: Feature) -> str:
        return self.state.portrait.interests.labels.get(feature, feature[1])


def weights_at(state: ReaderState, at: datetime, middle: float) -> dict[Feature, float]:
    """Return how strong each interest that is told of is at a moment, -1 to 1. middle: see `middle_of`."""
    interests = state.portrait.interests
    strengths = zip(interests.features, interests.strength_at(at.timestamp()).tolist(), strict=True)
    return {feature: weight_of(strength, middle) for feature, strength in strengths if feature[0] in TOLD}


def _strongest(present: dict[Feature, float], past: Sequence[dict[Feature, float]], count: int) -> list[Feature]:
    """Return features by weight now; among the chosen are those that were strongest at any time."""
    peaks: dict[Feature, float] = {}
    for weights in [*past, present]:
        for feature, weight in weights.items():
            peaks[feature] = max(weight, peaks.get(feature, 0.0))
    best = sorted((feature for feature in peaks if peaks[feature] > 0), key=lambda one: (-peaks[one], one))[:count]
    return sorted(best, key=lambda one: (-present.get(one, 0.0), one))


class Timelines:
    """The timelines of readers, each gone on with from where it stood when it was last looked at."""

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender
        self._middle = middle_of(recommender.settings.interests)
        # By the fold that ranks: a reader who is erased, or folded anew, begins anew here, too.
        self._known: WeakKeyDictionary[ReaderState, Tracing] = WeakKeyDictionary()

    def of(self, user: str, count: int, *, at_most: int = EVENTS_AT_ONCE) -> Timeline | None:
        """Return how a reader's `count` strongest interests moved; None if more than `at_most` events wait.

        Then the next call goes on. Other calls to the recommender get their turn between two pages.
        """
        readers, storage = self._recommender.readers, self._recommender.storage
        for _ in range(0, max(1, at_most), PAGE_SIZE):
            with self._recommender.held(user):
                tracing = self._known.get(readers.state(user)) or Tracing(readers.begun(user), self._middle)
                self._known[readers.state(user)] = tracing
                page = storage.events_after(tracing.seq, user=user, limit=PAGE_SIZE)
                if tracing.is_undone_by(page):
                    del self._known[readers.state(user)]
                    continue
                tracing.take(page)
                if len(page) < PAGE_SIZE:
                    self._forget_first()
                    return tracing.timeline(self._recommender.clock(), count)
        return None

    def _forget_first(self) -> None:
        for state in list(self._known.keys())[: max(0, len(self._known) - READERS_KEPT)]:
            del self._known[state]
