"""Small logs of our own in MIND's layout -> items and events."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reader.behaviour.events import parse_event
from reader.errors import InvalidInputError
from reader.records import item_from_record
from reader.replay.importers import Imported, import_log
from reader.replay.sorting import sort_rows
from reader.types import Article

NEWS = (
    "N1\tnews\tnewsscience\tA bridge of ice\tIt held for a week.\thttps://example.org/1\t[]\t[]",
    "N2\tsports\trowing\tEight on the river\t\thttps://example.org/2\t[]\t[]",
    "N3\tfood\tfood\tBread “without” haste\tSlow dough.\t\t[]\t[]",
    "N4\tnews\tlocal\tA lamp for the harbour\tSeen by nobody.\t\t[]\t[]",
)
BEHAVIORS = (
    "1\tU2\t11/12/2019 12:00:30 PM\tN2\tN1-0 N3-1",
    "2\tU1\t11/11/2019 9:05:58 AM\tN2 N3\tN1-1 N2-0",
    "3\tU1\t11/13/2019 12:05:00 AM\tN2 N3 N1\tN3-0 N2-1 N1-1",
)


def write_log(folder: Path, news: Sequence[str] = NEWS, behaviors: Sequence[str] = BEHAVIORS) -> Path:
    """Write both files of a log, each line as given."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "news.tsv").write_text("".join(f"{line}\n" for line in news), encoding="utf-8")
    (folder / "behaviors.tsv").write_text("".join(f"{line}\n" for line in behaviors), encoding="utf-8")
    return folder


def run(tmp_path: Path, **lines: Sequence[str]) -> tuple[Imported, list[dict[str, Any]], dict[str, Article]]:
    """Import a log of these lines; return the outcome, the events as written, and the items by id."""
    imported = import_log("mind", [write_log(tmp_path / "log", **lines)], tmp_path / "out")
    return imported, read_jsonl(tmp_path / "out" / "events.jsonl"), read_items(tmp_path / "out")


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_items(out: Path) -> dict[str, Article]:
    items = (item_from_record(record) for record in read_jsonl(out / "items.jsonl"))
    return {item.id: item for item in items if isinstance(item, Article)}


def acts(events: list[dict[str, Any]], user: str) -> list[tuple[str, str, str | None]]:
    return [(event["at"], event["type"], event.get("item")) for event in events if event["user"] == user]


def test_history_becomes_opens_before_the_first_impression_and_clicks_opens_after_theirs(tmp_path: Path) -> None:
    """What a later history repeats, or what was clicked in between, is not opened a second time."""
    imported, events, _ = run(tmp_path)

    assert acts(events, "U1") == [
        ("2019-11-11T07:05:58.000Z", "open", "N2"),
        ("2019-11-11T08:05:58.000Z", "open", "N3"),
        ("2019-11-11T09:05:58.000Z", "impression", None),
        ("2019-11-11T09:05:59.000Z", "open", "N1"),
        ("2019-11-13T00:05:00.000Z", "impression", None),
        ("2019-11-13T00:05:01.000Z", "open", "N2"),
        ("2019-11-13T00:05:02.000Z", "open", "N1"),
    ]
    assert imported == Imported(events=len(events), items=4, users=2, skipped=())


def test_an_impression_keeps_order_and_its_clicks_name_list_and_position(tmp_path: Path) -> None:
    _, events, _ = run(tmp_path, behaviors=BEHAVIORS[2:])
    impression = next(event for event in events if event["type"] == "impression")
    clicks = [event for event in events if event["type"] == "open" and event["list"] != "history"]

    assert impression["items"] == [{"item": item, "position": n} for n, item in enumerate(("N3", "N2", "N1"), 1)]
    assert [(click["list"], click["position"], click["item"]) for click in clicks] == [
        (impression["list"], 2, "N2"),
        (impression["list"], 3, "N1"),
    ]


def test_items_of_a_history_that_are_not_in_the_news_cost_no_list(tmp_path: Path) -> None:
    imported, events, _ = run(tmp_path, behaviors=["9\tU3\t11/11/2019 9:05:58 AM\tN99 N2\tN1-1 N3-0"])

    assert imported.skipped == ()
    assert [event.get("item") for event in events if event.get("list") == "history"] == ["N2"]
    assert sum(event["type"] == "impression" for event in events) == 1


def test_items_keep_what_mind_says_and_no_more(tmp_path: Path) -> None:
    _, _, items = run(tmp_path)

    assert items["N1"] == Article(
        id="N1",
        title="A bridge of ice",
        url="https://example.org/1",
        topics=("news", "newsscience"),
        paragraphs=("It held for a week.",),
        published_at=datetime(2019, 11, 11, 9, 5, 58, tzinfo=UTC),
    )
    assert items["N2"].paragraphs == ()
    assert items["N3"].topics == ("food",)
    assert items["N3"].title == "Bread “without” haste"


