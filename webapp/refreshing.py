"""The server fetches feeds in the background: when they are due, and at once when somebody asks."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import structlog

from reader.ingest.refreshing import Refreshed, Refresher
from reader.ingest.subscriptions import Subscriptions
from reader.types_feeds import Feed
from webapp.operating.jobs import Jobs

_log = structlog.get_logger()


class Refreshing:
    """Looks every so many seconds for feeds that are due, from `start` to `stop`, in a thread of its own.

    due: set by whoever wants something fetched at once; stopping: the refresher's, set by `stop`.
    """

    def __init__(
        self,
        refresher: Refresher,
        subscriptions: Subscriptions,
        *,
        due: threading.Event,
        stopping: threading.Event,
        every_s: float,
        jobs: Jobs,
    ) -> None:
        self._refresher = refresher
        self._subscriptions = subscriptions
        self._due = due
        self._stopping = stopping
        self._every_s = every_s
        self._jobs = jobs
        self._thread = threading.Thread(target=self._run, name="refreshing", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is being fetched is given up."""
        self._stopping.set()
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._due.clear()
            self._round()
            self._due.wait(self._every_s)

    def _round(self) -> None:
        try:
            self._subscriptions.tidy()
            feeds = self._refresher.due()
            if feeds:
                with self._jobs.running("refresh feeds"):
                    _tell(self._refresher.refresh(feeds, more=self._more))
        except Exception as error:  # the next round may go well, and the server goes on without
            _log.error("feeds could not be refreshed", exc_info=error)

    def _more(self) -> Iterable[Feed]:
        if not self._due.is_set() or self._stopping.is_set():
            return ()
        self._due.clear()
        return self._refresher.due()


def _tell(done: Refreshed) -> None:
    # No address: what somebody follows is no matter for a log.
    _log.info(
        "feeds refreshed",
        feeds=done.feeds,
        items=done.items,
        unchanged=done.unchanged,
        failed=done.failed,
        put_off=done.put_off,
    )
