"""Names of this API: items have numbers of 63 bits in two forms, streams are paths; and the other way round. Pure."""

from __future__ import annotations

import hashlib
import re
from typing import Final

LONG_ITEM: Final = "tag:google.com,2005:reader/item/"
STATE: Final = "user/-/state/com.google/"
READING_LIST: Final = f"{STATE}reading-list"
READ: Final = f"{STATE}read"
KEPT_UNREAD: Final = f"{STATE}kept-unread"
STARRED: Final = f"{STATE}starred"
LIKED: Final = f"{STATE}like"
LABEL: Final = "user/-/label/"
FEED: Final = "feed/"


def number_of(item: str) -> int:
    """Return the number of an item: of 63 bits, so that it is the same for those who read it as signed.

    Derived from its id and so for ever the same; two of a million items share one with a chance of 1 in 10^7.
    """
    return int.from_bytes(hashlib.sha256(item.encode("utf-8", "surrogatepass")).digest()[:8], "big") >> 1


def long_id(number: int) -> str:
    """Return the long form of an item's name.

    >>> long_id(31)
    'tag:google.com,2005:reader/item/000000000000001f'
    """
    return f"{LONG_ITEM}{number:016x}"


def parse_id(text: str) -> int | None:
    """Return the number of either form: long, or decimal; hexadecimal digits alone are taken, too. None: of none.

    >>> parse_id("tag:google.com,2005:reader/item/000000000000001F"), parse_id("31"), parse_id("000000000000001f")
    (31, 31, 31)
    """
    bare = text.removeprefix(LONG_ITEM)
    is_decimal = bare == text and re.fullmatch(r"[1-9][0-9]{0,18}|0", text) is not None
    if is_decimal:
        return int(text)
    return int(bare, 16) if re.fullmatch(r"[0-9a-fA-F]{1,16}", bare) else None


def stream_of(text: str) -> str:
    """Return the name of a stream with the reader left out, who is known from the token.

    >>> stream_of("user/1005/state/com.google/read")
    'user/-/state/com.google/read'
    """
    return re.sub(r"^user/[^/]+/", "user/-/", text)


def label_of(folder: tuple[str, ...]) -> str:
    """Return the name of a folder here, where folders do not stand in each other."""
    return "/".join(folder)
