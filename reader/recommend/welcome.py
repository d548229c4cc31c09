"""A reader of whom nothing is known yet: whether that is so, and what to ask them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reader.profile.state import ReaderState
from reader.recommend.candidates import Mask
from reader.recommend.catalogue import TRAIT_KINDS, Catalogue


@dataclass(frozen=True, slots=True)
class Welcome:
    """topics: to choose from; none once anything is known. followed: those chosen, as long as nothing else is known."""

    topics: tuple[str, ...]
    followed: tuple[str, ...]


def welcome(state: ReaderState, catalogue: Catalogue, mask: Mask, count: int) -> Welcome:
    """Return what to ask, or what was answered."""
    if state.is_unknown:
        return Welcome(common_topics(catalogue, mask, count), ())
    if state.opened or state.steering.has_judged:
        return Welcome((), ())
    return Welcome((), tuple(sorted(value for kind, value in state.steering.followed if kind == "topic")))


def common_topics(catalogue: Catalogue, mask: Mask, count: int) -> tuple[str, ...]:
    """Return the topics of most items, most items first, ties by name. mask: of the rows that count.

    A topic of one item alone is a tag: following it would lead to nothing more.
    """
    entries = catalogue.traits.entries(np.flatnonzero(mask))
    is_topic = catalogue.traits.kinds_of(entries.features) == TRAIT_KINDS.index("topic")
    numbers, items = np.unique(entries.features[is_topic], return_counts=True)
    named = catalogue.traits.named("topic")
    ranked = sorted(
        (-int(times), named[int(number)]) for number, times in zip(numbers, items, strict=True) if times > 1
    )
    return tuple(name for _, name in ranked[:count])
