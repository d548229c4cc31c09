"""The store in memory keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reader.errors import StorageError
from reader.storage.memory import MemoryStorage
from reader.storage.protocol import Storage
from tests.reader.storage.contract import StorageContract


class TestMemoryStorage(StorageContract):
    """Every promise, without a file."""

    @contextmanager
    def fresh(self) -> Iterator[Storage]:
        yield MemoryStorage()


def test_it_cannot_be_backed_up_and_says_what_can(tmp_path: Path) -> None:
    """The remedy stands in the message."""
    with pytest.raises(StorageError, match=r"copy\.db.*use a SQLite file"):
        MemoryStorage().backup(str(tmp_path / "copy.db"))
