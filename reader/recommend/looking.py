"""Looking at what is known of a reader: the part of the recommender that neither takes in nor makes lists."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from reader.clock import Clock
from reader.profile.state import ReaderState
from reader.recommend.candidates import visible
from reader.recommend.catalogue import Catalogue, Rows
from reader.recommend.intake import Intake
from reader.recommend.requests import Interest, Noticed
from reader.recommend.showing import show_interests, show_noticed
from reader.recommend.welcome import Welcome, welcome
from reader.settings import Settings


class Looking:
    """What `Recommender` shows of its readers. Each call first takes in what has been stored since the last."""

    settings: Settings
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

    def rows_at(self, seqs: NDArray[np.int64]) -> Rows:
        """Return the rows of the catalogue of some versions of items, by seq; -1 where they were not taken in.

        To be called while the catalogue is held.
        """
        return self._intake.rows_at(seqs)
