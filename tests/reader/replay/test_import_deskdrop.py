"""Small logs of our own in Deskdrop's layout, and the real log, -> items and events."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reader.behaviour.events import parse_event
from reader.errors import InvalidInputError
from reader.records import item_from_record
from reader.replay.importers import Imported, import_log
from reader.types import AnyItem, Article

HEADER = "timestamp,eventType,contentId,personId,sessionId,userAgent"
ROWS = (
    '1465413895,FOLLOW,31,-8,7,"Mozilla, like"',
    "1465413742,VIEW,31,-8,7,",
    "1465413742,LIKE,31,-8,7,",
    "1465413742,BOOKMARK,31,-8,7,",
    "1465415950,COMMENT CREATED,32,9,6,",
)
ARTICLES_HEADER = "timestamp,eventType,contentId,authorPersonId,contentType,url,title,text,lang"
ARTICLES = (
    '1465413000,CONTENT SHARED,31,5,HTML,https://example.org/31,"Rivers, deep","First part.\n\nSecond part.",en',
    "1465413100,CONTENT REMOVED,31,5,HTML,https://example.org/31,Rivers,Other.,en",
    "1465419999,CONTENT SHARED,32,5,VIDEO,https://example.org/32,A clip,Left out.,pt",
)


def run(folder: Path, *, rows: Any = ROWS, articles: Any = ()) -> tuple[Imported, list[Any], dict[str, AnyItem]]:
    """Import a log of these lines; return the outcome, the events as written, and the items by id."""
    (folder / "log").mkdir(parents=True)
    (folder / "log" / "users_interactions.csv").write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
    if articles:
        text = "\n".join((ARTICLES_HEADER, *articles, ""))
        (folder / "log" / "shared_articles.csv").write_text(text, encoding="utf-8")
    imported = import_log("deskdrop", [folder / "log"], folder / "out")
    return imported, *read_out(folder / "out")


def read_out(out: Path) -> tuple[list[Any], dict[str, AnyItem]]:
    events, items = ((out / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() for name in ("events", "items"))
    return list(map(json.loads, events)), {item.id: item for item in map(item_from_record, map(json.loads, items))}


def test_acts_become_events_in_the_order_of_time_and_within_a_second_of_the_file(tmp_path: Path) -> None:
    imported, events, _ = run(tmp_path)

    assert [(event["type"], event["at"], event["item"], event["user"], event["session"]) for event in events] == [
        ("open", "2016-06-08T19:22:22.000Z", "31", "-8", "7"),
        ("like", "2016-06-08T19:22:22.000Z", "31", "-8", "7"),
        ("save", "2016-06-08T19:22:22.000Z", "31", "-8", "7"),
        ("save", "2016-06-08T19:24:55.000Z", "31", "-8", "7"),
        ("comment", "2016-06-08T19:59:10.000Z", "32", "9", "6"),
    ]
    assert [event.get("view") for event in events] == [events[0]["id"], None, None, None, None]
    assert [parse_event(event).id for event in events] == [event["id"] for event in events]
    assert (imported.events, imported.items, imported.users, imported.skipped) == (5, 2, 2, ())


def test_without_articles_items_have_their_id_as_title_and_the_import_says_so(tmp_path: Path) -> None:
    imported, _, items = run(tmp_path)

    assert items["32"] == Article(
        id="32", title="Article 32", published_at=datetime(2016, 6, 8, 19, 59, 10, tzinfo=UTC)
    )
    assert imported.notes == ("shared_articles.csv was not given: 2 items have only their id as title, and no text",)


def test_articles_keep_what_was_shared_first(tmp_path: Path) -> None:
    """Only HTML has text; what was acted on before it was shared is published then."""
    imported, _, items = run(tmp_path, articles=ARTICLES)

    assert items["31"] == Article(
        id="31",
        title="Rivers, deep",
        url="https://example.org/31",
        language="en",
        author="5",
        paragraphs=("First part.", "Second part."),
        published_at=datetime(2016, 6, 8, 19, 10, tzinfo=UTC),
    )
    assert (items["32"].paragraphs, items["32"].published_at) == ((), datetime(2016, 6, 8, 19, 59, 10, tzinfo=UTC))
    assert imported.notes == ()


def test_an_item_that_the_articles_lack_is_counted(tmp_path: Path) -> None:
    imported, _, items = run(tmp_path, articles=ARTICLES[:2])

    assert list(items) == ["31", "32"]
    assert imported.notes == ("not in shared_articles.csv: 1 items have only their id as title, and no text",)


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("1465413895,SHARE,31,-8,7,", "eventType: 'SHARE'"),
        ("yesterday,VIEW,31,-8,7,", "timestamp: 'yesterday'"),
        ("1465413895000,VIEW,31,-8,7,", "timestamp: '1465413895000'"),
        ("1465413895,VIEW,,-8,7,", "contentId: is empty"),
        ("1465413895,VIEW,31,,7,", "personId: is empty"),
        ("1465413895,VIEW,31,-8", "columns: "),
        ("1465413895,VIEW,31,-8,7,x,y", "columns: "),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_left_out(tmp_path: Path, line: str, cause: str) -> None:
    _, whole, _ = run(tmp_path / "whole")

    imported, events, _ = run(tmp_path / "bad", rows=(*ROWS, line))

    assert len(imported.skipped) == 1
    assert f"users_interactions.csv line 7: {cause}" in imported.skipped[0]
    assert events == whole


def test_a_text_longer_than_the_csv_modules_limit_is_read(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    text = "word " * 40_000

    _, _, items = run(tmp_path, articles=(f"1465413000,CONTENT SHARED,31,5,HTML,u,T,{text},en",))

    assert items["31"].paragraphs == (text.strip(),)
    assert csv.field_size_limit() == limit


def test_all_missing_columns_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"users_interactions\.csv"):
        import_log("deskdrop", [tmp_path], tmp_path / "out")
    (tmp_path / "users_interactions.csv").write_text("timestamp,contentId,personId\n1,2,3\n")
    with pytest.raises(InvalidInputError, match="has no eventType, sessionId"):
        import_log("deskdrop", [tmp_path], tmp_path / "out")


def test_a_file_broken_off_leaves_no_half_log(tmp_path: Path) -> None:
    packed = gzip.compress("\n".join((HEADER, *ROWS, "")).encode())
    (tmp_path / "users_interactions.csv.gz").write_bytes(packed[:-12])

    with pytest.raises(InvalidInputError, match=r"csv\.gz cannot be decompressed"):
        import_log("deskdrop", [tmp_path], tmp_path / "out")
    assert not (tmp_path / "out" / "events.jsonl").exists()


@pytest.mark.data
def test_the_real_log_comes_out_whole(tmp_path: Path) -> None:
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(os.environ.get("REREAD_TEST_DATA", beside)) / "deskdrop_events"
    if not folder.is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{folder} is missing")

    imported = import_log("deskdrop", [folder], tmp_path)

    events, items = read_out(tmp_path)
    packed = (folder / "users_interactions.csv.gz").read_bytes()
    raw = list(csv.DictReader(io.StringIO(gzip.decompress(packed).decode())))
    assert (imported.events, imported.users, imported.items, imported.skipped) == (30_181, 928, 2_705, ())
    assert Counter(event["type"] for event in events) == {"open": 25_907, "like": 2_352, "save": 1_324, "comment": 598}
    assert len({event["id"] for event in events}) == len(raw) == 30_181
    assert set(items) == {row["contentId"] for row in raw}
