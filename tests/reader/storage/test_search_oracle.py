"""Both engines find the same, with the same relevance: FTS5 against a walk through all texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.storage.memory import MemoryStorage
from reader.storage.sqlite import SqliteStorage
from reader.types import Article
from reader.types_search import SEARCH_FIELDS, SearchQuery, SearchWords, Sought
from tests.reader.storage.builders import NOW, make_article

VOCABULARY = ("salt", "Salz", "sälte", "sal", "lake", "lakes", "co-op", "7", "é", "Straße")
TEXTS = st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join)
ARTICLES = st.builds(
    Article,
    id=st.sampled_from("abcdef"),
    title=TEXTS,
    source=TEXTS,
    topics=TEXTS.map(lambda text: tuple(text.split())),
    paragraphs=st.lists(TEXTS, max_size=3).map(tuple),
)
SOUGHT = st.builds(
    Sought,
    words=st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=2).map(tuple),
    as_written=st.booleans(),
    is_prefix=st.booleans(),
)
GROUPS = st.lists(st.lists(SOUGHT, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(tuple)


QUERIES = st.builds(SearchQuery, GROUPS, st.lists(SOUGHT, max_size=1).map(tuple))
WORDS = st.dictionaries(st.sampled_from("abcdef"), st.builds(SearchWords, TEXTS, TEXTS))
WEIGHTS = (8.0, 4.0, 2.0, 1.0, 4.0, 0.5)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oracle") / "reread.db"


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[SqliteStorage]:
    with closing(SqliteStorage(tmp_path / "reread.db")) as storage:
        yield storage


@settings(max_examples=40, deadline=None)
@given(items=st.lists(ARTICLES, min_size=1, max_size=6), words=WORDS, query=QUERIES)
def test_both_engines_find_the_same(
    path: Path, items: list[Article], words: dict[str, SearchWords], query: SearchQuery
) -> None:
    path.unlink(missing_ok=True)
    memory = MemoryStorage()
    with closing(SqliteStorage(path)) as file:
        for store in (memory, file):
            store.put_items(items, words)

        expected, found = memory.search(query, WEIGHTS), file.search(query, WEIGHTS)

        ids = [{seq: item.id for seq, item in store.items_after(0)} for store in (memory, file)]
        assert {ids[1][seq]: value for seq, value in found} == pytest.approx(
            {ids[0][seq]: value for seq, value in expected}, rel=1e-6, abs=1e-12
        )
        assert memory.unworded(list("abcdef")) == file.unworded(list("abcdef"))


def test_what_is_ruled_out_leaves_the_relevance_of_the_others(storage: SqliteStorage) -> None:
    """By NOT within the expression, SQLite 3.40 counts but one of the two words of the second item."""
    storage.put_items(
        [Article(id="a1", title="", topics=("salt",)), Article(id="a2", title="", topics=("salt", "Salz"))]
    )
    salt, either = (Sought(("salt",)),), (Sought(("salt", "salt")), Sought(("Salz",)))

    found, without = (
        storage.search(SearchQuery((salt, either), none_of), WEIGHTS) for none_of in ((), (Sought(("sea",)),))
    )

    assert [seq for seq, _ in found] == [2]
    assert without == found


def test_an_item_that_is_deleted_by_whatever_way_is_found_no_more(storage: SqliteStorage) -> None:
    storage.put_items([make_article("a1"), make_article("a2")])

    with closing(sqlite3.connect(storage.path)) as conn:
        conn.execute("DELETE FROM items WHERE id = 'a1'")
        conn.commit()

    assert [seq for seq, _ in storage.search(SearchQuery(((Sought(("lithium",)),),)), WEIGHTS)] == [2]
    assert storage.check_search() == ["1 items lack base forms"]


def test_damage_is_told_and_mended(storage: SqliteStorage) -> None:
    storage.put_items([make_article("a1")], {"a1": SearchWords("lithium", "lithium")})
    with closing(sqlite3.connect(storage.path)) as conn:
        conn.execute("UPDATE search_content SET c0 = 'sodium'")
        conn.execute("DELETE FROM search_docsize")
        conn.commit()

    damaged = storage.check_search()
    storage.rebuild_search()

    assert len(damaged) == 2
    assert damaged[0].startswith("the index of words is damaged")
    assert damaged[1] == "1 items are not in the index"
    assert storage.check_search() == ["1 items lack base forms"]


def test_a_store_that_is_not_searched_indexes_nothing_and_asks_for_nothing(tmp_path: Path) -> None:
    with closing(SqliteStorage(tmp_path / "replay.db", is_searched=False)) as storage:
        storage.put_items([Article(id="a1", title="Salt", published_at=NOW)])

        assert storage.search(SearchQuery(((Sought(("salt",)),),)), (1.0,) * len(SEARCH_FIELDS)) == []
        assert storage.unworded(["a1"]) == []
