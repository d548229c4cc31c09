"""Erasing a reader: all that is kept, with a receipt; and looking for what may be left."""

from __future__ import annotations

from pathlib import Path

from reader.privacy import receipts, traces
from reader.privacy.signing import Record, Signing
from reader.recommend.recommender import Recommender
from reader.storage.protocol import Storage
from reader.wiring import challenger_path, model_path

# What a browser should drop of this site when its reader is erased. Cookies: the login is void as it is.
CLEAR_SITE_DATA = '"cache", "cookies", "storage"'


def erase(recommender: Recommender, signing: Signing, user: str) -> tuple[dict[str, int], Record]:
    """Erase a reader from a running app; return counts by kind, and the receipt."""
    erasure, storage = receipts.new_erasure(recommender.clock()), recommender.storage
    last_seq = storage.last_event_seq()
    counts = recommender.erase(user, erasure)
    return counts, receipts.write_receipt(signing, user, erasure, counts, last_seq)


def find_traces(storage: Storage, db: Path, user: str) -> dict[str, dict[str, int]]:
    """Return what tables and files hold of a reader: {"tables": {name: rows}, "files": {name: places}}."""
    files = traces.files_of(db, (model_path(db), challenger_path(db)))
    return {"tables": traces.in_tables(storage, user), "files": traces.in_files(files, user)}
