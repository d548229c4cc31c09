"""Plain English words for names that the pages show."""

from __future__ import annotations

_UNITS_S = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def say_duration(seconds: float) -> str:
    """Say a duration in its greatest whole unit.

    >>> say_duration(1200), say_duration(259200), say_duration(3600)
    ('20 minutes', '3 days', '1 hour')
    """
    for unit, length_s in _UNITS_S:
        if seconds >= length_s:
            count = round(seconds / length_s)
            return f"{count} {unit}" + ("s" if count != 1 else "")
    return f"{round(seconds)} seconds"
