"""How ranking works in general."""

from __future__ import annotations

from collections import Counter

from flask import render_template
from flask.typing import ResponseReturnValue

from reader.profile.axes import HALF_LIVES_S
from reader.recommend.families import family
from reader.recommend.lists import MODEL
from reader.recommend.surprise import daring
from webapp.pages.blueprint import pages
from webapp.pages.words import say_duration
from webapp.services import services


@pages.get("/about/ranking")
def about_ranking() -> ResponseReturnValue:
    """Say in words what ranking looks at."""
    counts = Counter(spec.family for spec in services().recommender.registry.specs)
    families = [(name, family(name).label, family(name).description, count) for name, count in counts.items()]
    half_lives = [say_duration(seconds) for seconds in HALF_LIVES_S.values()]
    recommender = services().recommender
    surprise, learner = recommender.surprise(services().local_user), recommender.learner
    return render_template(
        "about_ranking.html",
        families=families,
        model=MODEL,
        half_lives=half_lives,
        values=recommender.settings.learning.values,
        progress=learner.progress if learner.enabled else None,
        caps=recommender.settings.ranking.caps,
        surprise=surprise,
        daring=daring(surprise, recommender.settings.ranking),
    )
