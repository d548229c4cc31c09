"""What stands behind the places of a list, on request: ledger, counterfactuals, and what an item is by and about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from reader.recommend.catalogue import Catalogue
from reader.recommend.ledger import FactorBooks
from reader.recommend.requests import Subject, Why
from reader.recommend.without import STEERABLE, NextList
from reader.types import RecommendationList, Recommended, Target, TargetKind

# Keywords of an item that a reader is offered to ignore or mute; ours.
KEYWORDS_OFFERED: Final = 3


def explain_places(
    made: RecommendationList,
    places: Sequence[Recommended],
    books: FactorBooks,
    next_list: NextList,
    catalogue: Catalogue,
) -> dict[str, Why]:
    """Return by item what stands behind some places of a list.

    Lists in order of time follow no interest; neither does what was drawn by chance.
    """
    ranked = [place.item for place in places if made.mode == "profile" and not place.exploration]
    positions = next_list.places if made.mode == "profile" else {}
    found = next_list.counterfactuals(ranked) if ranked else {}
    return {
        place.item: Why(
            books.open(made.user, made.id, place),
            positions.get(place.item),
            found.get(place.item, ()),
            subjects_of(catalogue, place.item),
        )
        for place in places
    }


def subjects_of(catalogue: Catalogue, item: str) -> tuple[Subject, ...]:
    """Return source, makers and topics of an item, and its strongest keywords."""
    content = catalogue.content(item)
    traits = content.traits if content else ()
    named = [
        Subject(Target(cast(TargetKind, kind), value), catalogue.name((kind, value)))
        for kind, value in traits
        if kind in STEERABLE
    ]
    keywords = catalogue.keywords(item, None)[:KEYWORDS_OFFERED]
    return (*named, *(Subject(Target("keyword", keyword.term), keyword.label) for keyword in keywords))
