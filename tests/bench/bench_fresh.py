"""How soon a new article is found, in this process and from another one, once it is analysed."""

from __future__ import annotations

from dataclasses import replace

from reader.storage.sqlite import SqliteStorage
from reader.types import Article
from tests.bench.bench_serving import fetch
from tests.bench.measuring import Budget, Row, time_calls, time_row
from tests.bench.synthetic import analysis_of, make_item
from tests.bench.world import World
from webapp.app import create_app

FINDABLE = Budget(1_000.0)


def bench_fresh(world: World) -> list[Row]:
    """Time adding and finding; each new item has a term of its own, by which it must be found."""
    recommender, runs = world.recommender, max(3, world.options.runs // 3)
    client = create_app(recommender).test_client()
    other = SqliteStorage(world.db)

    def arrange() -> Article:
        item = replace(make_item(world.new_number(), world.options.paragraphs), published_at=world.tick())
        other.put_analyses([analysis_of(item)])
        return item

    def arrange_elsewhere() -> Article:
        item = arrange()
        other.put_items([item])
        return item

    def arrange_added() -> Article:
        item = arrange()
        recommender.add_items([item])
        return item

    def add_and_find(item: Article) -> None:
        recommender.add_items([item])
        rows, _ = recommender.catalogue.index.top({f"item{item.id[1:]}": 1.0}, 1)
        _check(item, [recommender.catalogue.id_at(int(row)) for row in rows])

    here = time_calls(add_and_find, arrange, runs)
    elsewhere = time_calls(lambda item: _check(item, fetch(client, "&mode=latest")), arrange_elsewhere, runs)
    after = time_calls(lambda _: fetch(client), arrange_added, runs)
    other.close()
    return [
        time_row("a new article, analysed: stored and found by its words", here, budget=FINDABLE),
        time_row("a new article from another process: first on the next list by time", elsewhere, budget=FINDABLE),
        time_row("the next recommendations after a new article", after),
    ]


def _check(item: Article, found: list[str]) -> None:
    if not found or found[0] != item.id:
        raise RuntimeError(f"{item.id} was not found: {found[:3]}")
