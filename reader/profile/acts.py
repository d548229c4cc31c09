"""Signals -> acts: what one view says about what its reader likes, in units of one paragraph read in the expected time.

Pure. An act on a paragraph speaks for its keywords; an act on the whole item for its topic, source and makers, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from reader.behaviour.signals import Reading
from reader.behaviour.views import View
from reader.behaviour.watching import Span, Watching
from reader.profile.axes import Signal
from reader.profile.excerpts import spoken_paragraph
from reader.settings import InterestSettings, ReadingSettings, WatchSettings
from reader.types import Video


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a reader did to an item (paragraph None) or to one of its paragraphs. amount >= 0.

    by_parts: the item's words have had their credit paragraph by paragraph; this act speaks for topic and makers only.
    part: the stretch of a clip, in seconds, whose words it speaks for. makers_only: it speaks for creator and sound.
    """

    signal: Signal
    item: str
    at: datetime
    amount: float
    paragraph: int | None = None
    by_parts: bool = False
    part: Span | None = None
    makers_only: bool = False


def acts_of_reading(reading: Reading, settings: InterestSettings) -> Iterator[Act]:
    """Say what reading an article amounts to: nothing but a minus if the reader left at once (Toutiao's first rule)."""
    view = reading.view
    if reading.bounced:
        yield Act("implicit_minus", view.item, view.opened_at, settings.bounce_credit)
        return
    yield Act("open", view.item, view.opened_at, settings.open_credit)
    if reading.finished:
        yield Act("finish", view.item, view.opened_at, settings.finish_credit)
    yield from _acts_on_paragraphs(reading)
    yield from _acts_on_whole(reading)


def _acts_on_paragraphs(reading: Reading) -> Iterator[Act]:
    view = reading.view
    for signal in reading.paragraphs:
        if signal.state == "read":
            yield Act("read", view.item, view.opened_at, signal.attention, signal.paragraph)
        if signal.reread_interest > 0:
            yield Act("reread", view.item, view.opened_at, signal.reread_interest, signal.paragraph)


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


def acts_of_paragraphs(reading: Reading) -> Iterator[Act]:
    """Say what reading the text of a clip amounts to; the clip itself says the rest."""
    yield from _acts_on_paragraphs(reading)
    yield from _acts_on_whole(reading)


def acts_of_watching(
    watching: Watching, video: Video, settings: InterestSettings, limits: WatchSettings, *, chosen: bool = True
) -> Iterator[Act]:
    """Say what watching a clip amounts to: nothing but a minus if the reader left at once.

    A watch counts by its quantile, and finishing by how unusual it is, so that neither length nor shortness pays.
    chosen: whether the reader opened it; in a feed it opens by itself.
    """
    view = watching.view
    if watching.skipped:
        yield Act("implicit_minus", view.item, view.opened_at, settings.bounce_credit)
        return
    if chosen:
        yield Act("open", view.item, view.opened_at, settings.open_credit)
    amount = settings.watch_credit * watching.quantile + settings.loop_credit * bool(watching.loops)
    if amount > 0:
        yield Act("watch", view.item, view.opened_at, amount)
    if watching.completed:
        yield Act("finish", view.item, view.opened_at, settings.finish_credit * (1.0 - watching.finishing))
    if watching.sound_switched_on:
        yield Act("watch", view.item, view.opened_at, settings.sound_credit, makers_only=True)
    yield from _acts_of_replays(watching, video, limits)


def _acts_of_replays(watching: Watching, video: Video, limits: WatchSettings) -> Iterator[Act]:
    """Each replayed part speaks for its own words, and by its share of the clip for topic and makers."""
    view, paragraph = watching.view, spoken_paragraph(video)
    left = limits.replay_limit
    for replay in watching.replays:
        amount = min(left, replay.seconds / limits.replay_unit_s)
        left -= amount
        if amount <= 0:
            return
        part = (replay.from_s, replay.to_s)
        yield Act("reread", view.item, view.opened_at, amount, paragraph, part=part)
        if paragraph is not None:
            length_s = watching.duration_s or replay.to_s
            share = (replay.to_s - replay.from_s) / max(length_s, replay.to_s)
            yield Act("reread", view.item, view.opened_at, amount * share, by_parts=True, part=part)


def acts_of_opening(
    view: View, settings: InterestSettings, reading: ReadingSettings, *, is_clip: bool = False
) -> Iterator[Act]:
    """Say what opening an item amounts to of which nothing is known but that, and perhaps when it was left.

    Leaving a text before `bounce_s` is a minus; leaving a clip that never played is no more than passing by its card.
    """
    if view.active_s is not None and view.active_s < reading.bounce_s:
        amount = settings.unopened_credit if is_clip else settings.bounce_credit
        yield Act("implicit_minus", view.item, view.opened_at, amount)
    else:
        yield Act("open", view.item, view.opened_at, settings.open_credit)
