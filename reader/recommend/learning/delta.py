"""What one reader's scores are corrected by: a Bayesian linear model on the contributions of families.

The correction of a place is mean @ contributions; the posterior is kept as precision matrix and precision @ mean, in
which lists simply add up (Bishop 2006, section 3.3). Forgetting a reader is dropping the object.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.special import softmax

from reader.errors import InvalidInputError
from reader.settings import DeltaSettings

Matrix = NDArray[np.float64]
# Two names of families in a different order are other families.
_DIGEST_BYTES = 8
# So that a reader's part stays within 16 KiB in float32.
FAMILIES_LIMIT = 63


class Delta:
    """One reader's correction. families: their names in order. A value: learning returns a new one."""

    def __init__(self, families: Sequence[str], settings: DeltaSettings) -> None:
        if len(families) > FAMILIES_LIMIT:
            raise ValueError(f"{len(families)} families: at most {FAMILIES_LIMIT} fit into 16 KiB")
        self.families = tuple(families)
        self._settings = settings
        self._precision: Matrix = settings.prior_precision * np.eye(len(families))
        self._evidence: Matrix = np.zeros(len(families))

    @cached_property
    def _factor(self) -> tuple[Matrix, bool]:
        matrix, lower = cho_factor(self._precision)
        return matrix, lower

    @cached_property
    def mean(self) -> Matrix:
        """What each family's contribution is multiplied by and added, (families,) float64; 0 without data."""
        mean: Matrix = cho_solve(self._factor, self._evidence)
        return mean

    def adjust(self, contributions: Matrix) -> Matrix:
        """Return what is added to the scores, (places,) float64. contributions: (families, places)."""
        adjustment: Matrix = self.mean @ contributions
        return adjustment

    def uncertainty(self, contributions: Matrix) -> Matrix:
        """Return the standard deviation of `adjust`, (places,) float64 >= 0: for Thompson sampling or a bound."""
        solved: Matrix = cho_solve(self._factor, contributions)
        deviation: Matrix = np.sqrt(np.maximum(0.0, (contributions * solved).sum(axis=0)))
        return deviation

    def learn(self, contributions: Matrix, targets: Matrix, weights: Matrix | None = None) -> Delta:
        """Return the posterior after seeing what the adjustment should have been.

        contributions: (families, places); targets: (places,), in the unit of scores; weights: (places,) >= 0, one over
        the variance of each target, 1 if not given.
        """
        weighted = contributions if weights is None else contributions * weights
        return self._plus(weighted @ contributions.T, weighted @ targets)

    def learn_choice(self, contributions: Matrix, scores: Matrix, gains: Matrix) -> Delta:
        """Return the posterior after a choice from a list, by one Newton step (Laplace approximation).

        contributions: (families, places); scores: (places,), as ranked, this reader's adjustment included; gains:
        (places,) >= 0. The loss is that of `reader.recommend.learning.choice`: a list that teaches nothing there
        teaches nothing here.
        """
        if not 0 < np.count_nonzero(gains) < len(gains):
            return self
        chances = softmax(scores)
        centred = contributions - (contributions @ chances)[:, None]
        centred = np.clip(centred, -self._settings.limit, self._settings.limit)
        information = (centred * chances) @ centred.T
        return self._plus(information, information @ self.mean + centred @ (gains / gains.sum() - chances))

    def _plus(self, information: Matrix, evidence: Matrix) -> Delta:
        kept = self._settings.memory
        prior = self._settings.prior_precision * np.eye(len(self.families))
        twin = Delta(self.families, self._settings)
        twin._precision = kept * self._precision + (1 - kept) * prior + information
        twin._evidence = kept * self._evidence + evidence
        return twin

    def to_bytes(self) -> bytes:
        """Return the model as a digest of its families and K + K * K float32, at most 16 KiB."""
        numbers = np.concatenate([self._evidence, self._precision.ravel()])
        return _digest(self.families) + numbers.astype("<f4").tobytes()

    @classmethod
    def from_bytes(cls, kept: bytes, families: Sequence[str], settings: DeltaSettings) -> Delta:
        """Return the model that `to_bytes` gave, to the precision of float32.

        Raises InvalidInputError if it is broken or of other families.
        """
        count, digest = len(families), kept[:_DIGEST_BYTES]
        if digest != _digest(families) or len(kept) != _DIGEST_BYTES + 4 * count * (1 + count):
            raise InvalidInputError("delta", f"{len(kept)} bytes not of these {count} families", "start anew")
        numbers = np.frombuffer(kept, dtype="<f4", offset=_DIGEST_BYTES).astype(np.float64)
        if not np.isfinite(numbers).all():
            raise InvalidInputError("delta", "holds what is no number", "start anew")
        delta = cls(families, settings)
        delta._evidence = numbers[:count]
        delta._precision = _at_least(numbers[count:].reshape(count, count), settings.prior_precision)
        return delta

    def of_families(self, families: Sequence[str]) -> Delta:
        """Return what is known of other families: of those in common as much, and of new ones nothing."""
        twin = Delta(families, self._settings)
        known = [family for family in families if family in self.families]
        own, place = ([names.index(family) for family in known] for names in (self.families, twin.families))
        # The marginal of a Gaussian: what a family that is gone had in common with others stays in how sure these are.
        covariance: Matrix = cho_solve(self._factor, np.eye(len(self.families)))
        precision = np.linalg.inv(covariance[np.ix_(own, own)])
        twin._precision[np.ix_(place, place)] = precision
        twin._evidence[place] = precision @ self.mean[own]
        return twin


def _at_least(precision: Matrix, least: float) -> Matrix:
    """Return the nearest precision that the prior allows: rounding to float32 can take it below, even below 0."""
    values, vectors = np.linalg.eigh((precision + precision.T) / 2)
    nearest: Matrix = (vectors * np.maximum(values, least)) @ vectors.T
    return nearest


def _digest(families: Sequence[str]) -> bytes:
    return hashlib.sha256("\n".join(families).encode()).digest()[:_DIGEST_BYTES]
