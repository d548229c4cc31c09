"""How much of clips of each length readers watch: the distributions that one watch is held against.

After D2Q (Zhan et al., Deconfounding duration bias in watch-time prediction for video recommendation, KDD 2022): a
watch counts by its quantile among all watches of clips of about the same length. The mean quantile is 1/2 at every
length, so neither long clips, which take more time, nor short ones, which are seen to the end, win by their length.
Where D2Q learns from a log at rest, this learns watch by watch, on top of a prior: readers leave at a constant rate,
the same at every length, which is learned from all watches together. A rate that stood fast would do wrong to some
lengths until they are known: where readers leave sooner than it says, hardly any watch of a long clip would be valid.

Within a bucket lengths differ still. Compared by share the shorter clips of a bucket would win a little, by seconds the
longer ones; so watches are compared by the mean of both, see `extent`.

Clips of unknown length are a bucket of their own, compared by seconds. Held against the prior alone, they would win or
lose as a whole wherever readers stay longer or shorter than it expects; and whoever learns from that takes them, whose
length counts as 0, for short ones.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.settings import WatchSettings

# Bounds of the buckets of length, s: from 5 s to 640 s, each sqrt(2) times as long as the one before. Ours.
BUCKETS_S: Final = tuple(round(5.0 * 2 ** (step / 2), 2) for step in range(15))
# Extents are counted in bins that are finer near 0, where most watches of long clips end; the last is the whole. Ours.
BINS: Final = 128
WHOLE: Final = BINS
# The row of clips of unknown length, after those of the buckets; its bins are even in the quantile of the first prior.
_UNKNOWN: Final = len(BUCKETS_S) + 1


def bucket_of(duration_s: float) -> int:
    """Return the number of the bucket of length.

    >>> [bucket_of(seconds) for seconds in (1.0, 5.0, 39.9, 10_000.0)]
    [0, 1, 6, 15]
    """
    return int(np.searchsorted(BUCKETS_S, duration_s, side="right"))


def extent(duration_s: float, share: float) -> float:
    """Return how far a watch goes among those of its bucket: 0 to 1, the greater the longer.

    The geometric mean of the share and of the seconds, these as a share of the longest clip of the bucket.

    >>> round(extent(10.0, 0.5), 3), round(extent(14.0, 0.5), 3)
    (0.42, 0.498)
    """
    return share * _by_length(duration_s)


def share_of(duration_s: float, extent: float) -> float:
    """Return the share that goes so far; above 1 where even the whole does not.

    >>> round(share_of(14.0, extent(14.0, 0.5)), 6)
    0.5
    """
    return extent / _by_length(duration_s)


def _by_length(duration_s: float) -> float:
    bucket = bucket_of(duration_s)
    longest_s = BUCKETS_S[bucket] if bucket < len(BUCKETS_S) else duration_s
    return math.sqrt(duration_s / longest_s)


class WatchShares:
    """Counts of watches by bucket of length and bin of extent, (buckets, bins + 1) float64."""

    def __init__(self, settings: WatchSettings) -> None:
        self._settings = settings
        self._counts: NDArray[np.float64] = np.zeros((_UNKNOWN + 1, BINS + 1))
        # Of all watches together: seconds of clips that were played, and how many ended before the clip did.
        self._seconds, self._left = 0.0, 0
        # Grows with everything learned: what was found under another version is out of date.
        self.version = 0

    @property
    def observed(self) -> int:
        """How many watches have been learned."""
        return int(self._counts.sum())

    def learn(self, duration_s: float, share: float) -> None:
        """Take in one watch of a clip of this length. share: watched, 0 to 1."""
        self._count(bucket_of(duration_s), self._bin(duration_s, share))
        self._pass(share * duration_s, not self._is_whole(share))

    def learn_time(self, seconds: float) -> None:
        """Take in one watch of a clip whose length is not known. seconds: of it that were played."""
        self._count(_UNKNOWN, self._bin_of_time(seconds))
        self._pass(seconds, True)

    def _count(self, row: int, place: int) -> None:
        self._counts[row, place] += 1
        self.version += 1

    def _pass(self, seconds: float, left: bool) -> None:
        self._seconds += seconds
        self._left += left

    @property
    def mean_s(self) -> float:
        """After how many seconds readers leave on average; a watch of the whole says only that it takes longer.

        The estimate of greatest likelihood of an exponential time that is censored, shrunk toward the setting.
        """
        weight = self._settings.prior_watches
        return (weight * self._settings.mean_watch_s + self._seconds) / (weight + self._left)

    def quantile(self, duration_s: float, share: float) -> float:
        """Return the share of the watches of such clips that were shorter, ties half: 0 to 1.

        >>> shares = WatchShares(WatchSettings())
        >>> [round(shares.quantile(30.0, share), 2) for share in (0.0, 0.5, 1.0)]
        [0.0, 0.39, 0.82]
        """
        counts, place = self._counts[bucket_of(duration_s)], self._bin(duration_s, share)
        return self._with_prior(_shorter(counts, place), counts, self._prior_quantile(duration_s, share))

    def finishing(self, duration_s: float) -> float:
        """Return the share of the watches of clips of this length that were of the whole: 0 to 1."""
        counts = self._counts[bucket_of(duration_s)]
        return self._with_prior(float(counts[WHOLE]), counts, self._staying(duration_s))

    def quantile_of_time(self, seconds: float) -> float:
        """Return the quantile of a watch among those of clips whose length is not known, ties half: 0 to 1.

        >>> shares = WatchShares(WatchSettings())
        >>> [round(shares.quantile_of_time(seconds), 2) for seconds in (0.0, 15.0, 60.0)]
        [0.0, 0.39, 0.86]
        """
        counts, place = self._counts[_UNKNOWN], self._bin_of_time(seconds)
        return self._with_prior(_shorter(counts, place), counts, 1.0 - self._staying(seconds))

    def _with_prior(self, number: float, counts: NDArray[np.float64], prior: float) -> float:
        weight = self._settings.prior_watches
        return (weight * prior + number) / (weight + float(counts.sum()))

    def _prior_quantile(self, duration_s: float, share: float) -> float:
        staying = self._staying(share * duration_s)
        return 1.0 - (staying / 2 if self._is_whole(share) else staying)

    def _staying(self, seconds: float) -> float:
        """Return the chance to be still there after so long, if readers leave at a constant rate."""
        return math.exp(-seconds / self.mean_s)

    def _is_whole(self, share: float) -> bool:
        return share >= self._settings.whole_share

    def _bin(self, duration_s: float, share: float) -> int:
        if self._is_whole(share):
            return WHOLE
        return min(BINS - 1, int(BINS * math.sqrt(max(0.0, extent(duration_s, share)))))

    def _bin_of_time(self, seconds: float) -> int:
        return min(BINS - 1, int(BINS * (1.0 - math.exp(-seconds / self._settings.mean_watch_s))))


def _shorter(counts: NDArray[np.float64], place: int) -> float:
    """Return how many of some watches were shorter than one of a bin, ties half."""
    return float(counts[:place].sum() + counts[place] / 2)
