"""Contents by row, of which only those lately asked for are in memory: texts and analyses are the bulk of an item."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from reader.profile.content import Content

# Contents held; about 60 KiB each. A list of 60 with its related items and evidence needs a few hundred.
CONTENTS_KEPT: Final = 1_024


class Shelf:
    """All ids in order of their rows, and the contents last used. load: fetches the content of an id from the store."""

    def __init__(self, load: Callable[[str], Content], *, kept: int = CONTENTS_KEPT) -> None:
        self._load = load
        self._kept = kept
        self._ids: list[str] = []
        self._contents: OrderedDict[str, Content] = OrderedDict()

    def __len__(self) -> int:
        return len(self._ids)

    def append(self, content: Content) -> None:
        """Put a content into the next row; it stands for all earlier versions of its item, too."""
        self._ids.append(content.item.id)
        self._contents.pop(content.item.id, None)
        self._keep(content)

    def id_at(self, row: int) -> str:
        """Return the id of the item in a row."""
        return self._ids[row]

    def ids_at(self, rows: Sequence[int]) -> list[str]:
        """Return the ids of the items in some rows."""
        ids = self._ids
        return [ids[row] for row in rows]

    def content(self, item: str) -> Content:
        """Return the content of a known item."""
        if item in self._contents:
            self._contents.move_to_end(item)
        else:
            self._keep(self._load(item))
        return self._contents[item]

    def _keep(self, content: Content) -> None:
        self._contents[content.item.id] = content
        if len(self._contents) > self._kept:
            self._contents.popitem(last=False)
