"""What one list is worth, and what many are worth together: the figures of a replay result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reader.replay import metrics

DEPTH: Final = 10
Vectors = NDArray[np.float32]


@dataclass(slots=True)
class Tally:
    """The scored lists of one policy, by reader."""

    values: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    ranked: dict[str, list[tuple[list[int], list[float]]]] = field(default_factory=lambda: defaultdict(list))
    shown: set[str] = field(default_factory=set)
    impressions: int = 0
    catalogue_opens: int = 0

    def add_impression(
        self, user: str, items: Sequence[str], labels: list[int], scores: NDArray[np.float64], vectors: Vectors
    ) -> None:
        """Score a logged impression's own candidates. labels: 1 for opened; vectors: one a candidate."""
        self.impressions += 1
        self.ranked[user].append((labels, scores.tolist()))
        self._note(user, "auc", metrics.auc(labels, scores))
        self._note(user, "mrr", metrics.mrr(labels, scores))
        self._note(user, "ndcg@5", metrics.ndcg(labels, scores, 5))
        self._note(user, "ndcg@10", metrics.ndcg(labels, scores, DEPTH))
        self._note(user, "hit@10", metrics.hit(labels, scores, DEPTH))
        self._note_list(user, items, scores, vectors)

    def add_open(
        self, user: str, items: Sequence[str], opened: int, scores: NDArray[np.float64], vectors: Vectors
    ) -> None:
        """Score an open without an impression against all that could have been opened. opened: its index."""
        self.catalogue_opens += 1
        labels = [0] * len(items)
        labels[opened] = 1
        self._note(user, "catalogue_hit@10", metrics.hit(labels, scores, DEPTH))
        self._note(user, "catalogue_mrr", metrics.mrr(labels, scores))
        self._note_list(user, items, scores, vectors)

    def _note(self, user: str, metric: str, value: float) -> None:
        self.values[metric][user].append(value)

    def _note_list(self, user: str, items: Sequence[str], scores: NDArray[np.float64], vectors: Vectors) -> None:
        top = np.argsort(-scores, kind="stable")[:DEPTH]
        self._note(user, "ild@10", metrics.ild(vectors[top]))
        self.shown.update(items[int(place)] for place in top)

    def figures(self, catalogue: int, seed: int) -> dict[str, Any]:
        """Return the figures of DESIGN 3.5 with 95 % intervals over readers; one without any list is left out."""
        means = {name: _mean(by_user) for name, by_user in sorted(self.values.items())}
        intervals = {name: list(metrics.bootstrap_ci95(by_user, seed)) for name, by_user in sorted(self.values.items())}
        figures: dict[str, Any] = {"impressions": self.impressions, "catalogue_opens": self.catalogue_opens, **means}
        if any(
            metrics.is_scorable([label for labels, _ in lists for label in labels]) for lists in self.ranked.values()
        ):
            figures["gauc"] = metrics.gauc(self.ranked)
        figures["coverage@10"] = len(self.shown) / catalogue if catalogue else 0.0
        return {**_rounded(figures), "ci95": _rounded(intervals)}


def _mean(by_user: dict[str, list[float]]) -> float:
    return float(np.mean([value for user in sorted(by_user) for value in by_user[user]]))


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    """Six digits: more would differ between machines without meaning anything."""
    return {
        name: [round(part, 6) for part in value] if isinstance(value, list) else round(value, 6)
        for name, value in figures.items()
    }
