"""Real readings as cases to measure on: the signals of the reading phase, and the seconds of the question phase.

What belongs here: loading scroll_readability through our own import and derivation. What does not: what is measured
(`bench_scroll`).
"""

from __future__ import annotations

import ast
import csv
import gzip
import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.readability import difficulty
from nlp.words import find_words
from reader.behaviour.returns import ExpectedReturn, Place
from reader.behaviour.signals import Reading, Shape, derive_reading
from reader.behaviour.speed import Speed, words_per_min
from reader.behaviour.views import View, derive_view
from reader.records import event_from_record
from reader.replay.importers import import_log
from reader.settings import ReadingSettings
from reader.types import Event

SETTINGS = ReadingSettings()
Floats = NDArray[np.float64]


def load_cases(path: Path) -> list[Case]:
    """Return every reading of the log in its order. path: the folder of the data sets."""
    views, shapes = load_views(path)
    return derive_cases(views, shapes, load_layout(path, views, shapes))


@dataclass
class Case:
    """One reading: its text, its signals by paragraph, and the seconds on each paragraph in the question phase."""

    user: str
    item: str
    shape: Shape
    reading: Reading
    signals: dict[str, Floats]
    question_s: Floats
    question_all_s: Floats
    answers: Floats
    targets: dict[str, Floats] = field(default_factory=dict)

    @property
    def level(self) -> str:
        """Which of the two versions of the text it was, adv or ele."""
        return self.item.rsplit("-", 1)[1]

    @property
    def half(self) -> str:
        """Tune or report, by the first byte of the SHA-256 of the reader."""
        return "report" if hashlib.sha256(self.user.encode()).digest()[0] % 2 else "tune"

    @property
    def places(self) -> list[Place]:
        """Where each paragraph stands and what it is like."""
        return [self.shape.place(paragraph) for paragraph in range(len(self.shape.words))]

    def teach(self, expected_return: ExpectedReturn) -> None:
        """Let the expected return learn from this reading, as the product does once a view is settled."""
        passed = self.reading.passed
        places = [self.shape.place(signal.paragraph) for signal in passed]
        expected_return.learn(places, [signal.returns > 0 for signal in passed])


def load_views(path: Path) -> tuple[dict[str, dict[str, View]], dict[str, Shape]]:
    """Import the log; return reader -> (`item phase` -> view) and item -> shape, both in the order of the log."""
    with tempfile.TemporaryDirectory() as folder:
        import_log("scroll-readability", [path / "scroll_readability", path / "onestop_qa"], Path(folder))
        events = [
            event_from_record(json.loads(line)) for line in (Path(folder) / "events.jsonl").open(encoding="utf-8")
        ]
        items = [json.loads(line) for line in (Path(folder) / "items.jsonl").open(encoding="utf-8")]
    by_view: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_view[event.view or ""].append(event)
    views: dict[str, dict[str, View]] = defaultdict(dict)
    for name, part in by_view.items():
        view = derive_view(part)
        views[view.user][f"{view.item} {name.rsplit('-', 1)[1]}"] = view
    return views, {item["id"]: shape_of(item["paragraphs"]) for item in items}


def shape_of(paragraphs: Sequence[str]) -> Shape:
    """Return words and LIX of each paragraph, counted as the product counts them."""
    return Shape(tuple(len(find_words(text)) for text in paragraphs), tuple(map(difficulty, paragraphs)))


@dataclass(frozen=True)
class Layout:
    """What only the published file tells: `reader item` -> (percentages on the last screen, seconds it stayed)."""

    last_screens: Mapping[str, tuple[dict[int, int], float]]
    answers: Mapping[str, frozenset[int]]


