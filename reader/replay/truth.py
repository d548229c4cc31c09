"""What a simulator knows and a log does not: how each list would have been opened (docs/simulator.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reader.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class ListTruth:
    """examination: chance that a place is looked at, by place; relevance: chance that an item looked at is opened."""

    examination: tuple[float, ...]
    relevance: dict[str, float]

    def values(self, ranking: Sequence[str]) -> list[float]:
        """Return the chance of an opening in each place if the list stood in this order; 0 for an unknown item."""
        return [chance * self.relevance.get(item, 0.0) for chance, item in zip(self.examination, ranking, strict=False)]


def read_truth(path: Path) -> dict[str, ListTruth]:
    """Read the lists of a truth.jsonl; InvalidInputError names the line that is none, or says that there is no list."""
    truth: dict[str, ListTruth] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                _take(json.loads(line), truth)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise InvalidInputError(f"{path.name} line {number}", f"{line!r:.80}: {error}") from error
    if not truth:
        raise InvalidInputError("truth", f"{path} tells of no list", "give the truth.jsonl of this simulated log")
    return truth


def _take(record: dict[str, Any], truth: dict[str, ListTruth]) -> None:
    if record["type"] == "list":
        examination = tuple(float(chance) for chance in record["examination"])
        relevance = {str(item): float(chance) for item, chance in record["relevance"].items()}
        truth[str(record["list"])] = ListTruth(examination, relevance)
