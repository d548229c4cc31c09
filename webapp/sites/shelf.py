"""The recommenders of sites: one each, on a store of its own, opened when its site is first asked about."""

from __future__ import annotations

import threading
from pathlib import Path

from reader.recommend.recommender import Recommender
from reader.sites.registry import Sites
from reader.types_sites import Site
from reader.wiring import make_beside
from webapp.paths import site_db


class Shelf:
    """Opens recommenders beside that of the installation. db: its database; None: stores in memory."""

    def __init__(self, main: Recommender, db: Path | None) -> None:
        self.sites = Sites(main.storage, main.clock)
        self._main = main
        self._db = db
        self._opened: dict[str, Recommender] = {}
        self._lock = threading.Lock()

    def recommender(self, site: Site) -> Recommender:
        """Return the recommender of a site."""
        with self._lock:
            if site.id not in self._opened:
                path = ":memory:" if self._db is None else site_db(self._db, site.id)
                self._opened[site.id] = make_beside(self._main, path)
            return self._opened[site.id]

    def close(self) -> None:
        """Save what each has learned, and close its store. Without it, the next start learns from the log again."""
        with self._lock:
            opened = list(self._opened.values())
            self._opened.clear()
        for recommender in opened:
            recommender.save_learned()
            recommender.storage.close()
