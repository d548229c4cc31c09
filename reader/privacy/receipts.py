"""Receipts of erasures: what a reader keeps who has nothing here any more.

A receipt names nobody. `subject` is a digest that only this installation can make, and that differs from receipt to
receipt: with it the operator can ask whether anything of that reader is there, and nobody can tell who it was.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reader.errors import InvalidInputError
from reader.privacy.signing import Record, Signing
from reader.records import format_time, parse_time
from reader.types_privacy import Erasure

VERSION = 1


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that was checked. last_seq: the place of the log up to which nothing of the reader may be left."""

    erasure: Erasure
    subject: str
    last_seq: int


def new_erasure(at: datetime) -> Erasure:
    """Return the note of an erasure that is about to happen."""
    return Erasure(f"r{secrets.token_hex(12)}", at)


def write_receipt(signing: Signing, user: str, erasure: Erasure, counts: Mapping[str, int], last_seq: int) -> Record:
    """Return the receipt for a reader, as a JSON object."""
    return signing.signed(
        {
            "receipt": erasure.id,
            "version": VERSION,
            "at": format_time(erasure.at),
            "deleted": dict(counts),
            "learned_anew": ["counts", "weights", "corrections"],
            "subject": signing.digest("receipt", erasure.id, user),
            "last_seq": last_seq,
        }
    )


def read_receipt(signing: Signing, record: Record) -> Receipt:
    """Return what a receipt says; InvalidInputError if this installation has not written it like that."""
    if not signing.is_ours(record):
        raise InvalidInputError(
            "receipt", "was not written by this installation, or was changed", "use the file as it was handed out"
        )
    try:
        erasure = Erasure(str(record["receipt"]), parse_time(record["at"]))
        return Receipt(erasure, str(record["subject"]), int(record["last_seq"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInputError(
            "receipt", f"is signed here, but no receipt ({error})", "name the right file"
        ) from error


def is_of(signing: Signing, receipt: Receipt, user: str) -> bool:
    """Whether a receipt is that of a reader."""
    return receipt.subject == signing.digest("receipt", receipt.erasure.id, user)
