"""Acts -> credit of features: the one place that says who gets how much.

Credit per keyword = amount x keyword weight x 1 / log2(2 + readers of the item / hot_readers): what many open whoever
they are says little about one reader (Toutiao's rule for hot items).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from reader.profile.acts import Act
from reader.profile.aims import Aim
from reader.profile.axes import Feature
from reader.profile.clusters import Clusters
from reader.profile.content import Content, Library
from reader.profile.interests import Credit, Interests
from reader.settings import InterestSettings

# What turning the sound on speaks for.
MAKERS: Final = ("creator", "sound")


def hot_discount(readers: float, hot_readers: float = 1.0) -> float:
    """Return 1 / log2(2 + readers / hot_readers), in (0, 1].

    >>> hot_discount(0), hot_discount(2), hot_discount(20, 10)
    (1.0, 0.5, 0.5)
    """
    return 1.0 / math.log2(2.0 + readers / hot_readers)


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

    def credit(
        self, act: Act, interests: Interests, clusters: Clusters, *, sign: int = 1, only: Aim | None = None
    ) -> None:
        """Add what an act gives; sign -1 takes it back. only: the part of the item that it is about."""
        interests.add(self._credits(act, clusters, sign, only))

    def credit_all(self, acts: Iterable[Act], interests: Interests, clusters: Clusters) -> None:
        """Add what several acts give, one after the other: faster than one call for each."""
        interests.add(credit for act in acts for credit in self._credits(act, clusters, 1))

    def _credits(self, act: Act, clusters: Clusters, sign: int, only: Aim | None = None) -> Iterator[Credit]:
        content = self._library.content(act.item)
        if content is None or act.signal in self._settings.signals_off:
            return
        readers = self._readers.get(act.item, 0.0) if self._settings.hot_discount else 0.0
        amount = sign * act.amount * hot_discount(readers, self._settings.hot_readers)
        shares = self._shares(act, content) if only is None else only.shares(content.traits)
        if self._forgotten:
            shares = [share for share in shares if not self._is_forgotten(share[0], act)]
        yield act, [(feature, label, amount * share) for feature, label, share in shares]
        if sign > 0 and only is None and not (act.by_parts or act.makers_only):
            yield from self._credit_of_cluster(act, content, amount, clusters)

    def _shares(self, act: Act, content: Content) -> list[tuple[Feature, str, float]]:
        shares: list[tuple[Feature, str, float]] = []
        if not (act.by_parts or act.makers_only):
            keywords = self._library.keywords(act.item, act.paragraph, act.part)
            shares += [(("keyword", keyword.term), keyword.label, keyword.weight) for keyword in keywords]
        if act.paragraph is None:
            made = act.makers_only
            shares += [(trait, trait[1], 1.0) for trait in content.traits if not made or trait[0] in MAKERS]
        return shares

    def _is_forgotten(self, feature: Feature, act: Act) -> bool:
        forgotten_at = self._forgotten.get(feature)
        return forgotten_at is not None and act.at <= forgotten_at

    def _credit_of_cluster(self, act: Act, content: Content, amount: float, clusters: Clusters) -> Iterator[Credit]:
        vector = content.analysis.vectors[0 if act.paragraph is None else act.paragraph + 1]
        if amount > 0 and vector.any():
            name = clusters.assign(vector, amount)
            yield act, [(("cluster", name), name, amount)]
