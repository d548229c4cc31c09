"""What is learned from lists, kept in step with the events: the weights that all readers share, each reader's own part.

What belongs here: what a list teaches whom, and in which order. What does not: when a list is ready (`outcomes`), and
how each of them learns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reader.profile.aims import SEEN
from reader.recommend.factors.registry import Registry
from reader.recommend.factors.spec import Factors, FactorSpec
from reader.recommend.learning.actions import Actions
from reader.recommend.learning.calibration import Calibration
from reader.recommend.learning.choice import Choice, Together
from reader.recommend.learning.outcomes import ACTS, Lesson, Look, Pending
from reader.recommend.learning.personal import Personal
from reader.recommend.learning.saving import Model
from reader.recommend.learning.utility import Utility
from reader.settings import LearningSettings
from reader.types import Event, Hide, Impression

# A family of more factors than this learns more slowly, each of them: they move together. Ours.
FAMILY_AT_FULL_RATE = 8
# What a factor is taken to spread by at least within lists, in its own unit: most factors are shares, ratios or
# deviations; a dimension of a unit vector is about 1/20, a product of two 1/400. Ours: on a simulated log most factors
# spread more, and AUC was the same with it, with 3 times as much, and without.
LEAST_SPREAD = 0.01
LEAST_SPREADS = {"content": 0.001, "taste": 0.0001}
# Families of few factors, most of which tell the same in several half-lives or windows: their factors that stand within
# the list are learned together. Ours.
JOINT_FAMILIES = frozenset(
    ("history", "discriminant", "heat", "freshness", "collaborative", "saturation", "audience", "intrinsic")
)
JOINT_SCALES = frozenset(("z", "rank", "sure"))

Matrix = NDArray[np.float64]


class Learner:
    """Learns from lists once their openings are in.

    look: says what a view has come to; model: what was saved, if anything; kept: what the store keeps of readers' own
    parts; earlier: the families of when it was saved, if others.
    """

    def __init__(
        self,
        registry: Registry,
        settings: LearningSettings,
        look: Look = lambda reader, view: None,
        model: Model | None = None,
        kept: Mapping[str, bytes] | None = None,
        earlier: tuple[str, ...] | None = None,
    ) -> None:
        self._registry = registry
        self._settings = settings
        # Told of each lesson and of the open scores that it is judged by, before it teaches anything.
        self.listener: Callable[[Lesson, Matrix], None] | None = None
        self.families = tuple(registry.family_rows)
        self._pending = Pending(settings.outcomes, look)
        self._personal = Personal(self.families, settings.delta, kept or {}, earlier)
        self._weights: Matrix | None = None
        self._has_caught_up = False
        # With no model, until a log that is there already has been gone through.
        self._is_new = model is None
        self._learn_by(model or self._new_model())

    def _new_model(self) -> Model:
        specs = self._registry.specs
        return Model.new(len(specs), len(self.families), len(joint_rows(specs)))

    def _learn_by(self, model: Model) -> None:
        settings = self._settings
        specs = self._registry.specs
        together = Together(joint_rows(specs), settings.joint)
        rates, least = rates_of(specs), least_of(specs)
        self._choice = Choice(self._registry.priors, settings.choice, rates, model.choice, together, least)
        self._calibration = Calibration(settings.calibration, model.calibration)
        self._actions = Actions(len(self.families), settings.actions, model.actions)
        self.progress = model.progress
        self._seen_before, self._waited = model.seq, frozenset(model.waiting)
        self._weights = None

    @property
    def enabled(self) -> bool:
        """Whether lists teach anything."""
        return self._settings.enabled

    @property
    def weights(self) -> Matrix:
        """The weights as they are now, (factors,) float64."""
        if self._weights is None:
            self._weights = self._choice.weights
        return self._weights

    def raw(self, factors: Factors) -> Matrix:
        """Return what each family contributes to the open score, (families, places)."""
        return self._registry.contributions(factors, self.weights)

    def utility(self, reader: str) -> Utility:
        """Return the utility of places for a reader as it is now."""
        coefficients = self._actions.coefficients
        slope = self._calibration.slope
        opening = slope * (1.0 + self._personal.of(reader).mean)
        return Utility(
            self.families,
            np.concatenate([opening[None, :], coefficients[:, :-1]]),
            np.concatenate([[self._calibration.intercept], coefficients[:, -1]]),
            slope,
            self._settings.values,
        )

    def corrections(self, reader: str) -> dict[str, float]:
        """Return how many times as much as for others families count for a reader, by name; only where it is not 1."""
        corrections = zip(self.families, (1.0 + self._personal.of(reader).mean).tolist(), strict=True)
        return {family: factor for family, factor in corrections if factor != 1.0}

    def size(self, reader: str) -> int:
        """Return how many bytes a reader's own part takes."""
        return self._personal.size(reader)

    def wants(self, seq: int) -> bool:
        """Whether the list at a place in the log is still to be learned from."""
        return self.enabled and (seq > self._seen_before or seq in self._waited)

    def begin_at(self, events: Sequence[tuple[int, Event]]) -> None:
        """Look at a log before it is gone through, (seq, event) each: with no model only its newest lists teach.

        Each needs its factors computed, and a start should not take an hour.
        """
        if self._is_new:
            seqs = [seq for seq, event in events if isinstance(event, Impression) and event.origin is None]
            beyond = len(seqs) - self._settings.relearned_lists
            self._seen_before = seqs[beyond - 1] if beyond > 0 else 0

    def has_caught_up(self) -> None:
        """Take every list from now on for a new one: the log that was there has been gone through."""
        self._has_caught_up = True
        self._is_new, self._seen_before, self._waited = False, 0, frozenset()

    def shown(self, event: Impression, items: Sequence[str], factors: Factors, seq: int = 0) -> None:
        """Take in a list. items: those that are known; factors: (factors, items) as they were when it was shown."""
        scores = self.utility(event.user).scores(self.raw(factors))
        at_s = event.at.timestamp()
        list_id, is_feed = event.list or event.id, event.is_feed
        self._teach(
            self._pending.shown(list_id, event.user, items, factors, at_s, scores=scores, seq=seq, is_feed=is_feed)
        )

    def observe(self, event: Event) -> None:
        """Take in what came of a list."""
        if event.type == "reset":
            self._personal.reset(event.user, event.at.timestamp(), from_log=not self._has_caught_up)
        if event.item is None:
            return
        if isinstance(event, Hide) and event.reason == SEEN:
            return
        if event.type in ACTS:
            self._pending.acted(event.user, event.item, event.type, event.list)
        elif event.list is not None and event.type == "open":
            self._pending.opened(event.user, event.list, event.item, event.view or event.id)
        elif event.list is not None and event.type == "viewable":
            self._pending.viewable(event.user, event.list, event.item)

    def teach_until(self, at_s: float) -> None:
        """Learn from the lists that have waited long enough by this time, oldest first."""
        self._teach(self._pending.due(at_s))

    def _teach(self, lessons: Iterable[Lesson]) -> None:
        for lesson in lessons:
            self._learn(lesson)

    def _learn(self, lesson: Lesson) -> None:
        """Judge first, then learn: all by the same contributions, those before this list has taught anything."""
        raw = self.raw(lesson.factors)
        own = self._personal.of(lesson.reader).adjust(raw)
        open_scores = raw.sum(axis=0) + own
        if self.listener is not None:
            self.listener(lesson, open_scores)
        self.progress = self.progress.plus(lesson.scores, self._calibration.chances(open_scores), lesson.opened)
        self._calibration.learn(open_scores, lesson.opened)
        self._actions.learn(raw, lesson.actions)
        self._personal.learn(lesson.reader, (lesson.at_s, lesson.seq), raw, open_scores, lesson.gains)
        self._choice.learn(lesson.factors, lesson.gains, own, weight=lesson.weight)
        self._weights = None

    def model(self, seq: int) -> Model:
        """Return what all readers share, for saving. seq: of the last event that was taken in."""
        states = self._choice.state, self._calibration.state, self._actions.state
        return Model(*states, self.progress, seq, self._pending.seqs)

    def parts_to_keep(self) -> dict[str, bytes]:
        """Return what is to be kept of readers' own parts, as far as it has changed since the last call."""
        return self._personal.to_keep()

    def keep_again(self, readers: Iterable[str]) -> None:
        """Have parts given again: they could not be kept."""
        self._personal.keep_again(readers)


def joint_rows(specs: Sequence[FactorSpec]) -> NDArray[np.int64]:
    """Return the rows of the factors that are learned together, ascending."""
    chosen = (spec.family in JOINT_FAMILIES and spec.axes.get("scale") in JOINT_SCALES for spec in specs)
    return np.flatnonzero(list(chosen))


def least_of(specs: Sequence[FactorSpec]) -> Matrix:
    """Return what each factor is taken to spread by at least within lists, (factors,)."""
    return np.array([LEAST_SPREADS.get(spec.family, LEAST_SPREAD) for spec in specs])


def rates_of(specs: Sequence[FactorSpec]) -> Matrix:
    """Return how fast each factor learns, (factors,) in (0, 1]: those of a large family more slowly."""
    sizes: dict[str, int] = {}
    for spec in specs:
        sizes[spec.family] = sizes.get(spec.family, 0) + 1
    return np.array([min(1.0, FAMILY_AT_FULL_RATE / sizes[spec.family]) for spec in specs])
