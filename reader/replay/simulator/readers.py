"""Simulated readers: what each likes, how each reads, and how that changes.

A reader follows from (seed, number) and the world alone: adding readers changes none of those there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from reader.recommend.lists import generator
from reader.records import format_time
from reader.replay.simulator.settings import HabitSettings, SimulationSettings, TasteSettings
from reader.replay.simulator.topics import LanguageTopics
from reader.replay.simulator.world import Subject, World

_DAY_S = 86_400.0
# Own keywords on a card that tell what it is about.
ABOUT_KEYWORDS = 2


@dataclass(frozen=True, slots=True)
class Interest:
    """One thing that a reader likes: a topic, and in it some keywords. begins: None if from the start.

    strength: of the topic, in (0, 1]; fades: from when half of it is gone after each half-life, None if never.
    """

    topic: str
    keywords: tuple[str, ...]
    strength: float
    begins: datetime | None = None
    fades: datetime | None = None

    def left_at(self, at: datetime, half_life_days: float) -> float:
        """Return the share of it that is there at a moment, 0 to 1."""
        if self.begins is not None and at < self.begins:
            return 0.0
        if self.fades is None or at < self.fades:
            return 1.0
        return float(0.5 ** ((at - self.fades).total_seconds() / _DAY_S / half_life_days))

    def holds(self, keywords: Collection[str]) -> bool:
        """Whether a text with these keywords is about it: two of its own stand there, or all if it has fewer."""
        own = frozenset(self.keywords)
        return len(own.intersection(keywords)) >= min(ABOUT_KEYWORDS, len(own)) > 0

    def is_of(self, subject: Subject) -> bool:
        """Whether an item is one of this interest, as its card tells."""
        return self.topic in subject.topics and self.holds(subject.card)


@dataclass(frozen=True, slots=True)
class Taste:
    """What a reader likes at one moment: topic -> strength, keyword -> share of it that is left, both in (0, 1]."""

    topics: Mapping[str, float]
    keywords: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SimulatedReader:
    """One reader. interests: those of the start, the strongest first, then those that come.

    words_per_min: in `language`; patience: a chance; openness: logits; activity, going_back: times usual.
    """

    user: str
    language: str
    interests: tuple[Interest, ...]
    words_per_min: float
    activity: float
    openness: float
    patience: float
    going_back: float
    sound_on: bool

    @property
    def changes(self) -> tuple[Interest, ...]:
        """The interests that come, in order of time."""
        return tuple(interest for interest in self.interests if interest.begins is not None)

    def taste_at(self, at: datetime, settings: TasteSettings) -> Taste:
        """Return the taste at a moment."""
        topics: dict[str, float] = {}
        keywords: dict[str, float] = {}
        for interest in self.interests:
            left = interest.left_at(at, settings.fading_half_life_days)
            if left > 0:
                topics[interest.topic] = interest.strength * left
                keywords |= {word: max(left, keywords.get(word, 0.0)) for word in interest.keywords}
        return Taste(topics, keywords)

    def record(self) -> dict[str, object]:
        """Return the reader's line of truth.jsonl."""
        first = [interest for interest in self.interests if interest.begins is None]
        return {
            "type": "reader",
            "user": self.user,
            "language": self.language,
            "words_per_min": round(self.words_per_min, 1),
            "topics": {interest.topic: round(interest.strength, 4) for interest in first},
            "keywords": sorted({word for interest in first for word in interest.keywords}),
            "changes": [self._change(interest) for interest in self.changes],
        }

    def _change(self, new: Interest) -> dict[str, object]:
        return {
            "at": format_time(new.begins) if new.begins else None,
            "topic": new.topic,
            "keywords": list(new.keywords),
            "fades": next((old.topic for old in self.interests if old.fades == new.begins), None),
        }


def reader_number(user: str) -> int:
    """Return the number of a simulated reader; ValueError if this is the name of none.

    >>> reader_number("r0012")
    12
    """
    return int(user.removeprefix("r"))


