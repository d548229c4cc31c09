"""The axes along which an interest is kept: what was done, how long ago, and to what.

Factor names, JSON and SQL use these words; their order is the order of array axes.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

Signal = Literal["read", "reread", "finish", "open", "plus", "watch", "implicit_minus", "minus"]
FeatureKind = Literal["keyword", "topic", "source", "author", "creator", "sound", "language", "cluster"]
Feature = tuple[FeatureKind, str]

SIGNALS: Final[tuple[Signal, ...]] = ("read", "reread", "finish", "open", "plus", "watch", "implicit_minus", "minus")
FEATURE_KINDS: Final[tuple[FeatureKind, ...]] = (
    "keyword",
    "topic",
    "source",
    "author",
    "creator",
    "sound",
    "language",
    "cluster",
)
HALF_LIVES_S: Final[dict[str, float]] = {
    "20min": 1_200.0,
    "6h": 21_600.0,
    "3d": 259_200.0,
    "21d": 1_814_400.0,
    "180d": 15_552_000.0,
}
HALF_LIFE_ARRAY_S: Final = np.array(list(HALF_LIVES_S.values()))
SIGNAL_INDEX: Final[dict[Signal, int]] = {signal: index for index, signal in enumerate(SIGNALS)}

# How much one credit of a signal says, and which way. Ours, untuned: a re-read says more than a read, an act of will
# most.
SIGNAL_WEIGHTS: Final = np.array([0.6, 1.6, 0.4, 0.3, 1.5, 0.8, -0.6, -1.8])
# How much each half-life counts; together 1. Ours, untuned: today and this week matter most.
HALF_LIFE_WEIGHTS: Final = np.array([0.2, 0.25, 0.25, 0.2, 0.1])
