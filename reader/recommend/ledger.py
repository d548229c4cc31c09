"""The sum behind one place, opened up: families, and within them the strongest single factors by name.

A list keeps its contributions by family for as long as it is kept. The factors are too many for that (2,400 for each of
60 places): they stay in memory for the lists made last, and after that a ledger shows families alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.challenger.trees import Trees
from reader.recommend.factors.registry import Registry
from reader.recommend.factors.spec import Factors, FactorSpec, Weights
from reader.recommend.made import Made
from reader.types import Recommended

# Single factors that a ledger names; the others are folded into their family.
FACTORS_NAMED: Final = 12


@dataclass(frozen=True, slots=True)
class FactorPart:
    """One factor's part of a score.

    contribution: value x weight, times what the family as a whole is scaled by, and what trees add by it.
    """

    name: str
    value: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True)
class FamilyPart:
    """One family's part of a score: its named factors and `others` more, which sum to its contribution.

    others: how many; 0 where the factors are no longer kept, or the part is no factor's. mean: what the candidates of
    the list have of it on average (`ranking.Presented.means`); None where the factors are no longer kept.
    """

    family: str
    contribution: float
    factors: tuple[FactorPart, ...] = ()
    others: int = 0
    others_contribution: float = 0.0
    mean: float | None = None

    @property
    def ahead(self) -> float:
        """By how much the contribution exceeds the mean; all of it where the mean is not known."""
        return self.contribution - (self.mean or 0.0)


Ledger = tuple[FamilyPart, ...]


@dataclass(frozen=True)
class FactorBook:
    """The factors of the places of one list.

    columns: item -> column of `values`, (factors, places) float32; trees: if they served, and per_tree: (places,), what
    a unit of theirs added to the score; means: contribution -> (places,), see `Presented.means`.
    """

    specs: Sequence[FactorSpec]
    family_rows: Mapping[str, NDArray[np.int64]]
    weights: Weights
    columns: Mapping[str, int]
    values: Factors
    trees: Trees | None = None
    per_tree: NDArray[np.float64] | None = None
    means: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def open(self, place: Recommended) -> Ledger:
        """Return the ledger of a place, greatest family either way first."""
        column = self.columns[place.item]
        values = self.values[:, column].astype(np.float64)
        products, added = self.weights * values, self._added(column)
        for name, rows in self._rows(place):
            weighed = place.contributions.get(name, 0.0) - float(added[rows].sum())
            products[rows] = products[rows] * _scale(weighed, products[rows]) + added[rows]
        order = np.argsort(-np.abs(products), kind="stable")[:FACTORS_NAMED]
        named = [int(row) for row in order if products[row]]
        parts = {row: FactorPart(self.specs[row].name, values[row], self.weights[row], products[row]) for row in named}
        means = {name: float(self.means[name][column]) if name in self.means else 0.0 for name in place.contributions}
        return tuple(self._family(name, contribution, parts, means[name]) for name, contribution in _ranked(place))

    def _added(self, column: int) -> NDArray[np.float64]:
        """Return what trees add to the score of a place by each factor, (factors,)."""
        added = np.zeros(len(self.specs))
        if self.trees is not None and self.per_tree is not None:
            shares = self.trees.shares(self.values[:, column : column + 1])[:, 0]
            added[list(self.trees.rows)] = shares * self.per_tree[column]
        return added

    def _rows(self, place: Recommended) -> list[tuple[str, NDArray[np.int64]]]:
        return [(name, rows) for name, rows in self.family_rows.items() if name in place.contributions]

    def _family(self, name: str, contribution: float, parts: Mapping[int, FactorPart], mean: float) -> FamilyPart:
        rows = self.family_rows.get(name, np.zeros(0, dtype=np.int64))
        own = tuple(part for row, part in parts.items() if self.specs[row].family == name)
        rest = contribution - sum(part.contribution for part in own)
        return FamilyPart(name, contribution, own, len(rows) - len(own), rest if len(rows) else 0.0, mean)


def _scale(contribution: float, products: NDArray[np.float64]) -> float:
    """Return what a family's weighed factors were multiplied by: 1 unless the score is no plain sum of them."""
    total = float(products.sum())
    return contribution / total if abs(total) > 1e-12 else 1.0


def _ranked(place: Recommended) -> list[tuple[str, float]]:
    return sorted(place.contributions.items(), key=lambda pair: (-abs(pair[1]), pair[0]))


def families_alone(place: Recommended) -> Ledger:
    """Return the ledger of a place whose factors are no longer kept."""
    return tuple(FamilyPart(name, contribution) for name, contribution in _ranked(place))


class FactorBooks:
    """The books of the lists made last."""

    def __init__(self, registry: Registry, limit: int) -> None:
        """limit: books kept, of all readers together."""
        self._registry = registry
        self._limit = limit
        # By reader and list: two readers may have a list of one id.
        self._books: OrderedDict[tuple[str, str], FactorBook] = OrderedDict()

    def put(self, made: Made, weights: Weights) -> None:
        """Keep the book of a list; the oldest beyond the limit goes. weights: (factors,) that were used."""
        columns = {item: column for column, item in enumerate(made.items)}
        specs, family_rows = self._registry.specs, self._registry.family_rows
        key = made.user, made.list
        self._books[key] = FactorBook(
            specs, family_rows, weights, columns, made.factors, made.trees, made.per_tree, made.means
        )
        self._books.move_to_end(key)
        while len(self._books) > self._limit:
            self._books.popitem(last=False)

    def open(self, user: str, list_id: str, place: Recommended) -> Ledger:
        """Return the ledger of a place of a reader's list: of families alone if its book is gone."""
        book = self._books.get((user, list_id))
        return families_alone(place) if book is None or place.item not in book.columns else book.open(place)

    def forget(self) -> None:
        """Drop all books: their weights may have been learned from a reader who is gone."""
        self._books.clear()
