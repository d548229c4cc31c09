"""One reader as a fold over their events.

Views stay open for revision for a while, so that the order in which events arrive does not matter; a settled view is
folded into the base for good. `portrait` is the base with the open views on top. Everything here can be had again by
feeding the log to a new `ReaderState`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from reader.behaviour.returns import ExpectedReturn
from reader.behaviour.signals import Reading, derive_reading, looks_of
from reader.behaviour.speed import Speed, words_per_min
from reader.behaviour.views import View, derive_view
from reader.behaviour.watch_shares import WatchShares
from reader.behaviour.watching import Watching, derive_watching
from reader.profile.acts import Act, acts_of_opening, acts_of_paragraphs, acts_of_reading, acts_of_watching
from reader.profile.aims import MARKS, WILL, Aim, aim_of
from reader.profile.base import Base
from reader.profile.clusters import Clusters
from reader.profile.content import Library
from reader.profile.crediting import Crediting
from reader.profile.excerpts import spoken_paragraph
from reader.profile.interests import Interests
from reader.profile.open_views import VIEW_TYPES, OpenViews, began_at, tells_more
from reader.profile.outcomes import ViewOutcome, outcome_of_opening, outcome_of_reading, outcome_of_watching
from reader.profile.portrait import Portrait
from reader.profile.steering import Steering
from reader.profile.watched import note_left, remember
from reader.settings import Settings
from reader.types import Event, Hide, Impression, Judge, Steer, Tune, Video
from reader.types_folding import Replay, ScrollBack
from reader.types_undo import Undo

# Feeds of a reader that are remembered as such: those of the open views, and some. Ours.
FEEDS_KEPT: Final = 64


class Lessons(Protocol):
    """What all readers teach and every reader is measured by."""

    @property
    def expected_return(self) -> ExpectedReturn:
        """What a return to a paragraph amounts to."""

    @property
    def watch_shares(self) -> WatchShares:
        """How much of clips is watched."""

    def watched(self, watching: Watching) -> None:
        """Take in a settled watch."""


class ReaderState:
    """The fold. Not safe for use by several threads at once; the recommender holds the lock."""

    def __init__(self, user: str, library: Library, lessons: Lessons, settings: Settings, steering: Steering) -> None:
        self.user = user
        self.opened: dict[str, datetime] = {}
        self.passed: dict[str, int] = {}
        # Opened items of which more is known than the opening: what was on screen, or played, or opened by itself.
        self.attended: set[str] = set()
        # The last lists in which clips open by themselves.
        self.feeds: dict[str, None] = {}
        # Off while a reader is folded again: the others have learned from these views already.
        self.teaches = True
        self.steering = steering
        self._library = library
        self._lessons = lessons
        self._settings = settings
        # How many had opened an item when this reader came to it: a later look at the profile must not change it.
        self.readers_before: dict[str, float] = {}
        self._crediting = Crediting(library, self.readers_before, self.steering.forgotten, settings.interests)
        self._open: OpenViews[Event] = OpenViews(settings)
        # Open views as derived from so many events.
        self._derived: dict[str, tuple[int, View]] = {}
        self._base = self._empty_base()
        self._portrait: Portrait | None = None
        # The portrait without the newest view, and the views it has: mostly only the newest changes.
        self._stem: tuple[list[View], Base] | None = None
        # Of what all readers share, as it was then: a list must not depend on when the one before was made.
        self._versions = (-1, -1, -1)

    def _empty_base(self) -> Base:
        kept = self._settings.interests
        interests = Interests(0.0, kept.evidence_kept, fading=kept.fading)
        return Base(interests, Clusters(kept.clusters_kept, kept.cluster_cosine))

    def apply(self, event: Event) -> None:
        """Take in one event of this reader. What they were shown says nothing about them yet."""
        if isinstance(event, Impression):
            self._note_list(event)
            return
        if self.steering.is_undone(event):
            return
        self._portrait = None
        if event.item is not None:
            self.readers_before.setdefault(event.item, self._library.readers(event.item))
        if event.type not in VIEW_TYPES:
            self._stem = None
        if event.type in VIEW_TYPES:
            self._apply_to_view(event)
        elif event.type in WILL or event.type in MARKS:
            self._apply_will(event)
        elif event.type == "viewable":
            self._apply_viewable(event)
        elif event.type == "reset":
            self._reset(event)
        elif isinstance(event, Steer | Judge | Tune | Undo):
            self.steering.apply(event)
            self._base.interests.drop(self.steering.forgotten_by(event))

    def _note_list(self, event: Impression) -> None:
        if event.is_feed and event.list is not None:
            self.feeds[event.list] = None
            if len(self.feeds) > FEEDS_KEPT:
                del self.feeds[next(iter(self.feeds))]

    def _apply_to_view(self, event: Event) -> None:
        if self.steering.reset_at is not None and event.at <= self.steering.reset_at:
            if event.type == "open" and event.item is not None:
                # What was read stays read, also where it is told of only now.
                self.opened[event.item] = max(event.at, self.opened.get(event.item, event.at))
            return
        self.settle_before(event.at)
        view = event.view or event.id
        if event.type == "open" and event.item in self.opened and not self._has_opening(view):
            self._open.returns.add(view)
        self._open.add(view, began_at(event), event)
        if event.type == "open" and event.item is not None:
            self.opened[event.item] = max(event.at, self.opened.get(event.item, event.at))
            self.steering.read.pop(event.item, None)
            self._take_back_passing(event.item, event.at)
            if event.list in self.feeds:
                self.attended.add(event.item)
        elif event.item is not None and tells_more(event):
            self.attended.add(event.item)

    def _has_opening(self, view: str) -> bool:
        """Whether the opening of a view has been told of; what was seen in it may come first."""
        return any(own.type == "open" for own in self._open.events.get(view, ()))

    def _apply_will(self, event: Event) -> None:
        # What is taken back is so as of the time it was given, or it would take more than is left of it.
        at = self.steering.judge_item(event)
        if at is None:
            return
        signal, sign = WILL[event.type]
        act = Act(signal, event.item or "", at, self._settings.interests.explicit_credit)
        self._credit_base(act, sign, only=aim_of(event) if isinstance(event, Hide) else None)

    def _credit_base(self, act: Act, sign: int, *, only: Aim | None = None) -> None:
        """Credit what will not be revised. Trimmed now and then: who opens nothing settles nothing."""
        self._crediting.credit(act, self._base.interests, self._base.clusters, sign=sign, only=only)
        kept = self._settings.interests.features_kept
        if len(self._base.interests) > 2 * kept:
            self._base.interests.trim(kept)

    def _apply_viewable(self, event: Event) -> None:
        """A card seen and not opened is a small minus (Toutiao's fourth rule), taken back if it is opened yet."""
        item = event.item or ""
        if item not in self.opened:
            self.passed[item] = self.passed.get(item, 0) + 1
            self._credit_passing(item, event.at, 1)
            self._drop_oldest_passed()

    def _drop_oldest_passed(self) -> None:
        """Keep what is needed to take passings back only as long as the card may still come up."""
        while len(self.passed) > self._settings.interests.passed_kept:
            oldest = next(iter(self.passed))
            del self.passed[oldest]
            more = (self.attended, self.steering.liked, self.steering.saved, self.steering.hidden)
            if not any(oldest in known for known in more):
                self.readers_before.pop(oldest, None)

    def _take_back_passing(self, item: str, at: datetime) -> None:
        for _ in range(self.passed.pop(item, 0)):
            self._stem = None
            self._credit_passing(item, at, -1)

    def _credit_passing(self, item: str, at: datetime, sign: int) -> None:
        self._credit_base(Act("implicit_minus", item, at, self._settings.interests.unopened_credit), sign)

    def _reset(self, event: Event) -> None:
        # What was read stays read: the lists after a reset do not begin with it again.
        before = self.portrait
        self._base = self._empty_base()
        self._base.finished.update(before.finished)
        self._base.left.update(dict.fromkeys(before.left))
        self._stem = self._portrait = None
        self._open.clear()
        self._derived.clear()
        self.passed.clear()
        self.steering.reset(event.at)

    def settle_before(self, at: datetime) -> None:
        """Fold the views that are old enough, oldest first, and let the expected return learn from them."""
        settled = self._open.due(at)
        for view in settled:
            self._fold(self._view(view), self._base, learn=True)
            self._open.take(view)
            del self._derived[view]
        if settled:
            self._stem = self._portrait = None
            self._base.interests.trim(self._settings.interests.features_kept)

    def _views(self) -> list[View]:
        return sorted(map(self._view, self._open.events), key=lambda view: (view.opened_at, view.id))

    def _view(self, name: str) -> View:
        events = self._open.events[name]
        count, view = self._derived.get(name, (0, None))
        if view is None or count != len(events):
            view = derive_view(events)
            self._derived[name] = (len(events), view)
        return view

    def _fold(self, view: View, base: Base, *, learn: bool = False) -> None:
        reading, watching = self.reading(view, base.speeds), self.watching(view)
        acts = self._acts_beside(base, view, tuple(self._acts(view, reading, watching)))
        self._crediting.credit_all(acts, base.interests, base.clusters)
        for act in acts:
            if act.signal == "finish":
                base.finish(act.item, act.at)
        teaches = learn and self.teaches
        if reading is not None:
            self._learn_speed(reading, base)
            if teaches:
                self._learn_return(reading)
        if view.list in self.feeds:
            note_left(base.left, view, watching, self._settings)
        if watching is not None:
            remember(base.watched, watching, self._settings.interests.watched_kept)
            if teaches:
                self._lessons.watched(watching)

    def _acts_beside(self, base: Base, view: View, acts: tuple[Act, ...]) -> tuple[Act, ...]:
        """Return the acts of a view that count besides what earlier ones of its item have said."""
        is_repeat = base.is_repeat(view.item, view.opened_at, self._settings.interests.repeat_within_s)
        if is_repeat or any(act.signal == "open" for act in acts):
            base.note_opening(view.item, view.opened_at)
        said = {*(("open",) if is_repeat else ()), *(("implicit_minus",) if view.id in self._open.returns else ())}
        left = tuple(act for act in acts if act.signal not in said)
        if any(act.signal == "implicit_minus" for act in left):
            base.note_bounce(view.item)
        return left

    def reading(self, view: View, speeds: dict[str, Speed]) -> Reading | None:
        """Derive what a view of a text amounts to; None for an unknown item or a view without visits."""
        content = self._library.content(view.item)
        if content is None or not view.was_seen:
            return None
        shape = content.shape
        speed = words_per_min(speeds.get(shape.language, Speed()), shape.language, self._settings.reading)
        judged = self.steering.without_forgotten(view, self._settings.reading)
        return derive_reading(judged, shape, speed, self._lessons.expected_return, self._settings.reading)

    def watching(self, view: View) -> Watching | None:
        """Derive what a view of a clip amounts to; None for anything else, and for a clip that never played."""
        video = self._video(view)
        if video is None or not view.was_played:
            return None
        found = derive_watching(view, video.duration_s or 0.0, self._lessons.watch_shares, self._settings.watching)
        forgotten_at = self.steering.forgotten_paragraphs.get((view.item, spoken_paragraph(video) or 0))
        is_forgotten = forgotten_at is not None and view.opened_at <= forgotten_at
        return replace(found, replays=()) if is_forgotten else found

    def _video(self, view: View) -> Video | None:
        content = self._library.content(view.item)
        return content.item if content and isinstance(content.item, Video) else None

    def _acts(self, view: View, reading: Reading | None, watching: Watching | None) -> Iterator[Act]:
        interests, video, in_feed = self._settings.interests, self._video(view), view.list in self.feeds
        if video is not None and watching is not None:
            yield from acts_of_watching(watching, video, interests, self._settings.watching, chosen=not in_feed)
            if reading is not None:
                yield from acts_of_paragraphs(reading)
        elif reading is not None:
            yield from acts_of_reading(reading, interests)
        elif video is None or not in_feed:
            yield from acts_of_opening(view, interests, self._settings.reading, is_clip=video is not None)

    def outcome(self, view_id: str) -> ViewOutcome | None:
        """Return what a view has come to so far; None once it is settled, or if there is none of that id."""
        if view_id not in self._open.events:
            return None
        view = self._view(view_id)
        reading, watching = self.reading(view, self._base.speeds), self.watching(view)
        if watching is not None:
            return outcome_of_watching(watching)
        if reading is not None:
            return outcome_of_reading(reading)
        return outcome_of_opening(view, self._settings.reading)

    def _learn_speed(self, reading: Reading, base: Base) -> None:
        content = self._library.content(reading.view.item)
        if content is None:
            return
        shape = content.shape
        limit = self._settings.reading.credit_limit
        read = [signal for signal in reading.paragraphs if signal.state == "read" and signal.attention < limit]
        words = sum(shape.words[signal.paragraph] for signal in read)
        seconds = sum(signal.dwell_s - self._settings.reading.settle_s for signal in read)
        speed = base.speeds.get(shape.language, Speed())
        base.speeds[shape.language] = speed.plus(words, max(0.0, seconds) / 60)

    def _learn_return(self, reading: Reading) -> None:
        content = self._library.content(reading.view.item)
        if content is not None:
            places = [content.shape.place(signal.paragraph) for signal in reading.passed]
            self._lessons.expected_return.learn(places, [signal.returns > 0 for signal in reading.passed])

    @property
    def portrait(self) -> Portrait:
        """Return the interests with the open views on top, as steered."""
        lessons = self._lessons
        versions = self._library.version, lessons.expected_return.version, lessons.watch_shares.version
        if versions != self._versions:
            self._versions, self._stem, self._portrait = versions, None, None
        if self._portrait is None:
            views = self._views()
            base = self._stem_of(views[:-1]).copy()
            for view in views[-1:]:
                self._fold(view, base)
            base.interests.trim(self._settings.interests.features_kept)
            self.steering.pin_onto(base.interests, self._settings.interests.explicit_credit)
            self._portrait = Portrait(
                base.interests, base.clusters, base.finished, base.watched, base.left, base.bounced
            )
        return self._portrait

    def _stem_of(self, views: list[View]) -> Base:
        """Return the base with some views on top, going on from last time's where those come first."""
        if self._stem is None or self._stem[0] != views[: len(self._stem[0])]:
            self._stem = ([], self._base.copy())
        known, base = self._stem
        for view in views[len(known) :]:
            self._fold(view, base)
        self._stem = (views, base)
        return base

    @property
    def base(self) -> Base:
        """What settled views have left behind."""
        return self._base

    @property
    def open_views(self) -> Mapping[str, Sequence[Event]]:
        """The events of the views that are not settled."""
        return self._open.events

    @property
    def returns(self) -> Collection[str]:
        """Those of the open views that are not the first of their item."""
        return self._open.returns

    def go_on_from(self, base: Base, open_views: Mapping[str, Sequence[Event]], returns: Collection[str]) -> None:
        """Take up the fold where another object has left it, its public parts apart."""
        self._base, self._portrait, self._stem = base, None, None
        began = {view: min(map(began_at, own)) for view, own in open_views.items()}
        self._open.go_on_from(open_views, began, returns)
        self._derived = {}

    def has_read(self, item: str) -> bool:
        """Whether the reader has opened an item or marked it as read, and not marked it as unread since."""
        return self.steering.read.get(item, item in self.opened)

    @property
    def is_unknown(self) -> bool:
        """Whether the reader has opened nothing and said nothing; cards that they passed by say too little."""
        return not (self.opened or self.steering.followed or self.steering.has_judged)

    def scroll_backs(self) -> Iterator[tuple[View, tuple[ScrollBack, ...]]]:
        """Go through the open views that have returns the reader has neither kept nor forgotten, newest first."""
        for view in reversed(self._views()):
            judged = self.steering.without_forgotten(view, self._settings.reading)
            backs = looks_of(judged, self._settings.reading).returns
            if backs:
                yield view, backs

    def replays(self) -> Iterator[tuple[Watching, Video, tuple[Replay, ...]]]:
        """Go through the open views that have replayed parts the reader has not forgotten, newest first."""
        for view in reversed(self._views()):
            watching, video = self.watching(view), self._video(view)
            if watching is not None and video is not None and watching.replays and not watching.skipped:
                yield watching, video, watching.replays
