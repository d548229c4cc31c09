"""EB-NeRD's articles.parquet -> our items.

What belongs here: which columns become what, and what the log names that the file does not describe. What does not:
reading behaviour.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from reader.errors import InvalidInputError
from reader.replay.importers.ebnerd_parquet import ColumnType, Row, read_rows
from reader.types import Article

ARTICLES_FILE = "articles.parquet"
ARTICLES_COLUMNS: dict[str, ColumnType] = {
    "article_id": "number",
    "title": "text",
    "subtitle": "text",
    "body": "text",
    "category_str": "text",
    "topics": "texts",
    "published_time": "moment",
    "url": "text",
}
LANGUAGE = "da"


@dataclass(slots=True)
class Catalogue:
    """How many words each paragraph of each article has, and when each item of the log was first seen.

    The texts stay in the files, which are read a second time for the items: all of them would fill gigabytes.
    """

    files: Sequence[Path]
    words: dict[int, array[int]] = field(default_factory=dict)
    first_seen: dict[int, datetime] = field(default_factory=dict)

    def load(self, skipped: list[str]) -> None:
        """Count the words of all articles; name the rows that cannot be read."""
        for file in self.files:
            for number, row in read_rows(file, ARTICLES_COLUMNS):
                try:
                    article = parse_article(row)
                except InvalidInputError as error:
                    skipped.append(f"{file.name} row {number}: {error}")
                    continue
                words = array("I", (len(paragraph.split()) for paragraph in article.paragraphs))
                self.words.setdefault(row["article_id"], words)

    def see(self, item: int, at: datetime) -> None:
        """Note that an item existed at `at`."""
        self.first_seen[item] = min(at, self.first_seen.get(item, at))

    def unknown(self) -> list[int]:
        """Return the items of the log that no file describes, by number."""
        return sorted(self.first_seen.keys() - self.words.keys())

    def items(self) -> Iterator[Article]:
        """Yield the described articles in the files' order, then one of a title alone for every other item."""
        remaining = set(self.words)
        for file in self.files:
            for _, row in read_rows(file, ARTICLES_COLUMNS):
                if row["article_id"] in remaining and (row["title"] or "").strip():
                    remaining.remove(row["article_id"])
                    yield self._dated(parse_article(row), row["article_id"])
        for id in self.unknown():
            yield self._dated(Article(id=str(id), title=f"Article {id}", language=LANGUAGE), id)

    def _dated(self, article: Article, id: int) -> Article:
        # What was acted on existed: an update of the text may have moved its date.
        known = [at for at in (article.published_at, self.first_seen.get(id)) if at is not None]
        return replace(article, published_at=min(known, default=None))


def parse_article(row: Row) -> Article:
    """Return the article of one row; InvalidInputError names what is wrong."""
    title = " ".join((row["title"] or "").split())
    if row["article_id"] is None or not title:
        raise InvalidInputError("article_id" if row["article_id"] is None else "title", "is empty")
    texts = [row["subtitle"] or "", *re.split(r"[\r\n]+", row["body"] or "")]
    published = row["published_time"]
    return Article(
        id=str(row["article_id"]),
        title=title,
        url=row["url"] or "",
        published_at=published and published.replace(tzinfo=UTC),
        language=LANGUAGE,
        topics=tuple(dict.fromkeys(filter(None, (row["category_str"], *(row["topics"] or ()))))),
        paragraphs=tuple(stripped for text in texts if (stripped := text.strip())),
    )
