"""`python -m tests.bench [DATA] [--only NAME] [--items N] [--json OUT]`; `--render FILE` prints the Markdown table."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from threadpoolctl import threadpool_info  # type: ignore[import-untyped]  # it has no types

from tests.bench.bench_collaborative import bench_collaborative
from tests.bench.bench_coverage import bench_coverage
from tests.bench.bench_events import bench_events
from tests.bench.bench_fresh import bench_fresh
from tests.bench.bench_ingest import bench_ingest
from tests.bench.bench_lexical import bench_lexical
from tests.bench.bench_memory import bench_memory
from tests.bench.bench_page import bench_page
from tests.bench.bench_quality import bench_keywords, bench_region, bench_scroll
from tests.bench.bench_refresh import bench_refresh
from tests.bench.bench_replay import bench_replay
from tests.bench.bench_search import bench_search
from tests.bench.bench_serving import bench_serving
from tests.bench.bench_shaping import bench_shaping
from tests.bench.bench_simulator import bench_simulator
from tests.bench.bench_start import bench_start
from tests.bench.bench_tracker import bench_tracker
from tests.bench.bench_train import bench_train
from tests.bench.bench_vectors import bench_vectors
from tests.bench.measuring import Row
from tests.bench.tables import markdown, row_record, show_table
from tests.bench.world import Options, World

# In the order in which they run: `memory` and `vectors` while the catalogue has the asked-for size; `fresh` adds to it.
BENCHMARKS: dict[str, Callable[[World], list[Row]]] = {
    "tracker": bench_tracker,
    "page": bench_page,
    "lexical": bench_lexical,
    "vectors": bench_vectors,
    "serving": bench_serving,
    "search": bench_search,
    "collaborative": bench_collaborative,
    "shaping": bench_shaping,
    "events": bench_events,
    "memory": bench_memory,
    "fresh": bench_fresh,
    "start": bench_start,
    "ingest": bench_ingest,
    "refresh": bench_refresh,
    "region": bench_region,
    "scroll": bench_scroll,
    "keywords": bench_keywords,
    "replay": bench_replay,
    "coverage": bench_coverage,
    "train": bench_train,
    "simulator": bench_simulator,
}
# Folders of DATA without which a benchmark means nothing; `ingest` takes what there is.
NEEDED = {
    "region": ("reading_region",),
    "scroll": ("scroll_readability", "onestop_qa"),
    "keywords": ("semeval2017_keyphrases",),
}
DEFAULT_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
IN_PART = 1


@click.command()
@click.argument("data", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_DATA)
@click.option("--only", multiple=True, type=click.Choice(list(BENCHMARKS)), help="May be given again; default: all.")
@click.option("--items", type=click.IntRange(min=500), default=100_000, show_default=True, help="In the catalogue.")
@click.option("--paragraphs", type=click.IntRange(4, 40), default=4, show_default=True, help="Of each such item.")
@click.option("--runs", type=click.IntRange(min=1), default=30, show_default=True, help="Of each timed call.")
@click.option("--texts", type=click.IntRange(min=0), default=0, help="Of each real collection; 0: all.")
@click.option("--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Where the figures go, too.")
@click.option(
    "--render", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Print such a file as Markdown."
)
def main(
    data: Path,
    only: tuple[str, ...],
    items: int,
    paragraphs: int,
    runs: int,
    texts: int,
    out: Path | None,
    render: Path | None,
) -> None:
    """Measure. DATA: the folder of the data sets; what needs one that is not there is left out."""
    if render is not None:
        click.echo("\n".join(markdown(json.loads(render.read_text(encoding="utf-8")))))
        return
    options = Options(data, items, paragraphs, runs, texts)
    with tempfile.TemporaryDirectory(prefix="reread-bench-") as folder:
        record, failed = run(World(options, Path(folder), Console(stderr=True)), only or tuple(BENCHMARKS))
    if out is not None:
        out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    if failed:
        click.echo(f"not measured: {', '.join(failed)}", err=True)
        sys.exit(IN_PART)


def run(world: World, names: tuple[str, ...]) -> tuple[dict[str, Any], list[str]]:
    """Run benchmarks, showing each table as soon as it is there; return the record and the names that failed."""
    record: dict[str, Any] = {**_circumstances(world.options), "benchmarks": {}}
    failed = []
    shown = Console(width=None if sys.stdout.isatty() else 160)
    for number, name in enumerate((name for name in BENCHMARKS if name in names), start=1):
        world.console.print(f"[bold]{name}[/] ({number} of {len(set(names))})")
        missing = [folder for folder in NEEDED.get(name, ()) if not (world.options.data / folder).is_dir()]
        if missing:
            world.console.print(f"  left out: {world.options.data} has no {' and no '.join(missing)}")
            continue
        try:
            with _timed(world.console):
                rows = BENCHMARKS[name](world)
        # One benchmark that fails must not cost the figures of the others.
        except Exception:
            world.console.print(traceback.format_exc(), markup=False, highlight=False)
            failed.append(name)
            continue
        record["benchmarks"][name] = [row_record(row) for row in rows]
        shown.print(show_table(name, rows))
    record["threads"] = _threads()
    record["failed"] = failed
    return record, failed


@contextmanager
def _timed(console: Console) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    console.print(f"  {time.perf_counter() - begun:.1f} s")


def _circumstances(options: Options) -> dict[str, Any]:
    """Return on what the figures were measured."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load_average": list(os.getloadavg()),
        "items": options.items,
        "paragraphs": options.paragraphs,
        "runs": options.runs,
        "texts": options.texts,
    }


def _threads() -> dict[str, int]:
    """Return how many threads each loaded library of arithmetic may use."""
    return {str(library["prefix"]): int(library["num_threads"]) for library in threadpool_info()}


if __name__ == "__main__":
    main()
