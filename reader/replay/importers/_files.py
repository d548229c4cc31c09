"""Opening foreign logs and writing our two files, in order, whatever their size.

What belongs here: finding and decompressing files, the writing. What does not: any log's layout.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from reader.errors import InvalidInputError
from reader.records import event_record, format_time, item_record
from reader.replay.sorting import sort_rows
from reader.types import AnyItem, Event

Progress = Callable[[int], None]

# Rows between two reports of progress. Ours.
PROGRESS_ROWS = 1_000
# Made once: json.dumps would make one for every line.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def find_files(paths: Sequence[Path], names: Sequence[str]) -> list[Path]:
    """Return the files among `paths`, and in folders among them, whose name is one of `names`, with or without `.gz`.

    Raises InvalidInputError if a path does not exist.
    """
    wanted = {*names, *(f"{name}.gz" for name in names)}
    found = (file for path in paths for file in _candidates(path))
    return list(dict.fromkeys(file for file in found if file.name in wanted))


def _candidates(path: Path) -> list[Path]:
    if not path.exists():
        raise InvalidInputError("path", f"{path} does not exist", "give a file or a folder that does")
    return sorted(path.iterdir()) if path.is_dir() else [path]


def require(files: Sequence[Path], name: str) -> Sequence[Path]:
    """Return `files`; InvalidInputError naming the missing file if there is none."""
    if not files:
        raise InvalidInputError("path", f"{name} (or {name}.gz) was not found", "give the file or its folder")
    return files


def open_binary(path: Path) -> IO[bytes]:
    """Open a file for reading, decompressed if its name ends in .gz."""
    # gzip's class and the file's have no common type but IO.
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield (number from 1, line without its end) for every line that is not empty.

    Raises InvalidInputError if the file is broken off or no gzip file.
    """
    try:
        with open_binary(path) as file:
            for number, line in enumerate(file, start=1):
                if content := line.rstrip(b"\r\n"):
                    yield number, content
    except (EOFError, gzip.BadGzipFile) as error:
        raise InvalidInputError("path", f"{path} cannot be decompressed: {error}", "fetch the file again") from error


def write_items(items: Iterable[AnyItem], path: Path) -> int:
    """Write items as JSON lines, in the order given; return how many."""
    return _write_lines((_json(item_record(item)) for item in items), path)


def write_events(events: Iterable[Event], path: Path) -> int:
    """Write events as JSON lines ordered by (at, id); return how many."""
    keyed = ((f"{format_time(event.at)} {event.id}", _json(event_record(event))) for event in events)
    return _write_lines((line for _, line in sort_rows(keyed, path.parent)), path)


def _write_lines(lines: Iterable[str], path: Path) -> int:
    """Write to a file beside `path` and move it there when it is whole."""
    count = 0
    unfinished = path.with_name(path.name + ".part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                file.write(line + "\n")
                count += 1
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _json(record: dict[str, object]) -> str:
    return _ENCODER.encode(record)
