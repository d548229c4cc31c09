"""Which differences of meaning tell readers apart: a space in which what one reader opens lies close together.

Vectors of text are made so that what means the same is near. Readers have other reasons to open one thing and another:
who reads of one sport reads of the next, and two texts on money may have no reader in common. Each opening of somebody
who opened something else says so, without any list and any click on it.

Linear discriminant analysis with readers as classes (Fisher, Annals of Eugenics 7, 1936) in its probabilistic form
(Ioffe, Probabilistic Linear Discriminant Analysis, ECCV 2006): a reader's openings lie with covariance `within` around
a mean of the reader's own, and these means with covariance `between` around that of all openings. In the space of the
`DIM` directions in which readers differ most, `within` is the identity and `between` is diagonal, so that all that
follows is worked out direction by direction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from reader.recommend.arrays import Column
from reader.recommend.audience import Audience

# Directions that are kept; ours, on made-up logs 32 and 192 did as well.
DIM: Final = 64
# What is added to `within` in all directions, in units of its mean variance: of few openings and many directions, some
# would seem to tell readers apart by chance. Ours: 1 to 10 did much the same, 0.1 and 0.3 were worse.
RIDGE: Final = 3.0
# The mean variance of `within` is taken for at least this share of the mean square of all vectors: of readers who open
# one thing again and again rounding alone is left, which may be below 0. Ours: of texts it is some 0.7.
LEAST_WITHIN: Final = 0.05
# A direction in which readers differ by less is none: of one reader, and in most directions of few, rounding leaves
# 1e-4 or less, and a cosine would make it as long as any. Ours; those that tell readers apart have 0.01 to 3.
LEAST_SPREAD: Final = 1e-3
# Openings, beyond each reader's first, with which the first space is made, and the growth after which the next one is.
# Ours: waiting for 300 was no better.
FIRST: Final = 32
GROWTH: Final = 1.3
# Openings that are taken in at a time: their sum of products is one of matrices.
_PORTION: Final = 1_024
# Readers of an item that changes who are looked up at a time: their openings are some 20 MB of vectors.
_READERS_AT_ONCE: Final = 256

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(slots=True)
class _Sums:
    """Over all openings of vectors, (d,), and of their products; over all readers of the products of means; counts."""

    vectors: NDArray[np.float64]
    products: NDArray[np.float64]
    means: NDArray[np.float64]
    openings: int = 0
    readers: int = 0

    def copy(self) -> _Sums:
        return replace(self, vectors=self.vectors.copy(), products=self.products.copy(), means=self.means.copy())

    def move_mean(self, before: NDArray[np.floating], after: NDArray[np.floating]) -> None:
        """Replace means of readers, each (readers, d), by the square root of their number of openings."""
        self.means += after.T @ after - before.T @ before


class Discriminant:
    """The space, made anew as openings come in, at the same openings whoever asks.

    An item that changes is counted as if it had been opened as it is now: whoever goes through the log later knows no
    other version. Then the space is made anew when it is asked for, of the same openings.
    """

    def __init__(self, audience: Audience, vectors: Column) -> None:
        """audience: keeps the sum of each reader's vectors; vectors: (rows, d) of the catalogue, which grows."""
        self._audience, self._vectors = audience, vectors
        dim = vectors.values.shape[1]
        # Each opening in order: whose, as a number that is of no name, and the row that the item has now.
        self._whose, self._rows = Column(np.int32), Column(np.int64)
        self._numbers: dict[str, int] = {}
        # How many are taken in, and of the readers of those that are not the means before them.
        self._taken = 0
        self._before: dict[str, Vectors] = {}
        # Now, and when the space was made.
        self._now = _Sums(np.zeros(dim), np.zeros((dim, dim)), np.zeros((dim, dim)))
        self._then = self._now
        self._next = FIRST
        self._spread = np.zeros(min(DIM, dim))
        self._is_stale = False
        self._mean, self._directions = (
            np.zeros(dim, dtype=np.float32),
            np.zeros((dim, len(self._spread)), dtype=np.float32),
        )
        self._points = Column(np.float32, self._spread.shape)
        # Which space the point of a row lies in; 0: none.
        self._space_of, self._space = Column(np.int32), 0

    def opened(self, user: str, row: int) -> None:
        """Take in an opening, before the audience does; make the next space first if the ones before let it be due."""
        due = self._now.openings - self._now.readers >= self._next
        if due or len(self._rows) - self._taken >= _PORTION:
            self._take_in()
        if due:
            self._next = int(GROWTH * self._next)
            self._then = self._now.copy()
            self._make()
        self._before.setdefault(user, self._mean_of(user))
        if not self._audience.opened_by(user)[1]:
            self._numbers[user] = self._now.readers
            self._now.readers += 1
        self._now.openings += 1
        self._whose.append(self._numbers[user])
        self._rows.append(row)

    def forget(self, user: str) -> None:
        """Let a reader's next opening be the first of another one, before the audience forgets the reader."""
        if user in self._before:
            self._take_in()
        self._numbers.pop(user, None)

    def _take_in(self) -> None:
        if not self._before:
            return
        own = self._vectors.values[self._rows.values[self._taken :]]
        before, after = np.array(list(self._before.values())), np.array([self._mean_of(user) for user in self._before])
        self._now.vectors += own.sum(axis=0)
        self._now.products += own.T @ own
        self._now.move_mean(before, after)
        self._taken, self._before = len(self._rows), {}

    def move(self, old: int, new: int) -> None:
        """Count all openings of an item as of its new version, before the audience does."""
        at = np.flatnonzero(self._rows.values == old)
        if not len(at):
            return
        self._take_in()
        self._correct(self._now, at, new)
        if at[0] < self._then.openings:
            if self._then is not self._now:
                self._correct(self._then, at[at < self._then.openings], new)
            self._is_stale = self._space > 0
        self._rows.values[at] = new

    def _correct(self, sums: _Sums, at: Rows, new: int) -> None:
        """Have some openings, by their places, of one item be of another vector."""
        before, after = self._vectors.values[[self._rows.values[at[0]], new]].astype(np.float64)
        sums.vectors += len(at) * (after - before)
        sums.products += len(at) * (np.outer(after, after) - np.outer(before, before))
        readers, times = np.unique(self._whose.values[at], return_counts=True)
        for start in range(0, len(readers), _READERS_AT_ONCE):
            some = slice(start, start + _READERS_AT_ONCE)
            totals, roots = self._totals(readers[some], sums.openings)
            moved = totals + times[some, None] * (after - before)
            sums.move_mean(totals / roots, moved / roots)

    def _totals(self, readers: Rows, openings: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return of the first openings of some readers, ascending, the sums, (readers, d), and the roots of counts."""
        whose = self._whose.values[:openings]
        own = np.flatnonzero(np.isin(whose, readers))
        own = own[np.argsort(whose[own], kind="stable")]
        counts = np.bincount(np.searchsorted(readers, whose[own]), minlength=len(readers))
        vectors = self._vectors.values[self._rows.values[own]]
        totals = np.add.reduceat(vectors, np.cumsum(counts) - counts, axis=0, dtype=np.float64)
        return totals, np.sqrt(counts)[:, None]

    def _mean_of(self, user: str) -> Vectors:
        """Return (d,): the mean of a reader's openings, by the square root of their number."""
        total, count = self._audience.opened_by(user)
        mean: Vectors = total / np.float32(max(1, count) ** 0.5)
        return mean

    def _make(self) -> None:
        sums = self._then
        dim, mean = len(sums.vectors), sums.vectors / sums.openings
        within = (sums.products - sums.means) / (sums.openings - sums.readers)
        between = sums.products / sums.openings - np.outer(mean, mean) - within
        least = LEAST_WITHIN * np.trace(sums.products) / sums.openings
        within[np.diag_indices(dim)] += RIDGE * max(np.trace(within), least, 1e-9) / dim
        spread, directions = eigh(between, within, subset_by_index=(dim - len(self._spread), dim - 1))
        # One reader differs from nobody.
        self._spread = np.where((spread >= LEAST_SPREAD) & (sums.readers > 1), spread, 0.0)
        self._directions, self._mean = directions.astype(np.float32), mean.astype(np.float32)
        self._space += 1
        self._is_stale = False

    @property
    def spread(self) -> NDArray[np.float64]:
        """(directions,): by how much readers differ, as a variance in units of that within one; 0 before a space."""
        if self._is_stale:
            self._make()
        return self._spread

    def points(self, rows: Rows) -> Vectors:
        """Return (rows, directions): where some rows of the catalogue lie; in the middle of all without text."""
        if self._is_stale:
            self._make()
        for column in (self._points, self._space_of):
            column.grow_to(len(self._vectors))
        old = rows[self._space_of.values[rows] != self._space]
        if len(old):
            vectors = self._vectors.values[old]
            apart = (vectors - self._mean) * vectors.any(axis=1, keepdims=True)
            self._points.values[old] = apart @ self._directions
            self._space_of.values[old] = self._space
        points: Vectors = self._points.values[rows]
        return points

    def cosines(self, rows: Rows, others: Rows) -> Vectors:
        """Return (rows, others): cosines of points, each direction by the square root of `spread`."""
        deviation = np.sqrt(self.spread).astype(np.float32)
        return _unit(self.points(rows) * deviation) @ _unit(self.points(others) * deviation).T


def _unit(points: Vectors) -> Vectors:
    norms = np.linalg.norm(points, axis=1, keepdims=True)
    unit: Vectors = np.divide(points, norms, out=np.zeros_like(points), where=norms > 0)
    return unit
