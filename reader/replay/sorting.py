"""Sorting more rows than memory holds: sorted runs on disk, then one merge (Knuth, TAOCP 3, section 5.4)."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO

# Rows sorted in memory at a time: at about 2 kB a row of MIND, 100 MB. Ours.
RUN_ROWS = 50_000
# Parts a sorted row and its key; RFC 3339 times and ids have no tab, JSON without indentation has no line break.
_TAB = "\t"


def sort_rows(rows: Iterable[tuple[str, str]], folder: Path, run_rows: int = RUN_ROWS) -> Iterator[tuple[str, str]]:
    """Yield (key, row) ordered by key, then row, with at most `run_rows` of them in memory.

    Keys hold no tab, rows no line break. `folder` takes the sorted runs until the last row is yielded.
    """
    remaining = iter(rows)
    with ExitStack() as stack:
        runs: list[IO[str]] = []
        while (run := _spill(remaining, run_rows, folder)) is not None:
            runs.append(stack.enter_context(run))
        yield from heapq.merge(*map(_read_run, runs))


def _spill(rows: Iterator[tuple[str, str]], run_rows: int, folder: Path) -> IO[str] | None:
    """Sort the next rows into a file, which the caller closes; None if there are none."""
    # A function of its own: its rows must be gone before those of the next run are there.
    run = sorted(islice(rows, run_rows))
    if not run:
        return None
    file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", dir=folder)  # noqa: SIM115
    file.writelines(f"{key}{_TAB}{row}\n" for key, row in run)
    file.seek(0)
    return file


def _read_run(file: IO[str]) -> Iterator[tuple[str, str]]:
    for line in file:
        key, _, row = line.rstrip("\n").partition(_TAB)
        yield key, row
