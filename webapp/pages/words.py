"""Plain English words for names that the pages show."""

from __future__ import annotations

# Family of factors -> (label, description). A family that is not here is shown under its own name.
_FAMILIES = {
    "interest.keyword": ("Words you care about", "Your interest in the keywords of the text"),
    "interest.topic": ("Topics you care about", "Your interest in the topics of the item"),
    "interest.source": ("Source", "How you took to what this source published"),
    "interest.author": ("Author", "How you took to what this author wrote"),
    "interest.creator": ("Creator", "How you took to the clips of this creator"),
    "interest.sound": ("Sound", "How you took to clips with this sound"),
    "interest.language": ("Language", "How much you read in this language"),
    "interest.cluster": ("Meaning", "How near the text is to what you read closely, whatever its words"),
    "bm25": ("Words of the text", "How well the whole text answers your interests, taken as a search"),
    "heat": ("Popularity", "How many readers open it now"),
    "uncertainty": ("Little known", "Few have seen it, so showing it teaches something"),
    "freshness": ("Freshness", "How newly it was published"),
    "intrinsic": ("Kind of text", "Length, pictures and the like"),
    "history": ("Like what you opened", "How near it is to what you opened without reading being noted"),
    "affinity": ("Your habits", "How you took to items of the same topic, source, maker, language or length"),
    "collaborative": ("Opened together", "What readers of the same items opened, too"),
    "context": ("Time of day", "What is opened at this hour and on this day"),
    "style": ("Your way of reading", "How length and difficulty fit the way you read"),
    "video": ("Clips", "How clips, their creators and sounds fare"),
    "watch": (
        "Your way of watching",
        "How you watched clips of its creator, sound and length; whom you follow",
    ),
    "content": ("Subject", "What the text is about, as far as readers' choices have taught"),
    "taste": ("Subject and you", "What the text is about against what you opened, as far as choices have taught"),
    "story": ("Story known", "Whether you opened or passed by another report of the same"),
    "novelty": (
        "New to you",
        "How far it is from what you opened lately, as you set it between familiar and surprising",
    ),
    "diversity": ("Unlike the above", "What likeness to the items above costs it"),
    "caps": ("Room for others", "What it cost to wait, so that no source, creator or sound fills the list"),
    "saturation": ("Enough of it", "How much of the same you saw lately"),
}
_UNITS_S = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def family_words(name: str) -> tuple[str, str]:
    """Return label and description of a family of factors."""
    return _FAMILIES.get(name, (name.replace(".", ": ").replace("_", " ").capitalize(), ""))


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
