"""A scroll log of our own in the published layout -> visits; the rules one by one."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from reader.behaviour.events import parse_event
from reader.errors import InvalidInputError
from reader.replay.importers import Imported, import_log
from reader.replay.importers.onestop import Text, match_texts, parse_text

# Paragraphs of 2, 4 and 4 words (Adv) and of 1 each (Ele).
LAMP = """# Title
A Lamp for the Harbour

# Paragraph

Adv: <A1>Two</A1> words

Int: x

Ele: One

Q: Which?
a: this

# Paragraph

Adv: Four <D1>words are</D1> here

Int: x

Ele: Two

# Paragraph

Adv: Again four words here

Int: x

Ele: Three
"""
BREAD = LAMP.replace("A Lamp for the Harbour", "Bread without Haste")


def cells(**changes: str) -> dict[str, str]:
    """Return the row of one participant who reads both texts, with changes."""
    row = {"participant": "p7", "elementary_text": "WNL Harbor lamp-ele.txt", "advanced_text": "Bread-adv.txt"}
    for article in ("elementary", "advanced"):
        for phase in ("reading", "question"):
            row |= phase_cells(f"{article}_{phase}", [(0, 0, "0_100")])
    return row | changes


def phase_cells(prefix: str, screens: Sequence[tuple[float, float, str]], time_ms: int = 9_000) -> dict[str, str]:
    ms, scroll, visibility = ([str(value) for value in column] for column in zip(*screens, strict=True))
    return {
        f"{prefix}_time_ms": str(time_ms),
        f"{prefix}_event_ms": str(ms),
        f"{prefix}_scroll_event": str(scroll),
        f"{prefix}_paragraph_visibility": str(visibility),
    }


def run(tmp_path: Path, *rows: Mapping[str, str]) -> tuple[Imported, list[dict[str, Any]]]:
    """Import these rows; return the outcome and the events as written."""
    log = tmp_path / "log"
    log.mkdir(parents=True)
    with (log / "scroll_sessions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (log / "A-lamp.txt").write_text(LAMP, encoding="utf-8")
    (log / "Bread.txt").write_text(BREAD, encoding="utf-8")
    imported = import_log("scroll-readability", [log], tmp_path / "out")
    lines = (tmp_path / "out" / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return imported, [json.loads(line) for line in lines]


def visits(events: list[dict[str, Any]], phase: str = "advanced_reading") -> list[dict[str, Any]]:
    level, name = {"a": "adv", "e": "ele"}[phase[0]], phase.partition("_")[2]
    return [
        event for event in events if event["type"] == "paragraph_visit" and event["view"].endswith(f"-{level}-{name}")
    ]


BACK_AND_FORTH = [(10, 0, "0_100,1_50"), (1010, 300, "1_100,2_100"), (3010, 100, "0_50,1_75"), (4010, 900, "2_25")]


def test_time_between_two_events_is_shared_by_visible_words(tmp_path: Path) -> None:
    """2 words and half of 4 share the first second; 4 and 4 the next two; 1 and 3 the last; then nothing is known."""
    _, events = run(tmp_path, cells(**phase_cells("advanced_reading", BACK_AND_FORTH)))

    assert [(v["paragraph"], v["visit"], v["started_ms"], v["visible_ms"], v["dwell_ms"]) for v in visits(events)] == [
        (0, 0, 10, 1000, 500),
        (2, 0, 1010, 2000, 1000),
        (0, 1, 3010, 1000, 250),
        (1, 0, 10, 4000, 500 + 1000 + 750),
        (2, 1, 4010, 0, 0),
    ]


def test_a_visit_says_how_the_reader_came_and_how_much_was_seen(tmp_path: Path) -> None:
    _, events = run(tmp_path, cells(**phase_cells("advanced_reading", BACK_AND_FORTH)))

    assert [(v["paragraph"], v["came"], v["coverage"], v["user_driven"]) for v in visits(events)] == [
        (0, "start", 1.0, True),
        (2, "down", 1.0, True),
        (0, "up", 0.5, True),
        (1, "start", 1.0, True),
        (2, "down", 0.25, True),
    ]


def test_a_paragraph_that_appears_without_scrolling_was_not_the_readers_doing(tmp_path: Path) -> None:
    screens = [(0, 40, "0_100"), (500, 40, "0_100,1_10"), (900, 40, "0_100")]

    _, events = run(tmp_path, cells(**phase_cells("advanced_reading", screens)))

    assert [(v["paragraph"], v["came"], v["user_driven"]) for v in visits(events)] == [
        (0, "start", True),
        (1, "jump", False),
    ]


def test_both_phases_are_views_of_one_item_and_follow_each_other(tmp_path: Path) -> None:
    _, events = run(tmp_path, cells(**phase_cells("advanced_reading", BACK_AND_FORTH)))
    marks = [
        (e["type"], e["view"]) for e in events if e["type"] in ("open", "close") and e["item"] == "onestop-bread-adv"
    ]

    assert marks == [
        ("open", "p7-onestop-bread-adv-reading"),
        ("close", "p7-onestop-bread-adv-reading"),
        ("open", "p7-onestop-bread-adv-question"),
        ("close", "p7-onestop-bread-adv-question"),
    ]


def test_a_view_is_closed_when_its_length_is_known(tmp_path: Path) -> None:
    """A question phase has its time; a reading lasted at least to its last event; of one event nothing is known."""
    _, events = run(tmp_path, cells(**phase_cells("advanced_reading", BACK_AND_FORTH)))
    closed = {event["view"]: event["active_ms"] for event in events if event["type"] == "close"}

    assert closed == {
        "p7-onestop-harbor-lamp-ele-question": 9_000,
        "p7-onestop-bread-adv-reading": 4_010,
        "p7-onestop-bread-adv-question": 9_000,
    }


def test_participants_do_not_overlap_and_events_are_ordered(tmp_path: Path) -> None:
    imported, events = run(tmp_path, cells(), cells(participant="p8"))
    last = max(event["at"] for event in events if event["user"] == "p7")

    assert imported.users == 2
    assert last < min(event["at"] for event in events if event["user"] == "p8")
    assert [(e["at"], e["id"]) for e in events] == sorted({(e["at"], e["id"]) for e in events})
    assert [parse_event(event).id for event in events] == [event["id"] for event in events]


def test_items_have_the_paragraphs_of_their_level_without_marks(tmp_path: Path) -> None:
    run(tmp_path, cells())
    lines = (tmp_path / "out" / "items.jsonl").read_text(encoding="utf-8").splitlines()

    assert {item["id"]: item["paragraphs"] for item in map(json.loads, lines)} == {
        "onestop-harbor-lamp-ele": ["One", "Two", "Three"],
        "onestop-bread-adv": ["Two words", "Four words are here", "Again four words here"],
    }


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"advanced_reading_event_ms": "['1', '2']"}, "advanced_reading: its lists are empty or of unequal length"),
        ({"advanced_question_event_ms": "7,8"}, "advanced_question_event_ms: '7,8' is no list"),
        ({"advanced_question_event_ms": "[1"}, "advanced_question_event_ms: '[1' is no list"),
        ({"advanced_reading_event_ms": "['soon']"}, "advanced_reading_event_ms: 'soon' is no number"),
        ({"advanced_reading_event_ms": "['-1']"}, "advanced_reading_event_ms: '-1' is no number from 0 up"),
        ({"advanced_reading_paragraph_visibility": "['0_101']"}, "'0_101' is no paragraph and percentage"),
        ({"advanced_reading_paragraph_visibility": "['3_50']"}, "has more than the text's 3 paragraphs"),
        (
            phase_cells("advanced_reading", [(5, 0, "0_1"), (4, 9, "0_2")]),
            "advanced_reading_event_ms: goes back in time",
        ),
        ({"participant": ""}, "participant: is empty"),
    ],
)
def test_a_reading_that_cannot_be_read_is_named_and_left_out_whole(
    tmp_path: Path, changes: dict[str, str], cause: str
) -> None:
    imported, events = run(tmp_path, cells(**changes))

    assert imported.skipped
    assert all("scroll_sessions.csv line 2: " in skipped for skipped in imported.skipped)
    assert cause in imported.skipped[-1]
    assert "onestop-bread-adv" not in {event["item"] for event in events}


def test_a_text_without_counterpart_is_named_and_so_is_each_reading_of_it(tmp_path: Path) -> None:
    imported, events = run(tmp_path, cells(advanced_text="Volcano-adv.txt"))

    assert imported.skipped == (
        "text 'Volcano-adv.txt' fits no file of onestop_qa",
        "scroll_sessions.csv line 2: advanced_text: 'Volcano-adv.txt' fits no file of onestop_qa",
    )
    assert {event["item"] for event in events} == {"onestop-harbor-lamp-ele"}


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    row = cells()
    del row["advanced_question_event_ms"]

    with pytest.raises(InvalidInputError, match="has no advanced_question_event_ms"):
        run(tmp_path, row)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"scroll_sessions\.csv"):
        import_log("scroll-readability", [tmp_path], tmp_path / "out")
    (tmp_path / "scroll_sessions.csv").write_text(",".join(cells()) + "\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="onestop_qa"):
        import_log("scroll-readability", [tmp_path], tmp_path / "out")


def text_of(title: str, body: str = "") -> Text:
    return Text(f"{title}.txt", title, {"Adv": (body,), "Ele": (body,)})


def test_a_text_claimed_by_two_names_or_fitting_none_goes_to_neither() -> None:
    texts = [text_of("Harbour Lamp Lit Again"), text_of("Bread"), text_of("Ice Bridge", "a thaw came")]

    assert match_texts(["Lamp", "Harbor"], texts) == {}
    assert match_texts(["Zebra"], texts) == {}
    assert match_texts(["Breads", "thaw"], texts) == {"Breads": texts[1], "thaw": texts[2]}


@pytest.mark.parametrize("content", ["", "# Title\nLamp\n", LAMP.replace("Ele:", "Low:")])
def test_a_file_of_another_layout_is_named(content: str) -> None:
    with pytest.raises(InvalidInputError, match=r"lamp\.txt"):
        parse_text("lamp.txt", content)
