"""Ways to rank, by name. All see the same knowledge at the same moment; only the use they make of it differs.

What belongs here: the product, its ablations, and what any of them must beat. What does not: what a ranking is worth
(`scoring`). A policy takes rows of the catalogue and gives (rows,) float64 scores, higher is better; ties are the
caller's to break.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reader.errors import InvalidInputError
from reader.profile.axes import Signal
from reader.recommend.catalogue import Rows
from reader.recommend.lists import generator
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.recommend.watch_heat import MEASURES, WINDOWS
from reader.settings import Settings
from reader.settings_lists import QuietSettings
from reader.types import ItemKind

Scores = NDArray[np.float64]
# What the reader opened last, as far as the two plain content policies look back; ours.
HISTORY_LENGTH: Final = 50


@dataclass(frozen=True, slots=True)
class Question:
    """What a policy is asked: this reader, these rows.

    key: names the list, for chance; kinds: of a list of the product, whose places were ranked among all candidates of
    these kinds; None: the rows are to be compared with each other.
    """

    recommender: Recommender
    user: str
    rows: Rows
    key: str
    kinds: tuple[ItemKind, ...] | None = None


Score = Callable[[Question], Scores]


@dataclass(frozen=True, slots=True)
class Policy:
    """A way to score, and the settings under which the recommender learned what it looks at (None: as given)."""

    score: Score
    ablation: str | None = None


def profile(asked: Question) -> Scores:
    """Score as the product does."""
    return _ask(asked)


def _ask(asked: Question, *, unchallenged: bool = False) -> Scores:
    catalogue = asked.recommender.catalogue
    ids = [catalogue.id_at(int(row)) for row in asked.rows]
    request = Request(
        asked.user,
        kinds=asked.kinds or (),
        list_id=asked.key,
        candidates=tuple(ids),
        among_all=asked.kinds is not None,
        unchallenged=unchallenged,
    )
    made = asked.recommender.recommend(request)
    scores = {place.item: place.score for place in made.items}
    return np.array([scores[item] for item in ids])


def champion(asked: Question) -> Scores:
    """Score as the product does without the challenger: by the learner alone."""
    return _ask(asked, unchallenged=True)


def latest(asked: Question) -> Scores:
    """Score by the time of publication."""
    published: Scores = asked.recommender.catalogue.published_s.values[asked.rows]
    return published


def popular(asked: Question) -> Scores:
    """Score by openings, with a half-life of 48 hours."""
    now_s = asked.recommender.clock().timestamp()
    return asked.recommender.catalogue.popularity.heat_at(asked.rows, now_s)


def watched(asked: Question) -> Scores:
    """Score by valid watches, with a half-life of 3 days: what `popular` is where clips open by themselves."""
    heat, now_s = asked.recommender.population.watch_heat, asked.recommender.clock().timestamp()
    found: Scores = heat.of_items(asked.rows, now_s)[:, 1 + MEASURES.index("valid"), WINDOWS.index("3d")]
    return found


def random(asked: Question) -> Scores:
    """Score by chance, the same for the same seed, reader and list."""
    return generator(asked.recommender.settings.seed, asked.user, asked.key).random(len(asked.rows))


def bm25(asked: Question) -> Scores:
    """Score by BM25 with the texts of what the reader opened last as the query, as if typed into a search box."""
    catalogue = asked.recommender.catalogue
    query: dict[str, float] = {}
    for row in _history(asked).tolist():
        content = catalogue.content(catalogue.id_at(row))
        for term, count in content.analysis.terms.items() if content else ():
            query[term] = query.get(term, 0.0) + count
    return catalogue.index.scores_at(query, asked.rows)


def embedding(asked: Question) -> Scores:
    """Score by the cosine to the mean of the vectors of what the reader opened last."""
    vectors = asked.recommender.catalogue.vectors.values
    history = _history(asked)
    if not len(history):
        return np.zeros(len(asked.rows))
    mean = vectors[history].mean(axis=0)
    cosines: Scores = (vectors[asked.rows] @ mean).astype(np.float64)
    return cosines


def collaborative(asked: Question) -> Scores:
    """Score by what readers of the same items opened, too (item to item, Deshpande & Karypis, ACM TOIS 22(1), 2004)."""
    return asked.recommender.population.co_opening.scores(_history(asked), asked.rows)


def _history(asked: Question) -> Rows:
    """Return the rows of what the reader opened last, oldest first."""
    catalogue = asked.recommender.catalogue
    opened = asked.recommender.state(asked.user).opened
    last = sorted(opened, key=lambda item: (opened[item], item))[-HISTORY_LENGTH:]
    return catalogue.rows_of(last)


def _without(*signals: Signal) -> dict[str, Any]:
    return {"interests": {"signals_off": signals}}


# The part of the settings that each ablation changes: the profile learns without one signal, or without one rule.
ABLATIONS: Final[dict[str, dict[str, Any]]] = {
    "scrollback": _without("reread"),
    "dwell": _without("read"),
    "finish": _without("finish"),
    "open": _without("open"),
    "watch": _without("watch"),
    "explicit": _without("plus", "minus"),
    "negative": _without("implicit_minus"),
    "bounce": {"reading": {"bounce_s": 0.0, "bounce_depth": 0.0}},
    "passing": {"interests": {"unopened_credit": 0.0}},
    "hot": {"interests": {"hot_discount": False}},
    "fading": {"interests": {"fading": False}},
    "correction": {"reading": {"return_correction": False}},
    "quiet": {"ranking": {"quiet": QuietSettings(weight=0.0)}},
    # The weights stay as they were set by hand.
    "priors": {"learning": {"enabled": False}},
}
# Trees beside the learner, fitted on the way to what was known so far, and again after so many lists.
CHALLENGED: Final = "challenged"
_CHANGES: Final = ABLATIONS | {CHALLENGED: {"challenger": {"refits": True}}}
_PLAIN: Final = (profile, latest, popular, watched, random, bm25, embedding, collaborative)
POLICIES: Final[dict[str, Policy]] = {
    **{
        score.__name__: Policy(score)
        for score in (profile, latest, popular, watched, random, bm25, embedding, collaborative)
    },
    **{f"profile-{name}": Policy(profile, name) for name in ABLATIONS},
    "challenger": Policy(profile, CHALLENGED),
    "champion": Policy(champion, CHALLENGED),
}


def policy(name: str) -> Policy:
    """Return the policy of this name; InvalidInputError names the choices."""
    if name not in POLICIES:
        raise InvalidInputError("policy", f"{name!r} is unknown", f"use one of {', '.join(POLICIES)}")
    return POLICIES[name]


def ablated(settings: Settings, ablation: str | None) -> Settings:
    """Return the settings with what an ablation changes; None changes nothing."""
    changes = _CHANGES[ablation] if ablation else {}
    parts = {part: getattr(settings, part).model_copy(update=values) for part, values in changes.items()}
    return settings.model_copy(update=parts)
