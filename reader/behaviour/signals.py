"""A `View` and the shape of its item -> what the reader did: read, skimmed, went back, finished, bounced.

Pure functions after DESIGN 4; every threshold is a named setting. What the acts are worth is said in `reader.profile`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Final, Literal

from reader.behaviour.returns import ExpectedReturn, Place
from reader.behaviour.speed import expected_s
from reader.behaviour.views import View, Visit
from reader.settings import ReadingSettings

State = Literal["unseen", "passed", "skimmed", "exposed", "read"]
_SEEN: Final = ("read", "skimmed", "exposed")


@dataclass(frozen=True, slots=True)
class Shape:
    """What derivation must know of a text: words and difficulty (LIX) of each paragraph, in order."""

    words: tuple[int, ...]
    difficulties: tuple[float, ...]
    language: str = "en"

    def place(self, paragraph: int) -> Place:
        """Return where a paragraph stands in this text."""
        position = paragraph / max(1, len(self.words) - 1)
        return Place(position, self.words[paragraph], self.difficulties[paragraph])


@dataclass(frozen=True, slots=True)
class ScrollBack:
    """One return to one paragraph. outcome: full if the reader went on to the front again, else exit.

    episode: which going-back it belongs to, counted from 0; a new one begins once the front has been reached again.
    """

    paragraph: int
    front: int
    episode: int
    started_s: float
    dwell_s: float
    focus_s: float
    outcome: Literal["full", "exit"]


@dataclass(frozen=True, slots=True)
class ParagraphSignal:
    """What the reader did with one paragraph.

    attention: dwell in units of the expected time, 0 to `credit_limit`; reread: time of returns, 1 being what makes a
    paragraph read (`read_share` of the expected time: a second reading is rarely of the whole); reread_interest: the
    share of it that place, length and difficulty do not explain.
    """

    paragraph: int
    state: State
    dwell_s: float
    expected_s: float
    attention: float
    returns: int = 0
    reread: float = 0.0
    reread_interest: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What one view of a text amounts to. depth: share of the paragraphs up to the furthest exposed one.

    front: the furthest paragraph that was held, -1 if none was.
    """

    view: View
    paragraphs: tuple[ParagraphSignal, ...]
    scroll_backs: tuple[ScrollBack, ...]
    depth: float
    finished: bool
    bounced: bool
    front: int = -1

    @property
    def passed(self) -> tuple[ParagraphSignal, ...]:
        """The paragraphs that were seen and gone beyond: those that could be gone back to."""
        return tuple(signal for signal in self.paragraphs[: max(0, self.front)] if signal.state in _SEEN)


def is_exposed(visit: Visit, settings: ReadingSettings) -> bool:
    """Whether enough of the paragraph was on screen for long enough to be seen at all."""
    return visit.coverage >= settings.exposed_coverage and visit.visible_s >= settings.exposed_s


def find_scroll_backs(visits: tuple[Visit, ...], settings: ReadingSettings) -> tuple[ScrollBack, ...]:
    """Find user-driven returns from a front that was held to an earlier paragraph, at rest there."""
    found: list[ScrollBack] = []
    episode, front_regained = 0, False
    for index, visit in enumerate(visits):
        front = _held_front(visits[:index], visit.started_s, settings)
        if _may_be_return(visit, settings) and visit.paragraph < front and _was_seen_before(visits[:index], visit):
            episode += front_regained
            front_regained = False
            outcome = _outcome(visits[index + 1 :], visit, front)
            found.append(
                ScrollBack(visit.paragraph, front, episode, visit.started_s, visit.dwell_s, visit.focus_s, outcome)
            )
        elif found and visit.paragraph >= found[-1].front:
            front_regained = True
    return tuple(found)


def _may_be_return(visit: Visit, settings: ReadingSettings) -> bool:
    came_back = visit.came == "up" and visit.user_driven
    return came_back and visit.rest_s >= settings.rest_s and is_exposed(visit, settings)


def _held_front(earlier: tuple[Visit, ...], at_s: float, settings: ReadingSettings) -> int:
    """Return the furthest paragraph that was on screen for `front_held_s` before `at_s`, -1 if there is none."""
    held = (v.paragraph for v in earlier if _visible_before(v, at_s) >= settings.front_held_s)
    return max(held, default=-1)


