"""Where a user's data lie."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_config_path, user_data_path

DB_VARIABLE = "REREAD_DB"
APP_NAME = "reread"


def default_db() -> Path:
    """Return the database that the settings name, else the one of this user."""
    # Reading settings takes a moment that `reread --help` need not wait for.
    from reader.settings import Settings

    return Path(Settings().db or user_data_path(APP_NAME, appauthor=False) / "reread.db")


def own_config() -> Path | None:
    """Return the file of settings of this user; None: there is none."""
    path = user_config_path(APP_NAME, appauthor=False) / "reread.toml"
    return path if path.is_file() else None


def site_db(db: Path, site_id: str) -> Path:
    """Return the store of a publisher's site, beside the database that lists the sites."""
    return Path(f"{db}.sites") / f"{site_id}.db"


def site_dbs(db: Path) -> list[Path]:
    """Return the stores of all sites that lie beside a database, or beside a copy of one."""
    return sorted(Path(f"{db}.sites").glob("*.db"))


def demo_db() -> Path:
    """Return the database that `reread demo` keeps to itself."""
    return user_data_path(APP_NAME, appauthor=False) / "demo.db"
