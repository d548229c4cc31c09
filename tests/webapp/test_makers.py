"""One answer to whose an item is, for lists, feeds and programs."""

from __future__ import annotations

import pytest

from reader.types import AnyItem, Article, Video
from webapp.makers import author_of, maker_of


@pytest.mark.parametrize(
    ("item", "maker", "author"),
    [
        (Article(id="a", title="A", author="Ada", source="Paper"), "Ada", "Ada"),
        (Article(id="a", title="A", source="Paper"), "", "Paper"),
        (Article(id="a", title="A"), "", ""),
        (Video(id="v", title="V", creator="Studio", creator_id="c1", source="Tube"), "Studio", "Studio"),
        (Video(id="v", title="V", creator_id="c1", source="Tube"), "c1", "c1"),
        (Video(id="v", title="V", source="Tube"), "", "Tube"),
    ],
)
def test_who_made_it_else_where_it_is_from(item: AnyItem, maker: str, author: str) -> None:
    assert (maker_of(item), author_of(item)) == (maker, author)
