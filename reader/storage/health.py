"""Whether a SQLite file is sound, looked at without opening it for writing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

# Mistakes that are told; more say nothing new.
_TOLD: Final = 5


def faults_of(path: Path) -> list[str]:
    """Return what SQLite finds wrong with a file, in its own words; nothing if it is sound.

    Goes through all pages once, but not through the contents of indices (`quick_check`).
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            found = [str(row[0]) for row in db.execute(f"PRAGMA quick_check({_TOLD})")]
    except sqlite3.Error as error:
        return [str(error)]
    return [text for text in found if text != "ok"]