def _visible_before(visit: Visit, at_s: float) -> float:
    return min(visit.visible_s, at_s - visit.started_s) if visit.visible_s else 0.0


def _was_seen_before(earlier: tuple[Visit, ...], visit: Visit) -> bool:
    """A first sight is no return. The visit's own counter tells, too: the event of the first may be lost."""
    return visit.visit > 0 or any(v.paragraph == visit.paragraph for v in earlier)


def _outcome(later: tuple[Visit, ...], visit: Visit, front: int) -> Literal["full", "exit"]:
    back_at_front = any(v.paragraph >= front and v.started_s > visit.started_s for v in later)
    return "full" if back_at_front else "exit"


def derive_reading(
    view: View, shape: Shape, words_per_minute: float, expected_return: ExpectedReturn, settings: ReadingSettings
) -> Reading:
    """Say what a view of a text amounts to, for a reader of this speed."""
    scroll_backs = find_scroll_backs(view.visits, settings)
    visits: dict[int, list[Visit]] = defaultdict(list)
    for visit in view.visits:
        visits[visit.paragraph].append(visit)
    returns: dict[int, list[ScrollBack]] = defaultdict(list)
    for back in scroll_backs:
        returns[back.paragraph].append(back)
    signals = tuple(
        _paragraph_signal(
            index, visits.get(index, []), returns.get(index, []), shape, words_per_minute, expected_return, settings
        )
        for index in range(len(shape.words))
    )
    depth = _depth(signals)
    finished, bounced = _finished(signals, shape, settings), _bounced(view, depth, settings)
    front = _held_front(view.visits, math.inf, settings)
    return Reading(view, signals, scroll_backs, depth, finished, bounced, front)


def _paragraph_signal(
    index: int,
    own: list[Visit],
    returns: list[ScrollBack],
    shape: Shape,
    words_per_minute: float,
    expected_return: ExpectedReturn,
    settings: ReadingSettings,
) -> ParagraphSignal:
    """Say what happened to one paragraph. own: its visits; returns: to it."""
    expected = expected_s(shape.words[index], words_per_minute, settings)
    dwell = sum(visit.dwell_s for visit in own)
    reread = min(
        sum(_return_s(back, settings) for back in returns) / (settings.read_share * expected), settings.credit_limit
    )
    corrected = returns and settings.return_correction
    share = expected_return.interest_share(shape.place(index)) if corrected else 1.0
    return ParagraphSignal(
        paragraph=index,
        state=_state(own, dwell, expected, settings),
        dwell_s=dwell,
        expected_s=expected,
        attention=min(dwell / expected, settings.credit_limit),
        returns=len(returns),
        reread=reread,
        reread_interest=share * reread,
    )


def _return_s(back: ScrollBack, settings: ReadingSettings) -> float:
    """Seconds of a return, leaning to the paragraph in the reading band."""
    return settings.focus_share * back.focus_s + (1 - settings.focus_share) * back.dwell_s


def _state(own: list[Visit], dwell_s: float, expected: float, settings: ReadingSettings) -> State:
    if not own:
        return "unseen"
    if dwell_s >= max(settings.read_floor_s, settings.read_share * expected):
        return "read"
    if not any(is_exposed(visit, settings) for visit in own):
        return "passed"
    return "skimmed" if dwell_s < settings.skim_share * expected else "exposed"


def _depth(signals: tuple[ParagraphSignal, ...]) -> float:
    seen = [signal.paragraph + 1 for signal in signals if signal.state in _SEEN]
    return max(seen, default=0) / max(1, len(signals))


def _finished(signals: tuple[ParagraphSignal, ...], shape: Shape, settings: ReadingSettings) -> bool:
    read_words = sum(shape.words[signal.paragraph] for signal in signals if signal.state == "read")
    reached_end = bool(signals) and signals[-1].state in _SEEN
    return reached_end and read_words >= settings.finish_share * sum(shape.words)


def _bounced(view: View, depth: float, settings: ReadingSettings) -> bool:
    """Left at once. A view that was never closed is not judged: nothing is known of it."""
    if view.active_s is None or view.stretches:
        return False
    return view.active_s < settings.bounce_s or (bool(view.visits) and depth < settings.bounce_depth)
