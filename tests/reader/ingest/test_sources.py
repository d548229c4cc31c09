from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path

import pytest

from reader.clock import ManualClock
from reader.errors import InvalidInputError
from reader.ingest.asking import Asker
from reader.ingest.fetch import Fetcher
from reader.ingest.sources import Loaded, Problem, load_source
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types_feeds import Feed
from tests.reader.ingest.conftest import NOW, Site, make_fetcher
from tests.reader.ingest.feed_files import ATOM, JSON_1_1, RSS
from tests.reader.ingest.feed_world import rss
from tests.reader.ingest.test_pages import PAGE, TEXTS

LINES = b'{"id":"a","kind":"article","title":"Salt"}\n{"id":"b","kind":"article"}\n'


def load(source: str | Path, fetcher: Fetcher, feeds: tuple[Feed, ...] = ()) -> Loaded:
    return load_source(str(source), fetcher, lambda: feeds, clock=ManualClock(NOW))


def titles(loaded: Loaded) -> list[str]:
    return [item.title for item in loaded.items]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("items.jsonl", LINES, ["Salt"]),
        ("items.ndjson", LINES, ["Salt"]),
        ("items.JSONL.gz", None, ["Salt"]),
        ("feed.xml", ATOM.encode(), ["Salz", "Nur Text"]),
        ("feed.atom", ATOM.encode(), ["Salz", "Nur Text"]),
        ("feed.json", json.dumps(JSON_1_1).encode(), ["Salt", "The salt trade built cities along the coast, and…"]),
        ("page.html", PAGE.encode(), ["Salz für Lüneburg"]),
    ],
)
def test_file_is_read_by_what_it_is(
    tmp_path: Path, fetcher: Fetcher, name: str, content: bytes | None, expected: list[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(LINES) if content is None else content)

    loaded = load(path, fetcher)

    assert [title[:40] for title in titles(loaded)] == [title[:40] for title in expected]
    assert loaded.feed is None


def test_bad_line_is_a_problem_with_its_place(tmp_path: Path, fetcher: Fetcher) -> None:
    path = tmp_path / "items.jsonl"
    path.write_bytes(LINES)

    (problem,) = load(path, fetcher).problems

    assert (problem.source, problem.line, problem.field) == (str(path), 2, "title")
    assert str(problem).startswith(f"{path}:2: title: is missing; give a text")


def test_folder_gives_all_its_files_and_one_bad_file_costs_no_other(tmp_path: Path, fetcher: Fetcher) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / "b" / "feed.xml").write_text(ATOM)
    (tmp_path / "b" / "index.html").write_text(PAGE)
    (tmp_path / "index.html").write_text(PAGE.replace("Lüneburg", "Halle"))
    (tmp_path / "broken.xml").write_text("<html><body>Not found</body></html>")
    (tmp_path / "notes.txt").write_text("not ours")

    loaded = load(tmp_path, fetcher)

    assert titles(loaded) == ["Salt", "Salz", "Nur Text", "Salz für Lüneburg", "Salz für Halle"]
    assert len({item.id for item in loaded.items}) == 5
    assert [problem.source for problem in loaded.problems] == [
        str(tmp_path / "a.jsonl"),
        str(tmp_path / "broken.xml"),
    ]


@pytest.mark.parametrize("name", ["none.jsonl", "ftp://a.example/feed", "notes.txt", "empty", "list.opml"])
def test_what_is_no_source_is_a_wrong_call(tmp_path: Path, fetcher: Fetcher, name: str) -> None:
    (tmp_path / "notes.txt").write_text("words")
    (tmp_path / "list.opml").write_text("<opml/>")
    (tmp_path / "empty").mkdir()

    with pytest.raises(InvalidInputError) as caught:
        load(name if "://" in name else tmp_path / name, fetcher)

    assert caught.value.field == "source"
    assert name in caught.value.detail
    assert caught.value.remedy


def test_feed_is_fetched_and_comes_with_what_the_next_fetch_needs(site: Site, fetcher: Fetcher) -> None:
    site.put("/feed", RSS.encode(), Content_Type="application/rss+xml", ETag='"1"', Last_Modified="Mon")
    url = site.redirect("/", "/feed")

    loaded = load(url, fetcher)

    assert titles(loaded)[0] == "Salt & silver"
    assert loaded.feed == Feed(
        url=url, title="The Lantern", etag='"1"', last_modified="Mon", fetched_at=NOW, succeeded_at=NOW
    )
    assert [problem.source for problem in loaded.problems] == [url]


