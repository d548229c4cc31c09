"""Why an item stands where it stands, in words, from the very numbers that put it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reader.profile.acts import Act
from reader.profile.axes import SIGNAL_INDEX, SIGNAL_WEIGHTS, SIGNALS, Feature, Signal
from reader.profile.excerpts import clock
from reader.profile.interests import Trace
from reader.recommend.arrays import greatest
from reader.recommend.catalogue import Rows
from reader.recommend.factors.spec import Moment
from reader.recommend.families import family
from reader.recommend.moments import to_datetime
from reader.recommend.parts import FeatureParts, ahead_of
from reader.recommend.wording import retell, say
from reader.types import Evidence, Reason

REASONS_KEPT: Final = 3
TERMS_KEPT: Final = 3
# The strongest parts of a score that are looked at for a sentence; the rest is in the total, but not in words.
PARTS_READ: Final = 20
# Parts of a score below this share of all that speaks for the item are not worth a sentence; ours.
LEAST_SHARE: Final = 0.03
# Reasons that claim something of an opening. With none that bears it out there is nothing to tell: lists may have
# taught that just this is opened.
_OF_OPENINGS: Final = ("kindred", "together")
# Signals that tell of liking.
_LIKES: Final = frozenset(signal for signal in SIGNALS if SIGNAL_WEIGHTS[SIGNAL_INDEX[signal]] > 0)
# Features that say too little to be named in a sentence.
_UNNAMED: Final = ("cluster", "language", "source")


@dataclass(slots=True)
class _Ground:
    """What speaks for an item: an act of the reader (trace) with the terms by which it does, or a family as a whole.

    is_so: whether what its sentence claims is true of the item.
    """

    code: str
    amount: float = 0.0
    trace: Trace | None = None
    terms: list[str] = field(default_factory=list)
    is_so: bool = True


# What parts of a score are gathered by: code of the reason, item, and paragraph or part of the act.
_Key = tuple[str, str, int | str | None]


class _Behind(NamedTuple):
    """What is behind a part of a score. trace: None for the reader's own word; term: None for what has no name."""

    key: _Key
    code: str
    trace: Trace | None
    term: str | None


def _place_of(act: Act) -> int | str | None:
    """Return where in its item an act was, as a sentence tells it: parts told alike are one evidence."""
    return act.paragraph if act.part is None else "-".join(map(clock, act.part))