def draw_reader(number: int, world: World, settings: SimulationSettings, seed: int) -> SimulatedReader:
    """Draw the reader of a number, counted from 1."""
    user = f"r{number:04d}"
    rng = generator(seed, user, "reader")
    languages = list(world.topics)
    shares = np.array([world.topics[language].items for language in languages], dtype=np.float64)
    language = languages[rng.choice(len(languages), p=shares / shares.sum())]
    found = world.topics[language]
    interests = _draw_changes(_draw_interests(found, settings.taste, rng), found, world, settings, rng)
    return SimulatedReader(
        user=user,
        language=language,
        interests=tuple(interests),
        openness=settings.taste.openness_sd * float(rng.standard_normal()),
        words_per_min=_usual_speed(language, settings.habits) * _factor(settings.habits.speed_sd, rng),
        activity=_factor(settings.habits.activity_sd, rng),
        going_back=_factor(settings.habits.going_back_sd, rng),
        patience=float(rng.beta(*settings.habits.patience)),
        sound_on=bool(rng.random() < settings.habits.sound_on_share),
    )


def _draw_interests(found: LanguageTopics, settings: TasteSettings, rng: np.random.Generator) -> list[Interest]:
    """Draw some topics, likelier by the root of their size, and a strength for each; the strongest first."""
    wanted = int(rng.integers(settings.topics_least, settings.topics_most + 1))
    names = _draw_names(found.counts, wanted, rng)
    strengths = sorted(map(float, rng.uniform(settings.strength_least, 1.0, len(names))), reverse=True)
    return [
        Interest(topic, _draw_keywords(found, topic, settings, rng), strength)
        for topic, strength in zip(names, strengths, strict=True)
    ]


def _draw_names(counts: Mapping[str, int], wanted: int, rng: np.random.Generator) -> list[str]:
    names = list(counts)
    if not names:
        return []
    weights = np.sqrt(np.array([counts[name] for name in names], dtype=np.float64))
    chosen = rng.choice(len(names), size=min(wanted, len(names)), replace=False, p=weights / weights.sum())
    return [names[place] for place in chosen]


def _draw_keywords(
    found: LanguageTopics, topic: str, settings: TasteSettings, rng: np.random.Generator
) -> tuple[str, ...]:
    """Draw one keyword of the topic, and take those that stand with it: nobody likes three words at random."""
    words = found.keywords[topic]
    if not words:
        return ()
    seed = words[int(rng.integers(len(words)))]
    return tuple(sorted((seed, *found.companions(topic, seed, settings.keywords_a_topic - 1))))


def _draw_changes(
    interests: list[Interest],
    found: LanguageTopics,
    world: World,
    settings: SimulationSettings,
    rng: np.random.Generator,
) -> list[Interest]:
    """Draw whether, when and to what a reader changes; each time the strongest interest so far begins to fade."""
    changes = rng.random() < settings.changes_share
    shares = sorted(map(float, rng.uniform(settings.taste.change_from, settings.taste.change_to, settings.changes)))
    for share in shares if changes else ():
        others = {
            topic: count
            for topic, count in found.counts.items()
            if topic not in {interest.topic for interest in interests}
        }
        if not others:
            break
        at = _moment(world, share)
        topic = _draw_names(others, 1, rng)[0]
        new = Interest(topic, _draw_keywords(found, topic, settings.taste, rng), settings.taste.change_strength, at)
        interests = [*_with_strongest_fading(interests, at), new]
    return interests


def _moment(world: World, share: float) -> datetime:
    """Return the moment at a share of the time, to the millisecond, as it will be written."""
    at_ms = round(world.start.timestamp() * 1000 + share * (world.end - world.start).total_seconds() * 1000)
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def _with_strongest_fading(interests: list[Interest], at: datetime) -> list[Interest]:
    lasting = [interest for interest in interests if interest.fades is None]
    strongest = max(lasting, key=lambda interest: interest.strength, default=None)
    return [replace(one, fades=at) if one is strongest else one for one in interests]


def _usual_speed(language: str, settings: HabitSettings) -> float:
    return settings.words_per_min_de if language == "de" else settings.words_per_min_en


def _factor(deviation: float, rng: np.random.Generator) -> float:
    """Draw from the log-normal distribution of mean 1."""
    return float(np.exp(deviation * rng.standard_normal() - deviation**2 / 2))
