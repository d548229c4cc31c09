"""The formulas of staying: how long a reader of some interest watches, and the chance to get so far into a clip.

With a chance a reader goes on at once; else they leave at a constant rate, whatever the clip's length.
"""

from __future__ import annotations

import math

from reader.replay.simulator.watching.settings import WatchHabitSettings


def skip_chance(interest: float, habits: WatchHabitSettings) -> float:
    """Return the chance to go on at once.

    >>> skip_chance(1.0, WatchHabitSettings())
    0.0
    """
    return habits.skip_most * (1 - interest)


def mean_stay_s(interest: float, habits: WatchHabitSettings) -> float:
    """Return the mean time until a reader who did not go on at once leaves a clip that never ends, s.

    >>> round(mean_stay_s(0.0, WatchHabitSettings())), round(mean_stay_s(1.0, WatchHabitSettings()))
    (4, 60)
    """
    return habits.stay_dull_s * math.pow(habits.stay_keen_s / habits.stay_dull_s, interest)


def staying(seconds: float, interest: float, habits: WatchHabitSettings) -> float:
    """Return the chance to be still there after so long."""
    skips = skip_chance(interest, habits)
    least, most = habits.skip_s
    skipping = min(1.0, max(0.0, (most - seconds) / (most - least)))
    return skips * skipping + (1 - skips) * math.exp(-seconds / mean_stay_s(interest, habits))
