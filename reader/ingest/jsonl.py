"""JSON lines -> items, one bad line at a time.

What belongs here: files, lines, encodings. What does not: the rules for an item (`items`).
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from reader.clock import Clock, system_clock
from reader.errors import InvalidInputError, InvalidItemError
from reader.ingest.items import parse_item
from reader.types import AnyItem

# A line holds one item, whose text is at most 2 MB; escapes may make it some times longer. In bytes; ours.
MAX_LINE_BYTES: Final = 10_000_000
_UTF_16_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
_LINES_NAME: Final = "-"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that gave no item, or whose item does not count.

    file: as it was given ("-" for lines without a file); line: from 1; field: of the item, "line" for the whole of it;
    detail: what is wrong and what to give instead.
    """

    file: str
    line: int
    field: str
    detail: str

    def __str__(self) -> str:
        """Return the whole as one line of a message."""
        return f"{self.file}:{self.line}: {self.field}: {self.detail}"


def read_items(
    path_or_lines: str | Path | Iterable[str | bytes], *, clock: Clock = system_clock
) -> Iterator[AnyItem | BadLine]:
    """Yield every item of a file (gzipped, if its name ends in .gz) or of lines, and a BadLine for every bad line.

    Blank lines and a byte order mark are passed over. Of lines with the same id the last counts: all items are yielded,
    in order, and a later one is preceded by a BadLine for the line that it replaces. Memory grows with the number of
    ids, not with the texts.

    Raises OSError if the file cannot be opened.
    """
    if isinstance(path_or_lines, str | Path):
        with open_lines(Path(path_or_lines)) as stream:
            yield from _items(_split_lines(stream), str(path_or_lines), clock)
    else:
        yield from _items(map(_encoded, path_or_lines), _LINES_NAME, clock)


def open_lines(path: Path) -> IO[bytes]:
    """Open a file for reading bytes, unpacking .gz."""
    return io.BufferedReader(gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _encoded(line: str | bytes) -> bytes:
    # Lone surrogates pass through here, to be dealt with where texts are.
    return line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line


def _split_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield lines; of one that is too long only so much as shows that it is."""
    while line := stream.readline(MAX_LINE_BYTES + 1):
        yield line
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE_BYTES + 1)


def _items(lines: Iterable[bytes], file: str, clock: Clock) -> Iterator[AnyItem | BadLine]:
    line_of: dict[str, int] = {}
    number = 0
    try:
        for number, line in enumerate(lines, start=1):
            if number == 1 and line.startswith(_UTF_16_BOMS):
                yield BadLine(file, 1, "line", "the file is in UTF-16; save it as UTF-8")
                return
            found = _item(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, clock)
            if isinstance(found, InvalidInputError):
                yield BadLine(file, number, found.field, _detail(found))
            elif found is not None:
                if found.id in line_of:
                    yield BadLine(
                        file, line_of[found.id], "id", f"{found.id!r} comes again in line {number}, which counts"
                    )
                line_of[found.id] = number
                yield found
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield BadLine(file, number + 1, "line", f"the gzip data are damaged here ({error}); get the file anew")


def _item(line: bytes, clock: Clock) -> AnyItem | InvalidInputError | None:
    if not line.strip():
        return None
    try:
        return parse_item(_record(line), clock=clock)
    except InvalidInputError as error:
        return error


def _record(line: bytes) -> Any:
    if len(line) > MAX_LINE_BYTES:
        raise InvalidItemError("line", f"is longer than {MAX_LINE_BYTES:,} bytes", "part it into several items")
    try:
        return json.loads(line.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError as error:
        raise InvalidItemError("line", f"byte {error.start + 1} is not UTF-8", "save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise InvalidItemError(
            "line", f"is not JSON: {error.msg} at character {error.pos + 1}", "write one JSON object a line"
        ) from error
    except (ValueError, RecursionError) as error:  # an int of thousands of digits; brackets nested thousands deep
        raise InvalidItemError(
            "line", f"is JSON beyond all measure ({error})", "write one JSON object a line"
        ) from error


def _detail(error: InvalidInputError) -> str:
    return f"{error.detail}; {error.remedy}" if error.remedy else error.detail
