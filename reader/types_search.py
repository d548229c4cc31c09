"""The values that travel between a search and the store; part of `reader.types`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# What an item is found by, as the store keeps it, in this order: makers are source, author, creator, sound and topics;
# summary is the first paragraph, or a clip's description; the last two are base forms (`SearchWords`).
SEARCH_FIELDS: Final = ("title", "makers", "summary", "body", "title_words", "words")
# Those of them that hold what is written.
WRITTEN_FIELDS: Final = SEARCH_FIELDS[:4]


@dataclass(frozen=True, slots=True)
class SearchWords:
    """An item's words in their base forms, parted by spaces: of the title, and of all of it. The store parses none."""

    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that stand one after the other in one field. Case and accents do not count.

    as_written: in the text itself, not among the base forms. is_prefix: the last word may go on.
    """

    words: tuple[str, ...]
    as_written: bool = False
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Of each group of `all_of` one at least is in the item, and none of `none_of`. Without a group, none is found."""

    all_of: tuple[tuple[Sought, ...], ...]
    none_of: tuple[Sought, ...] = ()
