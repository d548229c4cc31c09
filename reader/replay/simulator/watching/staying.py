"""The formulas of staying: how long a reader of some interest watches, and the chance to get so far into a clip.

With a chance a reader goes on at once; else they leave at a constant rate, whatever the clip's length.
All take numbers, or arrays that broadcast.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from reader.replay.simulator.watching.settings import WatchHabitSettings

Numbers = TypeVar("Numbers", float, NDArray[np.float64])


def skip_chance(interest: Numbers, habits: WatchHabitSettings) -> Numbers:
    """Return the chance to go on at once.

    >>> skip_chance(1.0, WatchHabitSettings())
    0.0
    """
    return habits.skip_most * (1 - interest)


def mean_stay_s(interest: Numbers, habits: WatchHabitSettings) -> Numbers:
    """Return the mean time until a reader who did not go on at once leaves a clip that never ends, s.

    >>> round(mean_stay_s(0.0, WatchHabitSettings())), round(mean_stay_s(1.0, WatchHabitSettings()))
    (4, 60)
    """
    mean_s: Numbers = habits.stay_dull_s * (habits.stay_keen_s / habits.stay_dull_s) ** interest
    return mean_s


def staying(seconds: Numbers, interest: Numbers, habits: WatchHabitSettings) -> Numbers:
    """Return the chance to be still there after so long."""
    skips = skip_chance(interest, habits)
    least, most = habits.skip_s
    skipping = np.clip((most - seconds) / (most - least), 0.0, 1.0)
    chance: Numbers = skips * skipping + (1 - skips) * np.exp(-seconds / mean_stay_s(interest, habits))
    return chance
