"""Why this item, and how ranking works in general."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue

from reader.errors import NotFoundError
from reader.profile.axes import HALF_LIVES_S
from reader.recommend.lists import MODEL
from webapp.pages.blueprint import pages
from webapp.pages.cards import make_card
from webapp.pages.targets import name_of, targets_of
from webapp.pages.words import family_words, say_duration
from webapp.services import services


@pages.get("/why/<list_id>/<path:item_id>")
def why(list_id: str, item_id: str) -> ResponseReturnValue:
    """Show the sum that put an item where it stands."""
    recommender = services().recommender
    made = recommender.made_list(list_id, services().local_user)
    place = next((place for place in made.items if place.item == item_id), None)
    if place is None:
        raise NotFoundError(f"item {item_id!r:.80} is not in this list")
    item = recommender.item(item_id)
    seen = item_id in recommender.state(services().local_user).opened
    return render_template(
        "why.html",
        card=make_card(item, place, list_id, seen, recommender.settings.reading),
        at=made.at,
        model=made.model,
        families=family_values(place.contributions),
        targets=[(target, name_of(target, item)) for target in targets_of(item, place.reasons)],
    )


def family_values(contributions: Mapping[str, float]) -> list[tuple[str, str, float]]:
    """Return (name, label, value) of each family that contributed, greatest value either way first."""
    ranked = sorted(contributions.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return [(name, family_words(name)[0], value) for name, value in ranked if value]


@pages.get("/about/ranking")
def about_ranking() -> ResponseReturnValue:
    """Say in words what ranking looks at."""
    counts = Counter(spec.family for spec in services().recommender.registry.specs)
    families = [(name, *family_words(name), count) for name, count in counts.items()]
    half_lives = [say_duration(seconds) for seconds in HALF_LIVES_S.values()]
    return render_template("about_ranking.html", families=families, model=MODEL, half_lives=half_lives)
