"""Bodies of /me/grants as pydantic models."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field, StrictBool

from reader.privacy.grants import NAME_LETTERS, PRICE, PURPOSE_LETTERS
from reader.types_grants import FREE, GrantAct, GrantActor, GrantClass
from webapp.api.schemas import In


class GrantIn(In):
    """What is granted, to whom, for what, until when, for how much: "free", or an amount and a currency.

    records_from, records_to: of which time the records are, its end not included; null: of any, until the grant ends.
    with_address: whether the recipient gets a secret address to take it from; else the reader hands it over.
    """

    classes: list[GrantClass] = Field(min_length=1, json_schema_extra={"uniqueItems": True})
    recipient: str = Field(min_length=1, max_length=NAME_LETTERS)
    contact: str = Field(min_length=1, max_length=NAME_LETTERS)
    purpose: str = Field(min_length=1, max_length=PURPOSE_LETTERS)
    ends_at: AwareDatetime
    price: str = Field(FREE, pattern=f"^{PRICE}$", examples=["12.50 EUR"])
    records_from: AwareDatetime | None = None
    records_to: AwareDatetime | None = None
    with_address: StrictBool = True


class GrantOut(BaseModel):
    """ended_at: when it was revoked or ran out. stopped: classes that the reader has said no to since."""

    id: str
    classes: list[GrantClass]
    recipient: str
    contact: str
    purpose: str
    price: str
    granted_at: datetime
    ends_at: datetime
    records_from: datetime | None
    records_to: datetime | None
    ended_at: datetime | None
    stopped: list[GrantClass]
    has_address: bool


class LedgerLineOut(BaseModel):
    """rows: how many records of each class went out. digest: SHA-256 of the file that did."""

    at: datetime
    act: GrantAct
    actor: GrantActor
    rows: dict[str, int]
    digest: str | None


class GrantWithLedgerOut(GrantOut):
    """signed: the record that the installation has signed."""

    ledger: list[LedgerLineOut]
    signed: dict[str, Any]


class GrantsOut(BaseModel):
    """Newest first."""

    grants: list[GrantOut]


class GrantedOut(BaseModel):
    """A new grant. address: the secret one for the recipient; it cannot be shown again."""

    grant: GrantOut
    address: str | None
