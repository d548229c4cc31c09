"""Small registries, and lists whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reader.recommend.challenger.sample import Sample
from reader.recommend.factors.registry import Registry
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment
from reader.recommend.learning.outcomes import Lesson
from reader.recommend.learning.saving import Layout
from reader.settings_challenger import ChallengerSettings

# Small lists need small leaves.
SMALL = ChallengerSettings(
    least_lists=50, least_leaf_places=20, l2=1.0, learning_rate=0.2, rounds=80, patience_rounds=15, sample_places=10_000
)
PLACES = 6


@dataclass(frozen=True)
class SomeFactors:
    """A family of factors that are given, not computed."""

    name: str
    count: int

    @property
    def specs(self) -> tuple[FactorSpec, ...]:
        names = (f"{self.name}.{number}" for number in range(self.count))
        return tuple(FactorSpec(name, self.name, "share", -1, 1, "given", "ours") for name in names)

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        raise AssertionError("no moment has these factors")


REGISTRY = Registry((SomeFactors("first", 2), SomeFactors("second", 2), SomeFactors("noise", 12)))
LAYOUT = Layout(tuple(spec.name for spec in REGISTRY.specs), tuple(REGISTRY.family_rows), "none/1")
COUNT = len(REGISTRY.specs)


def crossed(factors: NDArray[np.float32]) -> NDArray[np.float64]:
    """A truth of the first factor of each family, of which neither tells anything alone."""
    found: NDArray[np.float64] = (factors[0] > 0) == (factors[2] > 0)
    return 3.0 * found


def no_truth(factors: NDArray[np.float32]) -> NDArray[np.float64]:
    """All places are alike."""
    return np.zeros(factors.shape[1])


def lessons(lists: int, truth: object = crossed, seed: int = 0) -> Iterator[Lesson]:
    """Yield lists from which one place each was opened, by the softmax of the truth; a minute apart."""
    rng = np.random.default_rng(seed)
    assert callable(truth)
    for number in range(lists):
        factors = rng.normal(size=(COUNT, PLACES)).astype(np.float32)
        opened = np.zeros(PLACES, dtype=np.bool_)
        # The greatest of logits and Gumbel noise is a draw from the softmax.
        opened[int(np.argmax(truth(factors) + rng.gumbel(size=PLACES)))] = True
        yield lesson(factors, opened.astype(np.float64), number)


def lesson(factors: NDArray[np.float32], gains: NDArray[np.float64], number: int = 0) -> Lesson:
    """Return a list with what it came to."""
    count = len(gains)
    return Lesson(
        list=f"l{number}",
        reader=f"r{number % 7}",
        at_s=60.0 * number,
        seq=number,
        items=tuple(f"i{place}" for place in range(count)),
        places=np.arange(count),
        factors=factors,
        scores=np.zeros(count),
        opened=gains > 0,
        gains=gains,
        actions=np.full((5, count), np.nan),
    )


def sample_of(lists: int, truth: object = crossed, seed: int = 0, places: int = SMALL.sample_places) -> Sample:
    """Keep lists that the learner knew nothing about."""
    sample = Sample(COUNT, places)
    for one in lessons(lists, truth, seed):
        sample.add(one.factors, one.gains, one.scores)
    return sample
