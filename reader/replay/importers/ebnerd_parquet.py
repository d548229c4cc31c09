"""Rows of EB-NeRD's parquet files, a batch at a time.

What belongs here: opening, checking and converting columns. What does not: what a column means.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from reader.errors import InvalidInputError

ColumnType = Literal["number", "share", "text", "moment", "numbers", "shares", "moments", "texts"]
Row = dict[str, Any]

# Rows made Python values at a time: a row of history holds hundreds of reads, 1 MB a hundred rows. Ours.
BATCH_ROWS = 500
_WORDS: Mapping[ColumnType, str] = {
    "number": "whole numbers",
    "share": "numbers",
    "text": "texts",
    "moment": "moments",
    "numbers": "lists of whole numbers",
    "shares": "lists of numbers",
    "moments": "lists of moments",
    "texts": "lists of texts",
}


def read_rows(file: Path, columns: Mapping[str, ColumnType]) -> Iterator[tuple[int, Row]]:
    """Yield (number from 1, column -> value) of every row, with at most a row group in memory.

    Moments are naive and in UTC. Raises InvalidInputError if pyarrow is not installed, if the file is broken off or no
    parquet, and if columns are missing or of another type, all of which it names.
    """
    pyarrow = _import("pyarrow")
    with _named_errors(file, pyarrow), _import("pyarrow.parquet").ParquetFile(file) as parquet:
        _check_columns(file, parquet.schema_arrow, columns, pyarrow)
        number = 0
        for batch in parquet.iter_batches(BATCH_ROWS, columns=list(columns)):
            for row in _converted(batch, columns, pyarrow):
                number += 1
                yield number, row


def _import(name: str) -> Any:
    # Only here: an installation that imports no such log needs no pyarrow. It has no types.
    try:
        return importlib.import_module(name)
    except ImportError as error:
        detail = "reading parquet files needs the package pyarrow"
        raise InvalidInputError("format", detail, "install it: pip install pyarrow") from error


@contextmanager
def _named_errors(file: Path, pyarrow: Any) -> Iterator[None]:
    try:
        yield
    except (pyarrow.ArrowException, OSError) as error:
        detail = f"{file} cannot be read as parquet: {error!s:.200}"
        raise InvalidInputError("path", detail, "fetch the file again") from error


def _check_columns(file: Path, schema: Any, columns: Mapping[str, ColumnType], pyarrow: Any) -> None:
    if missing := [name for name in columns if name not in schema.names]:
        raise InvalidInputError("columns", f"{file.name} has no {', '.join(missing)}", "give the published file")
    wrong = [
        f"{name} is {schema.field(name).type} instead of {_WORDS[type]}"
        for name, type in columns.items()
        if not _fits(schema.field(name).type, type, pyarrow.types)
    ]
    if wrong:
        raise InvalidInputError("columns", f"{file.name}: {', '.join(wrong)}", "give the published file")


def _fits(found: Any, wanted: ColumnType, types: Any) -> bool:
    if types.is_null(found):
        return True
    if wanted in ("numbers", "shares", "moments", "texts"):
        is_list = types.is_list(found) or types.is_large_list(found)
        return is_list and _fits(found.value_type, wanted.removesuffix("s"), types)  # type: ignore[arg-type]
    if wanted == "share":
        return bool(types.is_floating(found) or types.is_integer(found))
    checks = {"number": [types.is_integer], "moment": [types.is_timestamp]}
    return any(check(found) for check in checks.get(wanted, [types.is_string, types.is_large_string]))


def _converted(batch: Any, columns: Mapping[str, ColumnType], pyarrow: Any) -> Iterator[Row]:
    names: Sequence[str] = list(columns)
    values = [batch.column(name).cast(_arrow_type(columns[name], pyarrow)).to_pylist() for name in names]
    return (dict(zip(names, row, strict=True)) for row in zip(*values, strict=True))


def _arrow_type(type: ColumnType, pyarrow: Any) -> Any:
    # Nanoseconds are rounded away below: Python's datetime knows none.
    plain = {
        "number": pyarrow.int64(),
        "share": pyarrow.float64(),
        "text": pyarrow.large_string(),
        "moment": pyarrow.timestamp("us"),
    }
    return plain[type] if type in plain else pyarrow.large_list(plain[type.removesuffix("s")])
