"""Another Python that uses the same store, and whether its file is whole."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

PRELUDE = """
import sys
from reader.errors import StorageError
from reader.storage.sqlite import SqliteStorage
from tests.reader.storage.builders import make_article, make_event
path, name = sys.argv[1:]
"""


ROOT = Path(__file__).parents[3]


def start(script: str, path: Path, name: str = "other") -> subprocess.Popen[str]:
    """Run the script in another Python, with `path` and `name` as its arguments."""
    command = [sys.executable, "-c", PRELUDE + script, str(path), name]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    output, _ = process.communicate()
    assert process.returncode == 0
    return output


def integrity(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute("PRAGMA integrity_check").fetchall()
