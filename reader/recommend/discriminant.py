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

Vectors = NDArray[np.float32]


class Discriminant:
    """The space, made anew as openings come in, at the same openings whoever asks."""

    def __init__(self, audience: Audience, vectors: Column) -> None:
        """audience: keeps the sum of each reader's vectors; vectors: (rows, d) of the catalogue, which grows."""
        self._audience, self._vectors = audience, vectors
        dim = vectors.values.shape[1]
        # Openings that are not taken in yet, and of their readers the means before them.
        self._rows: list[int] = []
        self._before: dict[str, Vectors] = {}
        # Sums over all openings of vectors and of their products, and over all readers of the products of means.
        self._sum, self._products, self._means = np.zeros(dim), np.zeros((dim, dim)), np.zeros((dim, dim))
        self._openings = self._readers = 0
        self._next = FIRST
        # (directions,): by how much readers differ, as a variance in units of that within one; 0 before a space.
        self.spread: NDArray[np.float64] = np.zeros(min(DIM, dim))
        self._mean, self._directions = (
            np.zeros(dim, dtype=np.float32),
            np.zeros((dim, len(self.spread)), dtype=np.float32),
        )
        self._points = Column(np.float32, self.spread.shape)
        # Which space the point of a row lies in; 0: none.
        self._space_of, self._space = Column(np.int32), 0

    def opened(self, user: str, row: int) -> None:
        """Take in an opening, before the audience does; make the next space first if the ones before let it be due."""
        due = self._openings - self._readers >= self._next
        if due or len(self._rows) >= _PORTION:
            self._take_in()
        if due:
            self._next = int(GROWTH * self._next)
            self._make()
        self._before.setdefault(user, self._mean_of(user))
        self._readers += not self._audience.opened_by(user)[1]
        self._openings += 1
        self._rows.append(row)

    def forget(self, user: str) -> None:
        """Let a reader's next opening be the first of another one, before the audience forgets the reader."""
        if user in self._before:
            self._take_in()

    def _take_in(self) -> None:
        own = self._vectors.values[self._rows]
        before, after = np.array(list(self._before.values())), np.array([self._mean_of(user) for user in self._before])
        self._sum += own.sum(axis=0)
        self._products += own.T @ own
        self._means += after.T @ after - before.T @ before
        self._rows, self._before = [], {}

    def _mean_of(self, user: str) -> Vectors:
        """Return (d,): the mean of a reader's openings, by the square root of their number."""
        total, count = self._audience.opened_by(user)
        mean: Vectors = total / np.float32(max(1, count) ** 0.5)
        return mean

    def _make(self) -> None:
        dim, mean = len(self._sum), self._sum / self._openings
        within = (self._products - self._means) / (self._openings - self._readers)
        between = self._products / self._openings - np.outer(mean, mean) - within
        least = LEAST_WITHIN * np.trace(self._products) / self._openings
        within[np.diag_indices(dim)] += RIDGE * max(np.trace(within), least, 1e-9) / dim
        spread, directions = eigh(between, within, subset_by_index=(dim - len(self.spread), dim - 1))
        # One reader differs from nobody.
        self.spread = np.where((spread >= LEAST_SPREAD) & (self._readers > 1), spread, 0.0)
        self._directions, self._mean = directions.astype(np.float32), mean.astype(np.float32)
        self._space += 1

    def points(self, rows: NDArray[np.int64]) -> Vectors:
        """Return (rows, directions): where some rows of the catalogue lie; in the middle of all without text."""
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

    def cosines(self, rows: NDArray[np.int64], others: NDArray[np.int64]) -> Vectors:
        """Return (rows, others): cosines of points, each direction by the square root of `spread`."""
        deviation = np.sqrt(self.spread).astype(np.float32)
        return _unit(self.points(rows) * deviation) @ _unit(self.points(others) * deviation).T


def _unit(points: Vectors) -> Vectors:
    norms = np.linalg.norm(points, axis=1, keepdims=True)
    unit: Vectors = np.divide(points, norms, out=np.zeros_like(points), where=norms > 0)
    return unit
