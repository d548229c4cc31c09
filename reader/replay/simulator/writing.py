"""A simulation -> events.jsonl, items.jsonl and truth.jsonl in a folder."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from reader.replay.importers._files import write_events, write_items
from reader.replay.simulator.simulation import Life, Record, Simulation
from reader.replay.simulator.watching import WatchSimulation
from reader.replay.simulator.watching.simulation import WatchLife
from reader.types import Event

# Made once: json.dumps would make one for every line.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Written:
    """What a simulation came to."""

    events: int
    items: int
    readers: int
    lists: int
    places: int
    opens: int
    scroll_backs: int


def write_simulation(
    simulation: Simulation | WatchSimulation, out: Path, *, progress: Callable[[int], None] | None = None
) -> Written:
    """Write the three files into `out`, each moved there when it is whole; memory does not grow with the readers.

    progress: is told after each reader how many are done.
    """
    out.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    unfinished = out / "truth.jsonl.part"
    with unfinished.open("w", encoding="utf-8", newline="\n") as truth:
        events = write_events(_lived(simulation, truth, counts, progress), out / "events.jsonl")
    os.replace(unfinished, out / "truth.jsonl")
    items = write_items(simulation.items, out / "items.jsonl")
    return Written(
        events=events,
        items=items,
        readers=counts["readers"],
        lists=counts["lists"],
        places=counts["places"],
        opens=counts["open"],
        scroll_backs=counts["scroll_backs"],
    )


def _lived(
    simulation: Simulation | WatchSimulation,
    truth: IO[str],
    counts: Counter[str],
    progress: Callable[[int], None] | None,
) -> Iterator[Event]:
    """Yield the events of all readers; write their truth and count on the way."""
    _write(truth, [simulation.head()])
    lives: Iterator[Life | WatchLife] = simulation.lives()
    for done, life in enumerate(lives, start=1):
        _write(truth, life.truth())
        counts.update(readers=1, lists=len(life.lists), scroll_backs=len(life.returns))
        counts["places"] += sum(len(_relevance(record)) for record in life.lists)
        counts["open"] += sum(event.type == "open" for event in life.events)
        yield from life.events
        if progress is not None:
            progress(done)


def _relevance(record: Record) -> dict[str, float]:
    relevance = record["relevance"]
    if not isinstance(relevance, dict):
        raise TypeError(f"relevance is a {type(relevance)}")
    return relevance


def _write(truth: IO[str], records: Iterable[Record]) -> None:
    truth.writelines(_ENCODER.encode(record) + "\n" for record in records)
