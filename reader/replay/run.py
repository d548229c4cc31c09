"""A log through the same recommender that serves: every list is scored with what was known before it, then learned
from.

Progressive validation (Dawid 1984; as in River). Replay differs from serving in clock, storage and seed only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from reader.clock import ManualClock
from reader.recommend.candidates import eligible
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.replay.log import Log
from reader.replay.metrics import is_scorable
from reader.replay.policies import policy
from reader.replay.scoring import Tally
from reader.types import AnyItem, Event, Impression, RecommendationList

Progress = Callable[[int], None]
MakeRecommender = Callable[[ManualClock], Recommender]


@dataclass(slots=True)
class Replay:
    """One pass through a log, with one tally a policy."""

    recommender: Recommender
    clock: ManualClock
    waiting: list[AnyItem]
    tallies: dict[str, Tally]
    opened: dict[str, set[str]]
    scores_opens: bool
    problems: Counter[str] = field(default_factory=Counter)

    def take(self, event: Event) -> None:
        """Score what an event asks about, then learn from it."""
        self._advance(event.at)
        if isinstance(event, Impression):
            self._score_impression(event)
        elif self.scores_opens and event.type == "open" and event.list is None:
            self._score_open(event)
        for rejected in self.recommender.observe([event]).rejected:
            self.problems[f"event: {rejected.field}"] += 1

    def _advance(self, at: datetime) -> None:
        """Let time pass: items become known when they are published."""
        self.clock.at = at
        count = next((i for i, item in enumerate(self.waiting) if _published(item) > at), len(self.waiting))
        if count:
            self.recommender.add_items(self.waiting[:count])
            del self.waiting[:count]

    def _score_impression(self, event: Impression) -> None:
        shown = list(dict.fromkeys(place.item for place in event.items))
        items = [item for item in shown if self.recommender.catalogue.row(item) is not None]
        self.problems["impression: unknown item"] += len(shown) - len(items)
        opened = self.opened.get(event.list or "", set())
        labels = [int(item in opened) for item in items]
        if is_scorable(labels):
            vectors = self._vectors(items)
            for name, tally in self.tallies.items():
                tally.add_impression(event.user, items, labels, self._scores(name, event, items), vectors)

    def _score_open(self, event: Event) -> None:
        """Score an open against all that the reader could have opened then: known, and not opened before."""
        catalogue = self.recommender.catalogue
        rows = eligible(catalogue, event.at.timestamp(), ()).nonzero()[0]
        had = self.recommender.state(event.user).opened
        items = [item for row in rows if (item := catalogue.id_at(int(row))) not in had]
        if event.item in items and len(items) > 1:
            vectors = self._vectors(items)
            for name, tally in self.tallies.items():
                tally.add_open(event.user, items, items.index(event.item), self._scores(name, event, items), vectors)

    def _scores(self, name: str, event: Event, items: Sequence[str]) -> Any:
        return policy(name)(self.recommender, event.user, items, event.list or event.id)

    def _vectors(self, items: Sequence[str]) -> Any:
        catalogue = self.recommender.catalogue
        return catalogue.vectors.values[catalogue.rows_of(items)]


def _published(item: AnyItem) -> datetime:
    return item.published_at or datetime.fromtimestamp(0, UTC)


def replay(
    log: Log,
    policies: Sequence[str],
    make: MakeRecommender,
    *,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return the result of DESIGN 3.5 for a log. make: builds an empty recommender with the clock of the log.

    Opens without an impression are scored only in a log without any impression: where lists were logged, an open
    beside them is a history or a direct visit. InvalidInputError for an unknown policy.
    """
    for name in policies:
        policy(name)
    clock = ManualClock(log.events[0].at if log.events else datetime.fromtimestamp(0, UTC))
    run = Replay(
        recommender=make(clock),
        clock=clock,
        waiting=sorted(log.items, key=lambda item: (_published(item), item.id)),
        tallies={name: Tally() for name in policies},
        opened=log.opened_by_list(),
        scores_opens=log.impressions == 0,
    )
    for count, event in enumerate(log.events, start=1):
        run.take(event)
        if progress is not None:
            progress(count)
    return _result(log, run, run.recommender.settings.seed)


def _result(log: Log, run: Replay, seed: int) -> dict[str, Any]:
    known = len(run.recommender.catalogue)
    users = len({event.user for event in log.events})
    problems = log.problems + run.problems
    return {
        "log": {"events": len(log.events), "users": users, "impressions": log.impressions, "items": len(log.items)},
        "problems": dict(sorted(problems.items())),
        "seed": seed,
        "policies": {name: tally.figures(known, seed) for name, tally in run.tallies.items()},
    }


def relive(
    events: Sequence[Event], recommender: Recommender, clock: ManualClock
) -> Iterator[tuple[Impression, RecommendationList]]:
    """Make every logged list again, in the order of the log, and yield it beside what was logged: live = replay."""
    for event in events:
        clock.at = event.at
        if isinstance(event, Impression):
            request = Request(event.user, len(event.items), event.kinds, event.mode or "profile", event.list)
            yield event, recommender.recommend(request)
        else:
            recommender.observe([event])
