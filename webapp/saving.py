"""What the server does now and then, and when it ends: save what it learns from lists, and what else falls due."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Final

import structlog

from reader.errors import RereadError, StorageError
from reader.recommend.recommender import Recommender
from webapp.operating.jobs import Jobs

# What is written down of it (`webapp.operating.jobs`).
SAVE: Final = "save what was learned"
_log = structlog.get_logger()


class Saver:
    """Saves every so many seconds, in a thread of its own, from `start` to `stop`; `stop` saves once more.

    A disk that is full is said in the log and tried again: serving goes on. jobs: where runs are written down.
    """

    def __init__(
        self,
        recommender: Recommender,
        every_s: float,
        jobs: Jobs | None = None,
        also: Mapping[str, Callable[[], object]] | None = None,
    ) -> None:
        """also: further things to do each time, by name."""
        self._recommender = recommender
        self._jobs = jobs or Jobs(recommender.clock)
        self._every_s = every_s
        self._also = also or {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="saver", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and save what was learned since the last time."""
        self._ended.set()
        self._thread.join()
        self._save()

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            self._save()
            self._do_due()

    def _save(self) -> None:
        try:
            with self._jobs.running(SAVE):
                self._recommender.save_learned()
        except StorageError as error:
            _log.error("what was learned could not be saved", error=str(error))

    def _do_due(self) -> None:
        for name, act in self._also.items():
            try:
                with self._jobs.running(name):
                    act()
            except RereadError as error:
                _log.error("what falls due could not be done", job=name, error=str(error))
