"""Readers of clips: which tags, creators and sounds each likes, and how that becomes interest in a clip.

A reader follows from (seed, number) and the world alone: adding readers changes none of those there are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reader.recommend.lists import generator
from reader.replay.simulator.watching.settings import WatchSimulationSettings, WatchTasteSettings
from reader.replay.simulator.watching.world import TRAIT_KINDS, Clip, ClipWorld, TraitKind

# A creator or sound of fewer clips cannot be come back to.
_SHARED_FROM = 2


@dataclass(frozen=True, slots=True)
class Watcher:
    """One reader. likes: kind -> trait -> strength, -1 to 1; openness: logits; activity: times usual."""

    user: str
    likes: Mapping[TraitKind, Mapping[str, float]]
    openness: float
    activity: float

    def interest(self, clip: Clip, settings: WatchTasteSettings) -> float:
        """Return the reader's interest in a clip, 0 to 1; its length plays no part in it."""
        weights = (settings.tag_weight, settings.creator_weight, settings.sound_weight)
        logit = settings.base + self.openness + clip.appeal
        for kind, weight in zip(TRAIT_KINDS, weights, strict=True):
            logit += weight * self._fit(clip, kind)
        return 1 / (1 + math.exp(-logit))

    def _fit(self, clip: Clip, kind: TraitKind) -> float:
        own = self.likes[kind]
        strengths = [own[trait] for trait in clip.traits(kind) if trait in own]
        best = max(strengths, default=0.0)
        return best if best > 0 else min(strengths, default=0.0)

    def record(self) -> dict[str, object]:
        """Return the reader's line of truth.jsonl."""
        likes = {f"{kind}s": {name: round(value, 4) for name, value in own.items()} for kind, own in self.likes.items()}
        return {"type": "reader", "user": self.user, **likes}


def draw_watcher(number: int, world: ClipWorld, settings: WatchSimulationSettings, seed: int) -> Watcher:
    """Draw the reader of a number, counted from 1."""
    user, taste = f"w{number:04d}", settings.taste
    rng = generator(seed, user, "watcher")
    wanted = int(rng.integers(taste.tags_least, taste.tags_most + 1))
    by_size = {tag: math.sqrt(len(places)) for tag, places in world.places["tag"].items()}
    tags = _draw_names(by_size, wanted + taste.disliked_tags, rng)
    disliked = {tag: -strength for tag, strength in _strengths(tags[wanted:], taste, rng).items()}
    likes: dict[TraitKind, dict[str, float]] = {
        "tag": _strengths(tags[:wanted], taste, rng) | disliked,
        "creator": _strengths(_draw_creators(world, set(tags[:wanted]), taste, rng), taste, rng),
        "sound": _strengths(_draw_sounds(world, taste, rng), taste, rng),
    }
    activity = math.exp(settings.habits.activity_sd * rng.standard_normal() - settings.habits.activity_sd**2 / 2)
    return Watcher(user, likes, taste.openness_sd * float(rng.standard_normal()), activity)


def _draw_creators(world: ClipWorld, tags: set[str], taste: WatchTasteSettings, rng: np.random.Generator) -> list[str]:
    """Draw creators of several clips, most of them with clips on tags that the reader likes."""
    shared = {name: places for name, places in world.places["creator"].items() if len(places) >= _SHARED_FROM}
    near = {name: float(len(own)) for name, own in shared.items() if any(tags & set(world.clips[p].tags) for p in own)}
    wanted = int(rng.integers(taste.creators_least, taste.creators_most + 1))
    close = _draw_names(near, round(taste.creators_of_tags * wanted), rng)
    others = {name: float(len(places)) for name, places in shared.items() if name not in close}
    return close + _draw_names(others, wanted - len(close), rng)


def _draw_sounds(world: ClipWorld, taste: WatchTasteSettings, rng: np.random.Generator) -> list[str]:
    shared = {name: float(len(own)) for name, own in world.places["sound"].items() if len(own) >= _SHARED_FROM}
    return _draw_names(shared, int(rng.integers(taste.sounds_least, taste.sounds_most + 1)), rng)


def _draw_names(weights: Mapping[str, float], wanted: int, rng: np.random.Generator) -> list[str]:
    """Draw different names, likelier by their weight."""
    names = list(weights)
    if not names:
        return []
    chances = np.array([weights[name] for name in names])
    chosen = rng.choice(len(names), size=min(wanted, len(names)), replace=False, p=chances / chances.sum())
    return [names[place] for place in chosen]


def _strengths(names: list[str], taste: WatchTasteSettings, rng: np.random.Generator) -> dict[str, float]:
    return dict(zip(names, rng.uniform(taste.strength_least, 1.0, len(names)).tolist(), strict=True))
