"""What is left of a view once it is folded: sums, without when and in which order.

What belongs here: the values, and the event that keeps them. What does not: how they come about
(`reader.behaviour.signals`, `reader.behaviour.watching`), and when (`reader.profile.folding`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from reader.types import Event

FOLDED = "folded_view"


@dataclass(frozen=True, slots=True)
class Look:
    """What the visits of one paragraph in one view come to.

    visits, exposures: how many there were, and of how many the paragraph was seen at all; held: whether it was on
    screen long enough in one of them to be a front; dwell_s: of all together.
    """

    paragraph: int
    visits: int
    exposures: int
    held: bool
    dwell_s: float


@dataclass(frozen=True, slots=True)
class ScrollBack:
    """One return to one paragraph. outcome: full if the reader went on to the front again, else exit.

    episode: which going-back it belongs to, counted from 0; a new one begins once the front has been reached again.
    started_s: since the opening; 0 once the view is folded.
    """

    paragraph: int
    front: int
    episode: int
    started_s: float
    dwell_s: float
    focus_s: float
    outcome: Literal["full", "exit"]


@dataclass(frozen=True, slots=True)
class Looks:
    """What was seen of a text in one view. paragraphs: ascending, those that were on screen."""

    paragraphs: tuple[Look, ...] = ()
    returns: tuple[ScrollBack, ...] = ()

    @property
    def front(self) -> int:
        """The furthest paragraph that was held, -1 if none was."""
        return max((look.paragraph for look in self.paragraphs if look.held), default=-1)


@dataclass(frozen=True, slots=True)
class Replay:
    """A part of the clip that the reader went back to and played again. seconds: on the clock, in which it played."""

    from_s: float
    to_s: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Played:
    """What was played of a clip in one view, by nobody else's measure.

    seconds: on the clock, in which it played; covered_s: of the clip, played at least once; loops: times it began anew
    after its end; sound_switched_on: by the reader, while it played.
    """

    seconds: float
    covered_s: float
    loops: int
    replays: tuple[Replay, ...]
    sound_switched_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedView(Event):
    """What a view has come to up to this place in the log, in place of its visits, stretches and closings.

    It stands for `folds` of them, and for all earlier ones of the same `part`. part: counted from 0; a view that went
    on after it was settled has more than one. began_at: when the first of them was. active_ms: None as long as the
    view was not closed.
    """

    part: int
    folds: int
    began_at: datetime
    active_ms: float | None = None
    paragraphs: tuple[Look, ...] = ()
    returns: tuple[ScrollBack, ...] = ()
    played: Played | None = None

    @property
    def looks(self) -> Looks:
        """What was seen of a text."""
        return Looks(self.paragraphs, self.returns)


@dataclass(frozen=True, slots=True)
class Fold:
    """One change of the log of one reader: the rows at the places `gone` make room for an event at the last of them."""

    gone: tuple[int, ...]
    event: FoldedView

    @property
    def seq(self) -> int:
        """The place in the log that the event takes."""
        return self.gone[-1]


# A view of a reader: (user, view).
ViewOf = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Unfolded:
    """Where in a log the rows are that are to be folded, and what has to be known of what lies before.

    first, last: seq of the first event to be gone through and of the last; young: views that have younger rows, too;
    parts: how many parts of a view had been folded by `first`; reset_at: when each reader last reset before it.
    """

    first: int
    last: int
    young: frozenset[ViewOf] = frozenset()
    parts: Mapping[ViewOf, int] = field(default_factory=dict)
    reset_at: Mapping[str, datetime] = field(default_factory=dict)
