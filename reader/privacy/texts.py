"""The words that readers are asked with, in one place: pages show them, and each answer is kept with their digest.

Change a word and the version changes with it; an answer says by its digest which words it was given to.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from reader.types_consent import Level, Purpose


@dataclass(frozen=True)
class Text:
    """One question. choices: what each level is called on its button and what it means, from most to least."""

    title: str
    lines: tuple[str, ...]
    choices: tuple[tuple[Level, str, str], ...]

    @cached_property
    def version(self) -> str:
        """The SHA-256 of all that is shown, hex."""
        parts = [self.title, *self.lines, *(part for choice in self.choices for part in choice)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


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


def version_of(purpose: str) -> str:
    """Return the version of the present words for a purpose."""
    return TEXTS[purpose].version  # type: ignore[index]  # a purpose that is none raises KeyError
