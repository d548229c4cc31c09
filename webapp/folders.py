"""How readers' folders are written: shown and typed on pages, and in addresses; and which feeds are in one.

On a page `›` stands between a folder and one within it, in an address `/`. Any of these may be part of a name, too:
where a folder is chosen, its address is sent, which says it without doubt; what is typed is first looked for among the
folders that there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from reader.ingest.subscriptions import Followed, Subscriptions
from reader.types_feeds import FolderPath

# Between the names of folders that stand in each other, as shown and as typed.
_WITHIN: Final = " › "
# Before what is part of a name in an address.
_ESCAPED: Final = re.compile(r"\\([\\/])")
_PART: Final = re.compile(r"(?:\\[\\/]|[^/])+")


def say_folder(path: FolderPath) -> str:
    """Return a folder as it is shown.

    >>> say_folder(("News", "World"))
    'News › World'
    """
    return _WITHIN.join(path)


def parse_folder(text: str, known: Iterable[FolderPath] = ()) -> FolderPath:
    """Return a folder from how it is typed; ">" will do for "›". One that is known is taken as it is shown.

    >>> parse_folder("News ›World "), parse_folder(" "), parse_folder("A > B", [("A > B",)])
    (('News', 'World'), (), ('A > B',))
    """
    found = next((path for path in known if say_folder(path) == text.strip()), None)
    return _named(text.replace(">", "›").split("›")) if found is None else found


def parse_folders(text: str, known: Iterable[FolderPath] = ()) -> tuple[FolderPath, ...]:
    """Return the folders that are typed with ";" between, each once; () for none.

    >>> parse_folders("Sea; News > World;"), parse_folders("A; B", [("A; B",)])
    ((('Sea',), ('News', 'World')), (('A; B',),))
    """
    there = list(known)
    parts = [text] if text.strip() in map(say_folder, there) else text.split(";")
    return tuple(dict.fromkeys(filter(None, (parse_folder(part, there) for part in parts))))


def say_path(path: FolderPath) -> str:
    r"""Return a folder as an address has it; a "/" or a backslash in a name stands behind a backslash.

    >>> print(say_path(("News", "TV/Radio")))
    News/TV\/Radio
    """
    return "/".join(re.sub(r"[\\/]", r"\\\g<0>", name) for name in path)


def parse_path(text: str) -> FolderPath:
    r"""Return the folder that an address names, outer ones first.

    >>> parse_path("News/World"), parse_path(r"News/TV\/Radio")
    (('News', 'World'), ('News', 'TV/Radio'))
    """
    return _named(_ESCAPED.sub(r"\1", part) for part in _PART.findall(text))


def _named(parts: Iterable[str]) -> FolderPath:
    return tuple(filter(None, (part.strip() for part in parts)))


def feeds_in(path: FolderPath, subscriptions: Subscriptions, user: str) -> tuple[str, ...]:
    """Return what a reader follows in a folder, and in those within it."""
    return tuple(one.feed.url for one in followed_in(path, subscriptions.of(user)))


def followed_in(path: FolderPath, followed: Iterable[Followed]) -> tuple[Followed, ...]:
    """Return which of some feeds are in a folder, or in those within it."""
    return tuple(one for one in followed if any(folder[: len(path)] == path for folder in one.folders))
