"""CI&T Deskdrop's published log as our items and events.

Files (csv with a header): `users_interactions.csv` with timestamp (seconds since 1970, UTC), eventType, contentId,
personId, sessionId; `shared_articles.csv` with timestamp, eventType, contentId, authorPersonId, contentType, url,
title, text, lang. Further columns (devices, regions) are left out. What becomes of them:

- VIEW is an `open` with a view of its own. How long it lasted is not known, so no `close` follows. Nor is what was
  shown and passed by: there are no impressions.
- LIKE is `like`, BOOKMARK is `save`, COMMENT CREATED is `comment`. FOLLOW, which asks for news of an article's
  comments, is `save` too: our `follow` is for sources and topics. None of them names a view: the log does not say
  which it belongs to.
- Ids are made of file and line. The log has none; so made, acts of the same second keep the file's order.
- An article is published when it was shared or first acted on, whichever came first. Only HTML has text. Its author is
  whoever shared it. When it was taken down is left out: our items have no end.
- The articles are optional, and `notes` says so: what the log names and they do not becomes an item whose title is its
  id.

Source: Moreira, CI&T Deskdrop, "Articles sharing and reading from CI&T Deskdrop", Kaggle 2017.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from reader.errors import InvalidInputError
from reader.replay.importers._csv import check_whole, read_rows
from reader.replay.importers._files import PROGRESS_ROWS, Progress, find_files, require
from reader.replay.importers._log import Log
from reader.types import Article, Event

INTERACTIONS_FILE = "users_interactions.csv"
INTERACTIONS_COLUMNS = ("timestamp", "eventType", "contentId", "personId", "sessionId")
EVENT_TYPES = {"VIEW": "open", "LIKE": "like", "BOOKMARK": "save", "COMMENT CREATED": "comment", "FOLLOW": "save"}
ARTICLES_FILE = "shared_articles.csv"
ARTICLES_COLUMNS = (
    "timestamp", "eventType", "contentId", "authorPersonId", "contentType", "url", "title", "text", "lang",
)  # fmt: skip
ARTICLE_EVENTS = ("CONTENT SHARED", "CONTENT REMOVED")


@dataclass(slots=True)
class Catalogue:
    """The articles that were shared, in the file's order, and when each item was first acted on."""

    articles: dict[str, Article] = field(default_factory=dict)
    first_seen: dict[str, datetime] = field(default_factory=dict)

    def see(self, item: str, at: datetime) -> None:
        """Note that an item existed at `at`."""
        self.first_seen[item] = min(at, self.first_seen.get(item, at))

    def unknown(self) -> list[str]:
        """Return the items that the log names and no article file describes, in the order of the log."""
        return [item for item in self.first_seen if item not in self.articles]

    def dated(self) -> Iterator[Article]:
        """Yield the articles that were shared, then one of a title alone for every other item."""
        yield from (replace(article, published_at=self.first_seen[id]) for id, article in self.articles.items())
        for id in self.unknown():
            yield Article(id=id, title=f"Article {id}", published_at=self.first_seen[id])


def read_log(paths: Sequence[Path], out: Path, progress: Progress | None) -> Log:
    """Read users_interactions.csv and, if it is there, shared_articles.csv (plain or .gz) from `paths`."""
    catalogue = Catalogue()
    skipped: list[str] = []
    notes: list[str] = []
    interactions = require(find_files(paths, [INTERACTIONS_FILE]), INTERACTIONS_FILE)
    articles = find_files(paths, [ARTICLES_FILE])
    for file in articles:
        _read_articles(file, catalogue, skipped)
    events = _events(interactions, catalogue, skipped, progress)
    return Log(_and_then_noted(events, catalogue, notes, bool(articles)), catalogue.dated, skipped, notes)


def _and_then_noted(
    events: Iterator[Event], catalogue: Catalogue, notes: list[str], articles_given: bool
) -> Iterator[Event]:
    yield from events
    if unknown := len(catalogue.unknown()):
        cause = f"not in {ARTICLES_FILE}" if articles_given else f"{ARTICLES_FILE} was not given"
        notes.append(f"{cause}: {unknown} items have only their id as title, and no text")


def _read_articles(file: Path, catalogue: Catalogue, skipped: list[str]) -> None:
    for line, cells in read_rows(file, ARTICLES_COLUMNS):
        try:
            at, article = parse_article(cells)
        except InvalidInputError as error:
            skipped.append(f"{file.name} line {line}: {error}")
            continue
        catalogue.see(article.id, at)
        catalogue.articles.setdefault(article.id, article)


def parse_article(cells: Mapping[str, str]) -> tuple[datetime, Article]:
    """Return one row of shared_articles.csv: its moment and the article; InvalidInputError names what is wrong."""
    check_whole(cells)
    if cells["eventType"] not in ARTICLE_EVENTS:
        raise InvalidInputError("eventType", f"{cells['eventType']!r:.80} is none of {', '.join(ARTICLE_EVENTS)}")
    title = " ".join(cells["title"].split())
    if not title:
        raise InvalidInputError("title", "is empty")
    is_text = cells["contentType"] == "HTML"
    article = Article(
        id=_filled(cells, "contentId"),
        title=title,
        url=cells["url"],
        language=cells["lang"],
        author=cells["authorPersonId"],
        paragraphs=tuple(filter(None, re.split(r"\s*\n\s*", cells["text"].strip()))) if is_text else (),
    )
    return _parse_at(cells["timestamp"]), article


def _events(
    files: Sequence[Path], catalogue: Catalogue, skipped: list[str], progress: Progress | None
) -> Iterator[Event]:
    count = 0
    for number, file in enumerate(files, start=1):
        for line, cells in read_rows(file, INTERACTIONS_COLUMNS):
            try:
                event = parse_interaction(cells, f"deskdrop-{number}-{line:09d}")
                catalogue.see(event.item or "", event.at)
                yield event
            except InvalidInputError as error:
                skipped.append(f"{file.name} line {line}: {error}")
            count += 1
            if progress and count % PROGRESS_ROWS == 0:
                progress(count)
    if progress:
        progress(count)


def parse_interaction(cells: Mapping[str, str], id: str) -> Event:
    """Return the event of one row of users_interactions.csv; InvalidInputError names what is wrong."""
    check_whole(cells)
    type = EVENT_TYPES.get(cells["eventType"])
    if type is None:
        raise InvalidInputError("eventType", f"{cells['eventType']!r:.80} is none of {', '.join(EVENT_TYPES)}")
    return Event(
        id=id,
        type=type,
        at=_parse_at(cells["timestamp"]),
        user=_filled(cells, "personId"),
        session=cells["sessionId"] or None,
        item=_filled(cells, "contentId"),
        view=id if type == "open" else None,
    )


def _filled(cells: Mapping[str, str], name: str) -> str:
    if not cells[name]:
        raise InvalidInputError(name, "is empty")
    return cells[name]


def _parse_at(text: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidInputError("timestamp", f"{text!r:.80} is no number of seconds since 1970") from error
