"""The shelf holds what was lately used and fetches the rest."""

from __future__ import annotations

import numpy as np

from nlp.analysis import Analysis, Block
from reader.profile.content import Content
from reader.recommend.shelf import Shelf
from tests.builders import article


def content(item: str) -> Content:
    nothing = Block(0, 0.0, ())
    return Content(article(item), Analysis("en", nothing, (), {}, np.zeros((1, 4), dtype=np.float32), "none"))


def test_what_was_not_used_lately_is_fetched_again() -> None:
    fetched: list[str] = []

    def load(item: str) -> Content:
        fetched.append(item)
        return content(item)

    shelf = Shelf(load, kept=2)
    for item in ("a", "b", "c"):
        shelf.append(content(item))

    assert [shelf.content(item).item.id for item in ("c", "b", "a", "c")] == ["c", "b", "a", "c"]
    assert fetched == ["a", "c"]
    assert [shelf.id_at(row) for row in range(len(shelf))] == ["a", "b", "c"]
