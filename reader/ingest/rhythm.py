"""What a feed says of when to come again: ttl, skipHours and skipDays of RSS, the syndication module. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# These stand before the first entry; in bytes, ours.
_LOOK_AT: Final = 65_536
_TTL: Final = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
_SKIP_HOURS: Final = re.compile(rb"<skiphours>(.{0,2000}?)</skiphours>", re.IGNORECASE | re.DOTALL)
_SKIP_DAYS: Final = re.compile(rb"<skipdays>(.{0,2000}?)</skipdays>", re.IGNORECASE | re.DOTALL)
_HOUR: Final = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY: Final = re.compile(rb"<day>\s*([a-z]{6,9})\s*</day>", re.IGNORECASE)
_PERIOD: Final = re.compile(rb"<sy:updateperiod>\s*([a-z]{5,7})\s*</sy:updateperiod>", re.IGNORECASE)
_FREQUENCY: Final = re.compile(rb"<sy:updatefrequency>\s*(\d{1,4})\s*</sy:updatefrequency>", re.IGNORECASE)
# RDF Site Summary 1.0, module Syndication.
_PERIODS_S: Final = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """least_s: from one fetch to the next at least, 0: not said; skip_hours: of GMT; skip_days: from 0, Monday."""

    least_s: float = 0.0
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


def parse_rhythm(content: bytes) -> Rhythm:
    """Return what the beginning of a feed says; nothing wrong in it is an error.

    >>> parse_rhythm(b"<rss><channel><ttl>90</ttl><skipHours><hour>3</hour></skipHours>")
    Rhythm(least_s=5400.0, skip_hours=frozenset({3}), skip_days=frozenset())
    """
    head = content[:_LOOK_AT]
    hours = {int(hour) % 24 for part in _SKIP_HOURS.findall(head) for hour in _HOUR.findall(part)}
    names = {day.decode().lower() for part in _SKIP_DAYS.findall(head) for day in _DAY.findall(part)}
    days = {DAYS.index(name) for name in names if name in DAYS}
    # Whoever forbids all hours or days cannot mean it.
    return Rhythm(
        _least_s(head),
        frozenset(hours if len(hours) < 24 else ()),
        frozenset(days if len(days) < len(DAYS) else ()),
    )


def _least_s(head: bytes) -> float:
    ttl, period, frequency = _TTL.search(head), _PERIOD.search(head), _FREQUENCY.search(head)
    minutes = 60.0 * int(ttl[1]) if ttl else 0.0
    length_s = _PERIODS_S.get(period[1].decode().lower(), 0) if period else 0
    return max(minutes, length_s / max(1, int(frequency[1]) if frequency else 1))
