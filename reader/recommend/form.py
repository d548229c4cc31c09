"""What an item looks like, whoever reads it, in numbers from 0 to 1: computed once, when the item becomes known."""

from __future__ import annotations

import math
import re
from typing import Final

from reader.profile.content import Content
from reader.types import AnyItem, Video

# name -> (unit, formula), in the order of the values of `describe_form`.
FORM: Final[dict[str, tuple[str, str]]] = {
    "words": ("log share", "min(1, log(1 + words) / log(1 + 3000))"),
    "paragraphs": ("share", "min(1, paragraphs / 20)"),
    "difficulty": ("share", "min(1, LIX / 100), Björnsson 1968"),
    "title_words": ("share", "min(1, words of the title / 20)"),
    "title_digits": ("0 or 1", "whether the title has a digit"),
    "title_question": ("0 or 1", "whether the title asks"),
    "video": ("0 or 1", "whether it is a video"),
    "duration": ("share", "min(1, seconds of the clip / 60); 1/2 of a clip that does not tell, 0 of a text"),
}
# A clip whose length is not known is no short one: as 0 it would teach that short clips are liked or not. Ours.
_UNKNOWN_DURATION: Final = 0.5


def describe_form(content: Content) -> tuple[float, ...]:
    """Return the values of FORM for one item."""
    item, blocks = content.item, content.analysis.paragraphs
    words = sum(block.words for block in blocks)
    lix = sum(block.words * block.difficulty for block in blocks) / max(1, words)
    return (
        min(1.0, math.log1p(words) / math.log1p(3000)),
        min(1.0, len(blocks) / 20),
        min(1.0, lix / 100),
        min(1.0, content.analysis.title.words / 20),
        float(bool(re.search(r"\d", item.title))),
        float("?" in item.title),
        float(item.kind == "video"),
        _duration(item),
    )


def _duration(item: AnyItem) -> float:
    if not isinstance(item, Video):
        return 0.0
    return min(1.0, item.duration_s / 60) if item.duration_s else _UNKNOWN_DURATION
