"""Interests as numbers: credit per feature, signal and half-life, decayed lazily, with the evidence it came from.

`Interests` is an accumulator: credits are added in any order, since each is discounted by its own age. What earns
credit is said in `reader.profile.acts`, how a reader steers it in `reader.profile.state`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reader.profile.acts import Act
from reader.profile.axes import HALF_LIFE_ARRAY_S, HALF_LIFE_WEIGHTS, SIGNAL_INDEX, SIGNAL_WEIGHTS, SIGNALS, Feature

_GROWTH_ROWS = 64


class Trace(NamedTuple):
    """One act that a feature got credit from; amount: the credit it gave when fresh.

    Not a dataclass, since some hundred are made for each list, and a tuple is made in half the time.
    """

    act: Act
    amount: float


# What one act gives: (feature, what it is called, amount when fresh) for each feature.
Credit = tuple[Act, Sequence[tuple[Feature, str, float]]]


class Interests:
    """Credit of one reader, (features, signals, half-lives) float64 at one reference time."""

    def __init__(self, reference_s: float, evidence_kept: int, *, fading: bool = True) -> None:
        """fading: whether credit decays; without it all half-lives hold the same."""
        self.reference_s = reference_s
        self._fading = fading
        self.labels: dict[Feature, str] = {}
        # Tuples, so that a copy shares them: open views bring a reader to some thousand features.
        self.traces: dict[Feature, tuple[Trace, ...]] = {}
        self.pinned: dict[Feature, float] = {}
        self._rows: dict[Feature, int] = {}
        self._credit = np.zeros((_GROWTH_ROWS, len(SIGNALS), len(HALF_LIFE_ARRAY_S)))
        self._evidence_kept = evidence_kept

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def features(self) -> tuple[Feature, ...]:
        """All features with credit, in the order of the rows of `credit_at`."""
        return tuple(self._rows)

    def copy(self) -> Interests:
        """Return an independent copy."""
        twin = Interests(self.reference_s, self._evidence_kept, fading=self._fading)
        twin.labels = dict(self.labels)
        twin.traces = dict(self.traces)
        twin.pinned = dict(self.pinned)
        twin._rows = dict(self._rows)
        twin._credit = self._credit.copy()
        return twin

    def restore(self, labels: Mapping[Feature, str], credit: NDArray[np.float64]) -> None:
        """Set all features at the reference time. credit: (features, signals, half-lives), in the order of labels."""
        self.labels = dict(labels)
        self._rows = {feature: row for row, feature in enumerate(labels)}
        self._credit = np.zeros((max(_GROWTH_ROWS, len(labels)), *self._credit.shape[1:]))
        self._credit[: len(labels)] = credit

    def add(self, credits: Iterable[Credit]) -> None:
        """Give credit, in the order given; an amount below 0 takes an earlier one back."""
        rows: list[int] = []
        amounts: list[float] = []
        acts: list[Act] = []
        counts: list[int] = []
        for act, given in credits:
            rows += self._rows_of(given)
            amounts += [amount for _, _, amount in given]
            self._trace(act, given)
            acts.append(act)
            counts.append(len(given))
        if rows:
            at_s = np.array([act.at.timestamp() for act in acts])
            self._move_to(float(at_s.max()))
            left = np.repeat(self._left_after(self.reference_s - at_s[:, None]), counts, axis=0)
            signals = np.repeat([SIGNAL_INDEX[act.signal] for act in acts], counts)
            np.add.at(self._credit, (np.array(rows), signals), np.array(amounts)[:, None] * left)

    def _left_after(self, age_s: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of credit that is left after `age_s` seconds, (half-lives,) or (ages, half-lives)."""
        faded: NDArray[np.float64] = age_s / HALF_LIFE_ARRAY_S
        return np.exp2(-faded) if self._fading else np.ones_like(faded)

    def _rows_of(self, given: Sequence[tuple[Feature, str, float]]) -> list[int]:
        rows = self._rows
        return [rows[feature] if feature in rows else self._new_row(feature, label) for feature, label, _ in given]

    def _new_row(self, feature: Feature, label: str) -> int:
        row = self._rows[feature] = len(self._rows)
        self.labels[feature] = label
        if row == len(self._credit):
            self._credit = np.concatenate([self._credit, np.zeros_like(self._credit)])
        return row

    def _trace(self, act: Act, given: Sequence[tuple[Feature, str, float]]) -> None:
        """Keep the strongest few traces; re-reads first, since they are what a reader wants to check."""
        known, kept, is_reread = self.traces, self._evidence_kept, act.signal == "reread"
        for feature, _, amount in given:
            if amount < 0:
                self._disremember(feature, act)
                continue
            traces = known.get(feature, ())
            # Most acts are weaker than what is kept.
            if len(traces) < kept or (is_reread, amount) > _weight(traces[-1]):
                told = (*traces[: kept - 1], Trace(act, amount))
                known[feature] = told if len(told) < kept else tuple(sorted(told, key=_weight, reverse=True))

    def _move_to(self, at_s: float) -> None:
        """Move the reference time on, if need be."""
        if at_s > self.reference_s:
            self._credit[: len(self._rows)] *= self._left_after(at_s - self.reference_s)
            self.reference_s = at_s

    def _disremember(self, feature: Feature, act: Act) -> None:
        traces = self.traces.get(feature)
        same = (act.signal, act.item, act.paragraph)
        if traces:
            kept = (trace for trace in traces if (trace.act.signal, trace.act.item, trace.act.paragraph) != same)
            self.traces[feature] = tuple(kept)

    def pin(self, feature: Feature, label: str, credit: float) -> None:
        """Set a feature by the reader's own hand: what was learned of it no longer counts, and it does not decay."""
        self._rows_of([(feature, label, credit)])
        self.pinned[feature] = credit

    def credit_at(self, at_s: float) -> NDArray[np.float64]:
        """Return (features, signals, half-lives) float64, decayed to a moment."""
        left = self._left_after(max(0.0, at_s - self.reference_s))
        credit: NDArray[np.float64] = self._credit[: len(self._rows)] * left
        for feature, pinned in self.pinned.items():
            row = self._rows[feature]
            credit[row] = 0.0
            credit[row, SIGNAL_INDEX["plus" if pinned >= 0 else "minus"]] = abs(pinned)
        return credit

    def strength_at(self, at_s: float) -> NDArray[np.float64]:
        """Return what `strengths_of` says of the credit at a moment."""
        return strengths_of(self.credit_at(at_s))

    def strength_by_signal_at(self, at_s: float) -> NDArray[np.float64]:
        """Return (features, signals): what each signal brings to `strength_at`."""
        parts: NDArray[np.float64] = np.einsum("fsh,s,h->fs", self.credit_at(at_s), SIGNAL_WEIGHTS, HALF_LIFE_WEIGHTS)
        return parts

    def drop(self, dropped: set[Feature]) -> None:
        """Forget features as if they had never got credit."""
        self._keep([feature for feature in self._rows if feature not in dropped])

    def trim(self, limit: int) -> None:
        """Keep the `limit` strongest features, likes and dislikes alike; ties go to the earlier one."""
        if len(self) > limit:
            order = np.argsort(-np.abs(self.strength_at(self.reference_s)), kind="stable")[:limit]
            features = self.features
            self._keep([features[row] for row in sorted(order)])

    def _keep(self, kept: list[Feature]) -> None:
        rows = [self._rows[feature] for feature in kept]
        credit = np.zeros_like(self._credit)
        credit[: len(rows)] = self._credit[rows]
        self._credit = credit
        self._rows = {feature: row for row, feature in enumerate(kept)}
        self.labels = {feature: self.labels[feature] for feature in kept}
        self.traces = {feature: self.traces[feature] for feature in kept if feature in self.traces}


def strengths_of(credit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (features,) float64: credit summed with the weights of signals and half-lives; minus is dislike.

    credit: (features, signals, half-lives).
    """
    strengths: NDArray[np.float64] = np.einsum("fsh,s,h->f", credit, SIGNAL_WEIGHTS, HALF_LIFE_WEIGHTS)
    return strengths


def _weight(trace: Trace) -> tuple[bool, float]:
    return trace.act.signal == "reread", trace.amount
