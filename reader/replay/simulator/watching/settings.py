"""Every number of the simulated watching, with unit; all ours, fitted to no data."""

from __future__ import annotations

from dataclasses import dataclass, field

from reader.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class WatchTasteSettings:
    """What readers like and how that becomes interest in a clip."""

    tags_least: int = 3
    tags_most: int = 5
    # Tags that a reader does not like.
    disliked_tags: int = 2
    # Creators and sounds of at least two clips; of the creators this share has clips on a tag that the reader likes.
    creators_least: int = 4
    creators_most: int = 10
    creators_of_tags: float = 0.7
    sounds_least: int = 2
    sounds_most: int = 6
    strength_least: float = 0.4
    # Logits: of a clip that fits in nothing; at a fit of 1.
    base: float = -1.2
    tag_weight: float = 2.2
    creator_weight: float = 2.0
    sound_weight: float = 1.4
    # Standard deviations, in logits, of a clip's appeal to everybody and of a reader's openness to everything.
    appeal_sd: float = 0.5
    openness_sd: float = 0.4


@dataclass(frozen=True, slots=True)
class WatchHabitSettings:
    """What happens with a clip that comes on screen."""

    # A reader leaves at a constant rate: after so many seconds on average at no interest, and at full interest. So how
    # long somebody stays does not depend on how long the clip is.
    stay_dull_s: float = 4.0
    stay_keen_s: float = 60.0
    # Chance to go on at once at no interest, and the time till then.
    skip_most: float = 0.4
    skip_s: tuple[float, float] = (0.4, 1.8)
    # Length of clips that do not tell theirs, such as slide shows.
    clip_s: float = 15.0
    # Chances at full interest: to play a part of it again once so much was seen; to let a whole one begin anew.
    replay_share: float = 0.2
    replay_from_s: float = 8.0
    replayed_s: tuple[float, float] = (3.0, 6.0)
    loop_share: float = 0.3
    # Sound is off at first; chance to turn it on at full interest, and to keep it on for the next clip.
    sound_share: float = 0.25
    sound_kept: float = 0.6
    # Chance that it stands still for a while, and for how long.
    halt_share: float = 0.04
    halt_s: tuple[float, float] = (1.0, 15.0)
    # Going from one clip to the next.
    swipe_s: tuple[float, float] = (0.2, 0.6)
    # Likes of, and follows of the creator after, what was of more interest than this.
    liked_from: float = 0.6
    like_share: float = 0.08
    follow_share: float = 0.03
    # Chance to go on to a further clip, whatever came before: the position bias of a feed.
    going_on: float = 0.9
    # Standard deviation of the logarithm of how often readers come; hours (UTC) around which they do.
    activity_sd: float = 0.5
    visit_hours: tuple[float, ...] = (7.5, 12.5, 18.0, 22.0)
    visit_hours_sd: float = 1.2


@dataclass(frozen=True, slots=True)
class WatchSimulationSettings:
    """The arguments of a simulation of watching, and under them the constants of the world.

    readers, days, candidates: whole numbers; lists_a_day: sessions, mean over readers; familiar: share of a list's
    clips that have a tag, creator or sound which the reader likes. Raises InvalidInputError for a value out of range.
    """

    readers: int = 100
    days: int = 14
    lists_a_day: float = 3.0
    candidates: int = 20
    familiar: float = 0.3
    # By tag, creator and sound.
    familiar_by: tuple[float, float, float] = (0.5, 0.3, 0.2)
    taste: WatchTasteSettings = field(default_factory=WatchTasteSettings)
    habits: WatchHabitSettings = field(default_factory=WatchHabitSettings)

    def __post_init__(self) -> None:
        """Refuse what makes no world."""
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most:  # NaN is refused, too
                raise InvalidInputError(name, f"{value} is out of range", f"give a number from {least} to {most}")


_RANGES: dict[str, tuple[float, float]] = {
    "readers": (1, 1_000_000),
    "days": (1, 3650),
    "lists_a_day": (0.01, 100),
    "candidates": (1, 500),
    "familiar": (0, 1),
}
