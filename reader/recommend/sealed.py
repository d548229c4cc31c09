"""Files that are written whole or not at all, and not looked into before their check sum is right.

A first line says format, version and the SHA-256 of the rest. What belongs here: that line, and the way to disk. What
does not: what the rest holds (`learning.saving`, `challenger.saving`).
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from reader.errors import StorageError


class UnusableError(Exception):
    """The file cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A kind of file. format: its name, without a space; what: what it holds, for messages."""

    format: str
    version: int
    what: str

    def write(self, path: Path, payload: bytes) -> None:
        """Write a file, readable by its owner alone; after a crash at any moment it is the old one or the new one.

        StorageError if it cannot be written.
        """
        head = f"{self.format} {self.version} {hashlib.sha256(payload).hexdigest()}\n"
        unfinished = path.with_name(path.name + ".part")
        try:
            _write_through(unfinished, head.encode() + payload)
            os.replace(unfinished, path)
            _sync_folder(path.parent)
        except OSError as error:
            raise StorageError(f"{path}: {error}; make its folder writable, or give it room") from error

    def read(self, path: Path) -> bytes:
        """Return the rest of a file; UnusableError if it cannot be read, is of another kind or version, or broken."""
        try:
            first, _, payload = path.read_bytes().partition(b"\n")
        except OSError as error:
            raise UnusableError(f"cannot be read ({error.strerror})") from error
        format_, _, rest = first.partition(b" ")
        version, _, digest = rest.partition(b" ")
        if format_ != self.format.encode() or not digest:
            raise UnusableError(f"is no {self.what}, or broken off")
        if version != str(self.version).encode():
            raise UnusableError(f"is of version {version[:20].decode(errors='replace')}, where {self.version} is known")
        if digest != hashlib.sha256(payload).hexdigest().encode():
            raise UnusableError("is broken: its check sum is wrong")
        return payload


def _write_through(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # The new name lasts only when the folder is written, too.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
