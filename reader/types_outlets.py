"""The value about lists that programs fetch by a secret address; part of `reader.types`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reader.types_feeds import FolderPath

# for-you: what is recommended; saved: what the reader has saved; folder: what the feeds of a folder bring.
OutletKind = Literal["for-you", "saved", "folder"]


@dataclass(frozen=True, slots=True)
class Outlet:
    """A list of a reader's that whoever knows its address may read, and nothing else.

    digest: SHA-256 of the secret in the address, hex. folder: which, of kind `folder`. full_text: whether entries have
    the whole text, and not its beginning alone. used_at: when it was last fetched; list: which list it gave then.
    """

    digest: str
    user: str
    kind: OutletKind
    name: str
    created_at: datetime
    folder: FolderPath = ()
    full_text: bool = False
    used_at: datetime | None = None
    list: str = ""
