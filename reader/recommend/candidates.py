"""Which items are worth scoring: a few hundred out of all, from five sources, without what the reader has had."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import Feature
from reader.profile.interests import strengths_of
from reader.profile.portrait import Portrait
from reader.profile.state import ReaderState
from reader.recommend.arrays import greatest
from reader.recommend.catalogue import Catalogue, Rows
from reader.recommend.factors.lexical import HORIZONS, profile_query
from reader.recommend.hidden import rows_refused_by
from reader.recommend.moments import to_datetime
from reader.recommend.quiet import quiet_rows
from reader.settings import RankingSettings
from reader.types import ItemKind

Mask = NDArray[np.bool_]
# Clusters that candidates are looked for; each costs a pass over all vectors or their sketches. Ours.
QUERIED_CLUSTERS = 4
# Topics and makers that candidates are looked for: the best liked of each kind. Ours.
QUERIED_TRAITS = 4
SOUGHT_KINDS: Final = ("topic", "author", "creator", "sound")


def eligible(catalogue: Catalogue, at_s: float, kinds: Sequence[ItemKind]) -> Mask:
    """Return which rows are current, published by now and of a wanted kind."""
    mask: Mask = catalogue.is_current.values & (catalogue.published_s.values <= at_s)
    if kinds and set(kinds) != {"article", "video"}:
        mask &= catalogue.is_video.values if "video" in kinds else ~catalogue.is_video.values
    return mask


def reachable(catalogue: Catalogue, user: str, at_s: float, kinds: Sequence[ItemKind]) -> Mask:
    """Return which rows are eligible, and within a reader's reach."""
    mask, own = eligible(catalogue, at_s, kinds), catalogue.reach.rows(user)
    return mask if own is None else mask & own


def obtainable(catalogue: Catalogue, state: ReaderState, at_s: float, kinds: Sequence[ItemKind]) -> Mask:
    """Return which rows a reader may find by asking: those within reach, and what they opened or kept before."""
    steering, mask = state.steering, reachable(catalogue, state.user, at_s, kinds)
    mask[catalogue.rows_of((*state.opened, *steering.saved, *steering.liked))] = True
    return mask & eligible(catalogue, at_s, kinds)


def without_opened(mask: Mask, catalogue: Catalogue, state: ReaderState, *, but: Collection[str] = frozenset()) -> Mask:
    """Take out what the reader has opened before, or marked as read; not `but` and what they marked as unread since."""
    left = mask.copy()
    said = state.steering.read
    opened = (item for item in state.opened if said.get(item, item not in but))
    left[catalogue.rows_of(opened)] = False
    left[catalogue.rows_of(item for item, read in said.items() if read)] = False
    return left


def without_praised(mask: Mask, catalogue: Catalogue, state: ReaderState) -> Mask:
    """Take out what the reader has liked or saved, opened or not: it would come first for its own words."""
    left = mask.copy()
    left[catalogue.rows_of(state.steering.liked)] = False
    left[catalogue.rows_of(state.steering.saved)] = False
    return left


def without_known_stories(mask: Mask, catalogue: Catalogue, state: ReaderState) -> Mask:
    """Take out reports linked to one that the reader has hidden, or read to its end after they were published.

    What was published later may tell more; it only sinks (`reader.recommend.familiar`).
    """
    left = mask.copy()
    until = dict.fromkeys(state.steering.hidden, math.inf)
    until |= {item: at.timestamp() for item, at in state.portrait.finished.items() if item not in until}
    for item, until_s in until.items():
        row = catalogue.row(item)
        linked = () if row is None else catalogue.stories.linked(row)
        left[[other for other in linked if catalogue.published_s.values[other] <= until_s]] = False
    return left


def without_refused(
    mask: Mask, catalogue: Catalogue, state: ReaderState, at_s: float, *, spared: Collection[Feature] = ()
) -> Mask:
    """Take out what the reader has hidden or muted: their own word, which holds for every list.

    spared: mutes that are passed over.
    """
    left = mask.copy()
    left[catalogue.rows_of(state.steering.hidden)] = False
    at = to_datetime(at_s)
    for feature in state.steering.muted:
        if feature not in spared and state.steering.is_muted(feature, at):
            left[rows_refused_by(catalogue, feature)] = False
    return left


def refused_items(
    catalogue: Catalogue, state: ReaderState, at_s: float, *, spared: Collection[Feature] = ()
) -> frozenset[str]:
    """Return the known items that `without_refused` takes out."""
    everything = np.ones(len(catalogue.published_s), dtype=np.bool_)
    left = without_refused(everything, catalogue, state, at_s, spared=spared)
    return frozenset(catalogue.ids_at(np.flatnonzero(~left)))


def visible(catalogue: Catalogue, state: ReaderState, at_s: float, kinds: Sequence[ItemKind]) -> Mask:
    """Return which rows a reader may be shown in any list: eligible, within reach, and not refused."""
    return without_refused(reachable(catalogue, state.user, at_s, kinds), catalogue, state, at_s)


