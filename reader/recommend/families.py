"""The families of factors in plain words: the one place that pages, API, command line and documents take them from.

What belongs here: names. What does not: formulas and weights, which stand with the factors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

# Toutiao's four classes (Cao 2018), and four of ours.
FactorClass = Literal[
    "relevance", "environment", "heat", "collaborative", "style", "saturation", "uncertainty", "video"
]
FACTOR_CLASSES: Final[tuple[FactorClass, ...]] = get_args(FactorClass)
CLASS_WORDS: Final[dict[FactorClass, str]] = {
    "relevance": "what the item is about, against what the reader cares about",
    "environment": "the moment: age of the item, hour, day",
    "heat": "what all readers do with the item and its like",
    "collaborative": "what readers of the same items do",
    "style": "the form of an item, and how this reader reads",
    "saturation": "what the reader has had enough of",
    "uncertainty": "how little is known yet",
    "video": "clips, their makers and sounds",
}


@dataclass(frozen=True, slots=True)
class Family:
    """A family in words. factor_class: None for a part of the score that is no factor, such as diversity.

    reason: code of the sentence (`reader.recommend.wording`) where the family goes back to no features of the profile.
    """

    label: str
    description: str
    factor_class: FactorClass | None
    reason: str = ""


FAMILIES: Final[dict[str, Family]] = {
    "interest.keyword": Family("Words you care about", "Your interest in the keywords of the text", "relevance"),
    "interest.topic": Family("Topics you care about", "Your interest in the topics of the item", "relevance"),
    "interest.source": Family("Source", "How you took to what this source published", "relevance"),
    "interest.author": Family("Author", "How you took to what this author wrote", "relevance"),
    "interest.creator": Family("Creator", "How you took to the clips of this creator", "relevance"),
    "interest.sound": Family("Sound", "How you took to clips with this sound", "relevance"),
    "interest.language": Family("Language", "How much you read in this language", "relevance"),
    "interest.cluster": Family(
        "Meaning", "How near the text is to what you read closely, whatever its words", "relevance"
    ),
    "bm25": Family(
        "Words of the text", "How well the whole text answers your interests, taken as a search", "relevance"
    ),
    "history": Family(
        "Like what you opened", "How near it is to what you opened without reading being noted", "relevance", "similar"
    ),
    "discriminant": Family(
        "Kindred subjects",
        "How near it is to what you opened, in what sets readers apart: what the same readers open lies close together",
        "collaborative",
        "kindred",
    ),
    "heat": Family(
        "Popularity", "How often, how lately and at what rate all readers open it and its like", "heat", "popular"
    ),
    "uncertainty": Family("Little known", "Few have seen it, so showing it teaches something", "uncertainty", "new"),
    "freshness": Family("Freshness", "How newly it was published", "environment", "fresh"),
    "intrinsic": Family("Kind of text", "Length, difficulty, form of the title, and the like", "style", "form"),
    "context": Family("Time of day", "What is opened at this hour and on this day", "environment", "hour"),
    "saturation": Family("Enough of it", "How much of the same you saw lately", "saturation", "varied"),
    "affinity": Family(
        "Your habits",
        "How you took to items of the same topic, source, maker, language or length",
        "relevance",
        "habit",
    ),
    "collaborative": Family(
        "Opened together", "What readers of the same items opened, too", "collaborative", "together"
    ),
    "audience": Family(
        "Readers like you", "Whether those who opened it, and who were shown it, are like you", "collaborative", "alike"
    ),
    "video": Family("Clips", "How clips, their creators and sounds fare", "video", "clips"),
    "watch": Family(
        "Your way of watching",
        "How you watched clips of its creator, sound and length; whom you follow",
        "video",
        "watching",
    ),
    "style": Family("Your way of reading", "How length and difficulty fit the way you read", "style", "style"),
    "content": Family(
        "Subject", "What the text is about, as far as readers' choices have taught", "relevance", "subject"
    ),
    "taste": Family(
        "Subject and you",
        "What the text is about against what you opened, as far as choices have taught",
        "relevance",
        "taste",
    ),
    "story": Family("Story known", "Whether you opened or passed by another report of the same", None),
    "novelty": Family(
        "New to you",
        "How far it is from what you opened lately, as you set it between familiar and surprising",
        None,
        "novel",
    ),
    "quiet": Family(
        "A quiet source", "What it gains since its source publishes rarely, and you like or follow it", None, "quiet"
    ),
    "diversity": Family("Unlike the above", "What likeness to the items above costs it", None),
    "caps": Family("Room for others", "What it cost to wait, so that no source, creator or sound fills the list", None),
    "time": Family("Time", "When it was published, in seconds since 1970: the order of Latest", None),
    "meaning": Family("Closeness in meaning", "The cosine to the item that it is shown beside", None),
}


def family(name: str) -> Family:
    """Return a family in words; one that has none under its own name, so that nothing of a sum is left out."""
    known = FAMILIES.get(name)
    return known or Family(name.replace(".", ": ").replace("_", " ").capitalize(), "", None)
