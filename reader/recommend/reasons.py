"""Why an item stands where it stands, in words, from the very numbers that put it there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import SIGNALS, Feature, Signal
from reader.profile.excerpts import Span, clock
from reader.profile.interests import Trace
from reader.recommend.catalogue import Rows
from reader.recommend.factors.spec import Explained, Moment, Weights
from reader.types import Evidence, Reason

REASONS_KEPT: Final = 3
TERMS_KEPT: Final = 3
# The strongest parts of a score that are looked at for a sentence; the rest is in the total, but not in words.
PARTS_READ: Final = 20
# Parts of a score below this share of all that speaks for the item are not worth a sentence; ours.
LEAST_SHARE: Final = 0.03
_PLAIN: Final = {
    "freshness": ("fresh", "Newly published"),
    "heat": ("popular", "Many readers open it"),
    "history": ("similar", "Like what you opened lately"),
    "collaborative": ("together", "Readers of what you opened open it, too"),
    "audience": ("alike", "Readers like you open it"),
    "affinity": ("habit", "Of the sort that you open"),
    "uncertainty": ("new", "Few have seen it yet"),
}
# Features that say too little to be named in a sentence.
_UNNAMED: Final = ("cluster", "language", "source")
_VERBS: Final = {
    "reread": "You went back to",
    "read": "You read",
    "finish": "You read to the end of",
    "open": "You opened",
    "plus": "You liked or saved",
    "watch": "You watched",
}


@dataclass(slots=True)
class _Ground:
    """One act of the reader that speaks for an item, with the terms by which it does."""

    trace: Trace
    amount: float = 0.0
    terms: list[str] = field(default_factory=list)


class Explainer:
    """Finds the reasons of some candidates.

    contributions: of each factor family, (candidates,); matches: those factors that go back to features of the profile;
    weights: (factors,) that were used; candidates: (k,) those to explain.
    """

    def __init__(
        self,
        moment: Moment,
        contributions: Mapping[str, NDArray[np.float64]],
        matches: Sequence[Explained],
        weights: Weights,
        candidates: Rows,
    ) -> None:
        self._moment = moment
        self._plain = {family: values for family, values in contributions.items() if family in _PLAIN}
        self._features = [feature for explained in matches for feature in explained.match.features]
        self._column = {candidate: column for column, candidate in enumerate(candidates.tolist())}
        parts = [found.match.by_feature(candidates, weights[found.rows]) for found in matches if found.match.features]
        nothing = np.zeros((0, len(SIGNALS), len(candidates)))
        flat = (len(self._features) * len(SIGNALS), len(candidates))
        self._parts = np.maximum(np.concatenate(parts) if parts else nothing, 0.0).reshape(flat).T

    def explain(self, candidate: int) -> tuple[Reason, ...]:
        """Return the strongest reasons, strongest first.

        The share of a reason is its part of all that speaks for the item; what speaks against it is not in that sum.
        """
        plain = {family: max(0.0, float(values[candidate])) for family, values in self._plain.items()}
        total = float(self._parts[self._column[candidate]].sum()) + sum(plain.values())
        if total <= 0:
            return ()
        found = [self._reason_of(ground, total) for ground in self._grounds(candidate)]
        found += [Reason(*_PLAIN[family], share=value / total) for family, value in plain.items()]
        found.sort(key=lambda reason: (-reason.share, reason.code, reason.label))
        return tuple(reason for reason in found[:REASONS_KEPT] if reason.share >= LEAST_SHARE)

    def _grounds(self, candidate: int) -> list[_Ground]:
        """Gather the strongest parts by the act each goes back to."""
        parts = self._parts[self._column[candidate]]
        grounds: dict[tuple[Signal, str, int | None, Span | None], _Ground] = {}
        for place in _greatest(parts, PARTS_READ):
            row, column = divmod(int(place), len(SIGNALS))
            trace = self._trace(self._features[row], SIGNALS[column])
            if trace is None:
                continue
            act = trace.act
            ground = grounds.setdefault((act.signal, act.item, act.paragraph, act.part), _Ground(trace))
            ground.amount += float(parts[place])
            if self._features[row][0] not in _UNNAMED:
                ground.terms.append(self._label(self._features[row]))
        return list(grounds.values())

    def _label(self, feature: Feature) -> str:
        is_keyword = feature[0] == "keyword"
        return self._moment.portrait.interests.labels[feature] if is_keyword else self._moment.catalogue.name(feature)

    def _trace(self, feature: Feature, signal: Signal) -> Trace | None:
        """Return the strongest kept act behind a feature: one of this signal if there is one, else any."""
        traces = self._moment.portrait.interests.traces.get(feature, [])
        own = [trace for trace in traces if trace.act.signal == signal and trace.amount > 0]
        return max(own or traces, key=lambda trace: (trace.amount, trace.act.at), default=None)

    def _reason_of(self, ground: _Ground, total: float) -> Reason:
        act = ground.trace.act
        content = self._moment.catalogue.content(act.item)
        terms = tuple(dict.fromkeys(ground.terms))[:TERMS_KEPT]
        title = content.item.title if content else act.item
        evidence = Evidence(act.signal, act.at, act.item, title, act.paragraph, terms, *(act.part or (None, None)))
        return Reason(act.signal, say(evidence), ground.amount / total, (evidence,))


def _greatest(values: NDArray[np.float64], count: int) -> Rows:
    """Return the places of the greatest values, greatest first, ties by place."""
    places = np.flatnonzero(values > 0)
    if len(places) > count:
        threshold = np.partition(values[places], len(places) - count)[len(places) - count]
        places = places[values[places] >= threshold]
    return places[np.argsort(-values[places], kind="stable")][:count]


def say(evidence: Evidence) -> str:
    """Return one English sentence for an act of the reader.

    >>> from datetime import UTC, datetime
    >>> say(Evidence("reread", datetime(2026, 11, 20, tzinfo=UTC), "a1", "White gold", 3, ("lithium", "brine")))
    'You went back to paragraph 4 of “White gold”: lithium, brine'
    """
    title = f"“{evidence.title}”"
    if evidence.from_s is not None and evidence.to_s is not None:
        part = f"You replayed {clock(evidence.from_s)}–{clock(evidence.to_s)} of {title}"
        return part + (f": {', '.join(evidence.terms)}" if evidence.terms else "")
    where = title if evidence.paragraph is None else f"paragraph {evidence.paragraph + 1} of {title}"
    verb = _VERBS.get(evidence.signal, "You saw")
    return f"{verb} {where}" + (f": {', '.join(evidence.terms)}" if evidence.terms else "")
