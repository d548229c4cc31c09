"""Small notes beside a database, by which one process of an installation tells another what it has done.

They hold nothing about readers. What is broken or missing reads as nothing: a note is a help, and no part of the store.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

# By the end of the name: what the server does by itself, and when a copy was made last.
JOBS: Final = ".jobs"
BACKED_UP: Final = ".backed-up"


def beside(db: Path, ending: str) -> Path:
    """Return where a note on a database lies."""
    return db.with_name(db.name + ending)


def write_note(path: Path, said: Any) -> None:
    """Write a note whole or not at all, for its owner alone; where that cannot be, none is written."""
    draft = beside(path, ".part")
    with suppress(OSError):
        descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(said, file)
        os.replace(draft, path)


def read_note(path: Path) -> Any:
    """Return what a note says; None if there is none that can be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
