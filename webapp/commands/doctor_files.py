"""What the doctor looks at around the database: its soundness, who may read it, how much room is left, its feeds.

Each finding is what is so, and what to do about it: (thing, well, detail).
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reader.storage.health import faults_of
from webapp.operating.notes import BACKED_UP, JOBS

# Bytes. Ours: below the first a backup may not fit; a log of writes beyond the second was not taken in for long.
LEAST_FREE: Final = 500_000_000
MOST_WAL: Final = 200_000_000
Told = tuple[str, bool, str]
_SECRET: Final = ("", "-wal", "-shm", ".key", ".setup", ".model", ".challenger", JOBS, BACKED_UP)


def look_at_files(db: Path) -> Iterator[Told]:
    """Look at the files of a database that is there."""
    faults = faults_of(db)
    remedy = "; stop the server and restore a backup with `reread restore`" if faults else ""
    yield "database", not faults, ("; ".join(faults) or "sound (quick_check)") + remedy
    yield _permissions(db)
    yield _room(db)
    yield _write_ahead_log(db)


def _permissions(db: Path) -> Told:
    files = [path for path in (db.with_name(db.name + ending) for ending in _SECRET) if path.exists()]
    open_to_others = [path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if not open_to_others:
        return "permissions", True, f"{len(files)} files, for their owner alone"
    names = " ".join(map(str, open_to_others))
    return "permissions", False, f"others may read {names}; run `chmod 600 {names}`"


def _room(db: Path) -> Told:
    free = shutil.disk_usage(db.parent).free
    remedy = "" if free >= LEAST_FREE else "; make room, or move the database: a full disk stops all writing"
    return "disk", free >= LEAST_FREE, f"{free / 1e9:.1f} GB free at {db.parent}{remedy}"


def _write_ahead_log(db: Path) -> Told:
    log = db.with_name(f"{db.name}-wal")
    size = log.stat().st_size if log.exists() else 0
    remedy = "" if size <= MOST_WAL else "; a program holds the database open for reading: restart what uses it"
    return "write-ahead log", size <= MOST_WAL, f"{size / 1e6:.1f} MB{remedy}"
