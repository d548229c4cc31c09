"""Real and simulated readers with the same texts, derived by the product: `python -m tests.bench.bench_readers [DATA]`.

The real ones are the reading phases of scroll_readability. The simulated ones are handed the same texts, as those were:
what is compared is how a text is read, not what is chosen. The table is that of docs/simulator.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any

import click
import numpy as np

from reader.behaviour.returns import ExpectedReturn
from reader.behaviour.signals import Reading, Shape, derive_reading
from reader.behaviour.views import derive_view
from reader.recommend.lists import generator
from reader.replay.importers.onestop import load_texts
from reader.replay.simulator import SimulationSettings
from reader.replay.simulator.journal import Journal
from reader.replay.simulator.readers import draw_reader
from reader.replay.simulator.reading import Walk, read
from reader.replay.simulator.relevance import interest
from reader.replay.simulator.settings import ScrollBacks
from reader.replay.simulator.world import World, make_world
from reader.settings import ReadingSettings
from reader.types import Article
from tests.bench.scroll_cases import load_cases, shape_of

DEFAULT_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SETTINGS = ReadingSettings()
READERS = 600
SEED = 1
Rows = dict[str, float]


def real_readings(path: Path) -> list[tuple[Shape, Reading]]:
    """Return the reading phases of the scroll log."""
    return [(case.shape, case.reading) for case in load_cases(path)]


def simulated_readings(path: Path, scroll_backs: ScrollBacks) -> list[tuple[Shape, Reading]]:
    """Return one reading of one of the same texts by each of READERS simulated readers, none left at once."""
    settings = SimulationSettings(scroll_backs=scroll_backs)
    world = make_world(_articles(path), settings, SEED)
    return [_read_one(number, world, settings) for number in range(1, READERS + 1)]


def _articles(path: Path) -> list[Article]:
    texts = load_texts(sorted(file for file in (path / "onestop_qa").glob("*.txt")))
    return [
        Article(id=f"{text.file} {level}", title=text.title, language="en", paragraphs=paragraphs)
        for text in texts
        for level, paragraphs in text.paragraphs.items()
    ]


def _read_one(number: int, world: World, settings: SimulationSettings) -> tuple[Shape, Reading]:
    reader = draw_reader(number, world, settings, SEED)
    rng = generator(SEED, reader.user, "assigned")
    subject = world.subjects[int(rng.integers(len(world.subjects)))]
    taste = reader.taste_at(world.start, settings.taste)
    journal = Journal(reader.user, world.start)
    item = {"item": subject.item.id, "view": reader.user}
    journal.write("open", **item)
    walk = Walk(subject, reader, taste, settings, rng)
    stays = list(read(walk, interest(subject, taste, settings.attention)))
    journal.write_stays(item["item"], item["view"], stays, round(1000 * settings.attention.part_s))
    shape = shape_of(subject.item.paragraphs)
    return shape, derive_reading(derive_view(journal.events), shape, 238.0, ExpectedReturn(30.0), SETTINGS)


def figures(readings: Sequence[tuple[Shape, Reading]]) -> Rows:
    """Return how they read, as the product sees it."""
    found = [reading for _, reading in readings]
    states = [[signal.state == "read" for signal in _reached(reading)] for reading in found]
    pairs = [pair for own in states for pair in pairwise(own)]
    backs = [back for reading in found for back in reading.scroll_backs]
    episodes = [{back.episode: back.front for back in reading.scroll_backs} for reading in found]
    ends = [
        front == len(reading.paragraphs) - 1
        for reading, own in zip(found, episodes, strict=True)
        for front in own.values()
    ]
    return {
        "first paragraph read": fmean(own[0] for own in states if own),
        "read after one that was read": fmean(now for before, now in pairs if before),
        "read after one that was not": fmean(now for before, now in pairs if not before),
        "came to the last paragraph": fmean(map(_is_whole, found)),
        "readings with a scroll-back": fmean(bool(reading.scroll_backs) for reading in found),
        "goings-back a reading": fmean(map(len, episodes)),
        "of these from the end of the text": fmean(ends) if ends else 0.0,
        "goings-back a reading that came to the end": sum(ends) / max(1, sum(_is_whole(reading) for reading in found)),
        "scroll-backs after which the reader leaves": fmean(back.outcome == "exit" for back in backs) if backs else 0.0,
        "time of the longest of a going-back / expected": median(_return_shares(found) or [0.0]),
        "scroll-backs to the first fifth": _fifth(readings, 0),
        "scroll-backs to the last fifth": _fifth(readings, 4),
        "scatter of reading time (sd of the logarithm)": scatter(readings),
    }


def _reached(reading: Reading) -> Sequence[Any]:
    """Return the paragraphs up to the furthest that was seen."""
    return reading.paragraphs[: round(reading.depth * len(reading.paragraphs))]


def _is_whole(reading: Reading) -> bool:
    return reading.depth == 1


def _return_shares(readings: Sequence[Reading]) -> list[float]:
    """Return for each going-back the time of its longest rest over the expected time of that paragraph."""
    longest: dict[tuple[int, int], float] = {}
    for number, reading in enumerate(readings):
        for back in reading.scroll_backs:
            share = back.dwell_s / reading.paragraphs[back.paragraph].expected_s
            key = (number, back.episode)
            longest[key] = max(share, longest.get(key, 0.0))
    return list(longest.values())


def _fifth(readings: Sequence[tuple[Shape, Reading]], fifth: int) -> float:
    """Return the share of scroll-backs that come to a fifth of the text."""
    places = [
        min(4, int(5 * back.paragraph / max(1, len(reading.paragraphs) - 1)))
        for _, reading in readings
        for back in reading.scroll_backs
    ]
    return places.count(fifth) / max(1, len(places))


def scatter(readings: Sequence[tuple[Shape, Reading]]) -> float:
    """Return the deviation of log(time / expected) of read paragraphs that neither text nor reading explains.

    Of paragraphs that were not gone back to, without the last two, whose time the log does not have. Both means are
    taken out by turns (the residual of a two-way analysis of variance); degrees of freedom are what is left.
    """
    rows = [
        (number, (shape.words, signal.paragraph), float(np.log(signal.attention)))
        for number, (shape, reading) in enumerate(readings)
        for signal in reading.paragraphs[:-2]
        if signal.state == "read" and not signal.returns
    ]
    by_reading, by_text = (np.unique([hash(row[side]) for row in rows], return_inverse=True)[1] for side in (0, 1))
    rest = np.array([row[2] for row in rows])
    for _ in range(50):
        for groups in (by_reading, by_text):
            rest = rest - (np.bincount(groups, rest) / np.bincount(groups))[groups]
    freedom = len(rows) - by_reading.max() - by_text.max() - 1
    return float(np.sqrt((rest**2).sum() / freedom))


def table(columns: Mapping[str, Rows]) -> Iterator[str]:
    """Yield the figures as the Markdown table of docs/simulator.md."""
    yield f"| | {' | '.join(columns)} |"
    yield "| --- |" + " --- |" * len(columns)
    for name in next(iter(columns.values())):
        yield f"| {name} | {' | '.join(f'{rows[name]:.2f}' for rows in columns.values())} |"


def main(path: Path = DEFAULT_DATA) -> None:
    """Print the table. path: the folder of the data sets."""
    columns = {"scroll log": figures(real_readings(path))}
    for scroll_backs in ("interest", "difficulty", "both"):
        columns[f"simulated, {scroll_backs}"] = figures(simulated_readings(path, scroll_backs))
    click.echo("\n".join(table(columns)))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
