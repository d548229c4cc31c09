"""From scores to a list: maximal marginal relevance, and one exploring slot in ten with a known propensity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a list. candidate: index among the candidates; penalty: <= 0, for likeness to what stands above."""

    candidate: int
    penalty: float = 0.0
    exploration: bool = False
    propensity: float = 1.0


def by_score(scores: Scores, ids: list[str], count: int) -> list[int]:
    """Return the best candidates, best first. Scores equal to nine digits are tied, and ties go by id."""
    order = np.lexsort((np.array(ids), -np.round(scores, 9)))
    return [int(candidate) for candidate in order[:count]]


def diversify(scores: Scores, vectors: NDArray[np.float32], ids: list[str], count: int, *, weight: float) -> list[Slot]:
    """Choose greedily by score - weight x greatest cosine to what is chosen (MMR, Carbonell & Goldstein 1998).

    The penalty of the others only grows, so the chosen values fall: the list stays sorted by score + penalty.
    """
    order = np.argsort(np.array(ids), kind="stable")
    likeness = np.zeros(len(scores))
    is_open = np.ones(len(scores), dtype=bool)
    slots: list[Slot] = []
    for _ in range(min(count, len(scores))):
        value = np.where(is_open, np.round(scores - weight * likeness, 9), -np.inf)[order]
        chosen = int(order[int(np.argmax(value))])
        slots.append(Slot(chosen, -weight * float(likeness[chosen])))
        is_open[chosen] = False
        likeness = np.maximum(likeness, np.clip(vectors @ vectors[chosen], 0.0, 1.0))
    return slots


def explore(slots: list[Slot], candidates: int, rng: np.random.Generator, *, every: int) -> list[Slot]:
    """Give every `every`-th place to a candidate drawn evenly from all that the list has not shown up to there."""
    shaped = list(slots)
    for place in range(every - 1, len(shaped), every):
        taken = {slot.candidate for slot in shaped[:place]}
        pool = [candidate for candidate in range(candidates) if candidate not in taken]
        drawn = pool[int(rng.integers(len(pool)))]
        _move_to(shaped, place, Slot(drawn, exploration=True, propensity=1 / len(pool)))
    return shaped


def _move_to(slots: list[Slot], place: int, drawn: Slot) -> None:
    """Put the drawn candidate in its place; if it stood further down it moves up, else the last slot falls out."""
    later = next((i for i, slot in enumerate(slots) if i >= place and slot.candidate == drawn.candidate), None)
    slots.pop(len(slots) - 1 if later is None else later)
    slots.insert(place, drawn)
