"""What is said in a part of a clip: by its captions, or else by where that part lies in the transcript."""

from __future__ import annotations

import math

from reader.types import Video

Span = tuple[float, float]


def clock(seconds: float) -> str:
    """Say a place in a clip.

    >>> clock(72.6), clock(3_600)
    ('1:12', '60:00')
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def spoken_paragraph(video: Video) -> int | None:
    """Return the number of the paragraph that a part of a clip speaks for: its transcript, or else its description."""
    count = len(video.paragraphs)
    return count - 1 if count else None


def spoken_in(video: Video, part: Span, around_s: float) -> str:
    """Return the words of a part of a clip, in seconds from its start.

    Captions that overlap it; without captions the words of the transcript that would be said then, and `around_s`
    before and after, if all were said evenly. Without a transcript, or a length, all that the clip has to say.
    """
    start, stop = part
    if video.captions:
        return " ".join(one.text for one in video.captions if one.from_s < stop and one.to_s > start)
    if not video.transcript or not video.duration_s:
        return video.transcript or video.description
    words = video.transcript.split()
    per_second = len(words) / video.duration_s
    first = math.floor(max(0.0, start - around_s) * per_second)
    return " ".join(words[first : math.ceil((stop + around_s) * per_second)])