def load_layout(path: Path, views: Mapping[str, Mapping[str, View]], shapes: Mapping[str, Shape]) -> Layout:
    """Read last screens, and find the paragraph of each answer span: the one that is on screen whenever the span is.

    A span must be hidden when its paragraph is, and whole when its paragraph is; the paragraph without any breach is
    it. A text for which this leaves a doubt has no answers.
    """
    last: dict[str, tuple[dict[int, int], float]] = {}
    breaches: dict[str, Floats] = {item: np.zeros((3, len(shape.words))) for item, shape in shapes.items()}
    with gzip.open(path / "scroll_readability" / "scroll_sessions.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            items = [key.split(" ")[0] for key in views[row["participant"]] if key.endswith(" question")]
            for article, item in zip(
                ("elementary", "advanced"), sorted(items, key=lambda i: i.endswith("-adv")), strict=True
            ):
                for phase in ("reading", "question"):
                    breaches[item] += span_breaches(row, f"{article}_{phase}", len(shapes[item].words))
                screens = parse_column(row[f"{article}_question_paragraph_visibility"])
                end = ast.literal_eval(row[f"{article}_question_event_ms"])[-1]
                stayed = (float(row[f"{article}_question_time_ms"]) - float(end)) / 1000
                last[f"{row['participant']} {item}"] = ({int(p): share for p, share in screens[-1].items()}, stayed)
    return Layout(last, {item: found for item, counts in breaches.items() if (found := span_places(counts))})


def parse_column(cell: str) -> list[dict[str, int]]:
    """Return name -> percentage for each screen of a visibility column."""
    parts = ([part.split("_") for part in screen.split(",") if part] for screen in ast.literal_eval(cell))
    return [{name: int(percent) for name, percent in screen} for screen in parts]


def span_breaches(row: Mapping[str, str], prefix: str, paragraphs: int) -> Floats:
    """Return (3, paragraphs) counts of screens on which answer span A1..A3 cannot lie in the paragraph."""
    counts = np.zeros((3, paragraphs))
    spans = parse_column(row[f"{prefix}_span_visibility"])
    for shown, seen in zip(parse_column(row[f"{prefix}_paragraph_visibility"]), spans, strict=bool(spans)):
        text = np.array([shown.get(str(paragraph), 0) for paragraph in range(paragraphs)])
        for index in range(3):
            span = seen.get(f"A{index + 1}", 0)
            counts[index] += ((text == 0) & (span > 0)) | ((text == 100) & (span < 100))
    return counts


def span_places(counts: Floats) -> frozenset[int]:
    """Return the paragraphs of the three spans, none if one of them is in doubt."""
    free = counts == 0
    return frozenset(free.argmax(axis=1).tolist()) if (free.sum(axis=1) == 1).all() else frozenset()


def derive_cases(views: Mapping[str, Mapping[str, View]], shapes: Mapping[str, Shape], layout: Layout) -> list[Case]:
    """Derive every reading phase in order, as the product does: own speed, and the returns of earlier readers."""
    expected_return = ExpectedReturn(SETTINGS.return_prior_weight)
    cases: list[Case] = []
    for by_name in views.values():
        own = list(reader_cases(by_name, shapes, layout, expected_return))
        for case in own:
            case.teach(expected_return)
        cases += own
    return cases


def reader_cases(
    views: Mapping[str, View], shapes: Mapping[str, Shape], layout: Layout, expected_return: ExpectedReturn
) -> Iterator[Case]:
    """Derive one reader's two readings. The reader's own returns are not known yet: their views settle later."""
    speed = Speed()
    for name in sorted((name for name in views if name.endswith(" reading")), key=lambda n: views[n].opened_at):
        view, item = views[name], name.split(" ")[0]
        shape = shapes[item]
        reading = derive_reading(view, shape, words_per_min(speed, "en", SETTINGS), expected_return, SETTINGS)
        question_s = seconds_by_paragraph(views[f"{item} question"], len(shape.words))
        shown, stayed_s = layout.last_screens[f"{view.user} {item}"]
        visible = np.array(
            [shown.get(paragraph, 0) * words for paragraph, words in enumerate(shape.words)], dtype=float
        )
        answers = np.isin(np.arange(len(shape.words)), list(layout.answers.get(item, ()))).astype(float)
        signals = signals_of(reading, shape, expected_return)
        with_last = question_s + stayed_s * visible / visible.sum()
        yield Case(view.user, item, shape, reading, signals, question_s, with_last, answers)
        read = [s for s in reading.paragraphs if s.state == "read" and s.attention < SETTINGS.credit_limit]
        seconds = sum(signal.dwell_s - SETTINGS.settle_s for signal in read)
        speed = speed.plus(sum(shape.words[signal.paragraph] for signal in read), max(0.0, seconds) / 60)


def seconds_by_paragraph(view: View, paragraphs: int) -> Floats:
    """Return the dwell of each paragraph."""
    seconds = np.zeros(paragraphs)
    for visit in view.visits:
        seconds[visit.paragraph] += visit.dwell_s
    return seconds


def signals_of(reading: Reading, shape: Shape, expected_return: ExpectedReturn) -> dict[str, Floats]:
    """Return signal -> its value for each paragraph; the last three know nothing of the reader."""
    count = len(shape.words)
    place = np.linspace(0, 1, count)
    again = [visit for visit in reading.view.visits if visit.visit > 0]
    return {
        "re-entries": np.bincount([visit.paragraph for visit in again], minlength=count).astype(np.float64),
        "re-read seconds": np.bincount(
            [visit.paragraph for visit in again], weights=[visit.dwell_s for visit in again], minlength=count
        ).astype(np.float64),
        "scroll-backs": np.array([float(signal.returns) for signal in reading.paragraphs]),
        "reread": np.array([signal.reread for signal in reading.paragraphs]),
        "reread_interest": np.array([signal.reread_interest for signal in reading.paragraphs]),
        "near the middle": 1 - np.abs(2 * place - 1),
        "near the start": 1 - place,
        "expected return": np.array([expected_return.rate(shape.place(index)) for index in range(count)]),
    }
