"""How a simulated reader goes through a text: stays on paragraphs, returns to earlier ones, and where it ends.

Pure but for the chance handed in; times in ms. Events are made of it in `visits`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from reader.replay.simulator.readers import SimulatedReader, Taste
from reader.replay.simulator.relevance import keyword_fit, sigmoid
from reader.replay.simulator.settings import AttentionSettings, SimulationSettings
from reader.replay.simulator.world import Paragraph, Subject
from reader.types import Came

Cause = Literal["interest", "difficulty", "place"]
CAUSES: tuple[Cause, ...] = ("interest", "difficulty", "place")


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay on one paragraph, alone on screen. cause: why the reader went back; None if this is no scroll-back.

    topic: of the interest that led back; None if none did.
    """

    paragraph: int
    visible_ms: int
    rest_ms: int
    coverage: float
    came: Came
    cause: Cause | None = None
    topic: str | None = None


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


def glance(ms: int) -> Stay:
    """Return the one stay of who leaves at once."""
    return Stay(0, ms, ms, 1.0, "start")


def read(walk: Walk, interest: float) -> Iterator[Stay]:
    """Yield the stays of one reading in order. interest: in the item, 0 to 1."""
    visited: set[int] = set()
    reads: bool | None = None
    for index, paragraph in enumerate(walk.subject.paragraphs):
        reads = walk.rng.random() < reading_chance(reads, interest, fit(walk, index), walk.attention)
        stay = _stay(walk, index, paragraph, interest, reads=reads)
        yield stay
        backs = list(_returns(walk, stay, visited))
        for back in backs:
            yield from _crossing(walk, range(index - 1, back.paragraph, -1), "up")
            yield back
            if walk.rng.random() < walk.attention.exit_share:
                return
            yield from _to_front(walk, back.paragraph, index)
        if index and not backs and walk.rng.random() < walk.attention.adjusting_share:
            yield from _crossing(walk, range(index - 1, index - 2, -1), "up")
            yield from _to_front(walk, index - 1, index)
        if walk.rng.random() < _stop_chance(walk, interest):
            return


def fit(walk: Walk, index: int) -> float:
    """Return how much of what the reader likes stands in a paragraph, 0 to 1."""
    return keyword_fit(walk.subject.paragraphs[index].keywords, walk.taste, walk.attention.keywords_full)


def hardness(paragraph: Paragraph, settings: AttentionSettings) -> float:
    """Return how hard a paragraph is, 0 to 1: by LIX above the mean, and by its length."""
    strain = min(1.0, max(0.0, paragraph.strain) / settings.hard_strain)
    return strain * min(1.0, paragraph.words / settings.hard_words)


def reading_chance(previous: bool | None, interest: float, fit: float, settings: AttentionSettings) -> float:
    """Return the chance to read a paragraph word by word. previous: whether the one before was, None for the first.

    At an even interest (0.5) in the item and no fit of the paragraph it is the rate of the scroll log.
    """
    rate = settings.read_first if previous is None else settings.read_on if previous else settings.read_again
    more = settings.item_reading * (interest - 0.5) + settings.paragraph_reading * fit
    return sigmoid(math.log(rate / (1 - rate)) + more)


def _stay(walk: Walk, index: int, paragraph: Paragraph, interest: float, *, reads: bool) -> Stay:
    """Read or skim a paragraph that comes on screen for the first time."""
    settings, rng = walk.attention, walk.rng
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


def _returns(walk: Walk, stay: Stay, visited: set[int]) -> Iterator[Stay]:
    """Draw how often the reader goes back from here (Poisson), why each time, and where to; no paragraph twice."""
    earlier = range(max(0, stay.paragraph - walk.attention.memory_paragraphs), stay.paragraph)
    if stay.visible_ms < 1000 * walk.attention.front_held_s or not earlier:
        return
    strengths = strengths_of(walk, earlier)
    at_end = stay.paragraph == len(walk.subject.paragraphs) - 1
    rate = walk.attention.return_rate_end if at_end else walk.attention.return_rate
    for _ in range(walk.rng.poisson(walk.reader.going_back * rate * sum(strengths))):
        cause = CAUSES[_draw(strengths, walk.rng)]
        pulls = [0.0 if index in visited else pull_of(walk, index, cause) for index in earlier]
        if any(pulls):
            back = earlier[_draw(pulls, walk.rng)]
            visited.add(back)
            yield _returning(walk, back, cause)


