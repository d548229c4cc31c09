"""One entry of a feed, of whatever dialect, and how it becomes an item.

What belongs here: what all dialects have in common. What does not: reading one (`xml_feeds`, `json_feeds`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from nlp.paragraphs import split_paragraphs
from nlp.words import clean
from reader.clock import Clock
from reader.errors import InvalidItemError
from reader.ingest.html import Body, blocks, body_of
from reader.ingest.items import (
    MAX_AHEAD,
    MAX_LABEL,
    MAX_LABELS,
    MAX_MARKUP,
    MAX_NAME,
    MAX_TITLE,
    is_web_url,
    parse_item,
)
from reader.ingest.languages import normalise_language
from reader.ingest.tracking import without_tracking
from reader.records import format_time
from reader.types import AnyItem

# Hex digits of SHA-256 in an id: 128 bits, so that no two entries of this world share one.
_DIGEST_LENGTH: Final = 32
# Words of the text that stand in for a missing title; ours.
_TITLE_WORDS: Final = 12
_GLOBAL_GUID: Final = re.compile(r"(?:https?://|urn:|tag:)", re.IGNORECASE)
_HAS_TAGS: Final = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True, slots=True)
class Loss:
    """What of an entry was wrong and is left out, though the entry is taken. field: of the item, or of the feed."""

    field: str
    detail: str

    def __str__(self) -> str:
        """Return the whole as a part of a message."""
        return f"{self.field}: {self.detail}; taken without it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """The video of an entry. media_url may be empty, if the video is only to be had in a player.

    creator: if the entry names another than its author; creator_id, sound: "" if it does not tell; losses: see `Loss`.
    """

    media_url: str = ""
    embed_url: str = ""
    poster_url: str = ""
    captions_url: str = ""
    duration_s: float | None = None
    creator: str = ""
    creator_id: str = ""
    sound: str = ""
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a feed says of one item, not yet checked. source, language, author: of the entry, or else of its feed."""

    guid: str = ""
    url: str = ""
    title: str = ""
    body: Body = field(default_factory=Body)
    author: str = ""
    topics: tuple[str, ...] = ()
    published_at: datetime | None = None
    language: str = ""
    source: str = ""
    clip: Clip | None = None
    audio_url: str = ""
    losses: tuple[Loss, ...] = ()


def entry_item(entry: Entry, feed_url: str, *, clock: Clock, prefix: str = "feed") -> AnyItem:
    """Return the item that an entry describes; InvalidItemError if there is too little, or too much, in it.

    prefix: of its id.
    """
    title = _title(entry)
    if not title:
        raise InvalidItemError("title", "is missing, and there is no text either")
    record: dict[str, object] = {
        "id": stable_id(prefix, _key(entry, feed_url)),
        "title": title,
        "url": entry.url if is_web_url(entry.url) else "",
        "published_at": _published(entry.published_at, clock),
        "language": language_or_empty(entry.language),
        "source": shortened(entry.source, MAX_NAME),
        "topics": _topics(entry.topics),
    }
    return parse_item(record | (_article(entry) if entry.clip is None else _video(entry, entry.clip)), clock=clock)


def stable_id(prefix: str, key: str) -> str:
    """Return an id that is the same at every ingest.

    >>> stable_id("page", "https://news.example/salt")
    'page-e7db292ca25d4dbaf45373d4ef22ffbe'
    """
    return f"{prefix}-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGEST_LENGTH]}"


def shortened(text: str, length: int) -> str:
    """Return the text in one line of at most so many characters, with … where it was cut."""
    line = " ".join(clean(text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def language_or_empty(tag: str) -> str:
    """Return the ISO 639-1 code of a tag, "" for what is none: feeds write anything there."""
    try:
        return normalise_language(tag)
    except ValueError:
        return ""


def text_body(text: str) -> Body:
    """Return the paragraphs of a text of which nobody knows whether it is HTML."""
    return body_of(text) if _HAS_TAGS.search(text) else Body(tuple(_plain_blocks(text)))


def _plain_blocks(text: str) -> Iterable[str]:
    return (block for part in split_paragraphs(text) for block in blocks(part))


def _title(entry: Entry) -> str:
    if title := shortened(entry.title, MAX_TITLE):
        return title
    words = entry.body.paragraphs[0].split() if entry.body.paragraphs else []
    return shortened(" ".join(words[:_TITLE_WORDS]) + ("…" if len(words) > _TITLE_WORDS else ""), MAX_TITLE)


def _key(entry: Entry, feed_url: str) -> str:
    """Return what names the entry in the whole world; a guid such as "7" does so only within its feed."""
    if entry.guid:
        return entry.guid if _GLOBAL_GUID.match(entry.guid) else f"{feed_url}\n{entry.guid}"
    return without_tracking(entry.url) or "\n".join((feed_url, entry.title, *entry.body.paragraphs[:1]))


def _published(at: datetime | None, clock: Clock) -> str | None:
    # Feeds announce, and set wrong clocks: an entry is worth more than its date.
    return None if at is None or at - clock() > MAX_AHEAD else format_time(at)


def _topics(labels: tuple[str, ...]) -> list[str]:
    lines = (" ".join(clean(label).split()) for label in labels)
    return list(dict.fromkeys(line for line in lines if 0 < len(line) <= MAX_LABEL))[:MAX_LABELS]


def _article(entry: Entry) -> dict[str, object]:
    # A text is worth more than its looks.
    markup = list(entry.body.markup) if sum(map(len, entry.body.markup)) <= MAX_MARKUP else []
    body = {"paragraphs": list(entry.body.paragraphs), "markup": markup, "audio_url": entry.audio_url}
    return {"kind": "article", "author": shortened(entry.author, MAX_NAME), **body}


def _video(entry: Entry, clip: Clip) -> dict[str, object]:
    return {
        "kind": "video",
        "description": " ".join(entry.body.paragraphs),
        "creator": shortened(clip.creator or entry.author, MAX_NAME),
        "creator_id": clip.creator_id,
        "sound": shortened(clip.sound, MAX_NAME),
        "tags": _topics(entry.topics),
        "duration_s": clip.duration_s,
        "media_url": clip.media_url,
        "embed_url": clip.embed_url,
        "poster_url": clip.poster_url,
        "captions_url": clip.captions_url,
    }
