"""Resident memory of a process of its own, with the catalogue and then with the models: `bench_memory DB` is it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from tests.bench.measuring import Budget, Row
from tests.bench.world import World

if TYPE_CHECKING:
    from nlp.analysis import Analyser

MEMORY = Budget(1.5)
GIB = 1024 * 1024  # in the unit of /proc, kB
ROOT = Path(__file__).resolve().parents[2]


def bench_memory(world: World) -> list[Row]:
    """Start a process on the catalogue and let it say how large it is."""
    stored = world.recommender.storage.item_count()
    command = [sys.executable, "-m", "tests.bench.bench_memory", str(world.db)]
    figures = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    items = f"{stored:,} items"
    return [
        Row(f"resident memory, {items}, no model", figures["catalogue"] / GIB, "GiB"),
        Row(
            f"resident memory, {items}, MiniLM and the English pipeline loaded",
            figures["models"] / GIB,
            "GiB",
            budget=MEMORY,
        ),
        Row(f"opening the store with {items}", figures["opened_cpu_s"], "s", wall=figures["opened_wall_s"]),
    ]


def resident_kb() -> int:
    """Return the resident memory of this process in kB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def weigh(db: Path) -> dict[str, float]:
    """Open the catalogue, then the models; return what this process weighs after each, in kB."""
    from nlp.analysis import Analyser, Text
    from nlp.vectors import make_embedder
    from reader.wiring import make_recommender
    from tests.bench.synthetic import SyntheticAnalyser

    wall, cpu = time.perf_counter(), time.process_time()
    recommender = make_recommender(db, analyser=cast("Analyser", SyntheticAnalyser()))
    figures = {"opened_cpu_s": time.process_time() - cpu, "opened_wall_s": time.perf_counter() - wall}
    figures["catalogue"] = resident_kb()
    text = Text("Salt lakes", ("Lithium brine is pumped from the salt flats of the Atacama.",), "en")
    Analyser(make_embedder(recommender.settings.embedder)).analyse([text])
    return {**figures, "models": resident_kb()}


if __name__ == "__main__":
    click.echo(json.dumps(weigh(Path(sys.argv[1]))))
