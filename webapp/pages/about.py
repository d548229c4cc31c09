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
from webapp.language.errors import said_part
from webapp.language.formats import say_number
from webapp.language.saying import _
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
        off=list(map(say_off, what_is_off(settings))),
        settings=settings,
        model=model_name(recommender.trees),
        trees=recommender.trees,
        surprise=surprise,
        daring=daring(surprise, settings.ranking),
        **_learned(recommender),
    )


def say_off(text: str) -> str:
    """Say what is off: words, and the name of the setting in brackets."""
    words, bracket, name = text.rpartition(" (")
    return f"{said_part(words)}{bracket}{name}"


def acts_of(settings: Settings) -> list[tuple[str, str, str]]:
    """Return (act, signal, amount) of what a reader may do: credit in units of a paragraph read in the usual time."""
    own, watching = settings.interests, settings.watching
    finish, clip = say_number(own.finish_credit), say_number(own.watch_credit)
    return [
        (_("A paragraph read"), "read", _("its time over the usual time")),
        (_("A paragraph gone back to"), "reread", _("the time over what makes it read, × the share that is interest")),
        (_("An item opened"), "open", say_number(own.open_credit)),
        (_("A text read to the end, most of it read"), "finish", finish),
        (_("A clip watched"), "watch", _("%(credit)s × how it compares with watches of clips as long", credit=clip)),
        (_("A clip that begins anew"), "watch", _("%(credit)s more", credit=say_number(own.loop_credit))),
        (
            _("A clip watched to the end"),
            "finish",
            _("%(credit)s × the share of watches that do not get there", credit=finish),
        ),
        (
            _("A part of a clip replayed"),
            "reread",
            _("its seconds / %(unit)s", unit=say_number(watching.replay_unit_s)),
        ),
        (
            _("The sound of a clip turned on"),
            "watch",
            _("%(credit)s, for creator and sound", credit=say_number(own.sound_credit)),
        ),
        (_("Like, save, share, comment, follow"), "plus", say_number(own.explicit_credit)),
        (_("Hide"), "minus", say_number(own.explicit_credit)),
        (_("Left at once"), "implicit_minus", say_number(own.bounce_credit)),
        (_("A card seen and not opened"), "implicit_minus", say_number(own.unopened_credit)),
    ]


def _learned(recommender: Recommender) -> dict[str, Any]:
    """Return how far learning has come; progress None if nothing is learned."""
    learner = recommender.learner
    moved = np.abs(recommender.weights - recommender.registry.priors) > _UNMOVED
    return {"progress": learner.progress if learner.enabled else None, "moved": int(moved.sum())}
