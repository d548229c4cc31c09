"""Small logs of our own in EB-NeRD's layout, and the publishers' sample, -> items and events."""

from __future__ import annotations

import importlib
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
from reader.replay.importers import Imported, ebnerd_parquet, import_log
from reader.replay.importers.ebnerd_reads import reached_words
from reader.types import AnyItem, Article

pa: Any = importlib.import_module("pyarrow")
parquet: Any = importlib.import_module("pyarrow.parquet")

DAY = datetime(2023, 2, 25, 6, 0, 0)
BEHAVIORS: dict[str, list[Any]] = {
    "impression_id": [1, 2, 3],
    "article_id": [None, 11, 13],
    "impression_time": [DAY, DAY.replace(minute=1), DAY.replace(hour=9)],
    "read_time": [20.0, 40.0, 30.0],
    "scroll_percentage": [None, 50.0, None],
    "article_ids_inview": [[10, 11], [12, 10], [10, 11]],
    "article_ids_clicked": [[11], [12], [11, 10]],
    "user_id": [7, 7, 8],
    "session_id": [70, 70, 80],
    "next_read_time": [40.0, float("nan"), 9.0],
    "next_scroll_percentage": [50.0, None, 100.0],
}
HISTORY: dict[str, list[Any]] = {
    "user_id": [7],
    "impression_time_fixed": [[datetime(2023, 2, 20, 8), datetime(2023, 2, 26)]],
    "scroll_percentage_fixed": [[100.0, 1.0]],
    "article_id_fixed": [[10, 12]],
    "read_time_fixed": [[6.0, 5.0]],
}
ARTICLES: dict[str, list[Any]] = {
    "article_id": [10, 11],
    "title": ["Broen  over vandet", "Havnen"],
    "subtitle": ["Lang og smal", ""],
    "body": ["Den blev bygget\n\n", "En to tre fire fem seks\nSyv otte"],
    "category_str": ["nyheder", "krimi"],
    "topics": [["Trafik", "nyheder"], None],
    "published_time": [datetime(2023, 2, 1), datetime(2023, 2, 25, 7)],
    "url": ["https://example.org/10", None],
}


