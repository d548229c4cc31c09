"""The chance of a valid watch, which is what a place of a feed is worth: one of the better half at its length.

Which half that is depends on all readers together. It is found once, from the model itself: for each bucket of length
the median extent (as in serving) of what readers of all sorts of interest watch. Of clips that more than half see to
the end, as many of those who do are taken as make a half.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from reader.behaviour.watch_shares import bucket_of, share_of
from reader.recommend.lists import generator
from reader.replay.simulator.watching.feed import draw_clips
from reader.replay.simulator.watching.readers import draw_watcher
from reader.replay.simulator.watching.settings import WatchHabitSettings, WatchSimulationSettings
from reader.replay.simulator.watching.staying import staying
from reader.replay.simulator.watching.world import ClipWorld
from reader.settings import WatchSettings

# Readers, and clips of each length, that stand for all; halvings of the interval in which a median lies.
_READERS: Final = 40
_CLIPS: Final = 20
_HALVINGS: Final = 20
_WHOLE: Final = WatchSettings().whole_share


@dataclass(frozen=True, slots=True)
class ValidChance:
    """bars: bucket of length -> the extent from which a watch is valid, and the chance that one of exactly that is."""

    bars: dict[int, tuple[float, float]]
    habits: WatchHabitSettings

    def chance(self, interest: float, length_s: float) -> float:
        """Return the chance that a reader of some interest watches a clip validly."""
        extent, luck = self.bars[bucket_of(length_s)]
        return luck * float(staying(_seconds(extent, length_s), interest, self.habits))


def find_bars(world: ClipWorld, settings: WatchSimulationSettings, seed: int) -> ValidChance:
    """Find the better half of the watches of each length."""
    interests = _interests(world, settings, seed)
    lengths: dict[int, list[float]] = defaultdict(list)
    for clip in world.clips:
        lengths[bucket_of(clip.length_s)].append(clip.length_s)
    bars = {bucket: _bar(_even(sorted(own)), interests, settings.habits) for bucket, own in sorted(lengths.items())}
    return ValidChance(bars, settings.habits)


def _interests(world: ClipWorld, settings: WatchSimulationSettings, seed: int) -> list[float]:
    found = []
    for number in range(1, min(_READERS, settings.readers) + 1):
        watcher = draw_watcher(number, world, settings, seed)
        rng = generator(seed, watcher.user, "bars")
        found += [watcher.interest(clip, settings.taste) for clip in draw_clips(watcher, world, (), settings, rng)]
    return found


def _even(ordered: Sequence[float]) -> list[float]:
    """Return some of many lengths, evenly from the shortest to the longest."""
    step = max(1, len(ordered) // _CLIPS)
    return list(islice(ordered, step // 2, None, step))


def _bar(lengths: Sequence[float], interests: Sequence[float], habits: WatchHabitSettings) -> tuple[float, float]:
    everyone = np.array(interests)

    def reaching(extent: float) -> float:
        seconds = np.array([[_seconds(extent, length)] for length in lengths])
        return float(staying(seconds, everyone, habits).mean())

    # No watch goes further than that of a whole clip, however short it is.
    whole = reaching(1.0)
    return (1.0, 0.5 / whole) if whole > 0.5 else (_median(reaching), 1.0)


def _seconds(extent: float, length_s: float) -> float:
    """Return how long a watch is that goes so far; the whole is as far as any."""
    return min(_WHOLE, share_of(length_s, extent)) * length_s


def _median(reaching: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if reaching(middle) > 0.5 else (low, middle)
    return high
