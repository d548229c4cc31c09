"""Numbers, moments and enumerations as they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

MINUS = "−"  # as wide as a plus, so that columns of differences stand straight


def digits(values: Iterable[float]) -> int:
    """Return the decimals for numbers that stand together: three, or four where all are small, or one.

    >>> digits([0.5, 0.01]), digits([0.05]), digits([38.0])
    (3, 4, 1)
    """
    largest = max((abs(value) for value in values), default=1.0)
    if largest < 0.1:
        return 4
    return 3 if largest < 10 else 1


def number(value: float, decimals: int) -> str:
    """
    >>> number(-0.25, 3), number(-0.00001, 3)
    ('−0.250', '0.000')
    """
    text = f"{abs(value):,.{decimals}f}"
    return MINUS + text if value < 0 and float(text.replace(",", "")) else text


def signed(value: float, decimals: int) -> str:
    """
    >>> signed(0.25, 3), signed(-0.25, 3), signed(0.0, 3)
    ('+0.250', '−0.250', '0.000')
    """
    text = number(value, decimals)
    return "+" + text if value > 0 and float(text.replace(",", "")) else text


def interval(ends: Sequence[float], decimals: int) -> str:
    """
    >>> interval([0.1, 0.2], 2)
    '0.10 to 0.20'
    """
    low, high = ends
    return f"{number(low, decimals)} to {number(high, decimals)}"


def count(value: float) -> str:
    """
    >>> count(30181)
    '30,181'
    """
    return f"{value:,.0f}"


def moment(text: str) -> datetime:
    """Parse an RFC 3339 time as UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def minute(text: str) -> str:
    """
    >>> minute("2026-11-20T08:00:30.000Z")
    '2026-11-20 08:00'
    """
    return moment(text).strftime("%Y-%m-%d %H:%M")


def joined(names: Sequence[str]) -> str:
    """
    >>> joined(["a"]), joined(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
