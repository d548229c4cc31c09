"""Query and answer of GET /search as pydantic models."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from reader.search.searching import Order, Reading
from reader.types import ItemKind
from webapp.api.schemas import MAX_LIMIT
from webapp.searching import LAST_PLACE


def _written(value: object) -> object:
    """Refuse what is no written date: pydantic would take a number for seconds since 1970."""
    if isinstance(value, str) and value.lstrip("+-").replace(".", "", 1).isdigit():
        raise ValueError("is a number; give a day such as 2026-11-20")
    return value


Day = Annotated[date, BeforeValidator(_written)]


class SearchQueryIn(BaseModel):
    """What is looked for, and where.

    since, until: days of UTC, both included. folder: of the reader's, with / between one and the next within it; a / or
    a backslash in a name stands behind a backslash. muted: also what the reader has muted or hidden.
    """

    q: str = Field("", max_length=1000, examples=['solar OR wind -"nuclear power" panel*'])
    kind: ItemKind | None = None
    source: str = Field("", max_length=500)
    language: str = Field("", max_length=20, examples=["de"])
    since: Day | None = None
    until: Day | None = None
    reading: Reading = "any"
    folder: str = Field("", max_length=1000, examples=["News/World"])
    order: Order = "relevance"
    muted: bool = False
    limit: int = Field(20, ge=1, le=MAX_LIMIT)
    offset: int = Field(0, ge=0, le=LAST_PLACE)


class PieceOut(BaseModel):
    """A stretch of text; hit: it is what was looked for."""

    text: str
    hit: bool


class FoundOut(BaseModel):
    """An item that was found. title_pieces, excerpt: plain text in pieces; no excerpt where the text has no hit."""

    id: str
    kind: ItemKind
    title: str
    url: str
    source: str
    language: str
    published_at: datetime | None
    opened: bool
    saved: bool
    title_pieces: list[PieceOut]
    excerpt: list[PieceOut]


class SearchOut(BaseModel):
    """A page of what was found.

    count: on all pages; refused: left out, since the reader muted or hid it. hints: what of `q` could not be read as it
    was meant; left_out: words that were not looked for, since they say little. widened: nothing had these very
    words, so that words that begin with them counted.
    """

    count: int
    refused: int
    widened: bool
    hints: list[Literal["quote", "or", "long", "marks"]]
    left_out: list[str]
    items: list[FoundOut]
    next_offset: int | None
