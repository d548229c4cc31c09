"""All real scroll sessions through our own path, against a computation straight from the published file.

The second computation shares no code with the importer or the derivation: it walks the csv once, in exact fractions.
"""

from __future__ import annotations

import ast
import csv
import gzip
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from reader.behaviour.events import parse_event
from reader.behaviour.views import View, derive_view
from reader.replay.importers import Imported, import_log
from reader.types import Event

pytestmark = pytest.mark.data

READINGS = 606
# The study's name of each text -> the start of its file's name in OneStopQA, found by hand.
FILES = {
    "101 year old bottle message": "101-year-old",
    "Bangladeshi organization": "Bangladeshi",
    "Bolivia": "Bolivians",
    "Bright Future": "Bright-future",
    "Can the US": "Can-the-US",
    "Copyright": "Philip-pullman",
    "Four new elements": "Four-new",
    "Google car": "Google",
    "Inky the octopus": "Inky",
    "Insects": "Insects",
    "Japan": "Japan",
    "John Lewis": "John-Lewis",
    "Lie detector": "A-new-form",
    "Love hormonw": "Love-hormone",
    "Man falls": "Man-falls",
    "Meteorite": "Hundreds-hurt",
    "Morocco": "Morocco",
    "Mystery Shopper": "The-secrets",
    "Nepal": "Nepals",
    "On the trail": "On-the-trail",
    "Rwanda": "Rwandan",
    "School Sports": "Autumn-born",
    "Spain Robin Hood": "Spain",
    "Swarthy caveman": "Swarthy",
    "Swedish prisons": "Why-is-Sweden",
    "The Greek island": "The-Greek",
    "Vienna": "Vienna",
    "Wealth therapy": "Wealth",
    "Why you should start work at 10": "Why-you-should",
    "Will drones": "Will-drones",
}


@dataclass(frozen=True)
class Opening:
    """What the second computation says of one phase: exact ms and times on screen, by paragraph."""

    dwell_ms: dict[int, Fraction]
    entries: dict[int, int]


@pytest.fixture(scope="module")
def data() -> Path:
    """The folder with the real data; without it the test skips, but not in CI."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(os.environ.get("REREAD_TEST_DATA", beside))
    if not (folder / "scroll_readability").is_dir():
        missing = f"{folder}/scroll_readability is missing; name the data folder in REREAD_TEST_DATA"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return folder


@pytest.fixture(scope="module")
def imported(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Imported, Path]:
    out = tmp_path_factory.mktemp("scroll")
    return import_log("scroll-readability", [data / "scroll_readability", data / "onestop_qa"], out), out


@pytest.fixture(scope="module")
def views(imported: tuple[Imported, Path]) -> dict[tuple[str, str, str], View]:
    """(participant, item, phase) -> its view, derived from the events as they were written."""
    by_view: dict[str, list[Event]] = defaultdict(list)
    for line in (imported[1] / "events.jsonl").read_text(encoding="utf-8").splitlines():
        event = parse_event(json.loads(line))
        by_view[event.view or ""].append(event)
    derived = (derive_view(events) for events in by_view.values())
    return {(view.user, view.item, view.id.rsplit("-", 1)[1]): view for view in derived}


@pytest.fixture(scope="module")
def openings(data: Path) -> dict[tuple[str, str, str], Opening]:
    return dict(compute_openings(data))


def compute_openings(data: Path) -> Iterator[tuple[tuple[str, str, str], Opening]]:
    with gzip.open(data / "scroll_readability" / "scroll_sessions.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for article in ("elementary", "advanced"):
                name, level = re.sub("^WNL ", "", row[f"{article}_text"]).removesuffix(".txt").rsplit("-", 1)
                words = count_words(data, name, level)
                item = f"onestop-{'-'.join(name.lower().split())}-{level}"
                for phase in ("reading", "question"):
                    yield (row["participant"], item, phase), compute_opening(row, f"{article}_{phase}", words)


def count_words(data: Path, name: str, level: str) -> list[int]:
    (file,) = (data / "onestop_qa").glob(f"{FILES[name]}*.txt")
    lines = re.sub("<[^>]*>", "", file.read_text(encoding="utf-8")).splitlines()
    return [len(line.split()) - 1 for line in lines if line.startswith({"adv": "Adv:", "ele": "Ele:"}[level])]


def compute_opening(row: dict[str, str], prefix: str, words: list[int]) -> Opening:
    dwell: dict[int, Fraction] = defaultdict(Fraction)
    entries: dict[int, int] = defaultdict(int)
    before: set[int] = set()
    last: tuple[int, dict[int, int]] | None = None
    times = ast.literal_eval(row[f"{prefix}_event_ms"])
    for time, text in zip(times, ast.literal_eval(row[f"{prefix}_paragraph_visibility"]), strict=True):
        weights = {int(p): words[int(p)] * int(percent) for p, percent in (x.split("_") for x in text.split(","))}
        for paragraph in weights.keys() - before:
            entries[paragraph] += 1
        if last is not None:
            for paragraph, weight in last[1].items():
                dwell[paragraph] += Fraction((int(time) - last[0]) * weight, sum(last[1].values()))
        before, last = set(weights), (int(time), weights)
    return Opening(dict(dwell), dict(entries))


def test_every_reading_is_there_in_both_phases(
    imported: tuple[Imported, Path],
    views: dict[tuple[str, str, str], View],
    openings: dict[tuple[str, str, str], Opening],
) -> None:
    assert imported[0].skipped == ()
    assert (imported[0].items, imported[0].users) == (2 * len(FILES), READINGS / 2)
    assert len(views) == 2 * READINGS
    assert views.keys() == openings.keys()


def test_dwell_of_every_paragraph_is_right_to_the_millisecond(
    views: dict[tuple[str, str, str], View], openings: dict[tuple[str, str, str], Opening]
) -> None:
    """The difference allowed is that of adding floats, a thousandth of a millisecond."""
    for key, opening in openings.items():
        dwell_ms: dict[int, float] = defaultdict(float)
        for visit in views[key].visits:
            dwell_ms[visit.paragraph] += visit.dwell_s * 1000
        for paragraph in dwell_ms.keys() | opening.dwell_ms.keys():
            expected = float(opening.dwell_ms.get(paragraph, 0))
            assert dwell_ms[paragraph] == pytest.approx(expected, abs=1e-3), (key, paragraph)


def test_re_entries_of_every_paragraph_are_exact(
    views: dict[tuple[str, str, str], View], openings: dict[tuple[str, str, str], Opening]
) -> None:
    for key, opening in openings.items():
        visited = [visit.paragraph for visit in views[key].visits]
        re_entries = {paragraph: visited.count(paragraph) - 1 for paragraph in set(visited)}
        assert re_entries == {paragraph: entries - 1 for paragraph, entries in opening.entries.items()}, key


def test_the_log_holds_what_its_description_says(openings: dict[tuple[str, str, str], Opening]) -> None:
    """Guards the second computation itself: of the whole published log, 664 of 1196 readings have a re-entry."""
    readings = [opening for (_, _, phase), opening in openings.items() if phase == "reading"]
    with_re_entry = sum(any(entries > 1 for entries in reading.entries.values()) for reading in readings)

    assert with_re_entry / len(readings) == pytest.approx(664 / 1196, abs=0.05)
