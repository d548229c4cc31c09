"""Grants: what can be granted, what is signed, and how they end."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reader.clock import ManualClock
from reader.errors import ExpiredError, InvalidInputError, NotFoundError
from reader.privacy.consents import Consents
from reader.privacy.grants import Grants
from reader.privacy.signing import Signing, is_genuine
from reader.settings_grants import GrantSettings
from reader.storage.memory import MemoryStorage
from reader.types import Account, Consent
from reader.types_family import Child
from reader.types_grants import GRANT_CLASSES, Terms

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TERMS = Terms(("opens", "feedback"), "A university", "study@example.org", "A study of reading", NOW + 30 * DAY)
KEY = "k" * 64


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def grants(storage: MemoryStorage, clock: ManualClock) -> Grants:
    return Grants(storage, GrantSettings(), clock, Signing("secret"))


def acts(grants: Grants, user: str = "ada") -> list[tuple[str, str, datetime]]:
    """Return what became of all grants of a reader."""
    return [(one.act, one.actor, one.at) for grant in grants.of(user) for one in grants.ledger(grant)]


def test_a_grant_is_signed_whole_and_names_no_reader(grants: Grants) -> None:
    """Any change of it shows, and the reader stands in it as a digest that differs from grant to grant."""
    grant, other = (grants.make("ada-who-reads", TERMS) for _ in range(2))
    record = json.loads(grant.signed)

    assert is_genuine(record)
    assert record["classes"] == ["opens", "feedback"]
    assert record["recipient"] == {"name": "A university", "contact": "study@example.org"}
    assert record["ends_at"] == "2026-12-23T12:00:00.000Z"
    assert record["records"] == {"from": None, "to": None}
    assert record["price"] == "free"
    # Three letters alone would stand in a signature now and then.
    assert "who-reads" not in grant.signed
    assert record["subject"] != json.loads(other.signed)["subject"]
    for name in record.keys() - {"signature"}:
        assert not is_genuine({**record, name: "another"})


def test_texts_are_tidied_and_classes_stand_in_their_order(grants: Grants) -> None:
    made = grants.make(
        "ada",
        replace(TERMS, classes=("feedback", "opens", "feedback"), recipient=" A  university ", price="12.50  EUR"),
    )

    assert made.terms == replace(TERMS, price="12.50 EUR")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("classes", {"classes": ()}),
        ("classes", {"classes": ("opens", "passwords")}),
        ("classes", {"classes": ("interests",), "records_from": NOW}),
        ("classes", {"classes": ("interests",), "records_to": NOW}),
        ("recipient", {"recipient": " "}),
        ("contact", {"contact": ""}),
        ("contact", {"contact": "x" * 201}),
        ("purpose", {"purpose": "\n"}),
        ("purpose", {"purpose": "x" * 2_001}),
        ("price", {"price": ""}),
        ("price", {"price": "12,50 EUR"}),
        ("price", {"price": "-1 EUR"}),
        ("price", {"price": "1e3 EUR"}),
        ("price", {"price": "12.50 euro"}),
        ("ends_at", {"ends_at": NOW}),
        ("ends_at", {"ends_at": NOW + 365 * DAY + timedelta(seconds=1)}),
        ("records_from", {"records_from": NOW + 30 * DAY}),
        ("records_from", {"records_from": NOW, "records_to": NOW}),
        ("records_to", {"records_to": NOW + 31 * DAY}),
    ],
)
def test_what_cannot_be_granted_is_refused_by_name(grants: Grants, field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        grants.make("ada", replace(TERMS, **changes))

    assert refused.value.field == field
    assert grants.of("ada") == []


def test_only_so_many_are_in_force(storage: MemoryStorage, clock: ManualClock) -> None:
    """One that has ended makes room."""
    grants = Grants(storage, GrantSettings(most=1), clock, Signing("secret"))
    first = grants.make("ada", TERMS)
    with pytest.raises(InvalidInputError, match="revoke one"):
        grants.make("ada", TERMS)

    grants.revoke("ada", first.id)

    assert grants.make("ada", TERMS).ended_at is None
    assert grants.make("bob", TERMS).ended_at is None


def child(storage: MemoryStorage, *, with_yes: bool) -> None:
    storage.add_account(Account("kim", "Kim", "", "child", NOW))
    if with_yes:
        storage.put_child(Child("kim", "ann", "", "guardian", "2031-04", NOW))
        storage.put_consent(Consent("kim", "account", True, NOW, "v1", "kept", "ann"))
        storage.put_consent(Consent("kim", "feedback", True, NOW, "v1", "kept", "ann"))


@pytest.mark.parametrize("with_yes", [True, False])
def test_a_child_can_grant_nothing(storage: MemoryStorage, grants: Grants, with_yes: bool) -> None:
    """With a guardian's yes, even to likes, as little as without one."""
    child(storage, with_yes=with_yes)

    assert not grants.may_grant("kim")
    with pytest.raises(InvalidInputError, match="child"):
        grants.make("kim", TERMS)


