"""Acts -> credit of features: the one place that says who gets how much.

Credit per keyword = amount x keyword weight x 1 / log2(2 + readers of the item): what many open whoever they are says
little about one reader (Toutiao's rule for hot items).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import numpy as np

from reader.profile.acts import Act
from reader.profile.axes import Feature
from reader.profile.clusters import Clusters
from reader.profile.content import Content, Library
from reader.profile.interests import Interests
from reader.settings import InterestSettings

# What turning the sound on speaks for.
MAKERS: Final = ("creator", "sound")


def hot_discount(readers: float) -> float:
    """Return 1 / log2(2 + readers), in (0, 1].

    >>> hot_discount(0), hot_discount(2)
    (1.0, 0.5)
    """
    return 1.0 / math.log2(2.0 + readers)


class Crediting:
    """Credits acts to interests and clusters; leaves out features that were forgotten after the act."""

    def __init__(
        self,
        library: Library,
        readers: Mapping[str, float],
        forgotten: Mapping[Feature, datetime],
        settings: InterestSettings,
    ) -> None:
        """readers: how many had opened an item when this reader came to it."""
        self._settings = settings
        self._library = library
        self._readers = readers
        self._forgotten = forgotten

    def credit(self, act: Act, interests: Interests, clusters: Clusters, *, sign: int = 1) -> None:
        """Add what an act gives; sign -1 takes it back."""
        content = self._library.content(act.item)
        if content is None or act.signal in self._settings.signals_off:
            return
        readers = self._readers.get(act.item, 0.0) if self._settings.hot_discount else 0.0
        amount = sign * act.amount * hot_discount(readers)
        for feature, label, share in self._shares(act, content):
            if not self._is_forgotten(feature, act):
                interests.add(feature, label, act, amount * share)
        if sign > 0 and not (act.by_parts or act.makers_only):
            self._credit_cluster(act, content, amount, interests, clusters)

    def _shares(self, act: Act, content: Content) -> Iterator[tuple[Feature, str, float]]:
        if not (act.by_parts or act.makers_only):
            for keyword in self._library.keywords(act.item, act.paragraph, act.part):
                yield ("keyword", keyword.term), keyword.label, keyword.weight
        if act.paragraph is None:
            for kind, value in content.traits:
                if not act.makers_only or kind in MAKERS:
                    yield (kind, value), value, 1.0

    def _is_forgotten(self, feature: Feature, act: Act) -> bool:
        forgotten_at = self._forgotten.get(feature)
        return forgotten_at is not None and act.at <= forgotten_at

    def _credit_cluster(
        self, act: Act, content: Content, amount: float, interests: Interests, clusters: Clusters
    ) -> None:
        vector = content.analysis.vectors[0 if act.paragraph is None else act.paragraph + 1]
        if amount > 0 and np.any(vector):
            name = clusters.assign(vector, amount)
            interests.add(("cluster", name), name, act, amount)
