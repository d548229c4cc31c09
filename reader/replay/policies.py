"""Ways to rank, by name. All see the same knowledge at the same moment; only the use they make of it differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.errors import InvalidInputError
from reader.recommend.lists import generator
from reader.recommend.popularity import HEAT_ACTS
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request

Scores = NDArray[np.float64]
# (recommender, reader, candidates, key of the list) -> (candidates,) float64, higher is better.
Policy = Callable[[Recommender, str, Sequence[str], str], Scores]


def profile(recommender: Recommender, user: str, candidates: Sequence[str], key: str) -> Scores:
    """Score as the product does."""
    made = recommender.recommend(Request(user, list_id=key, candidates=tuple(candidates)))
    scores = {place.item: place.score for place in made.items}
    return np.array([scores[item] for item in candidates])


def latest(recommender: Recommender, user: str, candidates: Sequence[str], key: str) -> Scores:
    """Score by the time of publication."""
    catalogue = recommender.catalogue
    published: Scores = catalogue.published_s.values[catalogue.rows_of(candidates)]
    return published


def popular(recommender: Recommender, user: str, candidates: Sequence[str], key: str) -> Scores:
    """Score by openings, with a half-life of 3 days."""
    catalogue = recommender.catalogue
    counts = catalogue.popularity.counts_at(catalogue.rows_of(candidates), recommender.clock().timestamp())
    return counts[:, HEAT_ACTS.index("open"), 2]


def random(recommender: Recommender, user: str, candidates: Sequence[str], key: str) -> Scores:
    """Score by chance, the same for the same seed, reader and list."""
    return generator(recommender.settings.seed, user, key).random(len(candidates))


POLICIES: Final[dict[str, Policy]] = {"profile": profile, "latest": latest, "popular": popular, "random": random}


def policy(name: str) -> Policy:
    """Return the policy of this name; InvalidInputError names the choices."""
    if name not in POLICIES:
        raise InvalidInputError("policy", f"{name!r} is unknown", f"use one of {', '.join(POLICIES)}")
    return POLICIES[name]
