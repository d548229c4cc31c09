"""What a reader has said about their own profile: follow, mute, weigh, forget, keep. It outranks what was learned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from reader.behaviour.signals import find_scroll_backs, without_episodes
from reader.behaviour.views import View
from reader.profile.aims import MARKS, STANDING
from reader.profile.axes import Feature
from reader.profile.interests import Interests
from reader.settings import ReadingSettings
from reader.types import Event, Judge, Steer, Tune
from reader.types_undo import UNDOABLE, Undo


@dataclass(slots=True)
class Steering:
    """The reader's own word. muted: feature -> end (None: for good); weights: feature -> -1 to 1."""

    muted: dict[Feature, datetime | None] = field(default_factory=dict)
    followed: set[Feature] = field(default_factory=set)
    weights: dict[Feature, float] = field(default_factory=dict)
    forgotten: dict[Feature, datetime] = field(default_factory=dict)
    forgotten_paragraphs: dict[tuple[str, int], datetime] = field(default_factory=dict)
    kept_paragraphs: dict[tuple[str, int], datetime] = field(default_factory=dict)
    liked: set[str] = field(default_factory=set)
    # When it was saved.
    saved: dict[str, datetime] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    # When the like or save was made whose credit stands, by its type and item: what can be taken back.
    credited: dict[tuple[str, str], datetime] = field(default_factory=dict)
    reset_at: datetime | None = None
    # From familiar (0) to surprising (1); None as long as nothing was said.
    surprise: float | None = None
    # What was marked as read (True) or unread, and not opened since.
    read: dict[str, bool] = field(default_factory=dict)
    # Events that count as never done, by id.
    undone: set[str] = field(default_factory=set)

    def apply(self, event: Steer | Judge | Tune | Undo) -> None:
        """Take in one word of the reader; a later one of the same kind about the same thing replaces it."""
        if isinstance(event, Undo):
            self.undone.add(event.event)
        elif isinstance(event, Tune):
            self.surprise = event.surprise
        elif isinstance(event, Judge):
            chosen = self.kept_paragraphs if event.type == "keep_paragraph" else self.forgotten_paragraphs
            chosen[event.item or "", event.paragraph] = event.at
        else:
            self._apply_steer(event)

    def _apply_steer(self, event: Steer) -> None:
        feature: Feature = (event.target.kind, event.target.value)
        match event.type:
            case "follow":
                self.followed.add(feature)
            case "unfollow":
                self.followed.discard(feature)
            case "mute":
                self.muted[feature] = event.target.until
            case "unmute":
                self.muted.pop(feature, None)
            case "weigh":
                self.weights[feature] = event.weight or 0.0
            case "unweigh":
                self.weights.pop(feature, None)
            case "forget":
                self.forgotten[feature] = event.at
                self.weights.pop(feature, None)

    def forgotten_by(self, event: Steer | Judge | Tune | Undo) -> set[Feature]:
        """Return the features whose settled credit an event takes away."""
        if isinstance(event, Steer) and event.type == "forget":
            return {(event.target.kind, event.target.value)}
        return set()

    def judge_item(self, event: Event) -> datetime | None:
        """Take in like, save, hide, their opposites, and marks.

        Return the time of the act whose credit is to be given or taken back; None if there is none to move: of a mark,
        of a second like while one stands, and of taking back what does not stand.
        """
        item = event.item or ""
        if event.type in MARKS:
            self.read[item] = MARKS[event.type]
            return None
        match event.type:
            case "like":
                self.liked.add(item)
            case "unlike":
                self.liked.discard(item)
            case "save":
                self.saved[item] = event.at
            case "unsave":
                self.saved.pop(item, None)
            case "hide":
                self.hidden.add(item)
        return self._credit(event, item)

    def _credit(self, event: Event, item: str) -> datetime | None:
        if event.type in STANDING.values():
            key = event.type, item
            return None if key in self.credited else self.credited.setdefault(key, event.at)
        if event.type in STANDING:
            return self.credited.pop((STANDING[event.type], item), None)
        return event.at

    def is_undone(self, event: Event) -> bool:
        """Whether the reader has taken an act back."""
        return event.id in self.undone and event.type in UNDOABLE

    def reword(self, log: Iterable[Event]) -> None:
        """Find anew, from the reader's log, what they have said and what leaves no credit behind."""
        said = Steering(undone=self.undone)
        for event in log:
            if event.type == "reset" and not said.is_undone(event):
                said.reset(event.at)
            elif isinstance(event, Steer | Judge | Tune) and not said.is_undone(event):
                said.apply(event)
            elif event.type == "open":
                said.read.pop(event.item or "", None)
            elif event.type in MARKS and not said.is_undone(event):
                said.judge_item(event)
        self.muted, self.followed, self.weights = said.muted, said.followed, said.weights
        self.kept_paragraphs, self.surprise = said.kept_paragraphs, said.surprise
        self.read = said.read

    def reset(self, at: datetime) -> None:
        """Drop what was said about learned interests; mutes and follows are the reader's wishes and stay."""
        self.reset_at = at
        self.weights.clear()
        self.forgotten_paragraphs.clear()
        self.kept_paragraphs.clear()
        self.credited.clear()

    @property
    def has_judged(self) -> bool:
        """Whether the reader has said anything but what they follow."""
        return bool(self.weights or self.muted or self.liked or self.saved or self.hidden)

    def is_muted(self, feature: Feature, at: datetime) -> bool:
        """Whether a feature is muted at a moment."""
        if feature not in self.muted:
            return False
        until = self.muted[feature]
        return until is None or at < until

    def without_forgotten(self, view: View, settings: ReadingSettings) -> View:
        """Return the view as if the returns that the reader wants forgotten had not been made.

        Only views opened before the wish: who goes back to the same paragraph another day is noticed anew.
        """
        forgotten = {
            paragraph
            for (item, paragraph), at in self.forgotten_paragraphs.items()
            if item == view.item and view.opened_at <= at
        }
        if not forgotten:
            return view
        if view.looks is not None:
            return replace(view, looks=without_episodes(view.looks, forgotten))
        backs = find_scroll_backs(view.visits, settings)
        episodes = {back.episode for back in backs if back.paragraph in forgotten}
        gone = {(back.paragraph, back.started_s) for back in backs if back.episode in episodes}
        return replace(view, visits=tuple(v for v in view.visits if (v.paragraph, v.started_s) not in gone))

    def is_kept(self, view: View, paragraph: int) -> bool:
        """Whether the reader has said that a going-back may count."""
        kept_at = self.kept_paragraphs.get((view.item, paragraph))
        return kept_at is not None and view.opened_at <= kept_at

    def pin_onto(self, interests: Interests, credit: float) -> None:
        """Set followed and weighed features by the reader's own hand."""
        for feature in sorted(self.followed):
            interests.pin(feature, feature[1], credit)
        for feature, weight in sorted(self.weights.items()):
            interests.pin(feature, feature[1], weight * credit)
