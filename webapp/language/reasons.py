"""The reasons of lists in the language of the present request. A list is kept with English ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from reader.recommend.wording import retell
from reader.types import RecommendationList, Recommended
from reader.types_languages import ORIGINAL
from webapp.language.choice import language


def told(made: RecommendationList) -> RecommendationList:
    """Return a list with its reasons said in the language of the request."""
    return replace(made, items=told_places(made.items, made.at)) if language() != ORIGINAL else made


def told_places(places: Iterable[Recommended], at: datetime) -> tuple[Recommended, ...]:
    """Return places with their reasons said so. at: when they were found."""
    spoken = language()
    if spoken == ORIGINAL:
        return tuple(places)
    return tuple(
        replace(place, reasons=tuple(replace(each, label=retell(each, at, spoken)) for each in place.reasons))
        for place in places
    )
