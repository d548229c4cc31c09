"""Data grants: made, signed, ended, and written down in a ledger. Nothing of a reader goes to others without one.

What the signature of a grant proves: that this installation has written it down like that for one of its readers, and
that nothing of it was changed since. What it does not: who the reader is, that the data are true, that the grant is
still in force (the ledger here says that), or that anything was paid.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from reader.clock import Clock
from reader.errors import ExpiredError, InvalidInputError, NotFoundError
from reader.privacy.consents import Consents
from reader.privacy.granted import in_order, open_classes
from reader.privacy.signing import Record, Signing
from reader.records import format_time
from reader.settings_grants import GrantSettings
from reader.storage.protocol import Storage
from reader.types_grants import FREE, GRANT_CLASSES, Grant, GrantAct, GrantActor, GrantClass, GrantEntry, Terms

VERSION: Final = 1
# Longest texts, letters; ours.
NAME_LETTERS: Final = 200
PURPOSE_LETTERS: Final = 2_000
# Decimal text, so that no float rounds it; the currency as in ISO 4217.
PRICE: Final = r"(free|[0-9]{1,9}(\.[0-9]{1,4})? [A-Z]{3})"
_PRICE: Final = re.compile(PRICE)
OVER: Final = "This grant is not in force. Nothing more is handed out."
_CHILD = "is a child, who cannot give this; from the month on in which they decide alone they can"


class Grants:
    """Over a store. Nothing is remembered here: another process may end a grant at any time."""

    def __init__(self, storage: Storage, settings: GrantSettings, clock: Clock, signing: Signing) -> None:
        self._storage = storage
        self._settings = settings
        self._clock = clock
        self._signing = signing
        self._consents = Consents(storage, clock)

    def may_grant(self, user: str) -> bool:
        """Tell whether a reader may grant anything at all: no child, with or without a guardian's yes."""
        return not self._consents.terms(user).is_child

    def latest_end(self) -> datetime:
        """Return the latest moment at which a grant made now may end."""
        return self._clock() + timedelta(days=self._settings.longest_days)

    def make(self, user: str, terms: Terms, *, key_digest: str = "") -> Grant:
        """Make a grant, signed, with the first line of its ledger. InvalidInputError for what cannot be granted.

        key_digest: of the secret address for the recipient; "" if the reader hands the files over themselves.
        """
        if not self.may_grant(user):
            raise InvalidInputError("user", _CHILD, "nothing was granted")
        now, wanted = self._clock(), _tidy(terms)
        self._check(user, wanted, now)
        grant_id = f"g{secrets.token_hex(12)}"
        signed = json.dumps(self._signing.signed(_record(grant_id, self._subject(grant_id, user), wanted, now)))
        grant = Grant(grant_id, user, wanted, now, signed, key_digest)
        if stopped := [name for name in wanted.classes if name not in self.open_classes(grant)]:
            raise _wrong(
                "classes", f"you said no to {', '.join(stopped)}", "leave it out, or say yes under Privacy first"
            )
        self._storage.add_grant(grant, _entry(grant, "granted", "reader", now))
        return self.one(user, grant_id)

    def of(self, user: str) -> list[Grant]:
        """Return the grants of a reader, newest first, as they stand now."""
        self._let_expire(user)
        return self._storage.grants(user)

    def one(self, user: str, grant_id: str) -> Grant:
        """Return a reader's grant as it stands now; NotFoundError if it is none of theirs."""
        self._let_expire(user)
        found = self._storage.grant(grant_id, user=user)
        if found is None:
            raise NotFoundError(f"grant {grant_id!r:.80}: there is no such grant of yours")
        return found

    def ledger(self, grant: Grant) -> list[GrantEntry]:
        """Return what became of a grant, in order."""
        return self._storage.grant_ledger(grant.id, user=grant.user)

    def revoke(self, user: str, grant_id: str) -> Grant:
        """End a grant at once; one that has ended stays as it is. NotFoundError if it is none of theirs."""
        grant = self.one(user, grant_id)
        self._storage.end_grant(_entry(grant, "revoked", "reader", self._clock()))
        return self.one(user, grant_id)

    def by_key(self, key_digest: str) -> Grant:
        """Return the grant of a secret address. NotFoundError if there is none, ExpiredError if it is not in force.

        While its reader's account is closed it is not, either.
        """
        found = self._storage.grant_by_key(key_digest)
        if found is None:
            raise NotFoundError("There is nothing here.")
        account, grant = self._storage.account(found.user), self.one(found.user, found.id)
        if grant.ended_at is not None or (account is not None and account.disabled):
            raise ExpiredError(OVER)
        return grant

    def open_classes(self, grant: Grant) -> tuple[GrantClass, ...]:
        """Return the classes that may go out now; () once the grant has ended."""
        if grant.ended_at is not None:
            return ()
        user, storage = grant.user, self._storage
        return open_classes(grant, self._consents.terms(user), storage.consents(user), storage.event_counts(user))

    def let_out(self, grant: Grant, actor: GrantActor, rows: Mapping[GrantClass, int], digest: str) -> bool:
        """Write down what is about to go out, rows by class; False if a class of it was stopped meanwhile.

        ExpiredError if the grant has ended meanwhile. In both cases nothing is written down and nothing may go.
        """
        current, counts = self.one(grant.user, grant.id), {str(name): count for name, count in rows.items()}
        entry = replace(_entry(grant, "exported", actor, self._clock()), rows=counts, digest=digest)
        if current.ended_at is None and not rows.keys() <= set(self.open_classes(current)):
            return False
        if not self._storage.note_export(entry):
            raise ExpiredError(OVER)
        return True

    def names_key(self, grant: Grant) -> bytes:
        """Return the key by which ids are made others in what a grant lets out: the same for each of its files."""
        return self._signing.digest("grant names", grant.id, grant.user).encode()

    def _subject(self, grant_id: str, user: str) -> str:
        return self._signing.digest("grant", grant_id, user)

    def _let_expire(self, user: str) -> None:
        # At the moment at which it was over, whenever somebody looks: the ledger does not depend on that.
        for grant in self._storage.grants_over(self._clock(), user=user):
            self._storage.end_grant(_entry(grant, "expired", "clock", grant.terms.ends_at))

    def _check(self, user: str, terms: Terms, now: datetime) -> None:
        _check_texts(terms)
        latest, days = self.latest_end(), self._settings.longest_days
        if not now < terms.ends_at <= latest:
            raise _wrong("ends_at", format_time(terms.ends_at), f"give a time to come, within {days:g} days")
        _check_time(terms)
        in_force = [one for one in self.of(user) if one.ended_at is None]
        if len(in_force) >= self._settings.most:
            raise _wrong("grants", f"{len(in_force)} are in force", "revoke one that is not needed any more")


