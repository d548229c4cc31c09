"""Why this item: the sentence, what would be without an interest, and the sum."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from reader.recommend.families import family
from reader.recommend.ledger import FactorPart, FamilyPart, Ledger
from reader.recommend.requests import Why
from reader.types import Counterfactual
from webapp.api.recommendations import place_of
from webapp.language.reasons import told
from webapp.language.saying import said_plainly
from webapp.pages.blueprint import pages
from webapp.pages.cards import make_card
from webapp.pages.sums import adding_up, shown
from webapp.services import services
from webapp.third_parties import as_may_be_shown


@pages.get("/why/<list_id>/<path:item_id>")
def why(list_id: str, item_id: str) -> ResponseReturnValue:
    """Show what put an item where it stands, and where it would be without an interest."""
    recommender, user = services().recommender, services().reader
    made = told(recommender.made_list(list_id, user))
    place = place_of(made, item_id)
    item, found = as_may_be_shown(services().item(item_id)), recommender.why(made, [place])[item_id]
    mean = mean_of(found.ledger)
    return render_template(
        "why.html",
        card=make_card(item, place, list_id, item_id in recommender.state(user).opened, recommender.settings.reading),
        made=made,
        why=found,
        moving=moving(found),
        still=still(found),
        rows=rows_of(found.ledger, place.score),
        difference=None if mean is None else shown(place.score - mean),
        others=sum(part.others for part in found.ledger),
        rest=sum(part.others for part in found.ledger if not counts(part)),
    )


def moving(why: Why) -> list[Counterfactual]:
    """Return the interests without which the item would stand elsewhere, first those that keep it listed."""
    moved = [each for each in why.counterfactuals if each.position != why.next_position]
    return sorted(moved, key=lambda each: -(each.position or math.inf))


def still(why: Why) -> list[Counterfactual]:
    """Return the interests without any one of which the item would stand where it stands."""
    return [each for each in why.counterfactuals if each.position == why.next_position]


@dataclass(frozen=True, slots=True)
class Row:
    """A family as the page shows it: its numbers are rounded, and add up.

    ahead: by how much its points exceed the mean; factors: each with its points; rest: the points of all others.
    """

    label: str
    ahead: float
    points: float
    factors: tuple[tuple[FactorPart, float], ...]
    others: int
    rest: float


def rows_of(ledger: Ledger, score: float) -> list[Row]:
    """Return the families that count, first what sets the place apart most, either way."""
    parts = list(filter(counts, ledger))
    ahead = adding_up([part.ahead for part in parts], score - (mean_of(ledger) or 0.0))
    points = adding_up([part.contribution for part in parts], score)
    rows = [_row(*each) for each in zip(parts, ahead, points, strict=True)]
    return sorted(rows, key=lambda row: -abs(row.ahead))


def _row(part: FamilyPart, ahead: float, points: float) -> Row:
    *factors, rest = adding_up([*(one.contribution for one in part.factors), part.others_contribution], points)
    named = tuple(zip(part.factors, factors, strict=True))
    return Row(said_plainly(family(part.family).label), ahead, points, named, part.others, rest)


def counts(part: FamilyPart) -> bool:
    """Tell whether a family brought something, or others something that sets this place apart."""
    return bool(part.contribution or part.ahead)


def mean_of(ledger: Ledger) -> float | None:
    """Return the points of an item with the mean of all candidates in each family; None where that is not known."""
    means = [part.mean for part in ledger if part.mean is not None]
    return math.fsum(means) if means else None
