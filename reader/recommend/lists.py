"""Small parts of making a list: its id, its chance, its log entry, and the lists that need no ranking."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.analysis import Analysis
from reader.recommend.candidates import Mask
from reader.recommend.catalogue import Catalogue, Rows
from reader.recommend.challenger.trees import Trees
from reader.recommend.requests import Request
from reader.recommend.wording import say_plain
from reader.types import AnyItem, Impression, Origin, Reason, RecommendationList, Recommended, Shown, Story

MODEL = "reread-online/1"
# Nearest items looked at for each that is wanted: several may tell one story. Ours.
REPORTS_LOOKED_AT = 4
_LATEST = Reason("latest", say_plain("latest"), 1.0)
_RELATED = Reason("related", say_plain("related"), 1.0)


class Analysing(Protocol):
    """Text analysis with a memory: the same text is never analysed twice."""

    @property
    def dim(self) -> int:
        """Length of the vectors."""

    @property
    def model_id(self) -> str:
        """What makes the vectors."""

    def analyse(self, items: Sequence[AnyItem], progress: Callable[[int], None] | None = None) -> list[Analysis]:
        """Return the analyses, in order."""


def to_millisecond(at: datetime) -> datetime:
    """Return the moment as the log can keep it: a list made again from the log then sees the same time."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def dated(items: Sequence[AnyItem], stored: Mapping[str, AnyItem], now: datetime) -> list[AnyItem]:
    """Give items without a date the time at which they first came: else each start would make them new."""
    came_at = {item.id: item.published_at for item in stored.values()}
    return [item if item.published_at else replace(item, published_at=came_at.get(item.id) or now) for item in items]


def new_list_id(user: str, at: datetime, earlier: int = 0) -> str:
    """Return an id that tells nothing about the reader and follows from reader and time: replay makes it again.

    earlier: how many lists the reader was made in the same millisecond before.
    """
    number = f"\0{earlier}" if earlier else ""
    return "l" + hashlib.sha256(f"{user}\0{at.timestamp():.6f}{number}".encode()).hexdigest()[:24]


def generator(seed: int, user: str, list_id: str) -> np.random.Generator:
    """Return the chance of one list: it follows from (seed, user, list) and from nothing else."""
    digest = hashlib.sha256(f"{seed}\0{user}\0{list_id}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def new_list(
    list_id: str, request: Request, at: datetime, places: tuple[Recommended, ...], trees: Trees | None = None
) -> RecommendationList:
    """Return the finished list, with the name of what ranked it."""
    return RecommendationList(list_id, request.user, at, request.mode, request.kinds, model_name(trees), places)


def model_name(trees: Trees | None) -> str:
    """Return name/version of what ranks."""
    return MODEL if trees is None else f"{MODEL}+trees-{trees.digest}"


def impression(made: RecommendationList, shown: Sequence[Recommended], origin: Origin | None = None) -> Impression:
    """Return the log entry for some places of a list; asking for the same places again gives the same id."""
    return Impression(
        id=f"{made.id}-{shown[0].position}-{shown[-1].position}",
        type="impression",
        at=made.at,
        user=made.user,
        list=made.id,
        items=tuple(Shown(place.item, place.position, place.propensity) for place in shown),
        mode=made.mode,
        kinds=made.kinds,
        origin=origin,
    )


def with_stories(
    catalogue: Catalogue, places: Sequence[Recommended], visible: NDArray[np.bool_], count: int
) -> tuple[Recommended, ...]:
    """Return the places with the other reports of their stories that the reader may see, newest first, ties by id."""
    stories = (_story(catalogue, place.item, visible, count) for place in places)
    return tuple(replace(place, story=own) if own else place for place, own in zip(places, stories, strict=True))


def _story(catalogue: Catalogue, item: str, visible: NDArray[np.bool_], count: int) -> Story | None:
    own = catalogue.row(item)
    rows = catalogue.stories.members(own) if own is not None else ()
    told = [(-float(catalogue.published_s.values[row]), catalogue.id_at(row)) for row in rows if visible[row]]
    if len(told) < 2:
        return None
    earliest = min((-newness, other) for newness, other in told)
    return Story(earliest[1], tuple(other for _, other in sorted(told) if other != item)[:count])


def items_of(places: Sequence[Recommended]) -> list[str]:
    """Return the ids of all items that places name: those listed, and other reports of their stories."""
    more = [item for place in places if place.story for item in place.story.more]
    return list(dict.fromkeys([*(place.item for place in places), *more]))


def in_time_order(catalogue: Catalogue, rows: Rows) -> tuple[Recommended, ...]:
    """Return the candidates newest first, ties by id. No profile is looked at; the score is seconds since 1970."""
    dated = [(float(catalogue.published_s.values[row]), catalogue.id_at(int(row))) for row in rows]
    ordered = sorted(dated, key=lambda pair: (-pair[0], pair[1]))
    return tuple(
        Recommended(item, position, score, (_LATEST,), contributions={"time": score})
        for position, (score, item) in enumerate(ordered, start=1)
    )


def nearest(catalogue: Catalogue, own: int, limit: int, mask: Mask) -> tuple[Recommended, ...]:
    """Return the items nearest to that in a row by the cosine of their vectors: of each story one, none of its own."""
    left = mask.copy()
    left[list(catalogue.stories.members(own))] = False
    rows, cosines = catalogue.nearest.top(catalogue.vectors.values[[own]], REPORTS_LOOKED_AT * limit, left)
    _, first = np.unique(catalogue.stories.label.values[rows], return_index=True)
    kept = np.sort(first)[:limit]
    return tuple(
        Recommended(item, position, float(cosine), (_RELATED,), contributions={"meaning": float(cosine)})
        for position, (item, cosine) in enumerate(
            zip(catalogue.ids_at(rows[kept]), cosines[kept], strict=True), start=1
        )
    )
