"""What is not shown, and why; and what would not be, before something is muted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast, get_args

from flask import render_template, request
from flask.typing import ResponseReturnValue

from nlp.words import key
from reader.profile.axes import Feature
from reader.recommend.candidates import latest, reachable, visible
from reader.recommend.hidden import Hidden, Preview, find_hidden, preview
from reader.types import AnyItem, Target, TargetKind
from webapp.pages.blueprint import pages
from webapp.prefix import safe_next
from webapp.problems import fail
from webapp.services import now, services

# The newest items that are looked at for what is, or would be, hidden; titles named in a preview. Ours.
LOOKED_AT: Final = 300
TITLES_SHOWN: Final = 5
KINDS: Final[tuple[TargetKind, ...]] = get_args(TargetKind)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why some items are not shown, in numbers. target: what is muted, with its end; None for the other causes."""

    cause: str
    count: int
    target: Target | None = None
    label: str = ""


@pages.get("/me/hidden")
def hidden() -> ResponseReturnValue:
    """List what is not shown of the newest items, with the way back."""
    found, among = _look()
    items = services().recommender.storage.items([each.item for each in found])
    rows = [(items[each.item], _cause_of(each)) for each in found if each.item in items]
    return render_template("hidden.html", rows=rows, causes=count_causes(found), among=among)


def find() -> tuple[Hidden, ...]:
    """Return what is not shown of the newest items by the reader's own word."""
    return _look()[0]


def _look() -> tuple[tuple[Hidden, ...], int]:
    """Return what is not shown of the newest items, and how many of these there are: LOOKED_AT at most."""
    recommender, at_s = services().recommender, now().timestamp()
    with recommender.held(services().reader) as state:
        rows = latest(recommender.catalogue, reachable(recommender.catalogue, state.user, at_s, ()), LOOKED_AT)
        return find_hidden(recommender.catalogue, state, rows, at_s), len(rows)


def count_causes(found: Sequence[Hidden]) -> list[Cause]:
    """Return the causes, the most frequent first."""
    counts = Counter((each.cause, each.feature) for each in found)
    return [
        _cause(cause, feature, count)
        for (cause, feature), count in sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    ]


def _cause_of(one: Hidden) -> Cause:
    return _cause(one.cause, one.feature, 1)


def _cause(cause: str, feature: Feature | None, count: int) -> Cause:
    if feature is None:
        return Cause(cause, count)
    recommender = services().recommender
    kind, value = feature
    until = recommender.state(services().reader).steering.muted.get(feature)
    return Cause(cause, count, Target(cast(TargetKind, kind), value, until), recommender.catalogue.name(feature))


@pages.get("/me/mute")
def mute() -> ResponseReturnValue:
    """Say what a mute would hide, and ask until when it should last."""
    asked, text = request.args.get("kind", "keyword"), request.args.get("value", "").strip()
    kind = next((each for each in KINDS if each == asked), None)
    if kind is None:
        raise fail(422, f"kind is {asked!r:.80}; it must be one of {', '.join(KINDS)}.")
    target = Target(kind, _term(text) if kind == "keyword" else text) if text else None
    found, items = (None, {}) if target is None else _preview(target)
    return render_template(
        "mute.html",
        target=target,
        label=text,
        kinds=KINDS,
        kind=kind,
        preview=found,
        titles=[items[item] for item in (found.items if found else ()) if item in items],
        back=safe_next(request.args.get("next", "")),
    )


def _term(text: str) -> str:
    """Return the form in which a keyword is kept: that of the language in which more items have it."""
    catalogue = services().recommender.catalogue
    terms = [text, *(key(text, language) for language in ("en", "de"))]
    return max(terms, key=lambda term: catalogue.keyword_postings.frequency(("keyword", term)))


def _preview(target: Target) -> tuple[Preview, dict[str, AnyItem]]:
    recommender, at_s = services().recommender, now().timestamp()
    with recommender.held(services().reader) as state:
        rows = latest(recommender.catalogue, visible(recommender.catalogue, state, at_s, ()), LOOKED_AT)
        found = preview(recommender.catalogue, (target.kind, target.value), rows, TITLES_SHOWN)
    return found, recommender.storage.items(found.items)
