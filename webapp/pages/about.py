"""How ranking works in general: generated from the settings in force and the factors there are."""

from __future__ import annotations

from typing import Any

import numpy as np
from flask import render_template
from flask.typing import ResponseReturnValue

from reader.profile.axes import HALF_LIFE_WEIGHTS, HALF_LIVES_S, SIGNAL_WEIGHTS, SIGNALS
from reader.recommend.describing import SCALES, SECTIONS, describe_families, describe_settings, what_is_off
from reader.recommend.families import CLASS_WORDS
from reader.recommend.lists import model_name
from reader.recommend.recommender import Recommender
from reader.recommend.surprise import daring
from reader.settings import Settings
from webapp.pages.blueprint import pages
from webapp.pages.words import say_duration
from webapp.services import services

# Weights that differ by less are as they were; float64 sums leave that much.
_UNMOVED = 1e-12


@pages.get("/about/ranking")
def about_ranking() -> ResponseReturnValue:
    """Say what ranking looks at, by which numbers, and what is off."""
    recommender = services().recommender
    settings, surprise = recommender.settings, recommender.surprise(services().reader)
    return render_template(
        "about_ranking.html",
        families=describe_families(recommender.registry.specs),
        classes=CLASS_WORDS,
        scales=SCALES,
        acts=acts_of(settings),
        signals=list(zip(SIGNALS, SIGNAL_WEIGHTS.tolist(), strict=True)),
        half_lives=list(zip(map(say_duration, HALF_LIVES_S.values()), HALF_LIFE_WEIGHTS.tolist(), strict=True)),
        sections=[
            (name, words, list(describe_settings(getattr(settings, name), name))) for name, words in SECTIONS.items()
        ],
        off=what_is_off(settings),
        settings=settings,
        model=model_name(recommender.trees),
        trees=recommender.trees,
        surprise=surprise,
        daring=daring(surprise, settings.ranking),
        **_learned(recommender),
    )


def acts_of(settings: Settings) -> list[tuple[str, str, str]]:
    """Return (act, signal, amount) of what a reader may do: credit in units of a paragraph read in the usual time."""
    own, watching = settings.interests, settings.watching
    return [
        ("A paragraph read", "read", "its time over the usual time"),
        ("A paragraph gone back to", "reread", "the time over what makes it read, × the share that is interest"),
        ("An item opened", "open", f"{own.open_credit:g}"),
        ("A text read to the end, most of it read", "finish", f"{own.finish_credit:g}"),
        ("A clip watched", "watch", f"{own.watch_credit:g} × how it compares with watches of clips as long"),
        ("A clip that begins anew", "watch", f"{own.loop_credit:g} more"),
        ("A clip watched to the end", "finish", f"{own.finish_credit:g} × the share of watches that do not get there"),
        ("A part of a clip replayed", "reread", f"its seconds / {watching.replay_unit_s:g}"),
        ("The sound of a clip turned on", "watch", f"{own.sound_credit:g}, for creator and sound"),
        ("Like, save, share, comment, follow", "plus", f"{own.explicit_credit:g}"),
        ("Hide", "minus", f"{own.explicit_credit:g}"),
        ("Left at once", "implicit_minus", f"{own.bounce_credit:g}"),
        ("A card seen and not opened", "implicit_minus", f"{own.unopened_credit:g}"),
    ]


def _learned(recommender: Recommender) -> dict[str, Any]:
    """Return how far learning has come; progress None if nothing is learned."""
    learner = recommender.learner
    moved = np.abs(recommender.weights - recommender.registry.priors) > _UNMOVED
    return {"progress": learner.progress if learner.enabled else None, "moved": int(moved.sum())}
