"""Looking at what is known of a reader: the part of the recommender that neither takes in nor makes lists."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.clock import Clock
from reader.errors import NotFoundError
from reader.profile.state import ReaderState
from reader.recommend.candidates import Mask, eligible, visible
from reader.recommend.catalogue import Catalogue, Rows
from reader.recommend.intake import Intake
from reader.recommend.lists import nearest
from reader.recommend.requests import Interest, Noticed
from reader.recommend.showing import middle_of, show_interests, show_noticed
from reader.recommend.welcome import Welcome, welcome
from reader.settings import Settings
from reader.storage.protocol import Storage
from reader.types import AnyItem, Entity, EntityKind, Recommended, Video

# Clips of a creator or sound that are gone through for those within reach; ours.
_LOOKED_AT: Final = 1000


def _has_had(state: ReaderState, item: str) -> bool:
    steering = state.steering
    return item in state.opened or item in steering.saved or item in steering.liked


class Looking:
    """What `Recommender` shows of its readers. Each call first takes in what has been stored since the last."""

    settings: Settings
    storage: Storage
    clock: Clock
    catalogue: Catalogue
    _intake: Intake
    _lock: threading.RLock

    @abstractmethod
    def catch_up(self) -> None:
        """Take in what has been stored since the last call."""

    @abstractmethod
    def _state(self, user: str) -> ReaderState:
        """Return the fold that ranks a reader's lists."""

    def item(self, item_id: str) -> AnyItem:
        """Return an item, whoever may get it; NotFoundError if there is none of that id."""
        with self._lock:
            content = self.catalogue.content(item_id)
        if content is None:
            raise NotFoundError(f"item {item_id!r}: there is none of that id")
        return content.item

    def item_for(self, user: str, item_id: str) -> AnyItem:
        """Return an item that a reader may get; NotFoundError if it is unknown, or of others' feeds alone."""
        with self._lock:
            self.catch_up()
            if not self.getter()(user, item_id):
                raise NotFoundError(f"item {item_id!r}: there is none of that id")
            return self.item(item_id)

    def getter(self) -> Callable[[str, str], bool]:
        """Return what tells of reader and item whether it is within reach, as things stand now.

        What they opened or kept stays theirs, also when they no longer follow its feed.
        """
        reaches: dict[str, Callable[[str], bool]] = {}

        def may_get(user: str, item: str) -> bool:
            if user not in reaches:
                reaches[user] = self.catalogue.reach.of(user)
            return reaches[user](item) or _has_had(self._state(user), item)

        return may_get

    def entity(self, kind: EntityKind, entity_id: str, *, limit: int = 60, user: str | None = None) -> Entity:
        """Return a creator or sound with its newest published clips; NotFoundError if no clip is of it.

        user: who is to get them; None: whoever.
        """
        most = limit if user is None else max(limit, _LOOKED_AT)
        found = self.storage.items_of(kind, entity_id, until=self.clock(), limit=most)
        with self._lock:
            self.catch_up()
            may_get = self.getter()
            within = [item for item in found if isinstance(item, Video) and (user is None or may_get(user, item.id))]
        if not within:
            raise NotFoundError(f"{kind} {entity_id!r}: no clip is of it")
        return Entity(kind, entity_id, within[0].entity_name(kind), tuple(within[:limit]))

    def interests(self, user: str) -> tuple[Interest, ...]:
        """Return what is known of a reader's interests, strongest first."""
        with self._lock:
            self.catch_up()
            middle = middle_of(self.settings.interests)
            return show_interests(self._state(user), self.catalogue, self.clock().timestamp(), middle)

    def noticed(self, user: str) -> tuple[Noticed, ...]:
        """Return the goings-back that the reader has neither kept nor forgotten, newest first."""
        with self._lock:
            self.catch_up()
            return tuple(show_noticed(self._state(user), self.catalogue, self.settings.reading.focus_share))

    def welcome(self, user: str, *, topics: int) -> Welcome:
        """Return what a reader may be asked of whom nothing is known, and what they have answered."""
        with self._lock:
            self.catch_up()
            state = self._state(user)
            mask = visible(self.catalogue, state, self.clock().timestamp(), ())
            return welcome(state, self.catalogue, mask, topics)

    def surprise(self, user: str) -> float:
        """Return how much a reader wants to be surprised, from 0 (familiar) to 1."""
        with self._lock:
            self.catch_up()
            return self._surprise(self._state(user))

    def _surprise(self, state: ReaderState) -> float:
        chosen = state.steering.surprise
        return self.settings.ranking.surprise if chosen is None else chosen

    def state(self, user: str) -> ReaderState:
        """Return the fold of one reader, for looking at: opened items, likes, mutes."""
        with self._lock:
            self.catch_up()
            return self._state(user)

    @contextmanager
    def held(self, user: str) -> Iterator[ReaderState]:
        """Hold catalogue and folds still while they are looked at, and give the fold that ranks a reader's lists."""
        with self._lock:
            self.catch_up()
            yield self._state(user)

    def related(self, item_id: str, *, limit: int = 6, user: str | None = None) -> tuple[Recommended, ...]:
        """Return the items nearest in meaning to one item, of each story one; NotFoundError if it is unknown.

        Reports of its own story are left out (`same_story`), and what the reader has hidden or muted.
        """
        with self._lock:
            self.catch_up()
            return nearest(self.catalogue, self._known(item_id), limit, self._visible_to(user))

    def same_story(self, item_id: str, *, limit: int = 6, user: str | None = None) -> tuple[str, ...]:
        """Return the other reports of an item's story, the newest first; NotFoundError if it is unknown.

        Without what the reader has hidden or muted.
        """
        with self._lock:
            self.catch_up()
            own, mask = self._known(item_id), self._visible_to(user)
            rows = [row for row in self.catalogue.stories.members(own) if row != own and mask[row]]
            rows.sort(key=lambda row: (-self.catalogue.published_s.values[row], self.catalogue.id_at(row)))
            return tuple(self.catalogue.id_at(row) for row in rows[:limit])

    def _known(self, item_id: str) -> int:
        row = self.catalogue.row(item_id)
        if row is None:
            raise NotFoundError(f"item {item_id!r}: there is none of that id")
        return row

    def _visible_to(self, user: str | None) -> Mask:
        at_s = self.clock().timestamp()
        if user is None:
            return eligible(self.catalogue, at_s, ())
        return visible(self.catalogue, self._state(user), at_s, ())

    def rows_at(self, seqs: NDArray[np.int64]) -> Rows:
        """Return the rows of the catalogue of some versions of items, by seq; -1 where they were not taken in.

        To be called while the catalogue is held.
        """
        return self._intake.rows_at(seqs)
