"""A `View` of a clip -> what the reader did: watched how much, finished, skipped, replayed a part, turned sound on.

Pure functions. A stretch of playing is a fact (docs/events.md); what lies between two stretches is concluded here from
where and when the one ended and the other began. What the acts are worth is said in `reader.profile`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from reader.behaviour.views import View
from reader.behaviour.watch_shares import WatchShares
from reader.settings import WatchSettings
from reader.types import Watch
from reader.types_folding import Played, Replay

# on: went on at once, with other sound or speed. halt: stood still for a while (a pause, or the clip had to load).
# ahead, back: the reader's own jump. loop: began anew after the end. unseen: played on while nobody could see it.
MoveKind = Literal["on", "halt", "ahead", "back", "loop", "unseen"]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Move:
    """What lies between two stretches. from_s, to_s: places in the clip; gap_s: time on the clock."""

    kind: MoveKind
    from_s: float
    to_s: float
    gap_s: float


@dataclass(frozen=True, slots=True)
class Watching:
    """What one view of a clip amounts to.

    duration_s: 0 if not known. covered_s: of the clip played at least once; share: what part of it that is, 0 if not
    known. seconds: on the clock, in which it played.
    quantile: the valid watch, see `WatchShares`; finishing: share of the watches of such clips that are of the whole.
    rank: the quantile in which chance tells equals apart, see `_rank`; valid: whether that is of the better half.
    skipped: left at once. loops: times it began anew after its end. sound_switched_on: by the reader, while it played.
    """

    view: View
    duration_s: float
    covered_s: float
    share: float
    seconds: float
    quantile: float
    finishing: float
    rank: float
    valid: bool
    completed: bool
    skipped: bool
    loops: int
    replays: tuple[Replay, ...]
    sound_switched_on: bool


def sum_up_playing(stretches: Sequence[Watch], duration_s: float, settings: WatchSettings) -> Played:
    """Return what stretches come to: all that `derive_watching` asks of them, and what is kept of them in the end."""
    clipped = _clipped(stretches, duration_s)
    return Played(
        seconds=sum(_seconds(stretch) for stretch in clipped),
        covered_s=sum(stop - start for start, stop in covered(clipped)),
        loops=sum(move.kind == "loop" for move in moves(clipped, duration_s, settings)),
        replays=find_replays(clipped, duration_s, settings),
        sound_switched_on=_switched_on(clipped, settings),
    )


def derive_watching(view: View, duration_s: float, shares: WatchShares, settings: WatchSettings) -> Watching:
    """Say what a view of a clip amounts to. duration_s: 0 if it is not known."""
    played = view.played or sum_up_playing(view.stretches, duration_s, settings)
    share = min(1.0, played.covered_s / duration_s) if duration_s > 0 else 0.0
    completed = share >= settings.whole_share
    skipped = not completed and _left_at_once(view, played.seconds, settings)
    quantile = shares.quantile(duration_s, share) if duration_s > 0 else shares.quantile_of_time(played.covered_s)
    finishing = shares.finishing(duration_s) if duration_s > 0 else 0.0
    rank = _rank(quantile, finishing if completed else 0.0, view)
    return Watching(
        view=view,
        duration_s=duration_s,
        covered_s=played.covered_s,
        share=share,
        seconds=played.seconds,
        quantile=quantile,
        finishing=finishing,
        rank=rank,
        valid=not skipped and rank >= settings.valid_quantile,
        completed=completed,
        skipped=skipped,
        loops=played.loops,
        replays=played.replays,
        sound_switched_on=played.sound_switched_on,
    )


def _rank(quantile: float, equals: float, view: View) -> float:
    """Return the quantile, and a place of its own for one among equals. equals: the share of watches that are no less.

    Where most see a clip to its end, more than half of the watches would be of the better half, and all of them in its
    middle. With chance between the least and the greatest place of equals, ranks are even from 0 to 1 at every length.
    """
    return min(1.0, max(0.0, quantile + (_luck(view) - 0.5) * equals))


def _luck(view: View) -> float:
    """Return a number from 0 to below 1 that follows from the view and from nothing else."""
    digest = hashlib.sha256(f"{view.user}\0{view.id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def _clipped(stretches: Sequence[Watch], duration_s: float) -> tuple[Watch, ...]:
    """Return the stretches in order of time, without what lies beyond the end: players and catalogues may disagree."""
    ordered = sorted(stretches, key=lambda stretch: (stretch.at, stretch.id))
    if duration_s <= 0:
        return tuple(ordered)
    return tuple(replace(one, to_s=min(one.to_s, duration_s)) for one in ordered if one.from_s < duration_s)


def _seconds(stretch: Watch) -> float:
    return (stretch.to_s - stretch.from_s) / stretch.rate


def covered(stretches: Sequence[Watch]) -> list[Span]:
    """Return what was played at least once, as spans of the clip in order, none touching another."""
    spans: list[Span] = []
    for start, stop in sorted((stretch.from_s, stretch.to_s) for stretch in stretches):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        else:
            spans.append((start, stop))
    return spans


def moves(stretches: Sequence[Watch], duration_s: float, settings: WatchSettings) -> tuple[Move, ...]:
    """Say what lies between each two stretches that follow each other. The time of a stretch is that of its end."""
    return tuple(_move(before, after, duration_s, settings) for before, after in pairwise(stretches))


def _move(before: Watch, after: Watch, duration_s: float, settings: WatchSettings) -> Move:
    gap_s = max(0.0, (after.at - before.at).total_seconds() - _seconds(after))
    jump_s = after.from_s - before.to_s
    return Move(_kind(before, after, jump_s, gap_s, duration_s, settings), before.to_s, after.from_s, gap_s)


def _kind(
    before: Watch, after: Watch, jump_s: float, gap_s: float, duration_s: float, settings: WatchSettings
) -> MoveKind:
    tolerance_s = settings.place_tolerance_s
    if abs(jump_s) <= tolerance_s:
        return "on" if gap_s <= tolerance_s else "halt"
    if jump_s < 0:
        ended = duration_s > 0 and before.to_s >= duration_s - tolerance_s
        return "loop" if ended and after.from_s <= tolerance_s else "back"
    # As far as it would have come by itself in that time: it played on in a hidden page.
    return "unseen" if abs(jump_s - gap_s * before.rate) <= max(tolerance_s, 0.1 * jump_s) else "ahead"


def find_replays(stretches: Sequence[Watch], duration_s: float, settings: WatchSettings) -> tuple[Replay, ...]:
    """Find the parts that the reader jumped back to and played again, the video's scroll-back.

    Not one: a clip that begins anew after its end; going back after a halt, to find the thread again; playing most of
    the clip again; a part that was not played before; less than `replay_s` of playing.
    """
    return tuple(_replays(stretches, moves(stretches, duration_s, settings), duration_s, settings))


def _replays(
    stretches: Sequence[Watch], between: Sequence[Move], duration_s: float, settings: WatchSettings
) -> Iterator[Replay]:
    for index, move in enumerate(between):
        if move.kind != "back" or move.gap_s > settings.thread_lost_s:
            continue
        later = _until_next_jump(stretches, between, index + 1)
        played = [_again(stretch, covered(stretches[: index + 1])) for stretch in later]
        spans = [span for again, _ in played for span in again]
        seconds = sum(seconds for _, seconds in played)
        length_s = sum(stop - start for start, stop in spans)
        whole = duration_s > 0 and length_s > settings.part_share * duration_s
        if spans and seconds >= settings.replay_s and not whole:
            yield Replay(spans[0][0], max(stop for _, stop in spans), seconds)


def _until_next_jump(stretches: Sequence[Watch], between: Sequence[Move], first: int) -> list[Watch]:
    """Return the stretches from one on that play on from where the one before ended."""
    last = first
    while last < len(between) and between[last].kind in ("on", "halt"):
        last += 1
    return list(stretches[first : last + 1])


def _again(stretch: Watch, known: Sequence[Span]) -> tuple[list[Span], float]:
    """Return what of a stretch lies in known spans, and for how long that played."""
    cut = [(max(start, stretch.from_s), min(stop, stretch.to_s)) for start, stop in known]
    spans = [(start, stop) for start, stop in cut if start < stop]
    return spans, sum(stop - start for start, stop in spans) / stretch.rate


def _left_at_once(view: View, seconds: float, settings: WatchSettings) -> bool:
    """Whether a clip was left at once: by the reader's time on it, so that waiting for it to load is no skip.

    A view that was never closed, or never played, is not judged: nothing is known of it.
    """
    return view.active_s is not None and view.was_played and max(view.active_s, seconds) < settings.skip_s


def _switched_on(stretches: Sequence[Watch], settings: WatchSettings) -> bool:
    """Whether the reader turned the sound on; one who has it on from the start has said so of no clip."""
    silent_s = 0.0
    for stretch in stretches:
        if stretch.sound_on:
            return silent_s >= settings.silent_s
        silent_s += _seconds(stretch)
    return False
