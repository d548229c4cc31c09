"""How a reader watched their last clips: what the factors of creators, sounds and lengths look back on."""

from __future__ import annotations

from dataclasses import dataclass

from reader.behaviour.views import View
from reader.behaviour.watching import Watching
from reader.settings import Settings


@dataclass(frozen=True, slots=True)
class Watched:
    """One clip as it was last watched. at_s: when it was opened, Unix time; quantile: the valid watch.

    finished: 1 if it was, 0 if not, less the share of the watches of such clips that are of the whole.
    """

    at_s: float
    quantile: float
    finished: float
    replayed: bool
    skipped: bool
    sound_switched_on: bool


def watched_of(watching: Watching) -> Watched:
    """Return what is remembered of a watch."""
    return Watched(
        at_s=watching.view.opened_at.timestamp(),
        quantile=0.0 if watching.skipped else watching.quantile,
        finished=float(watching.completed) - watching.finishing,
        replayed=bool(watching.replays or watching.loops),
        skipped=watching.skipped,
        sound_switched_on=watching.sound_switched_on,
    )


def remember(known: dict[str, Watched], watching: Watching, kept: int) -> None:
    """Add a watch as the latest, in place of an earlier one of the same clip; drop the oldest beyond `kept`."""
    known.pop(watching.view.item, None)
    known[watching.view.item] = watched_of(watching)
    while len(known) > kept:
        del known[next(iter(known))]


def note_left(known: dict[str, None], view: View, watching: Watching | None, settings: Settings) -> None:
    """Remember a clip of a feed as left at once, or no longer; drop the oldest beyond those kept.

    One that did not come to playing in that time was left at once, too; one that was never closed is not judged.
    """
    known.pop(view.item, None)
    unplayed = view.active_s is not None and view.active_s < settings.watching.skip_s
    if watching.skipped if watching is not None else unplayed:
        known[view.item] = None
    while len(known) > settings.interests.watched_kept:
        del known[next(iter(known))]