@pytest.mark.parametrize("status", [200, 304])
def test_a_feed_that_was_in_trouble_is_well_again(site: Site, fetcher: Fetcher, status: int) -> None:
    """And is asked like any other from then on."""
    url = site.put("/feed", RSS.encode() if status == 200 else b"", status)
    tried = NOW - timedelta(days=9)
    known = Feed(url, trouble="gone", error="gone", failures=4, next_at=NOW + timedelta(days=1), succeeded_at=tried)

    feed = load(url, fetcher, (known,)).feed

    assert feed is not None
    assert (feed.trouble, feed.error, feed.failures, feed.next_at, feed.succeeded_at) == ("", "", 0, None, NOW)


@pytest.mark.parametrize("origin", ["", "https://old.example/feed"])
def test_entries_have_the_ids_that_fetching_by_the_clock_gives_them(
    site: Site, fetcher: Fetcher, clock: ManualClock, origin: str
) -> None:
    """Wherever the feed is today."""
    site.put("/feed", rss("a", "b"))
    known = Feed(site.redirect("/moved", "/feed"), origin=origin)
    asked = Asker(MemoryStorage(), fetcher, Settings(), clock).ask(known, whole=False)

    assert [item.id for item in load(known.url, fetcher, (known,)).items] == [item.id for item in asked.items]
    assert len(asked.items) == 2
    if not origin:
        assert [item.id for item in load(known.url, fetcher).items] == [item.id for item in asked.items]


def test_known_feed_is_asked_for_conditionally(site: Site, fetcher: Fetcher) -> None:
    site.pages["/feed"] = lambda handler: handler.answer(status=304)
    known = Feed(url=site.url + "/feed", title="The Lantern", etag='"1"', last_modified="Mon", error="once")

    loaded = load(known.url, fetcher, (known,))

    assert loaded == Loaded(
        (),
        (),
        Feed(url=known.url, title="The Lantern", etag='"1"', last_modified="Mon", fetched_at=NOW, succeeded_at=NOW),
        unchanged=True,
    )
    assert site.asked[0][1]["If-None-Match"] == '"1"'


def test_page_is_fetched(site: Site, fetcher: Fetcher) -> None:
    url = site.put("/salz", PAGE.replace("utf-8", "x").encode("latin-1"), Content_Type="text/html; charset=latin-1")

    loaded = load(url, fetcher)

    assert loaded.items[0].paragraphs[0] == TEXTS[0]
    assert (loaded.items[0].url, loaded.feed, loaded.problems) == (url, None, ())


def test_known_feed_that_became_a_page_keeps_its_validators_and_says_so(site: Site, fetcher: Fetcher) -> None:
    """Otherwise the notice of a closed site would be taken for an article, at every refresh."""
    url = site.put("/feed", PAGE.encode(), Content_Type="text/html")
    known = Feed(url=url, title="The Lantern", etag='"1"')

    loaded = load(url, fetcher, (known,))

    assert loaded.items == ()
    assert loaded.feed is not None
    assert (loaded.feed.etag, loaded.feed.fetched_at) == ('"1"', NOW)
    assert "looks like a web page" in loaded.feed.error
    assert "looks like a web page" in loaded.problems[0].detail


def test_fetch_that_fails_is_a_problem(site: Site, fetcher: Fetcher) -> None:
    site.pages["/feed"] = lambda handler: handler.answer(status=500)

    loaded = load(site.url + "/feed", fetcher)

    assert loaded == Loaded((), (Problem(site.url + "/feed", 0, "", "the server answered 500 Internal Server Error"),))


def test_private_address_is_refused_by_default(site: Site) -> None:
    site.put("/feed", RSS.encode())

    loaded = load(site.url + "/feed", make_fetcher(fetch_private_addresses=False))

    assert loaded.items == ()
    assert "a loopback address; set fetch_private_addresses" in str(loaded.problems[0])
    assert site.asked == []