def test_a_revoked_grant_ends_at_once_and_once(grants: Grants, clock: ManualClock) -> None:
    grant = grants.make("ada", TERMS, key_digest=KEY)
    clock.at += DAY
    assert grants.by_key(KEY) == grant

    grants.revoke("ada", grant.id)
    clock.at += DAY
    again = grants.revoke("ada", grant.id)

    assert again.ended_at == NOW + DAY
    assert grants.open_classes(again) == ()
    with pytest.raises(ExpiredError):
        grants.by_key(KEY)
    with pytest.raises(ExpiredError):
        grants.let_out(grant, "recipient", {"opens": 1}, "d")
    assert acts(grants) == [("granted", "reader", NOW), ("revoked", "reader", NOW + DAY)]


def test_a_grant_runs_out_at_its_time_whenever_somebody_looks(grants: Grants, clock: ManualClock) -> None:
    """The last millisecond is within it; the ledger says when it was over, not when that was seen."""
    grant = grants.make("ada", TERMS, key_digest=KEY)
    clock.at = TERMS.ends_at - timedelta(milliseconds=1)
    assert grants.let_out(grant, "recipient", {"opens": 1}, "d")

    clock.at = TERMS.ends_at + 9 * DAY
    with pytest.raises(ExpiredError):
        grants.by_key(KEY)

    last = TERMS.ends_at - timedelta(milliseconds=1)
    assert acts(grants) == [
        ("granted", "reader", NOW),
        ("exported", "recipient", last),
        ("expired", "clock", TERMS.ends_at),
    ]


def test_a_grant_is_nobody_elses(grants: Grants) -> None:
    grant = grants.make("ada", TERMS)

    for act in (grants.one, grants.revoke):
        with pytest.raises(NotFoundError):
            act("bob", grant.id)
    with pytest.raises(NotFoundError):
        grants.by_key("")


def test_of_a_closed_account_nothing_goes_out(storage: MemoryStorage, grants: Grants) -> None:
    storage.add_account(Account("ada", "Ada", "", "adult", NOW))
    grant = grants.make("ada", TERMS, key_digest=KEY)
    storage.change_account("ada", disabled=True)

    with pytest.raises(ExpiredError):
        grants.by_key(KEY)

    storage.change_account("ada", disabled=False)
    assert grants.by_key(KEY) == grant


def test_erasure_takes_grants_and_ledger(storage: MemoryStorage, grants: Grants) -> None:
    """The counts are what a receipt says."""
    grant = grants.make("ada", TERMS, key_digest=KEY)
    grants.let_out(grant, "recipient", {"opens": 1}, "d")

    counts = storage.erase_user("ada")

    assert (counts["grants"], counts["grant_ledger"]) == (1, 2)
    assert grants.of("ada") == []
    with pytest.raises(NotFoundError):
        grants.by_key(KEY)


# Answers and classes


def everything(grants: Grants, *without: str) -> Terms:
    return replace(TERMS, classes=tuple(name for name in GRANT_CLASSES if name not in without))


@pytest.mark.parametrize(
    ("purpose", "level", "stopped"),
    [
        ("attention", "none", {"reading", "watches"}),
        ("attention", "session", {"reading", "watches"}),
        ("feedback", "none", {"feedback", "steering"}),
        ("research", "none", set()),
    ],
)
def test_a_no_stops_its_classes_for_good(
    storage: MemoryStorage, grants: Grants, clock: ManualClock, purpose: str, level: str, stopped: set[str]
) -> None:
    """A later yes does not grant anew; a new grant does. What is said no to cannot be granted meanwhile."""
    consents = Consents(storage, clock)
    grant = grants.make("ada", everything(grants))
    clock.at += DAY
    consents.answer("ada", purpose, level)
    left = tuple(name for name in GRANT_CLASSES if name not in stopped)

    assert grants.open_classes(grant) == left
    if stopped:
        with pytest.raises(InvalidInputError, match="said no"):
            grants.make("ada", everything(grants))
    clock.at += DAY
    consents.answer("ada", purpose, "kept")

    assert grants.open_classes(grant) == left
    assert grants.open_classes(grants.make("ada", everything(grants))) == GRANT_CLASSES


def test_the_signal_of_the_browser_is_a_no(storage: MemoryStorage, grants: Grants, clock: ManualClock) -> None:
    grant = grants.make("ada", everything(grants))
    Consents(storage, clock).heed_signal("ada")

    assert "reading" not in grants.open_classes(grant)


def test_what_was_stopped_while_it_was_packed_does_not_go(
    storage: MemoryStorage, grants: Grants, clock: ManualClock
) -> None:
    grant = grants.make("ada", everything(grants))
    Consents(storage, clock).answer("ada", "attention", "none")

    assert not grants.let_out(grant, "recipient", {"reading": 3}, "d")
    assert grants.let_out(grant, "recipient", {"opens": 3}, "d")
    assert [entry.rows for entry in grants.ledger(grant)] == [{}, {"opens": 3}]
