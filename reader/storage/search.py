"""What a store must do so that items are found by their words: the part of the protocol `Storage` about searching."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from reader.types import AnyItem, Video
from reader.types_search import SearchQuery, SearchWords


class SearchStorage(Protocol):
    """Kept under the same promises as everything else (`reader.storage.protocol.Storage`).

    What an item is found by is stored, replaced and deleted together with it. A word is a run of letters and digits.
    """

    @property
    def is_searched(self) -> bool:
        """Whether items can be found by their words; where they cannot, base forms are not kept."""

    def search(self, query: SearchQuery, weights: Sequence[float]) -> list[tuple[int, float]]:
        """Return (seq, relevance) of the items that match, in order of seq.

        weights: of the fields (`SEARCH_FIELDS`). relevance: BM25 over the fields, > 0, the greater the better.
        """

    def unworded(self, ids: Sequence[str]) -> list[str]:
        """Return those of some items whose base forms are not known, sorted; none in a store that is not searched."""

    def put_words(self, words: Mapping[str, SearchWords]) -> None:
        """Store base forms of items by id; those of unknown items are left out."""

    def check_search(self) -> list[str]:
        """Return what is wrong with the index, in words; nothing if all is well."""

    def rebuild_search(self) -> None:
        """Make the index anew from the items. Base forms are not known afterwards (`unworded`)."""


def written(item: AnyItem) -> tuple[str, str, str, str]:
    """Return what is written in an item, as the first four of `SEARCH_FIELDS` have it.

    >>> from reader.types import Article
    >>> written(Article(id="a", title="Salt", source="Paper", author="Ada", topics=("food",), paragraphs=("One.", "2")))
    ('Salt', 'Paper\\nAda\\nfood', 'One.', '2')
    """
    summary, *body = item.paragraphs or ("",)
    return item.title, "\n".join(_makers(item)), summary, "\n".join(body)


def _makers(item: AnyItem) -> Iterator[str]:
    own = (item.creator, item.sound, *item.tags) if isinstance(item, Video) else (item.author,)
    yield from filter(None, dict.fromkeys((item.source, *own, *item.topics)))
