"""Which items a simulated list holds, in which order, and with which chance each came to its place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from reader.replay.simulator.settings import SimulationSettings
from reader.replay.simulator.world import Subject, World


@dataclass(frozen=True, slots=True)
class DrawnList:
    """Subjects in the order shown, and for each the marginal chance that it came to its place."""

    subjects: tuple[Subject, ...]
    propensities: tuple[float, ...]


def draw_list(
    world: World, at_s: float, excluded: Collection[str], settings: SimulationSettings, rng: np.random.Generator
) -> DrawnList:
    """Draw a list for a reader who has opened or hidden `excluded`; empty if nothing else is out."""
    candidates = _candidates(world, at_s, excluded, settings.candidates, rng)
    # The draw without replacement is in random order already.
    explores = rng.random() < settings.exploration
    newest = newest_first(candidates)
    shown = candidates if settings.logging == "uniform" or explores else newest
    return DrawnList(tuple(shown), propensities(shown, newest, settings))


def newest_first(subjects: Sequence[Subject]) -> list[Subject]:
    """Return the order that the mixed policy shows when it does not explore: latest first, ties by id."""
    return sorted(subjects, key=lambda subject: (-subject.published_s, subject.item.id))


def propensities(
    shown: Sequence[Subject], newest: Sequence[Subject], settings: SimulationSettings
) -> tuple[float, ...]:
    """Return the chance of each place's item: 1/n, or e/n + (1 - e) x [the item is there newest first]."""
    by_chance = 1 / max(1, len(shown))
    if settings.logging == "uniform":
        return (by_chance,) * len(shown)
    explored, ranked = settings.exploration * by_chance, 1 - settings.exploration
    return tuple(explored + ranked * (own is first) for own, first in zip(shown, newest, strict=True))


def _candidates(
    world: World, at_s: float, excluded: Collection[str], wanted: int, rng: np.random.Generator
) -> list[Subject]:
    """Draw uniformly among what is out and not excluded, without replacement, in random order.

    As many more are drawn as may be excluded: a uniform order without some of its items is uniform still.
    """
    published = world.published_by(at_s)
    drawn = rng.choice(published, size=min(published, wanted + len(excluded)), replace=False)
    subjects = (world.subjects[place] for place in drawn.tolist())
    return [subject for subject in subjects if subject.item.id not in excluded][:wanted]
