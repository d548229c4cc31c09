"""What an item looks like, whoever reads it, in numbers from 0 to 1: computed once, when the item becomes known."""

from __future__ import annotations

import math
import re
from typing import Final

from reader.profile.content import Content
from reader.types import Video

# name -> (unit, formula), in the order of the values of `describe_form`.
FORM: Final[dict[str, tuple[str, str]]] = {
    "words": ("log share", "min(1, log(1 + words) / log(1 + 3000))"),
    "paragraphs": ("share", "min(1, paragraphs / 20)"),
    "difficulty": ("share", "min(1, LIX / 100), Björnsson 1968"),
    "title_words": ("share", "min(1, words of the title / 20)"),
    "title_digits": ("0 or 1", "whether the title has a digit"),
    "title_question": ("0 or 1", "whether the title asks"),
    "video": ("0 or 1", "whether it is a video"),
    "duration": ("share", "min(1, seconds of the clip / 60)"),
}


def describe_form(content: Content) -> tuple[float, ...]:
    """Return the values of FORM for one item."""
    item, blocks = content.item, content.analysis.paragraphs
    words = sum(block.words for block in blocks)
    lix = sum(block.words * block.difficulty for block in blocks) / max(1, words)
    duration_s = (item.duration_s or 0.0) if isinstance(item, Video) else 0.0
    return (
        min(1.0, math.log1p(words) / math.log1p(3000)),
        min(1.0, len(blocks) / 20),
        min(1.0, lix / 100),
        min(1.0, content.analysis.title.words / 20),
        float(bool(re.search(r"\d", item.title))),
        float("?" in item.title),
        float(item.kind == "video"),
        min(1.0, duration_s / 60),
    )
