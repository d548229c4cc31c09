"""Which clips a simulated list holds: evenly drawn ones, and some that have to do with what the reader likes."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from reader.replay.simulator.watching.readers import Watcher
from reader.replay.simulator.watching.settings import WatchSimulationSettings
from reader.replay.simulator.watching.world import TRAIT_KINDS, Clip, ClipWorld, TraitKind


def draw_clips(
    watcher: Watcher,
    world: ClipWorld,
    seen: Collection[str],
    settings: WatchSimulationSettings,
    rng: np.random.Generator,
) -> list[Clip]:
    """Draw a list, in random order, of clips that the reader has not seen; fewer, or none, if there are no more.

    Evenly drawn lists from a large catalogue would hardly ever show a creator twice, as no feed does.
    """
    chosen: list[int] = []
    kinds = rng.multinomial(rng.binomial(settings.candidates, settings.familiar), settings.familiar_by)
    for kind, wanted in zip(TRAIT_KINDS, kinds.tolist(), strict=True):
        chosen += _draw(familiar_places(watcher, world, kind), wanted, world, seen, set(chosen), rng)
    everywhere = np.arange(len(world.clips))
    chosen += _draw(everywhere, settings.candidates - len(chosen), world, seen, set(chosen), rng)
    return [world.clips[place] for place in rng.permutation(chosen).tolist()]


def familiar_places(watcher: Watcher, world: ClipWorld, kind: TraitKind) -> NDArray[np.int64]:
    """Return the places of the clips with a tag, creator or sound that the reader likes."""
    liked = [trait for trait, strength in watcher.likes[kind].items() if strength > 0]
    return np.array(sorted({place for trait in liked for place in world.places[kind][trait]}), dtype=np.int64)


def _draw(
    places: NDArray[np.int64],
    wanted: int,
    world: ClipWorld,
    seen: Collection[str],
    taken: set[int],
    rng: np.random.Generator,
) -> list[int]:
    """Draw up to `wanted` different places of clips neither seen nor taken."""
    # As many more are drawn as may be left out: a random order without some of its places is random still.
    size = min(len(places), wanted + len(seen) + len(taken))
    drawn = dict.fromkeys(rng.choice(places, size=size, replace=False).tolist() if size else ())
    return [place for place in drawn if place not in taken and world.clips[place].item.id not in seen][:wanted]
