"""Forgetting: the part of the recommender that deletes, and by which nothing is left of it in what was learned.

Whatever is deleted from the log gives the store another number of erasures. Whoever began to fold at another one begins
anew: the log is gone through from its start, and its newest lists teach again (ADR 0019). Who deletes does so beside,
while others are served (ADR 0025); who learns of it from the store does so at the next call.
"""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Self

from reader.clock import Clock
from reader.profile.folding import RAW_TYPES
from reader.profile.outcomes import ViewOutcome
from reader.recommend.admission import Admission
from reader.recommend.before_erasure import BeforeErasure
from reader.recommend.catalogue import Catalogue
from reader.recommend.challenger.standing import Challenger
from reader.recommend.factors.registry import Registry
from reader.recommend.gate import Gate, part
from reader.recommend.intake import Intake
from reader.recommend.learning.keeping import Keeping
from reader.recommend.learning.learner import Learner
from reader.recommend.ledger import FactorBooks
from reader.recommend.made import Made, RankedRows
from reader.recommend.population import Population
from reader.recommend.readers import Readers
from reader.recommend.requests import Observed, Rejected
from reader.recommend.sittings import Sittings
from reader.settings import Settings
from reader.storage.protocol import Storage
from reader.types import Event
from reader.types_consent import ATTENTION_TYPES, Terms
from reader.types_folding import FoldedView
from reader.types_privacy import Erasure


class Forgetting:
    """What `Recommender` deletes of its readers."""

    storage: Storage
    settings: Settings
    clock: Clock
    catalogue: Catalogue
    _gate: Gate
    _before_erasure: BeforeErasure
    sittings: Sittings
    readers: Readers
    population: Population
    learner: Learner
    _lock: threading.RLock
    registry: Registry
    _view_outcome: Callable[[str, str], ViewOutcome | None]
    _intake: Intake
    _books: FactorBooks
    _keeping: Keeping
    _challenger: Challenger
    _event_seq: int
    _made: Made | None
    _ranked: RankedRows | None
    # Held while folding beside; the erasure that this is done for, None if for none.
    _folding: threading.Lock
    _awaited: int | None
    _erasures: int

    @abstractmethod
    def catch_up(self) -> None:
        """Take in what has been stored, and begin anew if something was deleted."""

    @abstractmethod
    def _anew(self) -> Self:
        """Return another one on the same store."""

    @abstractmethod
    def save_learned(self) -> bool:
        """Write down what was learned."""

    def erase(self, user: str, erasure: Erasure | None = None) -> dict[str, int]:
        """Delete all that is stored about a reader, and their share of what is learned from all; return counts by kind.

        erasure: the note to keep of it, which does not name the reader.
        """
        with self._lock:
            self.sittings.end(user)
            counts = self.storage.erase_user(user, erasure)
            self._leave_out(user)
        self._fold_beside()
        return counts

    def forget_events(self, user: str, types: Sequence[str]) -> int:
        """Delete a reader's events of some types, and what was derived from them; return the number of events."""
        with self._lock:
            count = self.sittings.end(user) + self.storage.drop_events(user, types)
            self._leave_out(user)
        self._fold_beside()
        return count

    def forget_some_events(self, user: str, ids: Sequence[str]) -> int:
        """Delete some of a reader's events, and what was derived from them; return how many there were."""
        with self._lock:
            count = self.storage.drop_some_events(user, ids)
            self._leave_out(user)
        self._fold_beside()
        return count

    def _leave_out(self, user: str) -> None:
        """Have nothing of a reader rank their lists from this moment on; what all share is folded beside."""
        erasures = self.storage.erasures()
        if erasures == self._erasures:
            return  # there was nothing to delete
        self._awaited = erasures
        self.readers.states.pop(user, None)

    def _fold_beside(self) -> None:
        """Fold and learn anew without holding the lock, and go on with it: lists of others are made meanwhile.

        Of several erasures at once, the last folds for all. If it fails, the next call begins anew.
        """
        with self._folding:
            awaited = self._awaited
            if awaited is not None:
                try:
                    other = self._anew()
                    with self._lock:
                        if self._awaited == awaited:
                            self._adopt(other)
                            self._awaited = None
                except BaseException:
                    with self._lock:
                        self._awaited = None
                    raise
        self.save_learned()

    def _adopt(self, other: Self) -> None:
        """Go on from where another one stands, which is not used any more."""
        other.catch_up()
        self._drop_learned()
        self.catalogue, self._intake, self._event_seq = other.catalogue, other._intake, other._event_seq
        self.population, self.readers, self.learner = other.population, other.readers, other.learner
        self._made, self._ranked = None, None
        self.learner.listener = self._challenger.hear
        self.sittings.begin_anew(self.readers)
        # Last: whatever fails before, the next call begins anew.
        self._erasures = other._erasures

    def _drop_learned(self) -> None:
        self._books.forget()
        self._challenger.drop()
        self._keeping.anew(self.registry, self.settings.learning, self._view_outcome)

    def forget_attention(self, user: str) -> int:
        """Delete how a reader has read and watched, and what was derived from it; return the number of events."""
        return self.forget_events(user, sorted(ATTENTION_TYPES))

    def terms_of(self, user: str) -> Terms:
        """Return what may be taken of a reader now."""
        return self._gate.terms(user)

    def put_back(self, events: Sequence[Event]) -> Observed:
        """Take a reader's own events in again, however old, in their order; what their answers forbid is refused."""
        with self._lock:
            self.catch_up()
            parted = part(events, self._gate)
            held = [
                Rejected(event.id, "consent", "your present answer lets it count for a while only")
                for event in parted.held
            ]
            admitted, rejected = Admission(self.catalogue, self.clock(), self.settings, any_age=True).part(parted.kept)
            fresh = _not_told_otherwise(admitted, self.storage)
            appended = self.storage.append_events(fresh)
            self._before_erasure.forget()
            self.catch_up()
        self.save_learned()
        duplicates = len(appended.duplicates) + len(admitted) - len(fresh)
        return Observed(len(appended.accepted), duplicates, (*parted.refused, *held, *rejected))

    def remembers(self, user: str) -> dict[str, int]:
        """Return how many things memory holds of a reader, by kind, without kinds of which there are none."""
        with self._lock:
            self.catch_up()
            state = self.readers.states.get(user)
            held = {
                "opened": 0 if state is None else len(state.opened),
                "passed": 0 if state is None else len(state.passed),
                "wishes": 0 if state is None or state.is_unknown else 1,
                "held": int(self.sittings.state(user) is not None),
                "corrections": self.learner.size(user),
                "taste": int(self.population.audience.knows(user)),
                "together": int(self.population.co_opening.knows(user)),
            }
        return {kind: count for kind, count in held.items() if count}


def _not_told_otherwise(events: Sequence[Event], storage: Storage) -> list[Event]:
    """Return the events without those of views that the log has in its other form: as sums, or as what these stand for.

    Whoever takes an export in again may have one from before the views were folded, or from after it.
    """
    raw, folded = set[tuple[str, str | None]](), set[tuple[str, str | None]]()
    for user in {event.user for event in events if event.type in RAW_TYPES or isinstance(event, FoldedView)}:
        for event in storage.iter_events(user=user):
            if isinstance(event, FoldedView):
                folded.add((user, event.view))
            elif event.type in RAW_TYPES:
                raw.add((user, event.view))

    def is_known(event: Event) -> bool:
        known = raw if isinstance(event, FoldedView) else folded if event.type in RAW_TYPES else ()
        return (event.user, event.view) in known

    return [event for event in events if not is_known(event)]