def listable(catalogue: Catalogue, state: ReaderState, at_s: float, kinds: Sequence[ItemKind]) -> Mask:
    """Return which rows may come into a ranked list: visible, and news to the reader."""
    return news_of(visible(catalogue, state, at_s, kinds), catalogue, state, kinds)


def news_of(mask: Mask, catalogue: Catalogue, state: ReaderState, kinds: Sequence[ItemKind]) -> Mask:
    """Take out what is no news to the reader.

    In a feed each clip opens by itself: once there is none that was not, those that were left at once come again.
    """
    news = _untold(without_opened(mask, catalogue, state), catalogue, state)
    if tuple(kinds) != ("video",) or news.any():
        return news
    return _untold(without_opened(mask, catalogue, state, but=state.portrait.left), catalogue, state)


def _untold(mask: Mask, catalogue: Catalogue, state: ReaderState) -> Mask:
    return without_known_stories(without_praised(mask, catalogue, state), catalogue, state)


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates by where they were found: by words, by topics and makers, as news of quiet sources, and otherwise."""

    lexical: tuple[Rows, ...]
    of_traits: Rows
    quiet: Rows
    others: tuple[Rows, ...]

    @property
    def rows(self) -> Rows:
        """All of them in ascending order, without repeats."""
        return np.unique(np.concatenate([*self.lexical, self.of_traits, self.quiet, *self.others]))


@dataclass(frozen=True)
class Seeking:
    """What candidates are looked for with: a reader's interests, and the rows that may be listed (mask), at one time.

    What the reader likes is looked up once, by however many ways it is then asked for.
    """

    catalogue: Catalogue
    portrait: Portrait
    mask: Mask
    at_s: float
    settings: RankingSettings

    def all(self) -> Found:
        """Find the candidates of a reader."""
        others = (
            self.by_meaning(),
            latest(self.catalogue, self.mask, self.settings.candidates_fresh),
            _popular(self.catalogue, self.mask, self.settings.candidates_popular),
        )
        return Found(self.by_words(), self.by_traits(), self.quiet(), others)

    @cached_property
    def _credit(self) -> NDArray[np.float64]:
        return self.portrait.credit_at(self.at_s)

    @cached_property
    def _liked(self) -> list[tuple[float, Feature]]:
        """(-strength, feature) of all that the reader likes, best first."""
        named = zip(strengths_of(self._credit).tolist(), self.portrait.features, strict=True)
        return sorted((-strength, feature) for strength, feature in named if strength > 0)

    def by_words(self) -> tuple[Rows, ...]:
        """Return what the keywords find: of the candidates the part that depends on them."""
        own, terms = self.portrait.of_kind("keyword"), self.settings.query_terms
        keywords, credit = self.portrait.features[own], self._credit[own]
        count, left_out = self.settings.candidates_lexical, ~self.mask
        queries = (profile_query(keywords, credit, horizon=horizon, terms=terms) for horizon in HORIZONS)
        found = (self.catalogue.index.top(query.words, count, exclude=left_out) for query in queries)
        return tuple(rows.astype(np.int64) for rows, _ in found)

    def by_meaning(self) -> Rows:
        """Return the rows nearest to the best liked clusters."""
        clusters = sorted((strength, int(name[1:])) for strength, (kind, name) in self._liked if kind == "cluster")
        liked = [cluster for _, cluster in clusters[:QUERIED_CLUSTERS]]
        if not liked:
            return np.zeros(0, dtype=np.int64)
        directions, count = self.portrait.clusters.centroids()[liked], self.settings.candidates_semantic
        return self.catalogue.nearest.top(directions, count, self.mask)[0]

    def by_traits(self) -> Rows:
        """Return the newest items on the best liked topics and by the best liked makers.

        Clips may have no text to be found by, and whoever follows a creator expects what they publish.
        """
        chosen = [
            feature
            for kind in SOUGHT_KINDS
            for feature in [own for _, own in self._liked if own[0] == kind][:QUERIED_TRAITS]
        ]
        held = [rows[self.mask[rows]] for rows in map(self.catalogue.rows_with, chosen)]
        published_s, count = self.catalogue.published_s.values, self.settings.candidates_per_trait
        newest = (rows[greatest(published_s[rows], count)] for rows in held)
        return np.concatenate([np.zeros(0, dtype=np.int64), *newest])

    def quiet(self) -> Rows:
        """Return the news of quiet sources that the reader likes: it would drown among the newest."""
        sources = [name for _, (kind, name) in self._liked if kind == "source"]
        rows = quiet_rows(self.catalogue, sources, self.at_s, self.settings.quiet)
        return rows[self.mask[rows]]


def latest(catalogue: Catalogue, mask: Mask, count: int) -> Rows:
    """Return the newest rows, newest first, ties by row."""
    rows = np.flatnonzero(mask)
    return rows[greatest(catalogue.published_s.values[rows], count)]


def _popular(catalogue: Catalogue, mask: Mask, count: int) -> Rows:
    """Return hot rows; more are asked for than wanted, since some will be masked."""
    hot = catalogue.popularity.top_rows(4 * count)
    return hot[mask[hot]][:count]
