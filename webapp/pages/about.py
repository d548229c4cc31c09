"""Why this item, and how ranking works in general."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from flask import render_template
from flask.typing import ResponseReturnValue

from reader.errors import NotFoundError
from reader.profile.axes import HALF_LIVES_S
from reader.recommend.lists import MODEL
from reader.recommend.surprise import daring
from reader.types import AnyItem, Reason, Recommended, Target, Video
from webapp.pages.blueprint import pages
from webapp.pages.cards import make_card
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
        targets=targets_of(item, place),
    )


def family_values(contributions: Mapping[str, float]) -> list[tuple[str, str, float]]:
    """Return (name, label, value) of each family that contributed, greatest value either way first."""
    ranked = sorted(contributions.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return [(name, family_words(name)[0], value) for name, value in ranked if value]


def targets_of(item: AnyItem, place: Recommended) -> list[Target]:
    """Return what a reader may want to mute: what the item is by and about, and the keywords of the reasons."""
    video = item if isinstance(item, Video) else None
    named = [("source", item.source), ("creator" if video else "author", video.creator if video else item.author)]  # type: ignore[union-attr]  # no video: an article
    named += [("sound", video.sound)] if video else []
    named += [("topic", topic) for topic in item.topics]
    named += [("keyword", term) for term in _terms(place.reasons)]
    return [Target(kind, value) for kind, value in dict.fromkeys(named) if value]  # type: ignore[arg-type]  # kinds above


def _terms(reasons: Iterable[Reason]) -> list[str]:
    return [term for reason in reasons for evidence in reason.evidence for term in evidence.terms]


@pages.get("/about/ranking")
def about_ranking() -> ResponseReturnValue:
    """Say in words what ranking looks at."""
    counts = Counter(spec.family for spec in services().recommender.registry.specs)
    families = [(name, *family_words(name), count) for name, count in counts.items()]
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
