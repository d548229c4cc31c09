"""How a simulated reader goes through a text: stays on paragraphs, returns to earlier ones, and where it ends.

Pure but for the chance handed in; times in ms. Events are made of it in `visits`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from reader.replay.simulator.readers import SimulatedReader, Taste
from reader.replay.simulator.relevance import bounce_chance, interest_logit, keyword_fit, paragraph_interest, sigmoid
from reader.replay.simulator.settings import AttentionSettings, SimulationSettings
from reader.replay.simulator.world import Paragraph, Subject
from reader.types import Came

Cause = Literal["interest", "difficulty", "place"]
CAUSES: tuple[Cause, ...] = ("interest", "difficulty", "place")


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay on one paragraph, alone on screen. cause: why the reader went back; None if this is no scroll-back."""

    paragraph: int
    visible_ms: int
    rest_ms: int
    coverage: float
    came: Came
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """What one reading is drawn from."""

    subject: Subject
    reader: SimulatedReader
    taste: Taste
    settings: SimulationSettings
    rng: np.random.Generator

    @property
    def attention(self) -> AttentionSettings:
        """The constants of reading."""
        return self.settings.attention

    @property
    def words_per_ms(self) -> float:
        """The reader's speed in the language of the text."""
        habits, reader = self.settings.habits, self.reader
        usual = {"de": habits.words_per_min_de}
        scale = usual.get(self.subject.language, habits.words_per_min_en) / usual.get(
            reader.language, habits.words_per_min_en
        )
        return reader.words_per_min * scale / 60_000

    def draw_ms(self, seconds: tuple[float, float]) -> int:
        """Draw a time between two bounds."""
        return round(1000 * self.rng.uniform(*seconds))


def read(walk: Walk) -> Iterator[Stay]:
    """Yield the stays of one reading in order."""
    logit = interest_logit(walk.subject, walk.taste, walk.settings.taste, walk.attention)
    if walk.rng.random() < bounce_chance(sigmoid(logit), walk.subject.appeal, walk.attention):
        ms = walk.draw_ms(walk.attention.bounce_s)
        yield Stay(0, ms, ms, 1.0, "start")
        return
    visited: set[int] = set()
    for index, paragraph in enumerate(walk.subject.paragraphs):
        interest = paragraph_interest(paragraph, logit, walk.taste, walk.attention)
        stay = _stay(walk, index, paragraph, interest)
        yield stay
        back = _return_to(walk, stay, visited)
        if back is not None:
            visited.add(back.paragraph)
            yield from _crossing(walk, range(index - 1, back.paragraph, -1), "up")
            yield back
            if walk.rng.random() < walk.attention.exit_share:
                return
            yield from _to_front(walk, back.paragraph, index)
        elif index and walk.rng.random() < walk.attention.adjusting_share:
            yield from _crossing(walk, range(index - 1, index - 2, -1), "up")
            yield from _to_front(walk, index - 1, index)
        if walk.rng.random() < _stop_chance(walk, index, interest):
            return


def _stay(walk: Walk, index: int, paragraph: Paragraph, interest: float) -> Stay:
    """Read or skim a paragraph that comes on screen for the first time."""
    settings, rng = walk.attention, walk.rng
    reads = rng.random() < settings.read_least + settings.read_more * interest
    pace = settings.pace_dull + (settings.pace_keen - settings.pace_dull) * interest
    pace *= math.exp(settings.pace_sd * rng.standard_normal())
    if not reads:
        pace *= rng.uniform(*settings.skim)
    settle = settings.settle_s * 1000 if reads else 0.0
    coverage = 1.0 if reads else round(rng.uniform(0.6, 1.0), 2)
    return _moved(
        walk, index, paragraph.words * pace / walk.words_per_ms + settle, coverage, "down" if index else "start"
    )


def _moved(walk: Walk, index: int, rest_ms: float, coverage: float, came: Came, cause: Cause | None = None) -> Stay:
    """Return a stay that begins with the page still moving; the first paragraph is there at once."""
    rest = round(rest_ms)
    scroll = 0 if came == "start" else round(1000 * walk.attention.scroll_s)
    return Stay(index, rest + scroll, rest, coverage, came, cause)


def _return_to(walk: Walk, stay: Stay, visited: set[int]) -> Stay | None:
    """Draw whether the reader goes back from here: 1 - e^(-sum of pulls), and where to, in proportion to them."""
    earlier = range(max(0, stay.paragraph - walk.attention.memory_paragraphs), stay.paragraph)
    if stay.visible_ms < 1000 * walk.attention.front_held_s or not earlier:
        return None
    pulls = {index: pulls_of(walk, index) for index in earlier if index not in visited}
    total = walk.reader.going_back * sum(map(sum, pulls.values()))
    if walk.rng.random() >= 1 - math.exp(-total):
        return None
    # All pulls stand in one row, so that one draw gives paragraph and cause.
    point = walk.rng.random() * sum(map(sum, pulls.values()))
    for index, by_cause in pulls.items():
        for cause, pull in zip(CAUSES, by_cause, strict=True):
            point -= pull
            if point < 0:
                return _returning(walk, index, cause)
    return None  # rounding alone leads here


def pulls_of(walk: Walk, index: int) -> tuple[float, float, float]:
    """Return the rates at which an earlier paragraph pulls an average reader back, in the order of CAUSES."""
    wanted, settings = walk.settings.scroll_backs, walk.attention
    if wanted == "none":
        return 0.0, 0.0, 0.0
    paragraph = walk.subject.paragraphs[index]
    position = index / max(1, len(walk.subject.paragraphs) - 1)
    fit = keyword_fit(paragraph.keywords, walk.taste, settings.keywords_full)
    return (
        settings.interest_pull * fit if wanted != "difficulty" else 0.0,
        settings.difficulty_pull * max(0.0, paragraph.strain) if wanted != "interest" else 0.0,
        settings.place_pull * 4 * position * (1 - position),
    )


def _returning(walk: Walk, index: int, cause: Cause) -> Stay:
    paragraph, settings = walk.subject.paragraphs[index], walk.attention
    reading_ms = paragraph.words / walk.words_per_ms * walk.rng.uniform(*settings.return_pace)
    rest_ms = max(1000 * settings.rest_s, reading_ms + 1000 * settings.settle_s)
    return _moved(walk, index, rest_ms, 1.0, "up", cause)


def _to_front(walk: Walk, paragraph: int, front: int) -> Iterator[Stay]:
    """Scroll down again to where the reading had got to, and find the line."""
    yield from _crossing(walk, range(paragraph + 1, front), "down")
    yield _moved(walk, front, 1000 * walk.attention.settle_s, 1.0, "down")


def _crossing(walk: Walk, paragraphs: range, came: Came) -> Iterator[Stay]:
    """Pass paragraphs without resting on any."""
    for index in paragraphs:
        yield Stay(index, walk.draw_ms(walk.attention.crossing_s), 0, round(walk.rng.uniform(0.3, 1.0), 2), came)


def _stop_chance(walk: Walk, index: int, interest: float) -> float:
    """Return the chance to stop after a paragraph: less with patience and interest, more beyond the usual depth."""
    chance = (1 - walk.reader.patience) * (1 - walk.attention.keen_stays * interest)
    beyond = (index + 1) / len(walk.subject.paragraphs) > walk.reader.depth
    return min(1.0, chance * (walk.attention.beyond_depth if beyond else 1.0))
