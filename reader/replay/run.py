"""A log through the same recommender that serves: every list is scored with what was known before it, then learned
from.

Progressive validation (Dawid 1984; as in River). Replay differs from serving in clock, storage and seed only. What
belongs here: the order in which things happen. What does not: what a list is worth (`scoring`), what all are worth
together (`figures`), and the use of several processors (`workers`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.replay.cases import REGULAR_FROM, Case, Segment
from reader.replay.draws import find_draws
from reader.replay.judging import Judging
from reader.replay.labels import Opened, digest
from reader.replay.log import Log
from reader.replay.metrics import is_scorable
from reader.replay.outcome import Outcome
from reader.replay.panel import MakeRecommender, Panel
from reader.replay.policies import Scores
from reader.replay.rewards import RewardModel
from reader.replay.scoring import Tally
from reader.replay.surveying import Survey
from reader.replay.truth import Truth
from reader.types import AnyItem, Event, Impression, RecommendationList

Progress = Callable[[int], None]
# Events taken in at once, and the time that they may span: nothing between them is scored.
BATCH = 256
BATCH_SPAN = timedelta(hours=1)


@dataclass(slots=True)
class History:
    """What replay itself keeps of what readers opened: for segments, novelty and new interests."""

    topics_of: Mapping[str, tuple[str, ...]]
    readers: set[str] = field(default_factory=set)
    openings: Counter[str] = field(default_factory=Counter)
    topics: dict[str, Counter[str]] = field(default_factory=dict)

    def opened(self, user: str, item: str) -> tuple[str, ...]:
        """Take in an opening; return the topics of the item."""
        self.readers.add(user)
        self.openings[user] += 1
        found = self.topics_of.get(item, ())
        self.topics.setdefault(user, Counter()).update(found)
        return found


class Replay:
    """One pass through a log, which scores the lists of some readers and learns from all."""

    def __init__(
        self,
        log: Log,
        policies: Sequence[str],
        make: MakeRecommender,
        *,
        is_mine: Callable[[str], bool] = lambda user: True,
        truth: Truth | None = None,
    ) -> None:
        self._log = log
        self._clock = ManualClock(log.began_at or datetime.fromtimestamp(0, UTC))
        self._panel = Panel(policies, make, self._clock)
        self._catalogue = self._panel.first.catalogue
        self._coming = sorted(log.items, key=lambda item: (_published(item), item.id))
        self._come = 0
        self._is_mine = is_mine
        self._history = History({item.id: item.topics for item in log.items})
        self._rewards = RewardModel()
        self._pending: list[Event] = []
        self.outcome = Outcome({name: Tally() for name in policies})
        self._judging = Judging(self._panel, self._rewards, truth, self.outcome)
        self._survey = Survey(self._panel, truth, self.outcome) if truth else None

    def events(self) -> Iterator[int]:
        """Go through the log; yield how many events are done."""
        for count, event in enumerate(self._log.read(), start=1):
            self._advance(event.at)
            if self._is_mine(event.user):
                self._score(event)
            self._pending.append(event)
            yield count
        self._flush()
        self.outcome.items = len(self._catalogue)

    def _advance(self, at: datetime) -> None:
        """Let time pass: items become known when they are published."""
        stop = self._come
        while stop < len(self._coming) and _published(self._coming[stop]) <= at:
            stop += 1
        full = len(self._pending) >= BATCH or (self._pending and at - self._pending[0].at > BATCH_SPAN)
        if full or stop > self._come:
            self._flush()
        self._clock.at = at
        if stop > self._come:
            self._panel.add_items(self._coming[self._come : stop])
        self._come = stop

    def _flush(self) -> None:
        """Learn from the events since the last time."""
        pending, self._pending = self._pending, []
        if not pending:
            return
        refused = self._panel.observe(pending)
        taken = [event for event in pending if (event.user, event.id) not in refused]
        self._rewards.learn(taken)
        for event in taken:
            if event.type == "open" and event.item is not None:
                self._note_open(event.user, event.item)
        for event in pending:
            field = refused.get((event.user, event.id))
            if field is not None and self._is_mine(event.user):
                self.outcome.problems[f"event: {_KIND.get(field, field)}"] += 1

    def _note_open(self, user: str, item: str) -> None:
        topics = self._history.opened(user, item)
        if self._is_mine(user):
            for tally in self.outcome.tallies.values():
                tally.opened(user, topics)

    def _score(self, event: Event) -> None:
        if isinstance(event, Impression) and event.origin is not None:
            return
        if isinstance(event, Impression):
            if self._survey and self._survey.wants(event):
                self._flush()
                self._survey.look(event)
            self._score_impression(event)
        elif event.type == "open" and (event.list is None or not self._log.impressions):
            self._score_open(event)

    def _score_impression(self, event: Impression) -> None:
        shown = sorted({place.item for place in event.items})
        opened = self._log.labels.opened(event.list or "", event.user, shown, event.at.timestamp())
        items = [item for item in shown if self._can_be_scored(item, opened)]
        self._notice(event, opened)
        labels = np.array([digest(item) in opened.items for item in items], dtype=np.bool_)
        draws = find_draws(event, [digest(place.item) in opened.items for place in event.items])
        is_judged = bool(draws) and len(items) == len(event.items)
        if draws and not is_judged:
            self.outcome.notices["impression: drawn places not judged, since an item is unknown or repeated"] += 1
        if is_scorable(labels) or is_judged:
            self._flush()
            scores = self._panel.scores(event, items)
        if is_scorable(labels):
            self._add(self._case(event, items, labels), scores)
        if is_judged:
            self._judging.judge(event, items, draws, scores)

    def _can_be_scored(self, item: str, opened: Opened) -> bool:
        """Whether an item is known; one that was opened before it was shown is no candidate: its label is no secret."""
        if self._catalogue.row(item) is None:
            self.outcome.problems["impression: unknown item"] += 1
            return False
        if opened.early and digest(item) in opened.early:
            self.outcome.problems["impression: item opened before it was shown"] += 1
            return False
        return True

    def _notice(self, event: Impression, opened: Opened) -> None:
        notices = self.outcome.notices
        notices["open: more than a day after its list"] += len(opened.late)
        notices["open: of an item that its list did not show"] += opened.other
        # Openings follow the places in which items stood, unless every order was as likely: then they follow the items.
        evenly = {place.propensity for place in event.items} == {1 / len(event.items)} if event.items else True
        notices["impression: its order was not drawn evenly, and openings may follow it"] += not evenly

    def _score_open(self, event: Event) -> None:
        """Score an open against all that the reader could have opened then: known, and not opened before.

        An open at the very moment of publication is none to score: importers date an item by the first act on it, and
        that act would be foretold by itself.
        """
        self._flush()
        catalogue = self._catalogue
        mask = self._panel.choice(event)
        opened = None if event.item is None else catalogue.row(event.item)
        if opened is None or not mask[opened] or mask.sum() < 2:
            return
        if catalogue.published_s.values[opened] == event.at.timestamp():
            self.outcome.notices["open: at the moment of publication"] += 1
            return
        items = sorted(catalogue.id_at(int(row)) for row in np.flatnonzero(mask))
        case = self._case(event, items, np.array([item == event.item for item in items]))
        self._add(case, self._panel.scores(event, items))

    def _add(self, case: Case, scores: Mapping[str, Scores]) -> None:
        for name, tally in self.outcome.tallies.items():
            tally.add(case, scores[name])

    def _case(self, event: Event, items: Sequence[str], labels: NDArray[np.bool_]) -> Case:
        catalogue, history = self._catalogue, self._history
        content = catalogue.content(items[int(np.argmax(labels))])
        is_regular = history.openings[event.user] >= REGULAR_FROM
        return Case(
            user=event.user,
            list=event.list or event.id,
            at_s=event.at.timestamp(),
            items=tuple(items),
            rows=catalogue.rows_of(items),
            labels=labels,
            own=isinstance(event, Impression),
            segment=Segment(
                "regular" if is_regular else "new",
                content.analysis.language if content else "",
                content.item.kind if content else "",
            ),
            catalogue=catalogue,
            topics=history.topics_of,
            history=dict(history.topics.get(event.user, {})),
            readers=float(len(history.readers)),
            readers_of=self._panel.first.population.co_opening.readers,
            opened_before=self._panel.first.state(event.user).opened,
        )


# What the admission of events calls a field, as a kind of problem.
_KIND = {"item": "unknown item", "paragraph": "paragraph out of range"}


def _published(item: AnyItem) -> datetime:
    return item.published_at or datetime.fromtimestamp(0, UTC)


def relive(
    events: Sequence[Event], recommender: Recommender, clock: ManualClock
) -> Iterator[tuple[Impression, RecommendationList]]:
    """Make every logged list again, in the order of the log, and yield it beside what was logged: live = replay."""
    for event in events:
        clock.at = event.at
        if isinstance(event, Impression):
            how = (event.kinds, event.mode or "profile", event.list)
            request = Request(event.user, len(event.items), *how, origin=event.origin)
            yield event, recommender.recommend(request)
        else:
            recommender.observe([event])
