"""What fitted trees add to the open score of a place, and by which factors: exactly, so that the score stays a sum."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reader.errors import MissingPackageError
from reader.recommend.factors.spec import Factors

if TYPE_CHECKING:
    from lightgbm import Booster

Matrix = NDArray[np.float64]


def load_lightgbm() -> Any:
    """Return the library; MissingPackageError names the remedy."""
    try:
        import lightgbm
    except (ImportError, OSError) as error:  # it needs a shared library of the system's, too
        raise MissingPackageError("lightgbm", "train", str(error)) from error
    # By itself it prints to standard output, which is for answers.
    lightgbm.register_logger(logging.getLogger("lightgbm"))
    return lightgbm


@dataclass(frozen=True)
class Trees:
    """A fitted model.

    text: LightGBM's dump of it; rows: of the factors it looks at, in the order of its columns; families: of each of
    these its place among the registry's families; family_count: how many those are.
    """

    text: str
    rows: tuple[int, ...]
    families: tuple[int, ...]
    family_count: int

    @property
    def digest(self) -> str:
        """Twelve hex digits that tell it from others."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @cached_property
    def _booster(self) -> Booster:
        booster: Booster = load_lightgbm().Booster(model_str=self.text)
        return booster

    def check(self) -> None:
        """Raise ValueError if the text is no model of these factors, MissingPackageError if it cannot be read here."""
        lightgbm = load_lightgbm()
        try:
            columns = self._booster.num_feature()
        except lightgbm.basic.LightGBMError as error:
            raise ValueError(f"has no trees that LightGBM can read ({error})") from error
        if not columns == len(self.rows) == len(self.families):
            raise ValueError(f"has trees of {columns} factors, and names {len(self.rows)}")

    @cached_property
    def _usual(self) -> float:
        """What they give on average over the places they were fitted to: no place's own, so taken off."""
        return float(self._explained(np.zeros((1, len(self.rows)), dtype=np.float32))[0, -1])

    def scores(self, factors: Factors) -> Matrix:
        """Return what they add to the open score, (places,) float64. factors: (factors, places)."""
        if not factors.shape[1]:
            return np.zeros(0)
        found: Matrix = np.asarray(self._booster.predict(self._columns(factors), raw_score=True, num_threads=1))
        return found - self._usual

    def shares(self, factors: Factors) -> Matrix:
        """Return what each factor of `rows` brings, (rows, places) float64; over the rows they sum to `scores`.

        The Shapley values of the factors on their way from the mean (TreeSHAP, Lundberg et al. 2018), which LightGBM
        works out exactly. They cost more than the scores: ask for the places that are shown.
        """
        if not factors.shape[1]:
            return np.zeros((len(self.rows), 0))
        return self._explained(self._columns(factors))[:, :-1].T

    def parts(self, factors: Factors) -> Matrix:
        """Return the shares of the factors of each family together, (families, places)."""
        parts = np.zeros((self.family_count, factors.shape[1]))
        np.add.at(parts, np.array(self.families), self.shares(factors))
        return parts

    def heaviest(self, count: int) -> tuple[int, ...]:
        """Return the rows of the factors whose splits gained most when the trees were fitted, most first."""
        gains = self._booster.feature_importance("gain")
        order = np.argsort(-gains, kind="stable")[:count]
        return tuple(self.rows[place] for place in order.tolist() if gains[place] > 0)

    def _columns(self, factors: Factors) -> NDArray[np.float32]:
        return np.ascontiguousarray(factors[list(self.rows)].T, dtype=np.float32)

    def _explained(self, columns: NDArray[np.float32]) -> Matrix:
        """Return (places, columns + 1): each factor's part, and last the mean."""
        return np.asarray(self._booster.predict(columns, pred_contrib=True, num_threads=1), dtype=np.float64)


def families_of(rows: Sequence[int], family_rows: dict[str, NDArray[np.int64]]) -> tuple[int, ...]:
    """Return for each row of a factor the place of its family."""
    place_of = {int(row): place for place, own in enumerate(family_rows.values()) for row in own}
    return tuple(place_of[row] for row in rows)
