"""Which items are worth scoring: a few hundred out of all, from four sources, without what the reader has had."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reader.profile.state import Portrait, ReaderState
from reader.recommend.arrays import greatest
from reader.recommend.catalogue import Catalogue, Rows
from reader.recommend.factors.lexical import HORIZONS, profile_query
from reader.recommend.moments import to_datetime
from reader.settings import RankingSettings
from reader.types import ItemKind

Mask = NDArray[np.bool_]
# Clusters that candidates are looked for; each costs a pass over all vectors or their sketches. Ours.
QUERIED_CLUSTERS = 4


def eligible(catalogue: Catalogue, at_s: float, kinds: Sequence[ItemKind]) -> Mask:
    """Return which rows are current, published by now and of a wanted kind."""
    mask: Mask = catalogue.is_current.values & (catalogue.published_s.values <= at_s)
    if kinds and set(kinds) != {"article", "video"}:
        mask &= catalogue.is_video.values if "video" in kinds else ~catalogue.is_video.values
    return mask


def without_opened(mask: Mask, catalogue: Catalogue, state: ReaderState) -> Mask:
    """Take out what the reader has opened before."""
    left = mask.copy()
    left[catalogue.rows_of(state.opened)] = False
    return left


def without_refused(mask: Mask, catalogue: Catalogue, state: ReaderState, at_s: float) -> Mask:
    """Take out what the reader has hidden or muted: their own word, which holds for every list."""
    left = mask.copy()
    left[catalogue.rows_of(state.steering.hidden)] = False
    at = to_datetime(at_s)
    for feature in state.steering.muted:
        if state.steering.is_muted(feature, at):
            left[catalogue.rows_with(feature)] = False
    return left


def generate(catalogue: Catalogue, portrait: Portrait, mask: Mask, at_s: float, settings: RankingSettings) -> Rows:
    """Return the candidate rows in ascending order, without repeats."""
    found = (
        *(_lexical(catalogue, portrait, mask, at_s, horizon, settings) for horizon in HORIZONS),
        _semantic(catalogue, portrait, mask, at_s, settings.candidates_semantic),
        latest(catalogue, mask, settings.candidates_fresh),
        _popular(catalogue, mask, settings.candidates_popular),
    )
    return np.unique(np.concatenate(found))


def _lexical(
    catalogue: Catalogue, portrait: Portrait, mask: Mask, at_s: float, horizon: str, settings: RankingSettings
) -> Rows:
    query = profile_query(portrait.interests, at_s, horizon=horizon, terms=settings.query_terms)
    rows, _ = catalogue.index.top(query.words, settings.candidates_lexical, exclude=~mask)
    return rows.astype(np.int64)


def _semantic(catalogue: Catalogue, portrait: Portrait, mask: Mask, at_s: float, count: int) -> Rows:
    """Return the rows nearest to the best liked clusters."""
    interests = portrait.interests
    strength = interests.strength_at(at_s).tolist()
    named = zip(strength, interests.features, strict=True)
    clusters = sorted((-value, int(name[1:])) for value, (kind, name) in named if kind == "cluster" and value > 0)
    liked = [cluster for _, cluster in clusters[:QUERIED_CLUSTERS]]
    if not liked:
        return np.zeros(0, dtype=np.int64)
    rows, _ = catalogue.nearest.top(portrait.clusters.centroids()[liked], count, mask)
    return rows


def latest(catalogue: Catalogue, mask: Mask, count: int) -> Rows:
    """Return the newest rows, newest first, ties by row."""
    rows = np.flatnonzero(mask)
    return rows[greatest(catalogue.published_s.values[rows], count)]


def _popular(catalogue: Catalogue, mask: Mask, count: int) -> Rows:
    """Return hot rows; more are asked for than wanted, since some will be masked."""
    hot = catalogue.popularity.top_rows(4 * count)
    return hot[mask[hot]][:count]
