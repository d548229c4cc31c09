"""Signals -> acts: what one view says about what its reader likes, in units of one paragraph read in the expected time.

Pure. An act on a paragraph speaks for its keywords; an act on the whole item for its topic, source and makers, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from reader.behaviour.signals import Reading
from reader.behaviour.views import View
from reader.profile.axes import Signal
from reader.settings import InterestSettings, ReadingSettings


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a reader did to an item (paragraph None) or to one of its paragraphs. amount >= 0.

    by_parts: the item's words have had their credit paragraph by paragraph; this act speaks for topic and makers only.
    """

    signal: Signal
    item: str
    at: datetime
    amount: float
    paragraph: int | None = None
    by_parts: bool = False


def acts_of_reading(reading: Reading, settings: InterestSettings) -> Iterator[Act]:
    """Say what reading an article amounts to: nothing but a minus if the reader left at once (Toutiao's first rule)."""
    view = reading.view
    if reading.bounced:
        yield Act("implicit_minus", view.item, view.opened_at, settings.bounce_credit)
        return
    yield Act("open", view.item, view.opened_at, settings.open_credit)
    if reading.finished:
        yield Act("finish", view.item, view.opened_at, settings.finish_credit)
    for signal in reading.paragraphs:
        if signal.state == "read":
            yield Act("read", view.item, view.opened_at, signal.attention, signal.paragraph)
        if signal.reread_interest > 0:
            yield Act("reread", view.item, view.opened_at, signal.reread_interest, signal.paragraph)
    yield from _acts_on_whole(reading)


def _acts_on_whole(reading: Reading) -> Iterator[Act]:
    """Reading some paragraphs speaks a little for the whole: by the mean over all of them."""
    count = max(1, len(reading.paragraphs))
    read = sum(signal.attention for signal in reading.paragraphs if signal.state == "read") / count
    reread = sum(signal.reread_interest for signal in reading.paragraphs) / count
    view = reading.view
    if read > 0:
        yield Act("read", view.item, view.opened_at, read, by_parts=True)
    if reread > 0:
        yield Act("reread", view.item, view.opened_at, reread, by_parts=True)


def watched_share(view: View, duration_s: float) -> float:
    """Return the share of the clip that was played at least once, 0 to 1."""
    covered, end_s = 0.0, 0.0
    for start, stop in sorted((stretch.from_s, stretch.to_s) for stretch in view.stretches):
        covered += max(0.0, stop - max(start, end_s))
        end_s = max(end_s, stop)
    return min(1.0, covered / duration_s) if duration_s > 0 else 0.0


def acts_of_opening(
    view: View, duration_s: float, settings: InterestSettings, reading: ReadingSettings
) -> Iterator[Act]:
    """Say what opening a clip, or a text of which no visit is known, amounts to.

    A clip counts by the share that was played. Leaving at once is a minus: a clip before `skip_s`, a text before
    `bounce_s`.
    """
    played_s = sum(stretch.to_s - stretch.from_s for stretch in view.stretches)
    left_at_once = not view.stretches and view.active_s is not None and view.active_s < reading.bounce_s
    if left_at_once or (view.stretches and played_s < reading.skip_s):
        yield Act("implicit_minus", view.item, view.opened_at, settings.bounce_credit)
        return
    yield Act("open", view.item, view.opened_at, settings.open_credit)
    share = watched_share(view, duration_s)
    if share > 0:
        yield Act("watch", view.item, view.opened_at, settings.watch_credit * share)
    if share >= reading.valid_watch_share:
        yield Act("finish", view.item, view.opened_at, settings.finish_credit)