def test_an_item_is_published_when_it_is_first_seen_in_whatever_order_the_lines_stand(tmp_path: Path) -> None:
    _, _, items = run(tmp_path)
    _, _, turned = run(tmp_path / "turned", behaviors=BEHAVIORS[::-1])

    assert items["N2"].published_at == datetime(2019, 11, 11, 7, 5, 58, tzinfo=UTC)
    assert items["N4"].published_at is None
    assert {id: item.published_at for id, item in items.items()} == {id: i.published_at for id, i in turned.items()}


def test_events_are_ordered_and_each_passes_the_door(tmp_path: Path) -> None:
    _, events, _ = run(tmp_path)
    keys = [(event["at"], event["id"]) for event in events]

    assert keys == sorted(set(keys))
    assert [parse_event(event).id for event in events] == [event["id"] for event in events]


def test_gzip_and_several_logs_are_one(tmp_path: Path) -> None:
    """Impression ids start again in each file of MIND; the lists must not."""
    first, second = write_log(tmp_path / "train"), write_log(tmp_path / "dev")
    for path in list(second.iterdir()):
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()

    imported = import_log("mind", [first, second], tmp_path / "out")

    lists = [event["list"] for event in read_jsonl(tmp_path / "out" / "events.jsonl") if event["type"] == "impression"]
    assert len(set(lists)) == len(lists) == 2 * len(BEHAVIORS)
    assert (imported.items, imported.users, imported.skipped) == (4, 2, ())


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("9\tU3\t11/11/2019 9:05:58 AM\tN1", "columns: 4 instead of 5"),
        ("9\t\t11/11/2019 9:05:58 AM\t\tN1-1", "user id: is empty"),
        ("9\tU3\t2019-11-11\t\tN1-1", "time: '2019-11-11'"),
        ("9\tU3\t11/11/2019 9:05:58 AM\t\tN1 N2", "impressions: 'N1'"),
        ("9\tU3\t11/11/2019 9:05:58 AM\t\t", "impressions: is empty"),
        ("9\tU3\t11/11/2019 9:05:58 AM\t\tN1-1 N99-0", "impressions: 'N99' is not in news.tsv"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_left_out_whole(tmp_path: Path, line: str, cause: str) -> None:
    _, whole, _ = run(tmp_path / "whole")

    imported, events, _ = run(tmp_path, behaviors=(*BEHAVIORS, line))

    assert len(imported.skipped) == 1
    assert f"behaviors.tsv line 4: {cause}" in imported.skipped[0]
    assert events == whole


def test_invalid_utf8_and_a_news_line_without_title_are_named(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log")
    with (log / "news.tsv").open("ab") as file:
        file.write(b"N5\ta\tb\t\xff\xfe\t\t\t[]\t[]\nN6\ta\tb\t\tNo title.\t\t[]\t[]\n")

    imported = import_log("mind", [log], tmp_path / "out")

    assert imported.items == 4
    assert [skipped.split(": ")[0:2] for skipped in imported.skipped] == [
        ["news.tsv line 5", "line"],
        ["news.tsv line 6", "title"],
    ]


def test_progress_ends_at_the_number_of_lines(tmp_path: Path) -> None:
    told: list[int] = []

    import_log("mind", [write_log(tmp_path / "log")], tmp_path / "out", progress=told.append)

    assert told[-1] == len(BEHAVIORS)


@pytest.mark.parametrize("missing", ["news.tsv", "behaviors.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    log = write_log(tmp_path / "log")
    (log / missing).unlink()

    with pytest.raises(InvalidInputError, match=missing):
        import_log("mind", [log], tmp_path / "out")


def test_a_broken_off_gzip_file_is_named_and_leaves_no_half_log(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log")
    packed = gzip.compress((log / "behaviors.tsv").read_bytes())
    (log / "behaviors.tsv").unlink()
    (log / "behaviors.tsv.gz").write_bytes(packed[:-12])

    with pytest.raises(InvalidInputError, match=r"behaviors\.tsv\.gz cannot be decompressed"):
        import_log("mind", [log], tmp_path / "out")
    assert not (tmp_path / "out" / "events.jsonl").exists()


def test_an_unknown_format_names_the_choices(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"'netflix' is unknown; use one of mind, .*, scroll-readability"):
        import_log("netflix", [], tmp_path)


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="nowhere does not exist"):
        import_log("mind", [tmp_path / "nowhere"], tmp_path / "out")


def test_sorting_in_small_runs_is_sorting(tmp_path: Path) -> None:
    rows = [(f"{n * 7 % 23:02d}", f"row {n}") for n in range(40)]

    assert list(sort_rows(rows, tmp_path, run_rows=3)) == sorted(rows)
    assert list(sort_rows([], tmp_path)) == []
