"""The clips as the simulated world sees them: what readers react to, and which clips share it.

Prepared once and shared by all readers; nothing here depends on a reader or on how many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal

from reader.errors import InvalidInputError
from reader.recommend.lists import generator
from reader.replay.simulator.watching.settings import WatchSimulationSettings
from reader.types import AnyItem, Video

# What readers like or dislike: a tag, a creator or a sound.
TraitKind = Literal["tag", "creator", "sound"]
TRAIT_KINDS: tuple[TraitKind, ...] = ("tag", "creator", "sound")
# Where no clip has a date.
_START = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip with what readers react to. appeal: logits, the same for all readers."""

    item: Video
    length_s: float
    appeal: float
    tags: tuple[str, ...]
    creator: str
    sound: str

    def traits(self, kind: TraitKind) -> tuple[str, ...]:
        """Return the clip's tags, its creator, or its sound."""
        if kind == "tag":
            return self.tags
        own = self.creator if kind == "creator" else self.sound
        return (own,) if own else ()


@dataclass(frozen=True)
class ClipWorld:
    """All clips, in the order of their ids, and when readers come: from the midnight after the last publication."""

    clips: tuple[Clip, ...]
    start: datetime

    @cached_property
    def places(self) -> dict[TraitKind, dict[str, tuple[int, ...]]]:
        """For each kind: trait -> the places of the clips that have it, traits in alphabetical order."""
        return {kind: _places(clip.traits(kind) for clip in self.clips) for kind in TRAIT_KINDS}


def _places(traits: Iterable[Sequence[str]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(traits):
        for trait in own:
            found[trait].append(place)
    return {trait: tuple(found[trait]) for trait in sorted(found)}


def make_clip_world(items: Sequence[AnyItem], settings: WatchSimulationSettings, seed: int) -> ClipWorld:
    """Prepare a catalogue; what is no clip is left out. Of items with the same id the last counts.

    Raises InvalidInputError if there is no clip.
    """
    videos = sorted({item.id: item for item in items if isinstance(item, Video)}.values(), key=lambda clip: clip.id)
    if not videos:
        raise InvalidInputError("items", "there is no clip among them", "give a catalogue with videos")
    dates = [clip.published_at for clip in videos if clip.published_at is not None]
    start = _next_midnight(max(dates)) if dates else _START
    before = start - timedelta(days=1)
    dated = (clip if clip.published_at else replace(clip, published_at=before) for clip in videos)
    return ClipWorld(tuple(_clip(clip, settings, seed) for clip in dated), start)


def _next_midnight(at: datetime) -> datetime:
    return datetime(at.year, at.month, at.day, tzinfo=UTC) + timedelta(days=1)


def _clip(video: Video, settings: WatchSimulationSettings, seed: int) -> Clip:
    appeal = settings.taste.appeal_sd * float(generator(seed, "clip", video.id).standard_normal())
    return Clip(
        item=video,
        length_s=video.duration_s or settings.habits.clip_s,
        appeal=appeal,
        tags=video.tags or video.topics,
        creator=video.entity("creator"),
        sound=video.entity("sound"),
    )
