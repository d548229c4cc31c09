"""Reread as a library: items and events in, interests and lists out.

>>> from datetime import UTC, datetime
>>> from reader import Article, Event, Request, make_recommender
>>> recommender = make_recommender()
>>> recommender.add_items([
...     Article(id="a1", title="Salt roads of Timbuktu", paragraphs=("Camels carried slabs of salt to Timbuktu.",)),
...     Article(id="a2", title="Who makes sea salt today", paragraphs=("Sea salt dries in flat pans near Guerande.",)),
...     Article(id="a3", title="A violin of 1715", paragraphs=("The varnish of the violin is thin and red.",)),
... ])
>>> opened = Event(id="e1", type="open", at=datetime.now(UTC), user="ann", item="a1", view="v1")
>>> recommender.observe([opened]).accepted
1
>>> [place.item for place in recommender.recommend(Request("ann", limit=2)).items][0]
'a2'

The import is cheap: models load when the first text is analysed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reader.types import Article, Event, Video

if TYPE_CHECKING:
    from reader.recommend.recommender import Recommender
    from reader.recommend.requests import Request
    from reader.settings import Settings
    from reader.wiring import make_recommender

__all__ = ["Article", "Event", "Recommender", "Request", "Settings", "Video", "make_recommender"]

_HOMES = {
    "make_recommender": "reader.wiring",
    "Recommender": "reader.recommend.recommender",
    "Request": "reader.recommend.requests",
    "Settings": "reader.settings",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'reader' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