def strengths_of(walk: Walk, earlier: range) -> tuple[float, ...]:
    """Return how much each of CAUSES makes a reader go back who has passed these paragraphs; 1 in all on average.

    A cause of which the text has nothing is 0, and the reader goes back the less.
    """
    wanted, settings = walk.settings.scroll_backs, walk.attention
    if wanted == "none":
        return (0.0,) * len(CAUSES)
    share = (1 - settings.place_share) / (2 if wanted == "both" else 1)
    some_interest = 1 - math.prod(1 - pull_of(walk, index, "interest") for index in earlier)
    some_difficulty = 1 - math.prod(1 - pull_of(walk, index, "difficulty") for index in earlier)
    return (
        share * some_interest / settings.interest_usual if wanted != "difficulty" else 0.0,
        share * some_difficulty / settings.difficulty_usual if wanted != "interest" else 0.0,
        settings.place_share,
    )


def pull_of(walk: Walk, index: int, cause: Cause) -> float:
    """Return what one paragraph has of a cause to go back to it, 0 to 1."""
    if cause == "interest":
        return fit(walk, index)
    if cause == "difficulty":
        return hardness(walk.subject.paragraphs[index], walk.attention)
    return math.exp(-walk.attention.place_slope * index / max(1, len(walk.subject.paragraphs) - 1))


def _draw(weights: Sequence[float], rng: np.random.Generator) -> int:
    """Draw a place in proportion to the weights, of which one at least is positive."""
    sums = np.cumsum(weights)
    return int(np.searchsorted(sums, rng.random() * sums[-1], side="right"))


def _returning(walk: Walk, index: int, cause: Cause) -> Stay:
    paragraph, settings = walk.subject.paragraphs[index], walk.attention
    pace = settings.return_pace * math.exp(settings.return_pace_sd * walk.rng.standard_normal())
    reading_ms = paragraph.words / walk.words_per_ms * min(settings.return_pace_most, pace)
    stay = _moved(walk, index, max(1000 * settings.rest_s, reading_ms), 1.0, "up", cause)
    return replace(stay, topic=_topic_of(walk, paragraph)) if cause == "interest" else stay


def _topic_of(walk: Walk, paragraph: Paragraph) -> str | None:
    """Return the topic of the reader's interest that a paragraph is about, the strongest if there are several."""
    strength = walk.taste.topics
    held = (one for one in walk.reader.interests if one.topic in strength and one.holds(paragraph.keywords))
    strengths = [(strength[interest.topic], interest.topic) for interest in held]
    return max(strengths)[1] if strengths else None


def _to_front(walk: Walk, paragraph: int, front: int) -> Iterator[Stay]:
    """Scroll down again to where the reading had got to, and find the line."""
    yield from _crossing(walk, range(paragraph + 1, front), "down")
    yield _moved(walk, front, 1000 * walk.attention.settle_s, 1.0, "down")


def _crossing(walk: Walk, paragraphs: range, came: Came) -> Iterator[Stay]:
    """Pass paragraphs without resting on any."""
    for index in paragraphs:
        yield Stay(index, walk.draw_ms(walk.attention.crossing_s), 0, round(walk.rng.uniform(0.3, 1.0), 2), came)


def _stop_chance(walk: Walk, interest: float) -> float:
    """Return the chance to stop after a paragraph: less with patience and interest."""
    return (1 - walk.reader.patience) * (1 - walk.attention.keen_stays * interest)
