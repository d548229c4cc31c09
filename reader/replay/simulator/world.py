"""The catalogue as the simulated world sees it: when each item appears, its appeal, and what its paragraphs hold.

Prepared once and shared by all readers; nothing here depends on a reader or on how many there are.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import fmean, pstdev

from nlp.readability import difficulty
from nlp.words import find_words
from reader.errors import InvalidInputError
from reader.recommend.lists import generator
from reader.replay.simulator.settings import CatalogueSettings, SimulationSettings
from reader.replay.simulator.topics import LanguageTopics, content_words, find_topics, language_of
from reader.types import AnyItem, Video


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. strain: LIX above the mean of its language, in standard deviations; keywords: any reader's."""

    words: int
    strain: float
    keywords: frozenset[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """An item with what readers react to. appeal: logits, the same for all readers; published_s: Unix time.

    card: the keywords in title and first paragraph; keywords: in the whole text; is_bait: it promises more than it
    holds; length: rank by words, -1 shortest to 1 longest.
    """

    item: AnyItem
    language: str
    published_s: float
    appeal: float
    is_bait: bool
    topics: tuple[str, ...]
    card: frozenset[str]
    keywords: frozenset[str]
    paragraphs: tuple[Paragraph, ...]
    length: float = 0.0

    @property
    def has_body(self) -> bool:
        """Whether there is something to read or to play."""
        return bool(self.paragraphs) or isinstance(self.item, Video)


@dataclass(frozen=True, slots=True)
class World:
    """All items, and the time in which readers meet them.

    items: as given, each with a date; subjects: in order of (publication, id); published_s: theirs, for searching.
    """

    items: tuple[AnyItem, ...]
    subjects: tuple[Subject, ...]
    published_s: tuple[float, ...]
    topics: dict[str, LanguageTopics]
    start: datetime
    end: datetime

    def published_by(self, at_s: float) -> int:
        """Return how many subjects are out at a moment: the first that many of `subjects`."""
        return bisect_right(self.published_s, at_s)


def make_world(
    items: Sequence[AnyItem], settings: SimulationSettings, seed: int, *, start: datetime | None = None
) -> World:
    """Prepare a catalogue. Of items with the same id the last counts. start: of the days, if it is known already.

    Raises InvalidInputError if there is no item.
    """
    unique = list({item.id: item for item in items}.values())
    if not unique:
        raise InvalidInputError("items", "there are none", "give a catalogue of at least one item")
    start = start or _start(unique, settings)
    dated = _dated(unique, start, settings.catalogue)
    topics = find_topics(dated, settings.catalogue)
    subjects = _subjects(dated, topics, settings, seed)
    published_s = tuple(subject.published_s for subject in subjects)
    return World(tuple(dated), subjects, published_s, topics, start, start + timedelta(days=settings.days))


def _start(items: Sequence[AnyItem], settings: SimulationSettings) -> datetime:
    """Return the midnight from which the days end with the last publication; later, if too little is out by then."""
    dates = sorted(item.published_at for item in items if item.published_at is not None)
    if not dates:
        return settings.catalogue.start
    start = _next_midnight(dates[-1]) - timedelta(days=settings.days)
    needed = math.ceil(settings.catalogue.published_at_start * len(items)) - (len(items) - len(dates))
    return max(start, _next_midnight(dates[needed - 1])) if needed > 0 else start


def _next_midnight(at: datetime) -> datetime:
    return datetime(at.year, at.month, at.day, tzinfo=UTC) + timedelta(days=1)


def _dated(items: Sequence[AnyItem], start: datetime, settings: CatalogueSettings) -> list[AnyItem]:
    """Give items without a date one before the start, in their order."""
    undated = [item.id for item in items if item.published_at is None]
    step = timedelta(days=settings.undated_days) / (len(undated) + 1)
    dates = {id: start - step * place for place, id in enumerate(reversed(undated), start=1)}
    return [replace(item, published_at=item.published_at or dates[item.id]) for item in items]


def _subjects(
    items: Sequence[AnyItem], topics: dict[str, LanguageTopics], settings: SimulationSettings, seed: int
) -> tuple[Subject, ...]:
    lix = {item.id: tuple(map(difficulty, item.paragraphs)) for item in items}
    usual = _usual_difficulty(items, lix)
    lengths = _ranked_lengths(items)
    vocabulary = {
        language: frozenset(word for words in found.keywords.values() for word in words)
        for language, found in topics.items()
    }
    baits = _bait_sources(items, settings.clickbait_share, seed)

    def subject_of(item: AnyItem) -> Subject:
        language = language_of(item)
        title, *texts = (
            content_words(text, language, settings.catalogue.keyword_letters) & vocabulary[language]
            for text in (item.title, *item.paragraphs)
        )
        mean, deviation = usual[language]
        return Subject(
            item=item,
            language=language,
            published_s=item.published_at.timestamp() if item.published_at else 0.0,
            appeal=_appeal(item, is_bait=_publisher(item) in baits, settings=settings, seed=seed),
            is_bait=_publisher(item) in baits,
            topics=topics[language].of_item.get(item.id, ()),
            card=title.union(*texts[:1]),
            keywords=title.union(*texts),
            paragraphs=tuple(
                Paragraph(len(find_words(text)), (own - mean) / deviation, keywords)
                for text, own, keywords in zip(item.paragraphs, lix[item.id], texts, strict=True)
            ),
            length=lengths[item.id],
        )

    return tuple(sorted(map(subject_of, items), key=lambda made: (made.published_s, made.item.id)))


def _appeal(item: AnyItem, *, is_bait: bool, settings: SimulationSettings, seed: int) -> float:
    """Draw what an item has for everybody: a normal part, and more if it is hot or bait."""
    rng = generator(seed, "item", item.id)
    appeal = settings.taste.appeal_sd * float(rng.standard_normal())
    is_hot = rng.random() < settings.hot_share
    return appeal + is_hot * settings.taste.hot_appeal + is_bait * settings.taste.bait_appeal


def _publisher(item: AnyItem) -> str:
    """Return whose promise a card is: the source, or the item itself if it names none."""
    return f"source {item.source}" if item.source else f"item {item.id}"


def _bait_sources(items: Sequence[AnyItem], share: float, seed: int) -> frozenset[str]:
    """Draw the share of publishers who promise more than they hold; a larger share has all of a smaller one."""
    publishers = sorted({_publisher(item) for item in items})
    ordered = sorted(publishers, key=lambda name: float(generator(seed, "bait", name).random()))
    return frozenset(ordered[: round(share * len(ordered))])


def _ranked_lengths(items: Sequence[AnyItem]) -> dict[str, float]:
    """Return the rank of each item by the words of its paragraphs, -1 to 1; equal ones share the middle of theirs."""
    words = {item.id: sum(len(find_words(text)) for text in item.paragraphs) for item in items}
    ordered = sorted(words.values())
    last = max(1, len(ordered) - 1)
    return {id: (bisect_left(ordered, own) + bisect_right(ordered, own) - 1) / last - 1 for id, own in words.items()}


def _usual_difficulty(items: Sequence[AnyItem], lix: dict[str, tuple[float, ...]]) -> dict[str, tuple[float, float]]:
    """Return language -> mean and standard deviation of LIX over paragraphs; a deviation of 0 becomes 1."""
    found: dict[str, list[float]] = defaultdict(lambda: [])
    for item in items:
        found[language_of(item)].extend(lix[item.id])
    return {language: (fmean(own or [0.0]), pstdev(own or [0.0]) or 1.0) for language, own in found.items()}