class Explainer:
    """Finds the reasons of some candidates.

    parts: of these candidates; contributions: of each factor family, in their order; means: what a family gives to all
    candidates of the list on average. Only what exceeds that is a reason: what all share puts none before another.
    borne_out: family -> (k,), where its sentence is true, of those that claim something (`reader.recommend.claims`).
    """

    def __init__(
        self,
        moment: Moment,
        contributions: Mapping[str, NDArray[np.float64]],
        means: Mapping[str, NDArray[np.float64]],
        borne_out: Mapping[str, NDArray[np.bool_]],
        parts: FeatureParts,
    ) -> None:
        self._moment = moment
        self._parts = parts
        self._at = to_datetime(moment.at_s)
        # What is behind a part of a score, by its place: the same for all candidates.
        self._behind: dict[int, _Behind | None] = {}
        # What was said of an act and some terms; acts are the profile's own, which does not change meanwhile.
        self._said: dict[tuple[str, int, tuple[str, ...]], tuple[Evidence, str]] = {}
        # What goes back to no features of the profile is told family by family.
        true = np.ones(max(map(len, contributions.values()), default=0), dtype=bool)
        self._plain = [
            (family(name).reason, ahead_of(own, means[name]).tolist(), borne_out.get(name, true).tolist())
            for name, own in contributions.items()
            if family(name).reason
        ]

    def explain(self, candidate: int) -> tuple[Reason, ...]:
        """Return the strongest reasons, strongest first.

        The share of a reason is its part of all that speaks more for the item than for the candidates on average; what
        speaks against it is not in that sum.
        """
        places, parts = self._parts.ahead(candidate)
        place = self._parts.place_of(candidate)
        found = [_Ground(code, own[place], is_so=so[place]) for code, own, so in self._plain if own[place] > 0]
        total = float(parts.sum()) + sum(ground.amount for ground in found)
        if total <= 0:
            return ()
        found += self._grounds(places, parts)
        found.sort(key=lambda ground: (-ground.amount, ground.code, ground.terms))
        worth = [ground for ground in found if ground.amount / total >= LEAST_SHARE]
        # What is not so is not told, and the next takes its place.
        reasons = (self._reason_of(ground, ground.amount / total, candidate) for ground in worth)
        return tuple(islice((reason for reason in reasons if reason is not None), REASONS_KEPT))

    def _grounds(self, places: Rows, parts: NDArray[np.float64]) -> list[_Ground]:
        """Gather the strongest parts by the act each goes back to, or by the reader's own word."""
        grounds: dict[_Key, _Ground] = {}
        strongest = greatest(parts, PARTS_READ)
        for place, part in zip(places[strongest].tolist(), parts[strongest].tolist(), strict=True):
            if place not in self._behind:
                self._behind[place] = self._find_behind(*self._parts.at(place))
            behind = self._behind[place]
            if behind is None:
                continue
            ground = grounds.get(behind.key)
            if ground is None:
                ground = grounds[behind.key] = _Ground(behind.code, trace=behind.trace)
            ground.amount += part
            if behind.term is not None:
                ground.terms.append(behind.term)
        return list(grounds.values())

    def _find_behind(self, feature: Feature, signal: Signal) -> _Behind | None:
        """Return the reader's own word on a feature, or else the strongest kept act behind it, of its signal if any."""
        interests, steering = self._moment.portrait.interests, self._moment.state.steering
        if feature in interests.pinned:
            code = "weigh" if feature in steering.weights else "follow"
            return _Behind((code, "", None), code, None, self._moment.label(feature))
        traces = interests.traces.get(feature, ())
        own = [trace for trace in traces if trace.act.signal == signal and trace.amount > 0]
        liked = own or [trace for trace in traces if trace.act.signal in _LIKES]
        trace = max(liked, key=lambda trace: (trace.amount, trace.act.at), default=None)
        if trace is None:
            return None
        act, term = trace.act, None if feature[0] in _UNNAMED else self._moment.label(feature)
        return _Behind((act.signal, act.item, _place_of(act)), act.signal, trace, term)

    def _reason_of(self, ground: _Ground, share: float, candidate: int) -> Reason | None:
        if ground.trace is not None:
            evidence, label = self._say(ground.code, ground.trace.act, tuple(dict.fromkeys(ground.terms))[:TERMS_KEPT])
            return Reason(ground.code, label, share, (evidence,))
        nearest = self._nearest(ground, candidate)
        if nearest is not None:
            return Reason(ground.code, say(nearest, self._at, code=ground.code), share, (nearest,))
        about = self._about(ground, candidate)
        is_so = ground.is_so or (ground.code == "popular" and about != "0")
        if not is_so or ground.code in _OF_OPENINGS:
            return None
        label = retell(Reason(ground.code, "", share, about=about), self._at)
        return Reason(ground.code, label, share, about=about)

    def _say(self, code: str, act: Act, terms: tuple[str, ...]) -> tuple[Evidence, str]:
        """Return an act of the reader as evidence, and in a sentence: one act speaks for many items of a list."""
        key = code, id(act), terms
        if key not in self._said:
            part = act.part or (None, None)
            evidence = Evidence(act.signal, act.at, act.item, self._title(act.item), act.paragraph, terms, *part)
            self._said[key] = evidence, say(evidence, self._at, code=code)
        return self._said[key]

    def _title(self, item: str) -> str:
        content = self._moment.catalogue.content(item)
        return content.item.title if content else item

    def _nearest(self, ground: _Ground, candidate: int) -> Evidence | None:
        """Return the opening that a likeness goes back to most, if the reason is a likeness and there is any."""
        moment = self._moment
        openings = moment.opened if ground.code == "together" else moment.clicked
        if not len(openings):
            return None
        if ground.code in ("similar", "kindred"):
            near: NDArray[np.floating] = (moment.cosines if ground.code == "similar" else moment.kindred)[:, candidate]
        elif ground.code == "together" and moment.co_opening is not None:
            row = moment.rows[candidate : candidate + 1]
            near = moment.co_opening.similarities(openings.tolist(), row)[0][:, 0]
        else:
            return None
        best = int(np.argmax(near))
        if near[best] <= 0:
            return None
        item = moment.catalogue.id_at(int(openings[best]))
        return Evidence("open", moment.state.opened[item], item, self._title(item))

    def _about(self, ground: _Ground, candidate: int) -> str:
        """Return what goes back to no act is about: terms, or for heat and freshness the number and the moment."""
        row, catalogue = int(self._moment.rows[candidate]), self._moment.catalogue
        if ground.code == "fresh":
            return to_datetime(float(catalogue.published_s.values[row])).isoformat()
        if ground.code == "popular":
            return str(round(catalogue.popularity.readers(row)))
        return ", ".join(dict.fromkeys(ground.terms))
