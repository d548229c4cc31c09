"""Rows as tables: for the screen, and as Markdown for docs/benchmarks.md.

What belongs here: words and columns. What does not: arithmetic (`measuring`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from tests.bench.measuring import Budget, Peer, Row, verdict

COLUMNS = ("what", "budget", "measured", "peer", "verdict")
# Units of rates and scores, of which more is better; a peer's ratio is turned accordingly.
RATES = ("events/s", "lists/min", "F1", "AUC")


def cells(row: Row) -> tuple[str, str, str, str, str]:
    """Return the texts of one line of a table, in the order of COLUMNS."""
    what = f"{row.name} ({row.note})" if row.note else row.name
    return what, _budget(row), _measured(row), "; ".join(_peer(row, peer) for peer in row.peers), verdict(row)


def show_table(title: str, rows: Sequence[Row]) -> Table:
    """Return a table for the screen."""
    table = Table(title=title, title_justify="left", expand=True)
    for name, share in zip(COLUMNS, (5, 2, 4, 4, 2), strict=True):
        table.add_column(name, ratio=share, overflow="fold")
    for row in rows:
        table.add_row(*cells(row))
    return table


def markdown(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the body of the Markdown table from the JSON of a run, a bold line before each benchmark's rows."""
    for name, rows in record["benchmarks"].items():
        yield f"| **{name}** | | | | |"
        for row in rows:
            yield "| " + " | ".join(text.replace("|", "\\|") for text in cells(row_from_record(row))) + " |"


def row_record(row: Row) -> dict[str, Any]:
    """Return a row as JSON, with its verdict."""
    return {**asdict(row), "verdict": verdict(row)}


def row_from_record(record: Mapping[str, Any]) -> Row:
    """Return the row of which `row_record` made JSON."""
    values = {name: value for name, value in record.items() if name != "verdict"}
    values["budget"] = Budget(**values["budget"]) if values["budget"] else None
    values["peers"] = tuple(Peer(**peer) for peer in values["peers"])
    return Row(**values)


def number(value: float) -> str:
    """Write a figure with three digits that count.

    >>> number(0.012345), number(4.5678), number(1234.5), number(0.0)
    ('0.0123', '4.57', '1,234', '0')
    """
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _with_unit(value: float, unit: str) -> str:
    return f"{number(value)} {unit}".strip()


def _budget(row: Row) -> str:
    budget = row.budget
    if budget is None:
        return ""
    text = ("≤ " if budget.better == "less" else "≥ ") + _with_unit(budget.limit, row.unit)
    return text if budget.spread_limit is None else f"{text}, p95 ≤ {_with_unit(budget.spread_limit, row.unit)}"


def _measured(row: Row) -> str:
    spread = "p5" if row.unit in RATES else "p95"
    details = (
        f"{spread} {number(row.spread)}" if row.spread is not None else "",
        f"wall {number(row.wall)}" if row.wall is not None else "",
        f"{row.runs} runs" if row.spread is not None else f"n {row.runs}" if row.runs > 1 else "",
    )
    told = ", ".join(detail for detail in details if detail)
    return _with_unit(row.figure, row.unit) + (f" ({told})" if told else "")


def _peer(row: Row, peer: Peer) -> str:
    text = f"{peer.name} {_with_unit(peer.figure, row.unit)}"
    if row.unit != "ms" or row.figure <= 0:
        return text
    return f"{text} ({number(peer.figure / row.figure)} x ours)"
