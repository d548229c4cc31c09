"""What a simulator knows and a log does not: how each list would have been opened, what came up (docs/simulator.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from reader.errors import InvalidInputError
from reader.replay.oracle import ListTruth, Oracle, make_oracle
from reader.types import AnyItem

# How a new interest first shows: an item of it is opened, or a paragraph of it in something else is gone back to.
Sign = Literal["opening", "scroll_back"]
SIGNS: Final[dict[Sign, str]] = {"opening": "opened_in", "scroll_back": "returned_in"}


@dataclass(frozen=True, slots=True)
class NewInterest:
    """An interest that came up. items: all of it; shown_in: the list from which it first showed, by sign."""

    items: frozenset[str]
    shown_in: Mapping[Sign, str]


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is known. lists: by id; new_interests: by reader; oracle: what holds beyond the lists of the log."""

    oracle: Oracle | None = None
    lists: dict[str, ListTruth] = field(default_factory=dict)
    new_interests: dict[str, list[NewInterest]] = field(default_factory=dict)


def read_truth(path: Path, items: Iterable[AnyItem] = ()) -> Truth:
    """Read a truth.jsonl; InvalidInputError names the line that is none, or says that there is no list.

    items: those of the log; without them nothing is known beyond its lists.
    """
    truth = Truth()
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                record = json.loads(line)
                # Of sessions of a feed nothing is known beyond its lists.
                if record["type"] == "simulation" and items and record.get("of") != "watching":
                    truth = replace(truth, oracle=make_oracle(record, items))
                _take(record, truth)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise InvalidInputError(f"{path.name} line {number}", f"{line!r:.80}: {error}") from error
    if not truth.lists:
        raise InvalidInputError("truth", f"{path} tells of no list", "give the truth.jsonl of this simulated log")
    return truth


def _take(record: dict[str, Any], truth: Truth) -> None:
    if record["type"] == "list":
        examination = tuple(float(chance) for chance in record["examination"])
        relevance, stays = (
            {str(item): float(chance) for item, chance in record.get(name, {}).items()}
            for name in ("relevance", "stays")
        )
        truth.lists[str(record["list"])] = ListTruth(examination, relevance, stays)
    elif record["type"] == "new_interest":
        shown_in = {sign: str(record[name]) for sign, name in SIGNS.items() if record[name] is not None}
        new = NewInterest(frozenset(map(str, record["items"])), shown_in)
        truth.new_interests.setdefault(str(record["user"]), []).append(new)
