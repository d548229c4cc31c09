"""Who decides alone: the age of digital consent, and the month in which somebody reaches it. Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from reader.errors import InvalidInputError

_FILE = Path(__file__).with_name("consent_ages.toml")
# Longer ago nobody who types here was born.
OLDEST_YEARS = 120


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def consent_age(country: str) -> int:
    """Return the age in years from which a reader in a country decides alone; the highest for an unknown one.

    >>> consent_age("AT"), consent_age("ZZ"), consent_age("")
    (14, 16, 16)
    """
    table = _table()
    return int(table["ages"].get(country, table["unknown"]))


@dataclass(frozen=True, slots=True)
class Born:
    """A month of birth; the day is not asked for."""

    year: int
    month: int

    def comes_of(self, age: int) -> str:
        """Return the first month in which they have reached an age for certain: the one after their birthday's.

        >>> Born(2012, 11).comes_of(14), Born(2012, 12).comes_of(14)
        ('2026-12', '2027-01')
        """
        year, month = self.year + age + self.month // 12, self.month % 12 + 1
        return f"{year:04d}-{month:02d}"


def month_of(at: datetime) -> str:
    """Return the month of a moment, to be compared with others of these."""
    return f"{at.year:04d}-{at.month:02d}"


def parse_born(year: str, month: str, now: datetime) -> Born:
    """Read what was typed; InvalidInputError if nobody can be born then."""
    numbers = [int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0 for text in (year, month)]
    born = Born(*numbers)
    if not 1 <= born.month <= 12:
        raise InvalidInputError("month", f"{month!r:.20}", "give a month from 1 to 12")
    if not now.year - OLDEST_YEARS <= born.year <= now.year or f"{born.year:04d}-{born.month:02d}" > month_of(now):
        raise InvalidInputError("year", f"{year!r:.20}", "give the year in four digits")
    return born