def _tidy(terms: Terms) -> Terms:
    """Return terms without blanks around texts, and each class once; what is no class is kept, to be refused."""
    recipient, contact, price = (" ".join(text.split()) for text in (terms.recipient, terms.contact, terms.price))
    unknown = tuple(name for name in terms.classes if name not in GRANT_CLASSES)
    return replace(
        terms,
        classes=(*in_order(terms.classes), *unknown),
        recipient=recipient,
        contact=contact,
        purpose=terms.purpose.strip(),
        price=price,
    )


def _check_texts(terms: Terms) -> None:
    if not terms.classes or any(name not in GRANT_CLASSES for name in terms.classes):
        raise _wrong("classes", f"{', '.join(terms.classes)!r:.80}", f"choose of {', '.join(GRANT_CLASSES)}")
    for name, letters in (("recipient", NAME_LETTERS), ("contact", NAME_LETTERS), ("purpose", PURPOSE_LETTERS)):
        if not 0 < len(getattr(terms, name)) <= letters:
            raise _wrong(name, f"has {len(getattr(terms, name)):,} letters", f"give 1 to {letters:,}")
    if not _PRICE.fullmatch(terms.price):
        raise _wrong("price", f"{terms.price!r:.40}", f"give {FREE}, or an amount and a currency, such as 12.50 EUR")


def _check_time(terms: Terms) -> None:
    first, last = terms.records_from, terms.records_to
    if first is not None and first >= (terms.ends_at if last is None else last):
        raise _wrong("records_from", format_time(first), "give a time before the end of the records")
    if last is not None and last > terms.ends_at:
        raise _wrong("records_to", format_time(last), "give a time no later than the end of the grant")
    if "interests" in terms.classes and (first, last) != (None, None):
        detail = "come of everything, and have no time"
        raise _wrong("classes", f"interests {detail}", "leave them out, or grant records of any time")


def _record(grant_id: str, subject: str, terms: Terms, now: datetime) -> Record:
    """Return what is signed. It names no reader: `subject` is a digest that only this installation can make."""
    starts, ends = (None if at is None else format_time(at) for at in (terms.records_from, terms.records_to))
    return {
        "grant": grant_id,
        "version": VERSION,
        "subject": subject,
        "classes": list(terms.classes),
        "recipient": {"name": terms.recipient, "contact": terms.contact},
        "purpose": terms.purpose,
        "price": terms.price,
        "granted_at": format_time(now),
        "ends_at": format_time(terms.ends_at),
        "records": {"from": starts, "to": ends},
    }


def _entry(grant: Grant, act: GrantAct, actor: GrantActor, at: datetime) -> GrantEntry:
    return GrantEntry(grant.id, grant.user, at, act, actor)


def _wrong(field: str, detail: str, remedy: str) -> InvalidInputError:
    return InvalidInputError(field, detail, remedy)
