"""The server deletes what is kept no longer: when it starts, and then once a night, or as the settings say."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from reader.clock import Clock
from reader.errors import StorageError
from reader.ingest.subscriptions import TAKEN_BACK_FOR
from reader.privacy.retention import Delete, Step, pending_step, purge, steps, subscriptions_step
from reader.recommend.old_events import CLASSES, fold_attention
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.storage.protocol import Storage
from reader.storage.sqlite import SqliteStorage
from webapp.operating.jobs import Jobs
from webapp.paths import site_dbs

# What is written down of it (`webapp.operating.jobs`).
PURGE: Final = "delete what is kept no longer"
_log = structlog.get_logger()


def all_steps(storage: Storage, settings: Settings, clock: Clock) -> list[Step]:
    """Return every class of what is kept for a time, with how long, as the settings are now."""
    return [
        *event_steps(storage, settings, clock),
        *steps(storage, settings, clock),
        subscriptions_step(storage, TAKEN_BACK_FOR, clock),
        pending_step(storage, timedelta(days=settings.family.request_days), clock),
    ]


def event_steps(storage: Storage, settings: Settings, clock: Clock) -> list[Step]:
    """Return the steps for what readers did: folding how they read, and deleting other classes. 0 days are for good."""
    own, attention = settings.retention, timedelta(days=settings.retention.attention_days)

    def fold(only_count: bool) -> int:
        return fold_attention(storage, settings, clock() - attention, only_count=only_count) if attention else 0

    def deleting(types: tuple[str, ...], kept_for: timedelta) -> Delete:
        def delete(only_count: bool) -> int:
            before = clock() - kept_for
            chosen = storage.old_events if only_count else storage.drop_old_events
            return chosen(types, before) if kept_for else 0

        return delete

    keeps = "how texts were read and clips played, stretch by stretch; then it is folded: a sum for each view is left"
    found = [Step("attention", keeps, "retention.attention_days", attention or None, fold)]
    for name, (setting, types, words) in CLASSES.items():
        kept_for = timedelta(days=getattr(own, setting))
        found.append(Step(name, words, f"retention.{setting}", kept_for or None, deleting(types, kept_for)))
    return found


def purge_sites(db: Path, settings: Settings, clock: Clock, *, dry_run: bool = False) -> Counter[str]:
    """Do the same in the stores of publishers' sites; return counts by class over all of them.

    StorageError if one could not be opened or written: after the others were.
    """
    counts: Counter[str] = Counter()
    errors = []
    for path in site_dbs(db):
        try:
            with closing(SqliteStorage(path)) as storage:
                counts.update(purge(all_steps(storage, settings, clock), dry_run=dry_run))
        except StorageError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return counts


class Purger:
    """Deletes every so many hours, in a thread of its own, from `start` to `stop`. A full disk is no end of serving.

    delete: does it once and returns counts by class.
    """

    def __init__(self, delete: Callable[[], Mapping[str, int]], every_h: float, jobs: Jobs) -> None:
        self._every_s = every_h * 3600
        self._delete = delete
        self._jobs = jobs
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="purger", daemon=True)

    def start(self) -> None:
        """Begin, at once."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        self._purge()
        while not self._ended.wait(self._every_s):
            self._purge()

    def _purge(self) -> None:
        try:
            with self._jobs.running(PURGE):
                counts = self._delete()
            _log.info(
                "deleted what is kept no longer", **{name.replace(" ", "_"): n for name, n in counts.items() if n}
            )
        except StorageError as error:
            _log.error("what is kept no longer could not be deleted", error=str(error))


def make_purger(recommender: Recommender, jobs: Jobs, db: Path | None = None) -> Purger | None:
    """Return what deletes in the background; None if the settings say that nothing does.

    db: the database, beside which the stores of publishers' sites lie; None: there are none.
    """
    settings, clock = recommender.settings, recommender.clock
    if not settings.retention.enabled:
        return None
    chosen = [step for step in all_steps(recommender.storage, settings, clock) if not step.goes_at_once]

    def delete() -> Counter[str]:
        counts = Counter(purge(chosen))
        if db is not None:
            counts += purge_sites(db, settings, clock)
        return counts

    return Purger(delete, settings.retention.every_h, jobs)
