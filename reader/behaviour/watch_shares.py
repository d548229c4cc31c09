"""How much of clips of each length readers watch: the distributions that one watch is held against.

After D2Q (Zhan et al., Deconfounding duration bias in watch-time prediction for video recommendation, KDD 2022): a
watch counts by its quantile among all watches of clips of about the same length. The mean quantile is 1/2 at every
length, so neither long clips, which take more time, nor short ones, which are seen to the end, win by their length.
Where D2Q learns from a log at rest, this learns watch by watch, on top of a prior: readers leave at a constant rate.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.settings import WatchSettings

# Bounds of the buckets of length, s: each about twice as long as the one before. Ours.
BUCKETS_S: Final = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0)
# Shares are counted in bins that are finer near 0, where most watches of long clips end; the last is the whole. Ours.
BINS: Final = 32
WHOLE: Final = BINS


def bucket_of(duration_s: float) -> int:
    """Return the number of the bucket of length.

    >>> [bucket_of(seconds) for seconds in (1.0, 5.0, 39.9, 10_000.0)]
    [0, 1, 3, 8]
    """
    return int(np.searchsorted(BUCKETS_S, duration_s, side="right"))


class WatchShares:
    """Counts of watches by bucket of length and bin of share, (buckets, bins + 1) float64."""

    def __init__(self, settings: WatchSettings) -> None:
        self._settings = settings
        self._counts: NDArray[np.float64] = np.zeros((len(BUCKETS_S) + 1, BINS + 1))
        # Grows with everything learned or taken back: what was found under another version is out of date.
        self.version = 0

    @property
    def observed(self) -> int:
        """How many watches have been learned."""
        return int(self._counts.sum())

    def learn(self, duration_s: float, share: float, *, sign: int = 1) -> None:
        """Take in one watch of a clip of this length. share: watched, 0 to 1. sign: -1 takes an earlier call back."""
        self._counts[bucket_of(duration_s), self._bin(share)] += sign
        self.version += 1

    def quantile(self, duration_s: float, share: float) -> float:
        """Return the share of the watches of such clips that were shorter, ties half: 0 to 1.

        >>> shares = WatchShares(WatchSettings())
        >>> [round(shares.quantile(30.0, share), 2) for share in (0.0, 0.5, 1.0)]
        [0.0, 0.39, 0.82]
        """
        counts, place = self._counts[bucket_of(duration_s)], self._bin(share)
        shorter = float(counts[:place].sum() + counts[place] / 2)
        return self._with_prior(shorter, counts, self._prior_quantile(duration_s, share))

    def finishing(self, duration_s: float) -> float:
        """Return the share of the watches of clips of this length that were of the whole: 0 to 1."""
        counts = self._counts[bucket_of(duration_s)]
        return self._with_prior(float(counts[WHOLE]), counts, self._staying(duration_s))

    def quantile_of_time(self, seconds: float) -> float:
        """Return the quantile of a watch of a clip whose length is not known: by the prior, since none are counted."""
        return 1.0 - self._staying(seconds)

    def _with_prior(self, number: float, counts: NDArray[np.float64], prior: float) -> float:
        weight = self._settings.prior_watches
        return (weight * prior + number) / (weight + float(counts.sum()))

    def _prior_quantile(self, duration_s: float, share: float) -> float:
        staying = self._staying(share * duration_s)
        return 1.0 - (staying / 2 if self._is_whole(share) else staying)

    def _staying(self, seconds: float) -> float:
        """Return the chance to be still there after so long, if readers leave at a constant rate."""
        return math.exp(-seconds / self._settings.mean_watch_s)

    def _is_whole(self, share: float) -> bool:
        return share >= self._settings.whole_share

    def _bin(self, share: float) -> int:
        return WHOLE if self._is_whole(share) else min(BINS - 1, int(BINS * math.sqrt(max(0.0, share))))
