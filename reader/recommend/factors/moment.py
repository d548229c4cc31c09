"""All that factors may look at, and what several families look up in it, looked up once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property
from heapq import nlargest
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import Feature
from reader.profile.portrait import Portrait
from reader.profile.state import ReaderState
from reader.recommend.audience import Audience
from reader.recommend.catalogue import TRAIT_KINDS, Catalogue, Rows
from reader.recommend.co_opening import CoOpening
from reader.recommend.discriminant import Discriminant
from reader.recommend.forward import Entries
from reader.recommend.watch_heat import WatchHeat

# Openings that are looked back on, and cards passed by; ours.
LENGTH: Final = 50
PASSED_KEPT: Final = 200
# Items without a direction that the mean of all is taken to have besides; ours, untuned.
MEAN_PRIOR: Final = 20.0
LEAST_NORM: Final = 1e-6
# What a moment looks up in the reader's interests.
_OF_INTERESTS: Final = ("credit",)


@dataclass(frozen=True)
class Moment:
    """One reader, some candidates (rows of the catalogue, each once), one time.

    co_opening, audience, discriminant, watch_heat: None if nothing is known.

    Short-lived: nothing of it may change while it is in use.
    """

    state: ReaderState
    portrait: Portrait
    catalogue: Catalogue
    rows: Rows
    at_s: float
    co_opening: CoOpening | None = None
    audience: Audience | None = None
    discriminant: Discriminant | None = None
    watch_heat: WatchHeat | None = None

    def with_portrait(self, portrait: Portrait) -> Moment:
        """Return the same moment with other interests; what was looked up and does not follow from them is kept."""
        other = replace(self, portrait=portrait)
        dropped = {*(field.name for field in fields(self)), *_OF_INTERESTS}
        other.__dict__.update({name: value for name, value in self.__dict__.items() if name not in dropped})
        return other

    @cached_property
    def position(self) -> NDArray[np.int32]:
        """For every row of the catalogue its place among the candidates, -1 for the others."""
        return self.catalogue.positions(self.rows)

    def label(self, feature: Feature) -> str:
        """Return what to call a feature that the reader has: creators and sounds by their newest name."""
        named = feature[0] in ("creator", "sound")
        return self.catalogue.name(feature) if named else self.portrait.interests.labels[feature]

    @cached_property
    def ids(self) -> list[str]:
        """The ids of the candidates."""
        return self.catalogue.ids_at(self.rows)

    @cached_property
    def credit(self) -> NDArray[np.float64]:
        """The credit of the portrait's features, (features, signals, half-lives)."""
        return self.portrait.credit_at(self.at_s)

    @cached_property
    def heat(self) -> NDArray[np.float64]:
        """What all readers did with the candidates, (candidates, HEAT_ACTS, half-lives)."""
        return self.catalogue.popularity.counts_at(self.rows, self.at_s)

    @cached_property
    def heat_of_all(self) -> NDArray[np.float64]:
        """What all readers did with all items, (HEAT_ACTS, half-lives)."""
        return self.catalogue.popularity.totals_at(self.at_s)

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """The vectors of the candidates, (candidates, d)."""
        vectors: NDArray[np.float32] = self.catalogue.vectors.values[self.rows]
        return vectors

    @cached_property
    def opened(self) -> Rows:
        """The rows of the last items that the reader opened since a reset, oldest first, at most LENGTH."""
        return self._last(self._since_reset)

    @cached_property
    def clicked(self) -> Rows:
        """The same of those of which nothing is known but their opening: neither read nor left at once."""
        attended, bounced = self.state.attended, self.portrait.bounced
        known = ((at, item) for at, item in self._since_reset if item not in attended and item not in bounced)
        return self._last(list(known))

    @cached_property
    def _since_reset(self) -> list[tuple[datetime, str]]:
        reset_at = self.state.steering.reset_at
        return [(at, item) for item, at in self.state.opened.items() if reset_at is None or at > reset_at]

    def _last(self, openings: list[tuple[datetime, str]]) -> Rows:
        return self.catalogue.rows_of(item for _, item in reversed(nlargest(LENGTH, openings)))

    @cached_property
    def passed(self) -> Rows:
        """The rows of items that the reader saw and did not open, latest first, at most PASSED_KEPT."""
        return self.catalogue.rows_of(islice(reversed(self.state.passed), PASSED_KEPT))

    @cached_property
    def cosines(self) -> NDArray[np.float32]:
        """The cosine of what sets each clicked item and each candidate apart from all, (clicked, candidates).

        What all texts share makes those near to all that are near to anything: it is taken off first (Mu & Viswanath,
        All-but-the-top, ICLR 2018, without their second step).
        """
        cosines: NDArray[np.float32] = self._apart(self.catalogue.vectors.values[self.clicked]) @ self.apart.T
        return cosines

    @cached_property
    def kindred(self) -> NDArray[np.float32]:
        """The cosine of each clicked item and each candidate in what tells readers apart, (clicked, candidates)."""
        if self.discriminant is None:
            return np.zeros((len(self.clicked), len(self.rows)), dtype=np.float32)
        return self.discriminant.cosines(self.clicked, self.rows)

    @cached_property
    def apart(self) -> NDArray[np.float32]:
        """The vectors of the candidates less the mean of all items, unit length, (candidates, d); zero without text."""
        return self._apart(self.vectors)

    def _apart(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        # Of few items the mean would be those items.
        mean = self.catalogue.vector_sum / (len(self.catalogue) + MEAN_PRIOR)
        unit: NDArray[np.float32] = vectors - mean.astype(np.float32)
        norms = np.sqrt(np.einsum("nd,nd->n", unit, unit))
        known = vectors.any(axis=1) & (norms > LEAST_NORM)
        unit *= np.divide(1.0, norms, out=np.zeros_like(norms), where=known)[:, None]
        return unit

    @cached_property
    def form(self) -> NDArray[np.float32]:
        """The form of the candidates, (measures of FORM, candidates)."""
        return np.ascontiguousarray(self.catalogue.form.values[self.rows].T)

    @cached_property
    def traits(self) -> TraitEntries:
        """The traits of the candidates by kind."""
        forward = self.catalogue.traits
        entries = forward.entries(self.rows)
        return TraitEntries(entries, forward.kinds_of(entries.features), len(self.rows))

    @cached_property
    def trait_acts(self) -> NDArray[np.float64]:
        """What all readers did with each of `traits`, (e, TRAIT_ACTS, half-lives)."""
        return self.catalogue.popularity.trait_counts_at(self.traits.features, self.at_s)

    @cached_property
    def trait_heat(self) -> NDArray[np.float64]:
        """The same, summed by kind and candidate, (kinds, candidates, TRAIT_ACTS, half-lives)."""
        entries = self.trait_acts
        sums = self.traits.sums(entries.reshape(len(entries), entries.shape[1] * entries.shape[2]))
        return sums.reshape(*sums.shape[:2], *entries.shape[1:])

    @cached_property
    def opened_traits(self) -> Entries:
        """The traits of the last items that the reader opened."""
        return self.catalogue.traits.entries(self.opened)

    def opened_counts(self, window: int) -> NDArray[np.float64]:
        """Return (traits,): how many of the last `window` items opened have each trait."""
        entries = self.opened_traits
        first = np.searchsorted(entries.places, len(self.opened) - window)
        return self._counts(entries.features[first:])

    def trait_counts(self, rows: Rows) -> NDArray[np.float64]:
        """Return (traits,): how many of some rows have each trait."""
        return self._counts(self.catalogue.traits.entries(rows).features)

    def _counts(self, features: Rows) -> NDArray[np.float64]:
        return np.bincount(features, minlength=len(self.catalogue.traits)).astype(np.float64)


class TraitEntries:
    """Traits by candidate and kind. features: (e,) their numbers."""

    def __init__(self, entries: Entries, kinds: Rows, candidates: int) -> None:
        self.features = entries.features
        self._places = entries.places
        self._candidates = candidates
        keys = kinds * candidates + entries.places
        order = np.argsort(keys, kind="stable")
        # For each n the entries that are the n-th of their kind and candidate, and where those go: no place twice.
        first = np.flatnonzero(np.diff(keys[order], prepend=-1))
        self._first = order[first], keys[order[first]]
        number = np.arange(len(keys)) - np.repeat(first, np.diff(first, append=len(keys)))
        layers = (order[np.flatnonzero(number == n)] for n in range(1, int(number.max(initial=0)) + 1))
        self._others = [(layer, keys[layer]) for layer in layers]

    def mark(self, numbers: Rows, out: NDArray[np.float32]) -> None:
        """Write 1 where a candidate has a trait. numbers: of some traits, -1 for none; out: (numbers, candidates)."""
        slots = np.full(max(self.features.max(initial=-1), numbers.max(initial=-1)) + 2, -1)
        slots[numbers] = np.arange(len(numbers))
        slots[-1] = -1
        own = slots[self.features]
        marked = np.flatnonzero(own >= 0)
        out[:] = 0.0
        out[own[marked], self._places[marked]] = 1.0

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (kinds, candidates, m): the sum over the traits of that kind. values: (e, m), in their order."""
        total = np.zeros((len(TRAIT_KINDS) * self._candidates, values.shape[1]))
        layer, places = self._first
        total[places] = values[layer]
        for layer, places in self._others:
            total[places] += values[layer]
        return total.reshape(len(TRAIT_KINDS), self._candidates, values.shape[1])
