"""What a reader agrees to, and what may be taken of them for it.

What belongs here: the purposes, their levels, and the table that says which events serve which purpose. What does not:
the words that are asked (`reader.privacy.texts`) and the answers (`reader.privacy.consents`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

# feedback: likes, follows, weights and the like; attention: how something is read or watched; research: the log may be
# taken for replay and study; account: a guardian's yes to the account of a child.
Purpose = Literal["feedback", "attention", "research", "account"]
# none: no. session: while the reader is here, in memory alone. kept: yes, in the log.
Level = Literal["none", "session", "kept"]
# What becomes of an event. hold: it counts for its reader's lists for a while and is never written down.
Handling = Literal["keep", "hold", "refuse"]

PURPOSES: Final[tuple[Purpose, ...]] = ("feedback", "attention", "research")
LEVELS: Final[dict[str, tuple[Level, ...]]] = {
    "feedback": ("none", "kept"),
    "attention": ("none", "session", "kept"),
    "research": ("none", "kept"),
    "account": ("none", "kept"),
}

# Who answered, where it was not an account: the reader themselves, and the signal that their browser sends.
READER: Final = "reader"
SIGNAL: Final = "gpc"

ATTENTION_TYPES: Final = frozenset(("paragraph_visit", "watch", "viewable", "close", "folded_view"))
# What tells something to whoever wants to learn from it. To take back, to forget and to reset is always possible.
FEEDBACK_TYPES: Final = frozenset(
    ("like", "save", "share", "comment", "hide", "follow", "mute", "weigh", "keep_paragraph", "tune")
)
# What takes a like back tells what was liked: of a child of whom likes may not be taken, it is not taken either.
UNDOING_TYPES: Final = frozenset(("unlike", "unsave"))
# What comes about by using the pages, and is told whoever reads: that a list was handed out, that an item was opened
# or marked as read.
USE_TYPES: Final = frozenset(("impression", "open", "mark_read", "mark_unread"))


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be taken of one reader.

    attention: None if they were never asked. is_child: nothing may be learned from how they behave. is_closed: a child
    without a guardian's yes, of whom nothing may be kept at all.
    """

    attention: Level | None = None
    feedback: bool = True
    is_child: bool = False
    is_closed: bool = False

    @property
    def may_profile(self) -> bool:
        """Whether a list may be ranked by what is known of the reader."""
        return not self.is_closed and (self.feedback or not self.is_child)

    def handling(self, event_type: str) -> Handling:
        """Return what becomes of an event of this type.

        >>> [Terms(attention=level).handling("watch") for level in (None, "none", "session", "kept")]
        ['keep', 'refuse', 'hold', 'keep']
        """
        if self.is_closed:
            return "refuse"
        if event_type in ATTENTION_TYPES:
            return self._of_attention()
        if event_type in FEEDBACK_TYPES:
            return "keep" if self.feedback else "refuse"
        is_shut = event_type in USE_TYPES or (event_type in UNDOING_TYPES and not self.feedback)
        return "refuse" if self.is_child and is_shut else "keep"

    def _of_attention(self) -> Handling:
        if self.is_child or self.attention == "none":
            return "refuse"
        return "hold" if self.attention == "session" else "keep"

    def refusal(self, event_type: str) -> str:
        """Say why an event of this type is refused, and what to do."""
        if self.is_closed:
            return f"{event_type}: nothing is kept of a child before a guardian has said yes; ask one under Family"
        if self.is_child and event_type not in FEEDBACK_TYPES | UNDOING_TYPES:
            return f"{event_type} tells how a child reads, which is never recorded"
        if self.is_child:
            return f"{event_type} is explicit feedback, which your guardian has not allowed; they can under Family"
        if event_type in FEEDBACK_TYPES:
            return (
                f"{event_type} is explicit feedback, and you said no to that; "
                "say yes on the Privacy page, or with PUT /api/v1/me/consent"
            )
        return (
            f"{event_type} tells how something was read, and the reader said no to that; "
            "PUT /api/v1/me/consent changes it"
        )
