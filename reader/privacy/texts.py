"""The words that readers are asked with, in one place: pages show them, and each answer is kept with their digest.

Change a word and the version changes with it; an answer says by its digest which words it was given to, and in which
language.
"""

from __future__ import annotations

from typing import Final

from reader.privacy.text import Text
from reader.privacy.texts_de import GERMAN
from reader.types_consent import Purpose
from reader.types_languages import ORIGINAL, Language

TEXTS: Final[dict[Purpose, Text]] = {
    "attention": Text(
        "May Reread learn from how you read?",
        (
            "It would note which paragraphs you stay with and which you go back to, and recommend by that. It stays on "
            "this server, you see and undo all of it, and everything works without it.",
        ),
        (
            ("kept", "Yes", "It is kept until you delete it."),
            ("session", "Only now", "It counts while you are here, and is never written down."),
            ("none", "No", "Nothing of it is recorded."),
        ),
    ),
    "feedback": Text(
        "May Reread keep what you tell it?",
        ("Likes, saves, follows, mutes, weights and what you hide: each is kept, and your lists follow it.",),
        (
            ("kept", "Yes", "It is kept until you take it back or delete it."),
            ("none", "No", "Buttons for it answer that it is off. What is kept already stays until you delete it."),
        ),
    ),
    "research": Text(
        "May your log be used for research?",
        (
            "Whoever runs this Reread could then take your events out of it, under another name, to measure whether "
            "a change makes lists better. It changes nothing for you.",
        ),
        (
            ("kept", "Yes", "Your events are in the research log."),
            ("none", "No", "They are not."),
        ),
    ),
    "account": Text(
        "May this child have an account here?",
        (
            "A nickname, a password and the month in which the child comes of age would be kept. How the child reads "
            "is never recorded, nothing is loaded from other companies, and nothing plays by itself. Lists are in "
            "order of time; you may allow likes and follows, and lists that go by them.",
            "You can see, take along and delete all that is kept, pause the account, and take your yes back, which "
            "deletes it.",
        ),
        (
            ("kept", "Yes", "The child can make the account."),
            ("none", "No", "What was kept of this request is deleted."),
        ),
    ),
}


SAID: Final[dict[Language, dict[Purpose, Text]]] = {"en": TEXTS, "de": GERMAN}


def text_of(purpose: str, language: Language = ORIGINAL) -> Text:
    """Return the present words for a purpose in a language; a purpose that is none raises KeyError."""
    return SAID[language][purpose]  # type: ignore[index]  # said above


def version_of(purpose: str, language: Language = ORIGINAL) -> str:
    """Return the version of the present words for a purpose in a language; KeyError as above."""
    return text_of(purpose, language).version


def is_present(purpose: str, version: str) -> bool:
    """Tell whether a version is that of the present words for a purpose, in any language."""
    return any(texts[purpose].version == version for texts in SAID.values())  # type: ignore[index]  # the same