def write(folder: Path, **files: dict[str, list[Any]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in files.items():
        parquet.write_table(pa.table(columns), folder / f"{name}.parquet", row_group_size=2)
    return folder


def run(folder: Path, **files: dict[str, list[Any]]) -> tuple[Imported, list[Any], dict[str, AnyItem]]:
    """Import a log of these files; return the outcome, the events as written, and the items by id."""
    imported = import_log("ebnerd", [write(folder / "log", **files)], folder / "out")
    return imported, *read_out(folder / "out")


def read_out(out: Path) -> tuple[list[Any], dict[str, AnyItem]]:
    events, items = ((out / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() for name in ("events", "items"))
    return list(map(json.loads, events)), {item.id: item for item in map(item_from_record, map(json.loads, items))}


def acts(events: list[Any], user: str) -> list[tuple[str, ...]]:
    return [(e["at"][5:19], e["type"], e.get("item", "")) for e in events if e["user"] == user]


def changed(columns: dict[str, list[Any]], **cells: Any) -> dict[str, list[Any]]:
    """Return the columns with a row more: the first, with other cells."""
    return {name: [*values, cells.get(name, values[0])] for name, values in columns.items()}


def test_clicks_follow_the_time_on_the_page_and_history_keeps_its_own(tmp_path: Path) -> None:
    """The page of the second impression was opened by the first's click: it is not opened twice."""
    imported, events, _ = run(tmp_path, behaviors=BEHAVIORS, history=HISTORY)

    assert acts(events, "7") == [
        ("02-20T08:00:00", "open", "10"),
        ("02-20T08:00:06", "close", "10"),
        ("02-25T06:00:00", "impression", ""),
        ("02-25T06:00:20", "open", "11"),
        ("02-25T06:01:00", "close", "11"),
        ("02-25T06:01:00", "impression", ""),
        ("02-25T06:01:40", "open", "12"),
    ]
    assert [event["active_ms"] for event in events if event["type"] == "close"] == [6_000, 40_000, 30_000]
    assert imported.skipped == ()
    assert "1 reads of the history left out" in imported.notes[-1]


def test_a_page_that_no_click_led_to_is_an_opening_and_two_clicks_share_no_read_time(tmp_path: Path) -> None:
    imported, events, _ = run(tmp_path, behaviors=BEHAVIORS)

    assert acts(events, "8") == [
        ("02-25T09:00:00", "open", "13"),
        ("02-25T09:00:00", "impression", ""),
        ("02-25T09:00:30", "close", "13"),
        ("02-25T09:00:30", "open", "11"),
        ("02-25T09:00:31", "open", "10"),
    ]
    assert [event.get("position") for event in events if event["type"] == "open" and event["user"] == "8"] == [
        None,
        2,
        1,
    ]
    assert any(note.startswith("1 impressions with several clicks") for note in imported.notes)


def test_an_impression_keeps_what_was_in_view_without_propensities_and_its_opens_name_it(tmp_path: Path) -> None:
    _, events, _ = run(tmp_path, behaviors=BEHAVIORS)
    shown = next(event for event in events if event["type"] == "impression")
    opened = next(event for event in events if event["type"] == "open")

    assert shown["items"] == [{"item": "10", "position": 1}, {"item": "11", "position": 2}]
    assert (opened["list"], opened["position"], opened["session"]) == (shown["list"], 2, "70")


def test_visits_share_the_read_time_by_the_words_above_the_depth(tmp_path: Path) -> None:
    """Half of 8 words: 4 of the first paragraph's 6, in all of 40 s; all of 10's 3 and 3 words, in 6 s."""
    _, events, _ = run(tmp_path, behaviors=BEHAVIORS, history=HISTORY, articles=ARTICLES)
    visits = [event for event in events if event["type"] == "paragraph_visit"]

    fields = ("item", "paragraph", "started_ms", "dwell_ms", "came", "user_driven")
    assert [tuple(visit[name] for name in fields) for visit in visits] == [
        ("10", 0, 0, 3_000, "start", False),
        ("10", 1, 3_000, 3_000, "down", True),
        ("11", 0, 0, 40_000, "start", False),
    ]
    assert [visit["coverage"] for visit in visits] == [1, 1, pytest.approx(4 / 6)]
    assert [parse_event(event).id for event in events] == [event["id"] for event in events]


@pytest.mark.parametrize(("percentage", "reached"), [(0, []), (25, [1]), (50, [2]), (75, [2, 1]), (100, [2, 2])])
def test_words_above_the_depth(percentage: float, reached: list[float]) -> None:
    assert reached_words([2, 2], percentage) == reached


def test_articles_become_danish_items_dated_no_later_than_they_were_seen(tmp_path: Path) -> None:
    imported, _, items = run(tmp_path, behaviors=BEHAVIORS, articles=ARTICLES)

    assert items["10"] == Article(
        id="10",
        title="Broen over vandet",
        url="https://example.org/10",
        published_at=datetime(2023, 2, 1, tzinfo=UTC),
        language="da",
        topics=("nyheder", "Trafik"),
        paragraphs=("Lang og smal", "Den blev bygget"),
    )
    assert items["11"].published_at == DAY.replace(tzinfo=UTC)
    assert items["12"].title == "Article 12"
    assert "not in articles.parquet: 2 items have only their id as title, and no text" in imported.notes


def test_what_was_not_given_is_said(tmp_path: Path) -> None:
    imported, _, _ = run(tmp_path, behaviors=BEHAVIORS)

    assert "history.parquet was not given: no reader has a past" in imported.notes
    assert "articles.parquet was not given: 4 items have only their id as title, and no text" in imported.notes


def test_a_bundle_is_read_with_its_splits_and_a_read_of_both_histories_counts_once(tmp_path: Path) -> None:
    write(tmp_path / "log", articles=ARTICLES)
    write(tmp_path / "log" / "train", behaviors=BEHAVIORS, history=HISTORY)
    write(tmp_path / "log" / "validation", behaviors=BEHAVIORS, history=HISTORY)

    import_log("ebnerd", [tmp_path / "log"], tmp_path / "out")

    events, _ = read_out(tmp_path / "out")
    assert sum(event["type"] == "impression" for event in events) == 6
    assert sum(event["id"].endswith("-open") and "history" in event["id"] for event in events) == 1
    assert len({event["id"] for event in events}) == len(events)


@pytest.mark.parametrize(
    ("cells", "cause"),
    [
        ({"user_id": None}, "user_id: is empty"),
        ({"impression_time": None}, "impression_time: is empty"),
        ({"article_ids_inview": []}, "article_ids_inview: is empty"),
        ({"article_ids_clicked": [99]}, "article_ids_clicked: 99 is not among those in view"),
        ({"next_read_time": -1.0}, "next_read_time: -1"),
        ({"scroll_percentage": 101.0}, "scroll_percentage: 101"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_left_out(tmp_path: Path, cells: dict[str, Any], cause: str) -> None:
    _, whole, _ = run(tmp_path / "whole", behaviors=BEHAVIORS)

    imported, events, _ = run(tmp_path / "bad", behaviors=changed(BEHAVIORS, **cells))

    assert len(imported.skipped) == 1
    assert f"behaviors.parquet row 4: {cause}" in imported.skipped[0]
    assert events == whole


def test_a_history_with_lists_of_unequal_length_and_an_article_without_title_are_named(tmp_path: Path) -> None:
    history = changed(HISTORY, read_time_fixed=[1.0])
    articles = changed(ARTICLES, article_id=14, title=" ")

    imported, _, _ = run(tmp_path, behaviors=BEHAVIORS, history=history, articles=articles)

    assert [line.split(": ")[0] for line in imported.skipped] == ["articles.parquet row 3", "history.parquet row 2"]


def test_a_missing_file_all_missing_columns_and_all_wrong_types_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"behaviors\.parquet"):
        import_log("ebnerd", [write(tmp_path / "empty", history=HISTORY)], tmp_path / "out")
    lacking = {name: values for name, values in BEHAVIORS.items() if name not in ("next_read_time", "user_id")}
    with pytest.raises(InvalidInputError, match="has no user_id, next_read_time"):
        run(tmp_path / "lacking", behaviors=lacking)
    wrong = {**BEHAVIORS, "user_id": ["a", "b", "c"], "impression_time": [1, 2, 3]}
    with pytest.raises(InvalidInputError, match="impression_time is int64 instead of moments, user_id is string"):
        run(tmp_path / "wrong", behaviors=wrong)


def test_a_file_broken_off_leaves_no_half_log(tmp_path: Path) -> None:
    log = write(tmp_path / "log", behaviors=BEHAVIORS)
    whole = (log / "behaviors.parquet").read_bytes()
    (log / "behaviors.parquet").write_bytes(whole[:-20])

    with pytest.raises(InvalidInputError, match=r"behaviors\.parquet cannot be read as parquet"):
        import_log("ebnerd", [log], tmp_path / "out")
    assert not (tmp_path / "out" / "events.jsonl").exists()


def test_a_missing_pyarrow_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)

    with pytest.raises(InvalidInputError, match="pip install pyarrow"):
        next(ebnerd_parquet.read_rows(tmp_path / "any.parquet", {}))


@pytest.mark.data
def test_the_publishers_sample_comes_out_whole(tmp_path: Path) -> None:
    """Counted a second time from the columns alone."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(os.environ.get("REREAD_TEST_DATA", beside)) / "ebnerd_dummy"
    if not folder.is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{folder} is missing")

    imported = import_log("ebnerd", [folder], tmp_path)

    events, items = read_out(tmp_path)
    behaviors = parquet.read_table(folder / "behaviors.parquet").to_pydict()
    history = parquet.read_table(folder / "history.parquet").to_pydict()
    clicked = [item for items in behaviors["article_ids_clicked"] for item in items]
    read = [item for items in history["article_id_fixed"] for item in items]
    opens = [event for event in events if event["type"] == "open"]
    assert (len(clicked), len(read), len(history["user_id"])) == (1_047, 8_303, 44)
    assert Counter(event["type"] for event in events)["impression"] == len(behaviors["user_id"]) == 1_046
    assert len({event["user"] for event in events if event["type"] == "impression"}) == 38
    assert Counter(e["item"] for e in opens if e.get("list", "history") != "history") == Counter(map(str, clicked))
    assert Counter(e["item"] for e in opens if "history" in e["id"]) == Counter(map(str, read))
    history_s = sum(sum(times) for times in history["read_time_fixed"])
    closes = [e for e in events if e["type"] == "close"]
    assert sum(e["active_ms"] for e in closes if "history" in e["id"]) == pytest.approx(history_s * 1000)
    single = [
        s for s, c in zip(behaviors["next_read_time"], behaviors["article_ids_clicked"], strict=True) if len(c) == 1
    ]
    click_s = sum(seconds for seconds in single if seconds is not None)
    assert sum(e["active_ms"] for e in closes if "-open-" in e["id"]) == pytest.approx(click_s * 1000)
    assert len(items) == imported.items
    assert imported.skipped == ()
