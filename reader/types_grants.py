"""Data grants: what a reader lets somebody have of their data, and the ledger of what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

# What can be granted, one by one; `reader.privacy.granted` says which records each of them is.
GrantClass = Literal["lists", "opens", "reading", "watches", "feedback", "steering", "interests", "subscriptions"]
# exported: something went out. expired: at the end of the grant, whenever that was noticed.
GrantAct = Literal["granted", "exported", "revoked", "expired"]
# clock: nobody; the time was over.
GrantActor = Literal["reader", "recipient", "clock"]

GRANT_CLASSES: Final[tuple[GrantClass, ...]] = get_args(GrantClass)
FREE: Final = "free"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is granted, to whom, for what, and for how long.

    contact: of the recipient, as the reader knows it; price: "free", or an amount and a currency ("12.50 EUR");
    records_from, records_to: the records that go out are of this time, the end not included; None: from the first
    record on, until the end of the grant.
    """

    classes: tuple[GrantClass, ...]
    recipient: str
    contact: str
    purpose: str
    ends_at: datetime
    price: str = FREE
    records_from: datetime | None = None
    records_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant of a reader. id: random; signed: the record that was signed, JSON text, never changed afterwards.

    key_digest: SHA-256 of the secret address by which the recipient comes, hex, "" if there is none; ended_at: when it
    was revoked, or ran out.
    """

    id: str
    user: str
    terms: Terms
    granted_at: datetime
    signed: str
    key_digest: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GrantEntry:
    """One line of the ledger. rows: how many of each class went out; digest: SHA-256 of the file that did, hex."""

    grant: str
    user: str
    at: datetime
    act: GrantAct
    actor: GrantActor
    rows: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""
