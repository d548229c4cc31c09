"""Simulated readers: what each likes, how each reads, and how that changes.

A reader follows from (seed, number) and the world alone: adding readers changes none of those there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from reader.recommend.lists import generator
from reader.records import format_time
from reader.replay.simulator.settings import HabitSettings, SimulationSettings, TasteSettings
from reader.replay.simulator.topics import LanguageTopics
from reader.replay.simulator.world import World

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Taste:
    """What a reader likes at one moment. topics: topic -> strength in (0, 1]."""

    topics: dict[str, float]
    keywords: frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """A new interest. fades: the topic that it drives out, None if the reader had none."""

    at: datetime
    topic: str
    keywords: tuple[str, ...]
    fades: str | None


@dataclass(frozen=True, slots=True)
class SimulatedReader:
    """One reader. words_per_min: in `language`; patience, depth: shares; openness: logits; the others: times usual."""

    user: str
    language: str
    topics: dict[str, float]
    keywords: tuple[str, ...]
    changes: tuple[Change, ...]
    words_per_min: float
    activity: float
    openness: float
    patience: float
    depth: float
    going_back: float
    sound_on: bool

    def taste_at(self, at: datetime, settings: TasteSettings) -> Taste:
        """Return the taste after all changes up to a moment. What fades keeps 2^(-days / half-life) of itself."""
        topics, keywords = dict(self.topics), set(self.keywords)
        for change in self.changes:
            if change.at <= at:
                days = (at - change.at).total_seconds() / _DAY_S
                if change.fades is not None:
                    topics[change.fades] *= 0.5 ** (days / settings.fading_half_life_days)
                topics[change.topic] = settings.change_strength
                keywords.update(change.keywords)
        return Taste(topics, frozenset(keywords))

    def record(self) -> dict[str, object]:
        """Return the reader's line of truth.jsonl."""
        return {
            "type": "reader",
            "user": self.user,
            "language": self.language,
            "words_per_min": round(self.words_per_min, 1),
            "topics": {topic: round(strength, 4) for topic, strength in self.topics.items()},
            "keywords": list(self.keywords),
            "changes": [
                {"at": format_time(c.at), "topic": c.topic, "keywords": list(c.keywords), "fades": c.fades}
                for c in self.changes
            ],
        }


def draw_reader(number: int, world: World, settings: SimulationSettings, seed: int) -> SimulatedReader:
    """Draw the reader of a number, counted from 1."""
    user = f"r{number:04d}"
    rng = generator(seed, user, "reader")
    languages = list(world.topics)
    shares = np.array([world.topics[language].items for language in languages], dtype=np.float64)
    language = languages[rng.choice(len(languages), p=shares / shares.sum())]
    found = world.topics[language]
    topics = _draw_topics(found, settings.taste, rng)
    keywords = tuple(word for topic in topics for word in _draw_keywords(found, topic, settings.taste, rng))
    changes = _draw_changes(found, topics, world, settings, rng)
    return SimulatedReader(
        user=user,
        language=language,
        topics=topics,
        keywords=tuple(sorted(set(keywords))),
        changes=changes,
        openness=settings.taste.openness_sd * float(rng.standard_normal()),
        words_per_min=_usual_speed(language, settings.habits) * _factor(settings.habits.speed_sd, rng),
        activity=_factor(settings.habits.activity_sd, rng),
        going_back=_factor(settings.habits.going_back_sd, rng),
        patience=float(rng.beta(*settings.habits.patience)),
        depth=float(rng.beta(*settings.habits.depth)),
        sound_on=bool(rng.random() < settings.habits.sound_on_share),
    )


def _draw_topics(found: LanguageTopics, settings: TasteSettings, rng: np.random.Generator) -> dict[str, float]:
    """Draw some topics, likelier by the root of their size, and a strength for each; the strongest first."""
    wanted = int(rng.integers(settings.topics_least, settings.topics_most + 1))
    names = _draw_names(found.counts, wanted, rng)
    strengths = sorted(rng.uniform(settings.strength_least, 1.0, len(names)), reverse=True)
    return dict(zip(names, map(float, strengths), strict=True))


def _draw_names(counts: dict[str, int], wanted: int, rng: np.random.Generator) -> list[str]:
    names = list(counts)
    if not names:
        return []
    weights = np.sqrt(np.array([counts[name] for name in names], dtype=np.float64))
    chosen = rng.choice(len(names), size=min(wanted, len(names)), replace=False, p=weights / weights.sum())
    return [names[place] for place in chosen]


def _draw_keywords(
    found: LanguageTopics, topic: str, settings: TasteSettings, rng: np.random.Generator
) -> tuple[str, ...]:
    words = found.keywords[topic]
    chosen = rng.choice(len(words), size=min(settings.keywords_a_topic, len(words)), replace=False)
    return tuple(sorted(words[place] for place in chosen))


def _draw_changes(
    found: LanguageTopics,
    topics: dict[str, float],
    world: World,
    settings: SimulationSettings,
    rng: np.random.Generator,
) -> tuple[Change, ...]:
    """Draw whether, when and to what a reader changes; the strongest interest so far is what fades."""
    changes = rng.random() < settings.changes_share
    share = rng.uniform(settings.taste.change_from, settings.taste.change_to)
    others = {topic: count for topic, count in found.counts.items() if topic not in topics}
    if not changes or not others:
        return ()
    topic = _draw_names(others, 1, rng)[0]
    # To the millisecond, as it will be written.
    at_ms = round(world.start.timestamp() * 1000 + share * (world.end - world.start).total_seconds() * 1000)
    at = datetime.fromtimestamp(at_ms / 1000, world.start.tzinfo)
    return (Change(at, topic, _draw_keywords(found, topic, settings.taste, rng), next(iter(topics), None)),)


def _usual_speed(language: str, settings: HabitSettings) -> float:
    return settings.words_per_min_de if language == "de" else settings.words_per_min_en


def _factor(deviation: float, rng: np.random.Generator) -> float:
    """Draw from the log-normal distribution of mean 1."""
    return float(np.exp(deviation * rng.standard_normal() - deviation**2 / 2))
