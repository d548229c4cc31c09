"""The recommender: `observe` what readers do, `recommend` what they may like. Web, API and replay use nothing else.

A thin shell: it keeps the catalogue and the folds in step with the store, and hands pure functions what they need. One
lock guards all of it; a call takes milliseconds.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from reader.clock import Clock
from reader.errors import ExpiredError, NotFoundError
from reader.profile.outcomes import ViewOutcome
from reader.profile.state import ReaderState
from reader.recommend import lists
from reader.recommend.admission import Admission
from reader.recommend.before_erasure import BeforeErasure
from reader.recommend.candidates import listable
from reader.recommend.catalogue import Catalogue
from reader.recommend.challenger.standing import Challenger, Nobody
from reader.recommend.challenger.trees import Trees
from reader.recommend.factors.registry import Registry, default_registry
from reader.recommend.factors.spec import Factors, Moment
from reader.recommend.forgetting import Forgetting
from reader.recommend.gate import Gate, Open, fitted, part
from reader.recommend.intake import Intake, Progress
from reader.recommend.learning.keeping import Keeping, layout_of
from reader.recommend.ledger import FactorBooks
from reader.recommend.lineup import drawable
from reader.recommend.looking import Looking
from reader.recommend.made import Made, RankedRows, Stamp
from reader.recommend.popularity import Popularity
from reader.recommend.population import Population
from reader.recommend.ranking import Presented, Scored, order_all, present, score, shape
from reader.recommend.reach import FeedReach
from reader.recommend.readers import Readers
from reader.recommend.requests import Observed, Request, Why
from reader.recommend.selection import Selected, select
from reader.recommend.sittings import Sittings
from reader.recommend.surprise import daring
from reader.recommend.why import explain_places
from reader.recommend.without import Ground, NextList
from reader.settings import Settings
from reader.storage.protocol import Storage
from reader.types import AnyItem, Event, Impression, Origin, RecommendationList, Recommended
from reader.types_consent import Terms
from reader.types_undo import Undo


class Recommender(Forgetting, Looking):
    """See the module. Made by `reader.wiring.make_recommender`."""

    def __init__(
        self,
        storage: Storage,
        analysing: lists.Analysing,
        settings: Settings,
        clock: Clock,
        model_path: Path | None = None,
        gate: Gate | None = None,
    ) -> None:
        """model_path: where what is learned from lists is kept; None: nowhere, each start learns from the log.

        gate: says what may be taken of whom; None: everything of everybody, as a replay does.
        """
        self.storage = storage
        self.analysing = analysing
        self.settings = settings
        self.clock = clock
        self._gate = gate or Open()
        self.registry: Registry = default_registry(settings.ranking, analysing.dim)
        self._books = FactorBooks(self.registry, settings.ranking.ledgers_kept)
        self._intake = Intake(storage, analysing, clock)
        self.layout = layout_of(self.registry, analysing.model_id)
        self._keeping = Keeping(model_path, storage, self.layout)
        # Before the model is looked at: an erasure after this has all begun anew.
        self._erasures = storage.erasures()
        self.learner = self._keeping.load(self.registry, settings.learning, self._view_outcome)
        self._challenger: Challenger = Nobody()
        self._before_erasure = BeforeErasure(storage)
        self._folding, self._awaited = threading.Lock(), None
        self._lock = threading.RLock()
        self._lists_kept = timedelta(minutes=settings.ranking.list_kept_min)
        self.catalogue = Catalogue(
            analysing.dim,
            Popularity(),
            self._intake.load,
            keywords_per_paragraph=settings.interests.keywords_per_paragraph,
            stories=settings.ranking.stories,
            words_around_s=settings.watching.words_around_s,
        )
        # Without accounts the one reader looks after the installation: what they follow is for all that ask here.
        self.catalogue.reach = FeedReach(storage, open_to=() if settings.accounts else (settings.local_user,))
        self._begin()
        self.sittings = Sittings(self.readers, settings.consent, self._log)
        self.catch_up()
        self.learner.has_caught_up()
        self._keeping.save_first(self.learner, self._event_seq, self._erasures)

    def _begin(self) -> None:
        """Know nobody, and have taken in nothing of the log."""
        self._event_seq = 0
        self._made: Made | None = None
        self._ranked: RankedRows | None = None
        self.population = Population(self.settings, self.catalogue)
        self.readers = Readers(self.catalogue, self.population, self.settings)

    # --- items ------------------------------------------------------------------------------------

    def add_items(self, items: Sequence[AnyItem], *, progress: Progress | None = None) -> None:
        """Analyse items, store them, take them into the catalogue. What was analysed before is not analysed again."""
        self._intake.add(items, progress)
        self.catch_up()

    def catch_up(self) -> None:
        """Take in what this or another process has stored since the last call."""
        with self._lock:
            self._intake.take_in(self.catalogue)
            self.catalogue.reach.catch_up(self.catalogue.id_at, self.catalogue.row, len(self.catalogue.published_s))
            if self.storage.erasures() not in (self._erasures, self._awaited):
                self._begin_anew()
            self._take_in_events()
            self.sittings.end_rested(self.clock())

    def _begin_anew(self) -> None:
        erasures = self.storage.erasures()
        self._books.forget()
        self._challenger.drop()
        self.catalogue.count_anew()
        self.learner = self._keeping.anew(self.registry, self.settings.learning, self._view_outcome)
        self.learner.listener = self._challenger.hear
        self._begin()
        self._take_in_events()
        self.learner.has_caught_up()
        self.sittings.begin_anew(self.readers)
        # Last: whatever fails before, the next call begins anew once more.
        self._erasures = erasures

    def _anew(self) -> Self:
        """Return another one that has begun to fold now, with items, counts and weights of its own. Takes no lock."""
        return type(self)(self.storage, self.analysing, self.settings, self.clock, gate=self._gate)

    def _take_in_events(self) -> None:
        fresh = self.storage.events_after(self._event_seq)
        self.learner.begin_at(fresh)
        for seq, event in fresh:
            self._apply(seq, event)
            self._event_seq = seq

    def _apply(self, seq: int, event: Event) -> None:
        # Before what has fallen due: a list was made of what had come in, and settled no view.
        shown = self._shown(seq, event)
        # What falls due between two events does so in order of time, whichever events were there to show it.
        for due in self.readers.settle_until(event.at):
            self.learner.teach_until(due.timestamp())
        self._learn_from(seq, event, shown)
        self.readers.note(event)
        # The reader first: how hot an item is for them does not count their own opening.
        self.readers.state(event.user).apply(event)
        self.sittings.apply(event)
        self.population.apply(event)
        if isinstance(event, Undo) or event.type == "forget_paragraph":
            log = self._log(event.user, seq)
            self.readers.take_back(event, log)
            self.sittings.fold_again(event.user, log)

    def _log(self, user: str, last: int | None = None) -> list[Event]:
        """Return a reader's log up to what was taken in; what comes after it comes by itself. last: or to here."""
        until = self._event_seq if last is None else last
        return [event for seq, event in self.storage.events_after(0, user=user) if seq <= until]

    @property
    def weights(self) -> NDArray[np.float64]:
        """The weights of the factors as they are now, (factors,) float64."""
        return self.learner.weights

    def _shown(self, seq: int, event: Event) -> tuple[Impression, list[str], Factors] | None:
        """Return a list that is to be learned from, with the items that are known and the factors of these."""
        if not isinstance(event, Impression) or event.origin is not None or not self.learner.wants(seq):
            return None
        items = [shown.item for shown in event.items if self.catalogue.row(shown.item) is not None]
        items = list(dict.fromkeys(items))
        return event, items, self._factors(event, items)

    def _learn_from(self, seq: int, event: Event, shown: tuple[Impression, list[str], Factors] | None) -> None:
        """Let the weights learn, before anything counts the event. shown: what `_shown` says of it."""
        self.learner.teach_until(event.at.timestamp())
        self.learner.observe(event)
        if shown is not None:
            self.learner.shown(*shown, seq)

    def _factors(self, event: Impression, items: list[str]) -> Factors:
        """Return the factors, (factors, items), by which a list was ranked, or would have been.

        They depend on what else could have been shown: the candidates of a list of ours, else what was shown.
        """
        if self._made and (made := self._made.of(event.list or event.id, event.user, self._stamp, items)) is not None:
            return made
        among_all = event.mode == "profile"
        request = Request(event.user, kinds=event.kinds, candidates=tuple(items), among_all=among_all)
        at_s = event.at.timestamp()
        # By the log alone: what is held for a sitting teaches nothing.
        state = self.readers.state(event.user)
        rows = self._select(request, state, at_s).rows
        moment = self.population.moment(state, rows, at_s)
        known = None if self._ranked is None else self._ranked.of(state, at_s, self._stamp, rows)
        values = self.registry.compute(moment).values if known is None else known
        factors: Factors = values[:, moment.position[self.catalogue.rows_of(items)]]
        return factors

    @property
    def _stamp(self) -> Stamp:
        return self._event_seq, self._intake.seq

    def _view_outcome(self, user: str, view: str) -> ViewOutcome | None:
        return self.readers.outcome(user, view)

    def _state(self, user: str) -> ReaderState:
        return self.sittings.state(user) or self.readers.state(user)

    # --- the two verbs ----------------------------------------------------------------------------

    def observe(self, events: Sequence[Event]) -> Observed:
        """Take in what readers did, as far as their terms allow (`reader.recommend.gate`).

        A wrong or unwanted event is rejected, the others go through; repeated ones change nothing.
        """
        with self._lock:
            self.catch_up()
            parted = part(events, self._gate)
            since, may_get = self._before_erasure.looked_up(), self.getter()
            admission = Admission(self.catalogue, self.clock(), self.settings, since=since, may_get=may_get)
            admitted, rejected = admission.part(parted.kept)
            to_hold, wrong = admission.part(parted.held)
            appended = self.storage.append_events(admitted)
            self._take_in_events()
            held = self.sittings.hold(to_hold, self.clock())
        rejected = [*parted.refused, *rejected, *wrong, *held.rejected]
        accepted, duplicates = len(appended.accepted), len(appended.duplicates)
        return Observed(accepted + held.accepted, duplicates + held.duplicates, tuple(rejected))

    def recommend(self, request: Request) -> RecommendationList:
        """Make a list. It is kept for paging and logged as an impression of its first `limit` places.

        The reader's profile is not changed by it.
        """
        with self._lock:
            self.catch_up()
            terms = self._gate.terms(request.user)
            request = fitted(request, terms)
            # A replay ranks other candidates under the name of a logged list: that must not be learned from by these.
            if request.candidates is not None or terms.is_closed:
                return self._make(request)[0]
            made = self._make_kept(request)
            self._log_shown(made, made.items[: request.limit], terms, request.origin)
            # At once: while nothing else has come in, its factors need not be computed again.
            self._take_in_events()
        self.storage.drop_lists_before(made.at - self._lists_kept)
        return made

    def _make_kept(self, request: Request) -> RecommendationList:
        """Make a list and keep it: under an id that no other has, or the one that is asked for."""
        earlier = 0
        made, presented = self._make(request)
        # Whether an id is new is for the store to say: others may write to it in the same millisecond.
        while not (self.storage.save_list(made) or request.list_id):
            earlier += 1
            made, presented = self._make(request, earlier)
        if presented is not None:
            kept = Made.new(made.id, made.user, self._stamp, presented)
            self._made = None if self.sittings.state(request.user) else kept
            self._books.put(kept, presented.told.scored.weights)
        return made

    def drawable(self, request: Request, above: Sequence[str]) -> tuple[str, ...]:
        """Return what could be drawn now for a place of a list in which `above` stands above it, in order."""
        with self._lock:
            self.catch_up()
            at_s = lists.to_millisecond(self.clock()).timestamp()
            state, caps = self._state(request.user), self.settings.ranking.caps
            rows = self._select(request, state, at_s).rows
            return tuple(drawable(self.catalogue, rows, self.catalogue.rows_of(above), caps, state))

    def log_impression(self, made: RecommendationList, start: int, stop: int) -> None:
        """Write down that places [start, stop) of a list were handed out."""
        self._log_shown(made, made.items[start:stop], self._gate.terms(made.user))

    def _log_shown(
        self, made: RecommendationList, shown: Sequence[Recommended], terms: Terms, origin: Origin | None = None
    ) -> None:
        if shown and terms.handling("impression") == "keep":
            self.storage.append_events([lists.impression(made, shown, origin)])

    def _make(self, request: Request, earlier: int = 0) -> tuple[RecommendationList, Presented | None]:
        """Return a list and how it was told, if it has reasons. earlier: lists that had its id without this number."""
        at = lists.to_millisecond(self.clock())
        list_id = request.list_id or lists.new_list_id(request.user, at, earlier)
        state = self._state(request.user)
        selected = self._select(request, state, at.timestamp())
        if request.mode == "latest":
            return lists.new_list(list_id, request, at, lists.in_time_order(self.catalogue, selected.rows)), None
        moment = self.population.moment(state, selected.rows, at.timestamp())
        only = request.candidates
        trees = None if request.unchallenged else self._challenger.trees
        scored = score(moment, self.registry, self.weights, self.learner.utility(request.user), trees)
        if only is None:
            presented = self._shaped(moment, scored, selected, list_id)
            return lists.new_list(list_id, request, at, presented.places, trees), presented
        self._ranked = RankedRows(state, moment.at_s, self._stamp, moment.rows, scored.factors)
        return lists.new_list(list_id, request, at, order_all(scored, frozenset(only)), trees), None

    def _select(self, request: Request, state: ReaderState, at_s: float) -> Selected:
        return select(request, self.catalogue, state, at_s, self.settings.ranking)

    def _shaped(self, moment: Moment, scored: Scored, selected: Selected, list_id: str) -> Presented:
        rng = lists.generator(self.settings.seed, moment.state.user, list_id)
        chosen = daring(self._surprise(moment.state), self.settings.ranking)
        shaped = shape(moment, scored, selected.quiet, rng, chosen, self.settings.ranking)
        presented = present(moment, scored, shaped)
        if selected.visible is None:
            return presented
        more = self.settings.ranking.more_kept
        return replace(presented, places=lists.with_stories(self.catalogue, presented.places, selected.visible, more))

    # --- looking at things ------------------------------------------------------------------------

    def made_list(self, list_id: str, user: str) -> RecommendationList:
        """Return a kept list of this reader; NotFoundError, or ExpiredError once it is too old to page through."""
        made = self.storage.load_list(list_id, user=user)
        if made is None:
            raise NotFoundError(f"list {list_id!r}: there is none of that id")
        if self.clock() - made.at > self._lists_kept:
            raise ExpiredError(f"list {list_id!r}: made at {made.at:%H:%M} UTC, no longer kept; ask for a new one")
        return made

    def why(self, made: RecommendationList, places: Sequence[Recommended]) -> dict[str, Why]:
        """Return by item what stands behind some places of a list, and where they would be without an interest.

        The counterfactuals are those of the list that the reader would get now: see `reader.recommend.without`.
        """
        with self._lock:
            self.catch_up()
            next_list = self._next_list(Request(made.user, kinds=made.kinds))
            return explain_places(made, places, self._books, next_list, self.catalogue)

    def _next_list(self, request: Request) -> NextList:
        at_s = lists.to_millisecond(self.clock()).timestamp()
        moment = self.population.moment(self._state(request.user), np.zeros(0, dtype=np.int64), at_s)
        mask = listable(self.catalogue, moment.state, at_s, request.kinds)
        utility = self.learner.utility(request.user)
        chosen = daring(self._surprise(moment.state), self.settings.ranking)
        settings, trees = self.settings.ranking, self._challenger.trees
        return NextList(Ground(moment, mask, self.registry, self.weights, utility, chosen, settings, trees))

    # --- what is learned --------------------------------------------------------------------------

    @property
    def learned_notice(self) -> str:
        """What a person should be told about what was kept of models; empty if all is well."""
        return "; ".join(filter(None, (self._keeping.notice, self._challenger.notice)))

    def challenge(self, challenger: Challenger) -> None:
        """Have a challenger hear the lessons from now on, and serve beside the learner as soon as it has trees."""
        with self._lock:
            self._challenger = challenger
            self.learner.listener = challenger.hear

    @property
    def trees(self) -> Trees | None:
        """The trees that serve beside the learner."""
        with self._lock:
            return self._challenger.trees

    def save_learned(self) -> bool:
        """Write down what was learned, if anything was since the last time; return whether.

        StorageError if it cannot be written; then the next call tries again.
        """
        with self._lock:
            if self._awaited is not None:
                return False  # what is here was learned from somebody who is being erased, too
            self.catch_up()
            kept = self._keeping.take(self.learner, self._event_seq, self._erasures)
        return self._keeping.save(self.learner, kept)
