"""One line of the scroll log -> what was on screen, when.

What belongs here: the cells of the published file and what makes one unreadable. What does not: what the screens mean
as visits (`scroll_visits`) and the file as a whole (`scroll_readability`).
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from reader.errors import InvalidInputError
from reader.types import Article

PHASES = ("reading", "question")
COLUMNS = ("event_ms", "scroll_event", "paragraph_visibility")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_SHARE = re.compile(r"(\d+)_(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Screen:
    """What a scroll event shows. shares: paragraph -> its share on screen, above 0 to 1.

    top_px: scrolled from the top; below 0 where a browser lets the page bounce.
    """

    ms: float
    top_px: float
    shares: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Phase:
    """One opening of one article. ended_ms: its end, None if the log does not know it."""

    name: str
    screens: tuple[Screen, ...]
    ended_ms: float | None

    @property
    def length_ms(self) -> float:
        """Time from the opening to the last thing known of it."""
        return max(self.screens[-1].ms, self.ended_ms or 0.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """A participant with one article: item id, words of its paragraphs, and both phases."""

    user: str
    item: str
    words: tuple[int, ...]
    phases: tuple[Phase, ...]


def parse_reading(cells: Mapping[str, str], article: str, items: Mapping[str, Article]) -> Reading:
    """Return one participant's reading of one of the two articles; InvalidInputError names the cell that is wrong."""
    item = items.get(cells[f"{article}_text"])
    if item is None:
        raise InvalidInputError(f"{article}_text", f"{cells[f'{article}_text']!r} fits no file of onestop_qa")
    if not cells["participant"]:
        raise InvalidInputError("participant", "is empty")
    words = tuple(len(paragraph.split()) for paragraph in item.paragraphs)
    phases = tuple(_phase(cells, f"{article}_{name}", name, len(words)) for name in PHASES)
    return Reading(cells["participant"], item.id, words, phases)


def _phase(cells: Mapping[str, str], prefix: str, name: str, paragraphs: int) -> Phase:
    columns = [_literal(cells, f"{prefix}_{column}") for column in COLUMNS]
    if len({len(column) for column in columns}) != 1 or not columns[0]:
        raise InvalidInputError(prefix, "its lists are empty or of unequal length")
    screens = tuple(_screen(prefix, *values) for values in zip(*columns, strict=True))
    if any(later.ms < earlier.ms for earlier, later in pairwise(screens)):
        raise InvalidInputError(f"{prefix}_event_ms", "goes back in time")
    if max((index for screen in screens for index in screen.shares), default=0) >= paragraphs:
        raise InvalidInputError(f"{prefix}_paragraph_visibility", f"has more than the text's {paragraphs} paragraphs")
    return Phase(name, screens, _ended_ms(cells, prefix) if name == "question" else None)


def _ended_ms(cells: Mapping[str, str], prefix: str) -> float:
    return _number(f"{prefix}_time_ms", cells[f"{prefix}_time_ms"])


def _literal(cells: Mapping[str, str], name: str) -> list[str]:
    try:
        values = ast.literal_eval(cells[name])
    except (ValueError, SyntaxError) as error:
        raise InvalidInputError(name, f"{cells[name]!r:.80} is no list") from error
    if not isinstance(values, list):
        raise InvalidInputError(name, f"{cells[name]!r:.80} is no list")
    return [str(value) for value in values]


def _screen(prefix: str, ms: str, top_px: str, visibility: str) -> Screen:
    return Screen(
        _number(f"{prefix}_event_ms", ms),
        _number(f"{prefix}_scroll_event", top_px, lowest=-math.inf),
        _shares(f"{prefix}_paragraph_visibility", visibility),
    )


def _number(field: str, text: str, *, lowest: float = 0.0) -> float:
    if not _NUMBER.fullmatch(text) or float(text) < lowest:
        raise InvalidInputError(field, f"{text!r:.80} is no number from {lowest:g} up")
    return float(text)


def _shares(field: str, visibility: str) -> dict[int, float]:
    shares: dict[int, float] = {}
    for part in filter(None, visibility.split(",")):
        match = _SHARE.fullmatch(part)
        if match is None or float(match[2]) > 100 or int(match[1]) in shares:
            raise InvalidInputError(field, f"{part!r:.80} is no paragraph and percentage")
        shares[int(match[1])] = float(match[2]) / 100
    return {paragraph: share for paragraph, share in shares.items() if share > 0}
