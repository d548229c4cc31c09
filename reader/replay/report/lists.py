"""The lists that a policy ranked worst, for a person to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reader.replay.report.typeset import count, digits, minute, number


@dataclass(frozen=True, slots=True)
class Line:
    """An item of a list. rank: its place, from 1."""

    rank: str
    title: str
    opened: bool


@dataclass(frozen=True, slots=True)
class WorstList:
    """heading: reader and moment; outcome: what was opened, and how far down; opened and top: in order of rank."""

    user: str
    at: str
    list_id: str
    outcome: str
    opened: tuple[Line, ...]
    top: tuple[Line, ...]


def worst(result: Mapping[str, Any]) -> dict[str, list[WorstList]]:
    """Return the worst lists of each policy that has some."""
    policies: Mapping[str, Mapping[str, Any]] = result["policies"]
    return {
        name: [_list(each) for each in figures["worst"]] for name, figures in policies.items() if figures.get("worst")
    }


def _list(record: Mapping[str, Any]) -> WorstList:
    opened = tuple(Line(count(item["rank"]), _title(item), True) for item in record.get("opened", ()))
    top = tuple(
        Line(str(rank), _title(item), item["opened"]) for rank, item in enumerate(record.get("top", ()), start=1)
    )
    at = minute(record["at"])
    return WorstList(record["user"], at, record.get("list") or "", _outcome(record), opened, top)


def _title(item: Mapping[str, Any]) -> str:
    return str(item.get("title") or item["item"])


def _outcome(record: Mapping[str, Any]) -> str:
    ranks = [item["rank"] for item in record.get("opened", ())]
    parts = [f"first open at {count(min(ranks))} of {count(record['candidates'])}"] if ranks else []
    if "auc" in record:
        parts.append(f"AUC {number(record['auc'], digits([1.0]))}")
    return " · ".join(parts)
