"""How long a video is, in the ways that feeds say it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from reader.ingest.entries import Loss
from reader.ingest.items import MAX_DURATION_S, show

_CLOCK_TIME: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)", re.ASCII)
_SECONDS: Final = re.compile(r"\d{1,9}(?:\.\d+)?", re.ASCII)
_ISO_8601: Final = re.compile(r"PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,6}(?:\.\d+)?)S)?", re.ASCII | re.IGNORECASE)


def seconds(text: str) -> float | None:
    """Read a duration: seconds, a clock time, or ISO 8601 in hours, minutes and seconds.

    >>> seconds("62.5"), seconds("1:02"), seconds("1:00:02"), seconds("PT1M2S"), seconds("long")
    (62.5, 62.0, 3602.0, 62.0, None)
    """
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    match = _CLOCK_TIME.fullmatch(text) or (_ISO_8601.fullmatch(text) if len(text) > len("PT") else None)
    return int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + float(match[3] or 0) if match else None


def duration_or_loss(told: Sequence[str]) -> tuple[float | None, tuple[Loss, ...]]:
    """Return the first length that is one, and nothing lost; if none is, what is wrong with the first that was told.

    0 is no length and no mistake: it is what live streams have.
    """
    read = [(text, seconds(text)) for text in told]
    known = [length for _, length in read if length is not None and length <= MAX_DURATION_S]
    if known:
        return next((length for length in known if length > 0), None), ()
    wrong = [text for text, _ in read]
    return None, (Loss("duration_s", f"{show(wrong[0])} is no length of a video"),) if wrong else ()
