"""To whom each item appeals: the mean taste of the readers who clicked it, and of those who were shown it.

What a text is about and who reads it are not the same. A taste is the mean vector of what a reader opened, less what
all items share, as a unit vector; it is that of before the click, so that an item says nothing about itself. A linear
model of each item over the readers' features, without its matrix (the per-article model of Li et al., WWW 2010, by
means).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.arrays import Column

Vectors = NDArray[np.float32]
# Below this length what a reader opened has no direction.
_LEAST_NORM: Final = 1e-6


class Gathering:
    """Sums of tastes by row of the catalogue; rows get a place when the first taste comes."""

    def __init__(self, dim: int) -> None:
        self._place: dict[int, int] = {}
        self._sums = Column(np.float32, (dim,))
        self._counts = Column(np.float32)
        self._total = np.zeros(dim)
        self._count = 0.0

    def add(self, rows: Iterable[int], taste: Vectors) -> None:
        """Count one reader toward some rows. taste: (d,) unit, or zero for a reader without one."""
        for row in rows:
            place = self._place.setdefault(row, len(self._place))
            self._sums.grow_to(place + 1)
            self._counts.grow_to(place + 1)
            self._sums.values[place] += taste
            self._counts.values[place] += 1
            self._total += taste
            self._count += 1

    def move(self, old: int, new: int) -> None:
        """Hand what was gathered on to the new version of an item."""
        if old in self._place:
            self._place[new] = self._place.pop(old)

    def leans(self, rows: NDArray[np.int64], taste: Vectors, priors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (priors, rows): how much nearer to a taste those who came to each row are than all who came to any.

        sum of (their taste - mean of all) @ taste / (their number + prior): 0 for a row that nobody came to.
        """
        leans = np.zeros((len(priors), len(rows)))
        known = [(at, self._place[row]) for at, row in enumerate(rows.tolist()) if row in self._place]
        if not known:
            return leans
        at, places = np.array(known).T
        counts = self._counts.values[places].astype(np.float64)
        usual = self._total @ taste / self._count
        leans[:, at] = (self._sums.values[places] @ taste - counts * usual) / (counts + priors[:, None])
        return leans


class Audience:
    """Who came to what: `clicked` and `shown`. Tastes are kept by reader, and forgotten on request."""

    def __init__(self, vectors: Column, all_items: Callable[[], tuple[NDArray[np.float64], int]]) -> None:
        """vectors: (rows, d) of the catalogue; all_items: gives the sum over all items, (d,), and how many."""
        self._vectors, self._all_items = vectors, all_items
        self._dim = dim = vectors.values.shape[1]
        self.clicked, self.shown = Gathering(dim), Gathering(dim)
        self._opened: dict[str, tuple[Vectors, int]] = {}

    def opened(self, user: str, row: int) -> None:
        """Let a reader's taste follow an opening."""
        total, count = self.opened_by(user)
        self._opened[user] = total + self._vectors.values[row], count + 1

    def opened_by(self, user: str) -> tuple[Vectors, int]:
        """Return the sum, (d,) float32, of the vectors of what a reader opened, and how many these are."""
        known = self._opened.get(user)
        return (np.zeros(self._dim, dtype=np.float32), 0) if known is None else known

    def taste(self, user: str) -> Vectors:
        """Return (d,) float32, unit; zero for a reader who opened nothing."""
        total, count = self.opened_by(user)
        of_all, items = self._all_items()
        own = total - (count / max(1, items)) * of_all
        norm = float(np.linalg.norm(own))
        unit: Vectors = (own / norm if norm > _LEAST_NORM else 0.0 * own).astype(np.float32)
        return unit

    def move(self, old: int, new: int, readers: Iterable[str]) -> None:
        """Hand a row on to the new version of its item, and let the tastes of those who opened it follow that.

        The tastes with which others came to their items stay as they were then.
        """
        for user in readers:
            total, count = self._opened[user]
            self._opened[user] = total + (self._vectors.values[new] - self._vectors.values[old]), count
        self.clicked.move(old, new)
        self.shown.move(old, new)

    def knows(self, user: str) -> bool:
        """Whether anything is kept under a reader's name."""
        return user in self._opened

    def forget(self, user: str) -> None:
        """Drop a reader's taste; the sums that it was part of stay."""
        self._opened.pop(user, None)
