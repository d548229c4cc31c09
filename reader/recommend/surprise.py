"""From familiar to surprising: what a reader's one setting does to a list."""

from __future__ import annotations

from dataclasses import dataclass

from reader.settings import RankingSettings


@dataclass(frozen=True, slots=True)
class Daring:
    """diversity: weight of likeness to what stands above. novelty: weight of distance from what was opened, below 0
    it draws to the familiar; both in standard deviations of the scores. exploring_every: one drawn place in so many;
    None: none.
    """

    diversity: float
    novelty: float
    exploring_every: int | None


def daring(surprise: float, settings: RankingSettings) -> Daring:
    """Return what a place on the scale from 0 (familiar) to 1 (surprising) means; in the middle, the settings as such.

    >>> daring(0.0, RankingSettings()), daring(1.0, RankingSettings())
    (Daring(diversity=0.0, novelty=-1.0, exploring_every=None), Daring(diversity=2.0, novelty=1.0, exploring_every=5))
    """
    twice = 2 * surprise
    every = max(1, round(settings.exploring_every / twice)) if twice > 0 else None
    return Daring(twice * settings.diversity_weight, (twice - 1) * settings.novelty_weight, every)
