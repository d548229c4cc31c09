"""The policies that are compared, and the recommenders that they ask: one, and one more for every ablation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reader.clock import ManualClock
from reader.recommend.candidates import Mask, eligible, without_opened
from reader.recommend.recommender import Recommender
from reader.replay.policies import Question, Scores, policy
from reader.types import AnyItem, Event, Impression

# Builds an empty recommender: with the clock of the log, and with what an ablation changes (None: nothing).
MakeRecommender = Callable[[ManualClock, str | None], Recommender]


class Panel:
    """All of them, kept in step."""

    def __init__(self, policies: Sequence[str], make: MakeRecommender, clock: ManualClock) -> None:
        self._policies = {name: policy(name) for name in policies}
        self._recommenders = {chosen.ablation: make(clock, chosen.ablation) for chosen in self._policies.values()}

    @property
    def first(self) -> Recommender:
        """The recommender that learns as the product does if there is one, else any: for what they have in common."""
        return self._recommenders.get(None) or next(iter(self._recommenders.values()))

    def add_items(self, items: Sequence[AnyItem]) -> None:
        """Have items known."""
        for recommender in self._recommenders.values():
            recommender.add_items(items)

    def observe(self, events: Sequence[Event]) -> dict[tuple[str, str], str]:
        """Have events learned from; return the field for which each refused one was refused, by reader and id."""
        observed = [recommender.observe(events) for recommender in self._recommenders.values()]
        # Whether an event can be true does not depend on what is learned: all refuse the same.
        return {(one.user, one.id): one.field for one in observed[0].rejected}

    def choice(self, event: Event) -> Mask:
        """Return which rows of the catalogue a reader could open at an event: known, not opened before."""
        catalogue, state = self.first.catalogue, self.first.state(event.user)
        return without_opened(eligible(catalogue, event.at.timestamp(), ()), catalogue, state)

    def scores(self, event: Event, items: Sequence[str]) -> dict[str, Scores]:
        """Return what each policy says of known items, for the reader and the moment of an event."""
        rows = self.first.catalogue.rows_of(items)
        kinds = event.kinds if isinstance(event, Impression) and event.mode == "profile" else None
        scores = {}
        for name, chosen in self._policies.items():
            asked = Question(self._recommenders[chosen.ablation], event.user, rows, event.list or event.id, kinds)
            scores[name] = chosen.score(asked)
        return scores
