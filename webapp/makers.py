"""Whose an item is, as lists, feeds and programs name it."""

from __future__ import annotations

from reader.types import AnyItem, Video


def maker_of(item: AnyItem) -> str:
    """Return the name of whoever made an item; "" where nobody is known."""
    return item.entity_name("creator") if isinstance(item, Video) else item.author


def author_of(item: AnyItem) -> str:
    """Return who made an item, else what it is from; "" where neither is known."""
    return maker_of(item) or item.source
