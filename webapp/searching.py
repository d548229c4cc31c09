"""What a search is asked with, by page, API and command alike, and what is shown of what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any, Literal, cast, get_args

from reader.ingest.subscriptions import Subscriptions
from reader.profile.state import ReaderState
from reader.recommend.recommender import Recommender
from reader.search.marking import Marker, Piece
from reader.search.query import Question
from reader.search.searching import Found, Order, Reading, Wish
from reader.types import AnyItem, ItemKind
from webapp.folders import feeds_in, parse_path
from webapp.language.saying import N_


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as an address has it: every value a text, "" where it was not given."""

    q: str = ""
    kind: str = ""
    source: str = ""
    language: str = ""
    since: str = ""
    until: str = ""
    reading: str = ""
    folder: str = ""
    order: str = ""
    muted: str = ""

    @property
    def given(self) -> dict[str, str]:
        """What was given."""
        values = {each.name: str(getattr(self, each.name)) for each in fields(self)}
        return {name: value for name, value in values.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether more was given than words and their order."""
        return bool(self.given.keys() - {"q", "order", "muted"})


def asked_of(args: Mapping[str, str]) -> Asked:
    """Read the values of an address; what cannot be is passed over, so that no address ends in an error."""
    values = {each.name: args.get(each.name, "").strip() for each in fields(Asked)}
    allowed: dict[str, tuple[str, ...]] = {
        "kind": get_args(ItemKind),
        "reading": get_args(Reading),
        "order": get_args(Order),
        "muted": ("show",),
    }
    wrong = {name for name, known in allowed.items() if values[name] not in known}
    wrong |= {name for name in ("since", "until") if _day(values[name]) is None}
    return Asked(**{name: value for name, value in values.items() if name not in wrong})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def wish_of(asked: Asked, subscriptions: Subscriptions, user: str) -> Wish:
    """Return what is wished for; days are of UTC, both included."""
    since, until = _day(asked.since), _day(asked.until)
    return Wish(
        text=asked.q,
        kind=cast(ItemKind, asked.kind) if asked.kind else None,
        source=asked.source,
        language=asked.language,
        since=datetime.combine(since, time.min, UTC) if since else None,
        until=datetime.combine(until, time.max, UTC) if until else None,
        reading=cast(Reading, asked.reading or "any"),
        feeds=feeds_in(parse_path(asked.folder), subscriptions, user) if asked.folder else None,
        order=cast(Order, asked.order or "relevance"),
        with_refused=asked.muted == "show",
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """One item that was found. title, excerpt: in pieces, some of them what was looked for."""

    item: AnyItem
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


def hits_of(question: Question, items: Iterable[AnyItem]) -> list[Hit]:
    """Return what is shown of items; where the text has nothing of it, the excerpt is empty."""
    found = []
    for item in items:
        marker = Marker(question, item.language)
        found.append(Hit(item, marker.mark(item.title), marker.excerpt(item.paragraphs)))
    return found


# Where a search is cut off: nobody pages further. Ours.
LAST_PLACE = 10_000
HintName = Literal["quote", "or", "long", "marks"]
HINTS: dict[str, str] = {
    "quote": N_("A quotation mark is not closed, so all words were taken as plain ones."),
    "or": N_("OR stands between two words; here it had one side only."),
    "long": N_("That was too long: only the beginning was looked for."),
    "marks": N_("There is no letter or digit to look for."),
}


def pieces_record(pieces: Iterable[Piece]) -> list[dict[str, Any]]:
    """Return pieces as JSON has them."""
    return [{"text": piece.text, "hit": piece.is_hit} for piece in pieces]


def found_record(found: Found, recommender: Recommender, user: str, page: slice) -> dict[str, Any]:
    """Return a page of what was found as the API answers it; page: the places it has."""
    items, state = recommender.storage.items(found.items), recommender.state(user)
    return {
        "next_offset": page.stop if page.stop < min(found.count, LAST_PLACE) else None,
        "count": found.count,
        "refused": found.refused,
        "widened": found.is_widened,
        "hints": list(found.question.hints),
        "left_out": list(found.question.left_out),
        "items": [
            _hit_record(hit, state)
            for hit in hits_of(found.question, [items[one] for one in found.items if one in items])
        ],
    }


def _hit_record(hit: Hit, state: ReaderState) -> dict[str, Any]:
    item = hit.item
    return {
        "id": item.id,
        "kind": item.kind,
        "title": item.title,
        "url": item.url,
        "source": item.source,
        "language": item.language,
        "published_at": item.published_at,
        "opened": item.id in state.opened,
        "saved": item.id in state.steering.saved,
        "title_pieces": pieces_record(hit.title),
        "excerpt": pieces_record(hit.excerpt),
    }
