"""How fast one reader reads, per language, learned as they read.

The speed is words / minutes over all paragraphs that were read, with a prior of `speed_prior_min` minutes at the
population's speed: a shrunken mean, so that the first article moves it a little and the fiftieth hardly at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from reader.settings import ReadingSettings


@dataclass(frozen=True, slots=True)
class Speed:
    """Words and minutes that were read in one language."""

    words: float = 0.0
    minutes: float = 0.0

    def plus(self, words: float, minutes: float) -> Speed:
        """Return the speed after more was read."""
        return Speed(self.words + words, self.minutes + minutes)


def prior_words_per_min(language: str, settings: ReadingSettings) -> float:
    """Return the population's speed; languages without a figure of their own take the English one."""
    return settings.words_per_min_de if language == "de" else settings.words_per_min_en


def words_per_min(speed: Speed, language: str, settings: ReadingSettings) -> float:
    """Return the reader's shrunken mean speed.

    >>> round(words_per_min(Speed(), "en", ReadingSettings()))
    238
    >>> round(words_per_min(Speed(words=2000, minutes=10), "en", ReadingSettings()))
    209
    """
    prior_words = prior_words_per_min(language, settings) * settings.speed_prior_min
    return (prior_words + speed.words) / (settings.speed_prior_min + speed.minutes)


def expected_s(words: int, words_per_minute: float, settings: ReadingSettings) -> float:
    """Return the seconds that reading `words` words takes at this speed, with the time to settle."""
    return words / words_per_minute * 60 + settings.settle_s
