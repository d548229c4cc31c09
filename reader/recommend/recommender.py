"""The recommender: `observe` what readers do, `recommend` what they may like. Web, API and replay use nothing else.

A thin shell: it keeps the catalogue and the folds in step with the store, and hands pure functions what they need. One
lock guards all of it; a call takes milliseconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reader.clock import Clock
from reader.errors import ExpiredError, NotFoundError
from reader.profile.content import Content
from reader.profile.outcomes import ViewOutcome
from reader.profile.state import ReaderState
from reader.profile.steering import Steering
from reader.recommend import lists
from reader.recommend.admission import Admission
from reader.recommend.candidates import eligible, generate, latest, without_opened, without_refused
from reader.recommend.catalogue import Catalogue, Rows
from reader.recommend.factors.registry import Registry, default_registry
from reader.recommend.factors.spec import Factors, Moment
from reader.recommend.learning.keeping import Keeping, layout_of
from reader.recommend.made import Made, Stamp
from reader.recommend.popularity import Popularity
from reader.recommend.population import Population
from reader.recommend.ranking import Scored, order_all, present, score, shape
from reader.recommend.requests import Interest, Noticed, Observed, Request
from reader.recommend.showing import show_interests, show_noticed
from reader.settings import Settings
from reader.storage.protocol import Storage
from reader.types import AnyItem, Event, Impression, Judge, RecommendationList, Recommended

Progress = Callable[[int], None]


# Items taken in at once: what a start holds in memory besides the arrays.
TAKEN_AT_ONCE = 500


class Recommender:
    """See the module. Made by `reader.wiring.make_recommender`."""

    def __init__(
        self,
        storage: Storage,
        analysing: lists.Analysing,
        settings: Settings,
        clock: Clock,
        model_path: Path | None = None,
    ) -> None:
        """model_path: where what is learned from lists is kept; None: nowhere, each start learns from the log."""
        self.storage = storage
        self.settings = settings
        self.clock = clock
        self.registry: Registry = default_registry(settings.ranking, analysing.dim)
        self._analysing = analysing
        self._keeping = Keeping(model_path, storage, layout_of(self.registry, analysing.model_id))
        self.learner = self._keeping.load(self.registry, settings.learning, self._view_outcome)
        self._made: Made | None = None
        self._lock = threading.RLock()
        self._item_seq = 0
        self._event_seq = 0
        self._states: dict[str, ReaderState] = {}
        # When a view of whom will be old enough to settle, a heap.
        self._due: list[tuple[datetime, str]] = []
        self._lists_kept = timedelta(minutes=settings.ranking.list_kept_min)
        self._settled_after = timedelta(hours=settings.reading.settled_after_h, milliseconds=1)
        per_paragraph = settings.interests.keywords_per_paragraph
        self.catalogue = Catalogue(analysing.dim, Popularity(), self._load, keywords_per_paragraph=per_paragraph)
        self.population = Population(settings.reading, self.catalogue)
        self.catch_up()
        self.learner.has_caught_up()
        self._keeping.save_first(self.learner, self._event_seq)

    # --- items ------------------------------------------------------------------------------------

    def add_items(self, items: Sequence[AnyItem], *, progress: Progress | None = None) -> None:
        """Analyse items, store them, take them into the catalogue. What was analysed before is not analysed again."""
        self._analysing.analyse(items, progress)
        self.storage.put_items(self._dated(items))
        self.catch_up()

    def _dated(self, items: Sequence[AnyItem]) -> list[AnyItem]:
        """Give items without a date the time at which they first came: else each start would make them new."""
        stored = self.storage.items([item.id for item in items if item.published_at is None])
        came_at = {item.id: item.published_at for item in stored.values()}
        now = lists.to_millisecond(self.clock())
        return [
            item if item.published_at else replace(item, published_at=came_at.get(item.id) or now) for item in items
        ]

    def catch_up(self) -> None:
        """Take in what this or another process has stored since the last call."""
        with self._lock:
            self._take_in_items()
            self._take_in_events()

    def _take_in_items(self) -> None:
        while fresh := self.storage.items_after(self._item_seq, limit=TAKEN_AT_ONCE):
            items = [item for _, item in fresh]
            self.catalogue.add(
                list(zip(items, self._analysing.analyse(items), strict=True)),
                known_at=lists.to_millisecond(self.clock()),
            )
            self._item_seq = fresh[-1][0]

    def _load(self, item_id: str) -> Content:
        item = self.storage.items([item_id])[item_id]
        return Content(item, self._analysing.analyse([item])[0])

    def _take_in_events(self) -> None:
        fresh = self.storage.events_after(self._event_seq)
        self.learner.begin_at(fresh)
        for seq, event in fresh:
            self._apply(seq, event)
            self._event_seq = seq

    def _apply(self, seq: int, event: Event) -> None:
        self._learn_from(seq, event)
        self._settle_before(event)
        # The reader first: how hot an item is for them does not count their own opening.
        self._state(event.user).apply(event)
        self.population.apply(event)
        if isinstance(event, Judge) and event.type == "forget_paragraph":
            self._fold_again(event.user)

    @property
    def weights(self) -> NDArray[np.float64]:
        """The weights of the factors as they are now, (factors,) float64."""
        return self.learner.weights

    def _learn_from(self, seq: int, event: Event) -> None:
        """Let the weights learn. Before all else, since a list was ranked by what was known before it."""
        self.learner.teach_until(event.at.timestamp())
        self.learner.observe(event)
        if isinstance(event, Impression) and self.learner.wants(seq):
            items = [shown.item for shown in event.items if self.catalogue.row(shown.item) is not None]
            items = list(dict.fromkeys(items))
            self.learner.shown(event, items, self._factors(event, items), seq)

    def _factors(self, event: Impression, items: list[str]) -> Factors:
        """Return the factors, (factors, items), by which a list was ranked, or would have been.

        They depend on what else could have been shown: the candidates of a list of ours, else what was shown.
        """
        if self._made and (made := self._made.of(event.list or event.id, event.user, self._stamp, items)) is not None:
            return made
        shown, at_s = self.catalogue.rows_of(items), event.at.timestamp()
        rows = shown
        if event.mode == "profile":
            request = Request(event.user, kinds=event.kinds)
            rows = self._rows(request, self._state(event.user), at_s)
            rows = np.concatenate([rows, np.setdiff1d(shown, rows)])
        moment = self._moment(event.user, rows, at_s)
        factors: Factors = self.registry.compute(moment).values[:, moment.position[shown]]
        return factors

    @property
    def _stamp(self) -> Stamp:
        return self._event_seq, self._item_seq

    def _view_outcome(self, user: str, view: str) -> ViewOutcome | None:
        state = self._states.get(user)
        return None if state is None else state.outcome(view)

    def _settle_before(self, event: Event) -> None:
        """Settle the views of all readers whose time has come by this event, so that others learn from them."""
        while self._due and self._due[0][0] <= event.at:
            _, user = heappop(self._due)
            self._state(user).settle_before(event.at)
        if event.type == "open":
            heappush(self._due, (event.at + self._settled_after, event.user))

    def _fold_again(self, user: str) -> None:
        """Fold a reader's log anew with what they want forgotten known from the start."""
        old = self._states[user]
        state = self._new_state(user, Steering(forgotten_paragraphs=dict(old.steering.forgotten_paragraphs)))
        state.readers_before.update(old.readers_before)
        state.teaches = False
        for event in self.storage.iter_events(user=user):
            state.apply(event)
        state.teaches = True
        self._states[user] = state

    def _state(self, user: str) -> ReaderState:
        if user not in self._states:
            self._states[user] = self._new_state(user, Steering())
        return self._states[user]

    def _new_state(self, user: str, steering: Steering) -> ReaderState:
        return ReaderState(user, self.catalogue, self.population.expected_return, self.settings, steering)

    def item(self, item_id: str) -> AnyItem:
        """Return an item; NotFoundError if there is none of that id."""
        with self._lock:
            content = self.catalogue.content(item_id)
        if content is None:
            raise NotFoundError(f"item {item_id!r}: there is none of that id")
        return content.item

    # --- the two verbs ----------------------------------------------------------------------------

    def observe(self, events: Sequence[Event]) -> Observed:
        """Take in what readers did. A wrong event is rejected, the others go through; repeated ones change nothing."""
        with self._lock:
            self.catch_up()
            admission = Admission(self.catalogue, self.clock(), self.settings)
            admitted, rejected = admission.part(events)
            appended = self.storage.append_events(admitted)
            self._take_in_events()
        return Observed(len(appended.accepted), len(appended.duplicates), tuple(rejected))

    def recommend(self, request: Request) -> RecommendationList:
        """Make a list. It is kept for paging and logged as an impression of its first `limit` places.

        The reader's profile is not changed by it.
        """
        with self._lock:
            self.catch_up()
            made = self._make(request)
            if request.candidates is None:
                self.log_impression(made, 0, request.limit)
                # At once: while nothing else has come in, its factors need not be computed again.
                self._take_in_events()
        if request.candidates is None:
            self.storage.drop_lists_before(made.at - self._lists_kept)
            self.storage.save_list(made)
        return made

    def candidates(self, request: Request) -> tuple[str, ...]:
        """Return what a list could be made of now, in no order that means anything."""
        with self._lock:
            self.catch_up()
            at_s = lists.to_millisecond(self.clock()).timestamp()
            rows = self._rows(request, self._state(request.user), at_s)
            return tuple(self.catalogue.ids_at(rows))

    def log_impression(self, made: RecommendationList, start: int, stop: int) -> None:
        """Write down that places [start, stop) of a list were handed out."""
        shown = made.items[start:stop]
        if shown:
            self.storage.append_events([lists.impression(made, shown)])

    def _make(self, request: Request) -> RecommendationList:
        at = lists.to_millisecond(self.clock())
        list_id = request.list_id or lists.new_list_id(request.user, at)
        rows = self._rows(request, self._state(request.user), at.timestamp())
        moment = self._moment(request.user, rows, at.timestamp())
        if request.mode == "latest":
            return lists.new_list(list_id, request, at, lists.in_time_order(moment))
        scored = score(moment, self.registry, self.weights, self.learner.utility(request.user))
        places = order_all(scored) if request.candidates is not None else self._shaped(moment, scored, list_id)
        self._made = Made.new(list_id, request.user, self._stamp, [place.item for place in places], scored)
        return lists.new_list(list_id, request, at, places)

    def _moment(self, user: str, rows: Rows, at_s: float) -> Moment:
        state = self._state(user)
        return Moment(
            state, state.portrait, self.catalogue, rows, at_s, self.population.co_opening, self.population.audience
        )

    def _rows(self, request: Request, state: ReaderState, at_s: float) -> Rows:
        if request.candidates is not None:
            return self.catalogue.rows_of(dict.fromkeys(request.candidates))
        mask = without_refused(eligible(self.catalogue, at_s, request.kinds), self.catalogue, state, at_s)
        if request.mode == "latest":
            return latest(self.catalogue, mask, self.settings.ranking.list_length)
        mask = without_opened(mask, self.catalogue, state)
        return generate(self.catalogue, state.portrait, mask, at_s, self.settings.ranking)

    def _shaped(self, moment: Moment, scored: Scored, list_id: str) -> tuple[Recommended, ...]:
        rng = lists.generator(self.settings.seed, moment.state.user, list_id)
        slots = shape(moment, scored, rng, self.settings.ranking)
        return present(moment, scored, slots)

    # --- looking at things ------------------------------------------------------------------------

    def made_list(self, list_id: str, user: str) -> RecommendationList:
        """Return a kept list of this reader; NotFoundError, or ExpiredError once it is too old to page through."""
        made = self.storage.load_list(list_id)
        if made is None or made.user != user:
            raise NotFoundError(f"list {list_id!r}: there is none of that id")
        if self.clock() - made.at > self._lists_kept:
            raise ExpiredError(f"list {list_id!r}: made at {made.at:%H:%M} UTC, no longer kept; ask for a new one")
        return made

    def related(self, item_id: str, *, limit: int = 6) -> tuple[Recommended, ...]:
        """Return the items nearest in meaning to one item; NotFoundError if it is unknown."""
        self.item(item_id)
        with self._lock:
            self.catch_up()
            return lists.nearest(self.catalogue, item_id, limit, self.clock().timestamp())

    def interests(self, user: str) -> tuple[Interest, ...]:
        """Return what is known of a reader's interests, strongest first."""
        with self._lock:
            self.catch_up()
            return show_interests(self._state(user), self.catalogue, self.clock().timestamp())

    def noticed(self, user: str) -> tuple[Noticed, ...]:
        """Return the goings-back that the reader has neither kept nor forgotten, newest first."""
        with self._lock:
            self.catch_up()
            return tuple(show_noticed(self._state(user), self.catalogue, self.settings.reading.focus_share))

    def state(self, user: str) -> ReaderState:
        """Return the fold of one reader, for looking at: opened items, likes, mutes."""
        with self._lock:
            self.catch_up()
            return self._state(user)

    def erase(self, user: str) -> dict[str, int]:
        """Delete all that is stored about a reader, and their profile.

        What they have taught the weights that all share stays there, unless no other reader is left.
        """
        with self._lock:
            self._states.pop(user, None)
            self._made = None
            self.population.forget(user)
            counts = self.storage.erase_user(user)
            is_last = not self.storage.users()
            self.learner.forget(user, last=is_last)
        if is_last:
            self.save_learned()
        return counts

    # --- what is learned --------------------------------------------------------------------------

    @property
    def learned_notice(self) -> str:
        """What a person should be told about the model that was kept; empty if all is well."""
        return self._keeping.notice

    def save_learned(self) -> bool:
        """Write down what was learned, if anything was since the last time; return whether.

        StorageError if it cannot be written; then the next call tries again.
        """
        with self._lock:
            kept = self._keeping.take(self.learner, self._event_seq)
        return self._keeping.save(self.learner, kept)
