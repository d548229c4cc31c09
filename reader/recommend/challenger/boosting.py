"""One fit with LightGBM (Ke et al., NIPS 2017): gradient boosting (Friedman 2001) from given scores on.

The only module that loads the library at once; import it when there is something to fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import lightgbm
import numpy as np
from lightgbm.basic import LightGBMError
from numpy.typing import NDArray

from reader.recommend.challenger.sample import Part, Sample
from reader.settings_challenger import ChallengerSettings

Matrix = NDArray[np.float64]
# Places that go from the disk to the library at a time.
_BATCH = 4096


@dataclass(frozen=True, slots=True)
class Boosted:
    """text: the library's dump; rounds: how many trees; loss: of the newer lists with them; used: rows of factors.

    Without a tree the text is empty.
    """

    text: str
    rounds: int
    loss: float
    used: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Boosting:
    """Fits to the older lists of a sample, and stops when the newer ones no longer gain."""

    sample: Sample
    older: Part
    newer: Part
    settings: ChallengerSettings
    seed: int

    def run(self, rows: NDArray[np.int64], rates: Matrix, learning_rate: float) -> Boosted:
        """Fit trees to some factors. rows, rates: of these; what a split gains counts as much as its factor's rate."""
        try:
            return self._run(rows, rates, learning_rate)
        except LightGBMError as error:
            # Its way to say that no factor has enough different values to be split by.
            if "num_features()) > (0)" not in str(error):
                raise
            return Boosted("", 0, np.inf, rows[:0])

    def _run(self, rows: NDArray[np.int64], rates: Matrix, learning_rate: float) -> Boosted:
        names = [f"f{row}" for row in rows]
        older = self._dataset(self.older, rows, names)
        booster = lightgbm.train(
            self._parameters
            | {"learning_rate": learning_rate, "feature_contri": rates.tolist(), "objective": self._slopes},
            older,
            self.settings.rounds,
            valid_sets=[self._dataset(self.newer, rows, names, reference=older)],
            feval=self._loss,
            callbacks=[lightgbm.early_stopping(self.settings.patience_rounds, verbose=False)],
        )
        best = booster.best_iteration
        used = rows[np.flatnonzero(booster.feature_importance(iteration=best))]
        return Boosted(booster.model_to_string(num_iteration=best), best, booster.best_score["valid_0"]["loss"], used)

    def _dataset(
        self, part: Part, rows: NDArray[np.int64], names: list[str], reference: lightgbm.Dataset | None = None
    ) -> lightgbm.Dataset:
        return lightgbm.Dataset(
            _Places(self.sample, part.rows, rows),
            label=part.targets.shares,
            init_score=part.scores,
            reference=reference,
            feature_name=names,
            params=self._parameters,
        )

    def _slopes(self, scores: Matrix, _: lightgbm.Dataset) -> tuple[Matrix, Matrix]:
        return self.older.targets.slopes(scores)

    def _loss(self, scores: Matrix, _: lightgbm.Dataset) -> tuple[str, float, bool]:
        return "loss", self.newer.targets.loss(scores), False

    @property
    def _parameters(self) -> dict[str, Any]:
        settings = self.settings
        return {
            "num_leaves": settings.leaves,
            "max_depth": settings.depth,
            "min_data_in_leaf": settings.least_leaf_places,
            # The second derivative of a place is small, at most a quarter.
            "min_sum_hessian_in_leaf": 0.0,
            "lambda_l2": settings.l2,
            "feature_fraction": settings.factor_share,
            "bagging_fraction": settings.place_share,
            "bagging_freq": 1,
            "max_bin": settings.bins,
            "metric": "None",
            "seed": self.seed,
            "deterministic": True,
            "num_threads": 1,
            # Else it times both ways first, and sums in another order.
            "force_row_wise": True,
            "verbosity": -1,
        }


class _Places(lightgbm.Sequence):
    """Places of a sample, a batch at a time: the library never holds all their factors, but their bins."""

    batch_size = _BATCH

    def __init__(self, sample: Sample, places: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
        self._sample = sample
        self._places = places
        self._rows = rows

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int | slice | list[int]) -> NDArray[np.float64]:
        found = self._sample.factors[self._places[index]][..., self._rows]
        return cast(NDArray[np.float64], found.astype(np.float64))
