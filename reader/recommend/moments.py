"""Times as the arrays have them: seconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def to_datetime(at_s: float) -> datetime:
    """Return the moment as an aware datetime."""
    return datetime.fromtimestamp(at_s, UTC)
