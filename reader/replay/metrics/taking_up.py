"""How soon a new interest of which the truth is known is taken up by a policy, list by list."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.replay.metrics.intervals import bootstrap_ci95, bootstrap_statistic_ci95

# Lists that are waited for a new interest; ours. One that fewer than LISTS_NEEDED follow does not count.
LISTS_AFTER: Final = 10
LISTS_NEEDED: Final = 3
# The time of an interest that none of those lists took up: one list more.
NEVER: Final = LISTS_AFTER + 1.0
# Name of a share -> within how many lists after the sign an item must have stood in the first ten; 0: before it.
TAKEN_UP_WITHIN: Final = {"before": 0, "next": 1, "within_3": 3}


@dataclass(slots=True)
class TakingUp:
    """One new interest under one policy. is_there: whether an item of it is in the first ten, list by list.

    The first list is the one from which the interest showed, ranked before anything was known of it.
    """

    is_there: list[bool] = field(default_factory=list)

    def listed(self, *, is_there: bool) -> None:
        """Learn whether an item is in the first ten of the next list."""
        self.is_there.append(is_there)

    @property
    def counts(self) -> bool:
        """Whether enough lists have followed."""
        return len(self.is_there) > LISTS_NEEDED

    def is_within(self, lists: int) -> bool:
        """Whether an item stood in the first ten of one of so many lists after the sign; of 0 lists: before it.

        >>> found = TakingUp([False, False, True, False])
        >>> found.is_within(0), found.is_within(1), found.is_within(3)
        (False, False, True)
        """
        return any(self.is_there[1 : lists + 1]) if lists else self.is_there[0]

    @property
    def time(self) -> float:
        """The number of lists after the sign up to the first with an item in the first ten; NEVER if none had.

        >>> TakingUp([True, False, False, True]).time
        3.0
        """
        return next((float(number) for number, there in enumerate(self.is_there) if number and there), NEVER)


ByReader = Mapping[str, Sequence[TakingUp]]


def presences(found: ByReader, lists: int) -> dict[str, list[float]]:
    """Return reader -> for each interest that counts 1 if it was there within so many lists, else 0."""
    return {
        user: [float(one.is_within(lists)) for one in own if one.counts]
        for user, own in sorted(found.items())
        if any(one.counts for one in own)
    }


def taken_up(found: ByReader, seed: int) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Return shares of TAKEN_UP_WITHIN and the median time, with 95 % intervals over readers; empty if none counts.

    lists: the median number of lists, over the interests of which no item stood in the first ten before; one that was
    not taken up counts as NEVER.
    """
    shares = {name: presences(found, lists) for name, lists in TAKEN_UP_WITHIN.items()}
    if not shares["before"]:
        return {}, {}
    figures = {name: _mean(values) for name, values in shares.items()}
    intervals = {name: bootstrap_ci95(values, seed) for name, values in shares.items()}
    times = [_new_times(found[user]) for user in shares["before"]]
    if any(times):
        figures["lists"] = float(np.median([time for own in times for time in own]))
        intervals["lists"] = _median_ci95(times, seed)
    return figures, intervals


def _new_times(found: Sequence[TakingUp]) -> list[float]:
    return [one.time for one in found if one.counts and not one.is_within(0)]


def _median_ci95(times: Sequence[Sequence[float]], seed: int) -> tuple[float, float]:
    def median(draws: NDArray[np.intp]) -> float:
        drawn = [time for reader in draws.tolist() for time in times[reader]]
        return float(np.median(drawn)) if drawn else math.nan

    return bootstrap_statistic_ci95(len(times), median, seed)


def _mean(values: Mapping[str, Sequence[float]]) -> float:
    return float(np.mean([value for own in values.values() for value in own]))
