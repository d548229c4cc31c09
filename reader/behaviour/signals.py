"""A `View` and the shape of its item -> what the reader did: read, skimmed, went back, finished, bounced.

Pure functions after DESIGN 4; every threshold is a named setting. What the acts are worth is said in `reader.profile`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Final, Literal

from reader.behaviour.returns import ExpectedReturn, Place
from reader.behaviour.speed import expected_s
from reader.behaviour.views import View, Visit
from reader.settings import ReadingSettings
from reader.types_folding import Look, Looks, ScrollBack

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


def sum_up(visits: tuple[Visit, ...], settings: ReadingSettings) -> Looks:
    """Return what visits come to: all that `derive_reading` asks of them, and what is kept of them in the end."""
    own: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        own[visit.paragraph].append(visit)
    looks = tuple(_look(paragraph, own[paragraph], settings) for paragraph in sorted(own))
    return Looks(looks, find_scroll_backs(visits, settings))


def _look(paragraph: int, own: list[Visit], settings: ReadingSettings) -> Look:
    exposures = sum(is_exposed(visit, settings) for visit in own)
    held = any(_visible_before(visit, math.inf) >= settings.front_held_s for visit in own)
    return Look(paragraph, len(own), exposures, held, sum(visit.dwell_s for visit in own))


def looks_of(view: View, settings: ReadingSettings) -> Looks:
    """Return what was seen of a text: as it was folded, or else by the visits."""
    return sum_up(view.visits, settings) if view.looks is None else view.looks


def without_episodes(looks: Looks, forgotten: set[int]) -> Looks:
    """Return looks without the goings-back that some paragraphs are part of; a return is a visit that was exposed."""
    episodes = {back.episode for back in looks.returns if back.paragraph in forgotten}
    gone: dict[int, list[ScrollBack]] = defaultdict(list)
    for back in looks.returns:
        if back.episode in episodes:
            gone[back.paragraph].append(back)
    left = (_less(look, gone.get(look.paragraph, [])) for look in looks.paragraphs)
    kept = tuple(back for back in looks.returns if back.episode not in episodes)
    return Looks(tuple(look for look in left if look.visits > 0), kept)


def _less(look: Look, backs: list[ScrollBack]) -> Look:
    count, dwell_s = len(backs), sum(back.dwell_s for back in backs)
    return replace(
        look,
        visits=look.visits - count,
        exposures=max(0, look.exposures - count),
        dwell_s=max(0.0, look.dwell_s - dwell_s),
    )


def derive_reading(
    view: View, shape: Shape, words_per_minute: float, expected_return: ExpectedReturn, settings: ReadingSettings
) -> Reading:
    """Say what a view of a text amounts to, for a reader of this speed."""
    looks = looks_of(view, settings)
    by_paragraph = {look.paragraph: look for look in looks.paragraphs}
    returns: dict[int, list[ScrollBack]] = defaultdict(list)
    for back in looks.returns:
        returns[back.paragraph].append(back)
    signals = tuple(
        _paragraph_signal(
            by_paragraph.get(index, Look(index, 0, 0, held=False, dwell_s=0.0)),
            returns.get(index, []),
            shape,
            words_per_minute,
            expected_return,
            settings,
        )
        for index in range(len(shape.words))
    )
    depth = _depth(signals)
    finished, bounced = _finished(signals, shape, settings), _bounced(view, depth, settings)
    return Reading(view, signals, looks.returns, depth, finished, bounced, looks.front)


def _paragraph_signal(
    look: Look,
    returns: list[ScrollBack],
    shape: Shape,
    words_per_minute: float,
    expected_return: ExpectedReturn,
    settings: ReadingSettings,
) -> ParagraphSignal:
    """Say what happened to one paragraph. returns: to it."""
    expected = expected_s(shape.words[look.paragraph], words_per_minute, settings)
    reread = min(
        sum(_return_s(back, settings) for back in returns) / (settings.read_share * expected), settings.credit_limit
    )
    corrected = returns and settings.return_correction
    share = expected_return.interest_share(shape.place(look.paragraph)) if corrected else 1.0
    return ParagraphSignal(
        paragraph=look.paragraph,
        state=_state(look, expected, settings),
        dwell_s=look.dwell_s,
        expected_s=expected,
        attention=min(look.dwell_s / expected, settings.credit_limit),
        returns=len(returns),
        reread=reread,
        reread_interest=share * reread,
    )


def _return_s(back: ScrollBack, settings: ReadingSettings) -> float:
    """Seconds of a return, leaning to the paragraph in the reading band."""
    return settings.focus_share * back.focus_s + (1 - settings.focus_share) * back.dwell_s


def _state(look: Look, expected: float, settings: ReadingSettings) -> State:
    if not look.visits:
        return "unseen"
    if look.dwell_s >= max(settings.read_floor_s, settings.read_share * expected):
        return "read"
    if not look.exposures:
        return "passed"
    return "skimmed" if look.dwell_s < settings.skim_share * expected else "exposed"


def _depth(signals: tuple[ParagraphSignal, ...]) -> float:
    seen = [signal.paragraph + 1 for signal in signals if signal.state in _SEEN]
    return max(seen, default=0) / max(1, len(signals))


def _finished(signals: tuple[ParagraphSignal, ...], shape: Shape, settings: ReadingSettings) -> bool:
    read_words = sum(shape.words[signal.paragraph] for signal in signals if signal.state == "read")
    reached_end = bool(signals) and signals[-1].state in _SEEN
    return reached_end and read_words >= settings.finish_share * sum(shape.words)


def _bounced(view: View, depth: float, settings: ReadingSettings) -> bool:
    """Left at once. A view that was never closed is not judged: nothing is known of it."""
    if view.active_s is None or view.was_played:
        return False
    return view.active_s < settings.bounce_s or (view.was_seen and depth < settings.bounce_depth)
