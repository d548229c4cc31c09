"""What the recommender is asked and what it answers, besides lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reader.recommend.ledger import Ledger
from reader.types import Counterfactual, Evidence, ItemKind, Mode, Origin, Target


@dataclass(frozen=True, slots=True)
class Request:
    """A wish for a list.

    kinds: empty means all. list_id: given only where a list is made again, as in replay. candidates: rank these and
    nothing else, without shaping: for scoring a logged impression. among_all: with these, compare them with all that a
    list could have been made of, as a list of ours does; else with each other. unchallenged: by the learner alone,
    whatever serves beside it. origin: where it is handed out, if not on a page or by the API.
    """

    user: str
    limit: int = 20
    kinds: tuple[ItemKind, ...] = ()
    mode: Mode = "profile"
    list_id: str | None = None
    candidates: tuple[str, ...] | None = None
    among_all: bool = False
    unchallenged: bool = False
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that was not taken, and why. user: whose it is, "" where it was refused before that was known."""

    id: str
    field: str
    detail: str
    user: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """What became of a batch of events."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class Interest:
    """One interest as its reader sees it. weight: -1 (dislike) to 1; edited: set by the reader's own hand.

    parts: (signal, what it brought), before the sum is put on that scale (`showing.weight_of`), but for those that
    brought nothing; evidence: acts that speak the way the weight does.
    """

    target: Target
    label: str
    weight: float
    muted: bool
    followed: bool
    edited: bool
    evidence: tuple[Evidence, ...]
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Noticed:
    """A going-back that the reader has neither kept nor forgotten. from_s, to_s: the part of a clip, if it is one."""

    item: str
    title: str
    paragraph: int
    terms: tuple[str, ...]
    at: datetime
    view: str
    from_s: float | None = None
    to_s: float | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What an item is by or about, as a reader can steer it."""

    target: Target
    label: str


@dataclass(frozen=True, slots=True)
class Why:
    """What stands behind one place of a list.

    ledger: the sum at the time of the list. next_position: the item's place on the next list if nothing else happens;
    counterfactuals: what it would be without an interest. None and empty if the item would not be listed.
    subjects: what the item is by and about, whatever the reader thinks of it.
    """

    ledger: Ledger
    next_position: int | None
    counterfactuals: tuple[Counterfactual, ...]
    subjects: tuple[Subject, ...]
