"""Tables with a header, row by row, whole or not. What belongs here: the form. What does not: any log's columns."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from reader.errors import InvalidInputError
from reader.replay.importers._files import open_binary

# The csv module's own limit, 131,072, is shorter than the longest pages that people share. Ours.
MAX_CELL_CHARACTERS = 10_000_000


def check_whole(cells: Mapping[str, str]) -> None:
    """Raise InvalidInputError for a row with more or fewer cells than the header."""
    # DictReader puts what is too much under None and None for what is missing: the types do not know that.
    if None in cells or None in cells.values():
        raise InvalidInputError("columns", "the row has more or fewer cells than the header")


def read_rows(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, cells) of every row, whole or not.

    Raises InvalidInputError if a column is missing, and if the file is broken off or is no csv.
    """
    with _named_errors(file), open_binary(file) as binary:
        lines = io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
        reader = csv.DictReader(lines, strict=True)
        if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
            raise InvalidInputError("columns", f"{file.name} has no {', '.join(missing)}", "give the published file")
        while (cells := _next_row(reader)) is not None:
            yield reader.line_num, cells


def _next_row(reader: csv.DictReader[str]) -> dict[str, str] | None:
    # The limit is one for the whole process: it is set for the length of one call and put back.
    limit = csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(limit)


@contextmanager
def _named_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InvalidInputError("path", f"{file} cannot be decompressed: {error}", "fetch the file again") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise InvalidInputError("path", f"{file} is no csv in UTF-8: {error}", "fetch the file again") from error
