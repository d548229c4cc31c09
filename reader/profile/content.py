"""An item with its analysis, and what the fold of a profile must know of all items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nlp.analysis import Analysis
from nlp.keywords import Keyword
from reader.behaviour.signals import Shape
from reader.profile.axes import Feature
from reader.profile.excerpts import Span
from reader.types import AnyItem, Article, EntityKind


@dataclass(frozen=True, slots=True)
class Content:
    """An item and what nlp found in its text."""

    item: AnyItem
    analysis: Analysis

    @property
    def shape(self) -> Shape:
        """Words and difficulty of each paragraph."""
        blocks = self.analysis.paragraphs
        return Shape(
            tuple(block.words for block in blocks), tuple(block.difficulty for block in blocks), self.analysis.language
        )

    @property
    def traits(self) -> tuple[Feature, ...]:
        """Topic, source and whoever made it: the features that hold for the whole item."""
        item = self.item
        maker: tuple[Feature, ...]
        if isinstance(item, Article):
            maker = (("author", item.author),)
        else:
            made: tuple[Feature, ...] = (("creator", item.entity("creator")), ("sound", item.entity("sound")))
            maker = (*made, *(("topic", tag) for tag in item.tags))
        topics: tuple[Feature, ...] = tuple(("topic", topic) for topic in item.topics)
        named = (*topics, ("source", item.source), *maker, ("language", self.analysis.language))
        return tuple(dict.fromkeys((kind, value) for kind, value in named if value))

    @property
    def names(self) -> dict[Feature, str]:
        """What to call those traits whose value is an id."""
        item = self.item
        if isinstance(item, Article):
            return {}
        kinds: tuple[EntityKind, ...] = ("creator", "sound")
        named = ((kind, item.entity(kind), item.entity_name(kind)) for kind in kinds)
        return {(kind, id): name for kind, id, name in named if id != name}


class Library(Protocol):
    """All known items, as far as a profile needs them."""

    @property
    def version(self) -> int:
        """Another number whenever items have come, with which contents and the weights of keywords change."""

    def content(self, item: str) -> Content | None:
        """Return a known item with its analysis."""

    def keywords(self, item: str, paragraph: int | None, part: Span | None = None) -> tuple[Keyword, ...]:
        """Return the weighted keywords of one paragraph, or of the whole item (None); of a clip those of a part of it.

        part: seconds from its start.
        """

    def name(self, feature: Feature) -> str:
        """Return what to call a feature: of a creator or sound its name, else the value."""

    def readers(self, item: str) -> float:
        """Return how many have opened the item so far."""
