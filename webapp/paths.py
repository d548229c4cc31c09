"""Where a user's data lie."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

DB_VARIABLE = "REREAD_DB"
APP_NAME = "reread"


def default_db() -> Path:
    """Return the database of this user, unless REREAD_DB names another."""
    return Path(os.environ.get(DB_VARIABLE) or user_data_path(APP_NAME, appauthor=False) / "reread.db")


def site_db(db: Path, site_id: str) -> Path:
    """Return the store of a publisher's site, beside the database that lists the sites."""
    return Path(f"{db}.sites") / f"{site_id}.db"


def demo_db() -> Path:
    """Return the database that `reread demo` keeps to itself."""
    return user_data_path(APP_NAME, appauthor=False) / "demo.db"
