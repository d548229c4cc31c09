"""What one list is worth, policy by policy: values of each list, gathered by reader so that shards can be joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reader.replay import metrics
from reader.replay.cases import Case, Segment
from reader.replay.draws import JudgedDraw
from reader.replay.truth import Sign

DEPTH: Final = 10
# Lists of a policy that are kept to be looked at.
WORST_KEPT: Final = 5
Order = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class ListScore:
    """One list under one policy. values: by metric; labels and scores: only of a logged impression."""

    list: str
    at_s: float
    segment: Segment
    values: Mapping[str, float]
    labels: NDArray[np.bool_] | None
    scores: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True)
class WorstList:
    """A list to look at. opened: (item, rank); top: (item, whether it was opened)."""

    user: str
    list: str
    at_s: float
    candidates: int
    auc: float
    opened: tuple[tuple[str, int], ...]
    top: tuple[tuple[str, bool], ...]

    @property
    def badness(self) -> tuple[float, int, str, float]:
        """What orders them: low AUC first, then many candidates."""
        return self.auc, -self.candidates, self.list, self.at_s


@dataclass(slots=True)
class Tally:
    """The scored lists of one policy, by reader."""

    lists: dict[str, list[ListScore]] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    worst: list[WorstList] = field(default_factory=list)
    adaptations: dict[str, metrics.Adaptation] = field(default_factory=dict)
    draws: dict[str, list[JudgedDraw]] = field(default_factory=dict)
    # Of a simulated log: what the policy's lists would truly have brought, by figure and reader; and how new interests
    # were taken up.
    truths: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    taken_up: dict[Sign, dict[str, list[metrics.TakingUp]]] = field(default_factory=dict)
    # What stood in the first places of each reader's list before.
    before: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def opened(self, user: str, topics: tuple[str, ...]) -> None:
        """Learn what a reader opened: new interests begin so."""
        self.adaptations.setdefault(user, metrics.Adaptation()).opened(topics)

    def add_truth(self, name: str, user: str, values: Sequence[float]) -> None:
        """Take in what is known to be true of a list."""
        self.truths.setdefault(name, {}).setdefault(user, []).extend(values)

    def add(self, case: Case, scores: NDArray[np.float64]) -> None:
        """Score one list. scores: (items,) float64, higher is better."""
        order = np.argsort(-scores, kind="stable")
        top = [case.items[int(place)] for place in order[:DEPTH]]
        values = _accuracy(case, scores) | self._beyond(case, order, top)
        own = (case.labels, scores) if case.own else (None, None)
        self.lists.setdefault(case.user, []).append(ListScore(case.list, case.at_s, case.segment, values, *own))
        self._adapt(case, order)
        self._keep_if_bad(case, scores, order)
        self.shown.update(top)
        self.before[case.user] = tuple(top)

    def _beyond(self, case: Case, order: Order, top: list[str]) -> dict[str, float]:
        """Return what accuracy does not tell."""
        rows = case.rows[order[:DEPTH]]
        readers = np.array([case.readers_of(item) for item in top], dtype=np.float64)
        values = {
            "ild@10": metrics.ild(case.catalogue.vectors.values[rows]),
            "novelty@10": metrics.novelty(readers, case.readers),
        }
        if case.user in self.before:
            values["repeats@10"] = metrics.repeats(top, self.before[case.user])
        listed = _count_topics(case, top)
        if case.history and listed:
            values["miscalibration@10"] = metrics.miscalibration(case.history, listed)
        return values

    def _adapt(self, case: Case, order: Order) -> None:
        adaptation = self.adaptations.setdefault(case.user, metrics.Adaptation())
        ranked = (case.items[int(place)] for place in order)
        topics = (() if item in case.opened_before else case.topics.get(item, ()) for item in ranked)
        adaptation.listed([next(topics, ()) for _ in range(min(DEPTH, len(order)))], topics)

    def _keep_if_bad(self, case: Case, scores: NDArray[np.float64], order: Order) -> None:
        auc = metrics.auc(case.labels, scores)
        if len(self.worst) < WORST_KEPT or (auc, -len(case.items)) <= self.worst[-1].badness[:2]:
            self._keep_worst([_look(case, auc, order)])

    def _keep_worst(self, found: list[WorstList]) -> None:
        self.worst = sorted([*self.worst, *found], key=lambda one: one.badness)[:WORST_KEPT]

    def join(self, other: Tally) -> None:
        """Take in the tally of other readers."""
        self.lists |= other.lists
        self.adaptations |= other.adaptations
        self.draws |= other.draws
        for name, values in other.truths.items():
            self.truths.setdefault(name, {}).update(values)
        for sign, by_reader in other.taken_up.items():
            self.taken_up.setdefault(sign, {}).update(by_reader)
        self.shown |= other.shown
        self._keep_worst(other.worst)


def _accuracy(case: Case, scores: NDArray[np.float64]) -> dict[str, float]:
    labels: Any = case.labels
    if not case.own:
        return {
            "catalogue_hit@10": metrics.hit(labels, scores, DEPTH),
            "catalogue_mrr": metrics.mrr(labels, scores),
        }
    return {
        "auc": metrics.auc(labels, scores),
        "mrr": metrics.mrr(labels, scores),
        "ndcg@5": metrics.ndcg(labels, scores, 5),
        "ndcg@10": metrics.ndcg(labels, scores, DEPTH),
        "hit@10": metrics.hit(labels, scores, DEPTH),
    }


def _count_topics(case: Case, items: list[str]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for item in items:
        for topic in case.topics.get(item, ()):
            counts[topic] = counts.get(topic, 0.0) + 1.0
    return counts


def _look(case: Case, auc: float, order: Order) -> WorstList:
    rank_of = np.empty(len(order), dtype=np.int64)
    rank_of[order] = np.arange(1, len(order) + 1)
    opened = sorted((int(rank_of[place]), case.items[int(place)]) for place in np.flatnonzero(case.labels))
    top = tuple((case.items[int(place)], bool(case.labels[place])) for place in order[:DEPTH])
    return WorstList(
        case.user, case.list, case.at_s, len(order), auc, tuple((item, rank) for rank, item in opened), top
    )
