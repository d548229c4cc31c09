"""Numbers that a page rounds, so that what it shows adds up to the sum that it shows, to the last digit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

# Digits that points are shown with.
DIGITS: Final = 3


def shown(value: float) -> float:
    """Return a number as it is shown alone."""
    return round(value, DIGITS)


def adding_up(values: Sequence[float], total: float) -> list[float]:
    """Return the values of a sum, rounded so that they add up to the total as it is shown.

    Each is rounded down, and those that lose most by that up: none is off by a unit of the last digit, none changes
    places with another, and 0 stays 0 (largest remainder, after Hamilton). total: about the sum of the values.
    """
    unit = 10.0**DIGITS
    scaled = [value * unit for value in values]
    lower = [math.floor(value) for value in scaled]
    missing = round(total * unit) - sum(lower)
    by_loss = sorted(range(len(values)), key=lambda at: (lower[at] - scaled[at], at))
    for at in by_loss[: max(0, missing)]:
        lower[at] += 1
    return [value / unit for value in lower]
