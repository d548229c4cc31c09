"""How ranking works in general: generated from the settings in force and the factors there are."""

from __future__ import annotations

from typing import Any

import numpy as np
from flask import render_template
from flask.typing import ResponseReturnValue

from reader.profile.axes import HALF_LIFE_WEIGHTS, HALF_LIVES_S, SIGNAL_WEIGHTS, SIGNALS
from reader.recommend.describing import SCALES, describe_families, describe_settings, what_is_off
from reader.recommend.families import CLASS_WORDS
from reader.recommend.lists import model_name
from reader.recommend.recommender import Recommender
from reader.recommend.surprise import daring
from reader.settings import InterestSettings
from webapp.pages.blueprint import pages
from webapp.pages.words import say_duration
from webapp.services import services

# Sections of the settings that bear on a list, with what they are about.
SECTIONS = {
    "reading": "What counts as read, skimmed, gone back to",
    "watching": "What counts as watched",
    "interests": "How acts become interests",
    "ranking": "How a list is made",
    "learning": "How weights follow what is opened",
}
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
        acts=acts_of(settings.interests),
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


def acts_of(settings: InterestSettings) -> list[tuple[str, str, str]]:
    """Return (act, signal, amount) of what a reader may do: credit in units of a paragraph read in the usual time."""
    plain = {
        ("An item opened", "open"): settings.open_credit,
        ("A text read to the end, most of it read; a clip mostly watched", "finish"): settings.finish_credit,
        ("Like, save, share, comment, follow", "plus"): settings.explicit_credit,
        ("Hide", "minus"): settings.explicit_credit,
        ("Left at once", "implicit_minus"): settings.bounce_credit,
        ("A card seen and not opened", "implicit_minus"): settings.unopened_credit,
    }
    measured = [
        ("A paragraph read", "read", "its time over the usual time"),
        ("A paragraph gone back to", "reread", "its time beyond what is expected there"),
        ("A clip watched", "watch", f"{settings.watch_credit:g} × the share played"),
    ]
    return measured + [(act, signal, f"{amount:g}") for (act, signal), amount in plain.items()]


def _learned(recommender: Recommender) -> dict[str, Any]:
    """Return how far learning has come; progress None if nothing is learned."""
    learner = recommender.learner
    moved = np.abs(recommender.weights - recommender.registry.priors) > _UNMOVED
    return {"progress": learner.progress if learner.enabled else None, "moved": int(moved.sum())}
