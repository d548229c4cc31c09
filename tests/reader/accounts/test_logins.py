"""Who is let in, for how long, and how guessing is slowed down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from reader.accounts.registry import Accounts
from reader.accounts.secrets import digest_of
from reader.accounts.throttle import TooManyAttemptsError
from reader.clock import ManualClock
from reader.settings_login import LoginSettings
from reader.storage.memory import MemoryStorage
from reader.types import Account
from tests.reader.accounts.conftest import CHEAP

PASSWORD = "salt lakes of Chile"


@pytest.fixture
def ada(accounts: Accounts) -> Account:
    return accounts.create("Ada", PASSWORD, "adult")


def log_in(accounts: Accounts, nickname: str = "ada", password: str = PASSWORD, address: str = "192.0.2.1") -> str:
    """Return the secret; empty if the two do not belong together."""
    found = accounts.logins.log_in(nickname, password, address)
    return found[1] if found else ""


def fail_often(accounts: Accounts, count: int, *, nickname: str = "ada", address: str = "192.0.2.1") -> None:
    for _ in range(count):
        assert log_in(accounts, nickname, "a wrong password", address) == ""


def test_the_right_password_logs_in(accounts: Accounts, ada: Account) -> None:
    """In whatever case the nickname is written; the secret itself is not stored."""
    secret = log_in(accounts, " ADA ")

    found = accounts.logins.find(secret)
    assert found is not None
    assert found[0] == ada
    assert found[1].digest == digest_of(secret) != secret
    assert log_in(accounts) != secret


@pytest.mark.parametrize(("nickname", "password"), [("ada", "wrong"), ("ada", ""), ("bob", PASSWORD), ("", "")])
def test_anything_else_does_not(accounts: Accounts, ada: Account, nickname: str, password: str) -> None:
    assert log_in(accounts, nickname, password) == ""


def test_one_password_may_be_typed_in_several_ways(accounts: Accounts) -> None:
    """A keyboard that composes letters and one that does not give the same text."""
    accounts.create("Zoe", "crème brûlée at noon", "adult")

    assert log_in(accounts, "zoe", "cre\u0300me bru\u0302le\u0301e at noon")


def test_a_closed_account_and_a_childs_cannot_log_in(accounts: Accounts, ada: Account) -> None:
    """Even with the right password, and a login of before ends."""
    secret = log_in(accounts)
    accounts.disable(ada, "root")
    child = Account("c1", "Kim", ada.password_hash, "child", ada.created_at)
    accounts.storage.add_account(child)

    assert log_in(accounts) == log_in(accounts, "kim") == ""
    assert accounts.logins.find(secret) is None
    assert accounts.logins.find(accounts.logins.begin(child)) is None
    accounts.enable(ada, "root")
    assert log_in(accounts)


def test_a_login_ends_after_rest_and_in_the_end(accounts: Accounts, ada: Account, clock: ManualClock) -> None:
    """A week unused, or thirty days in all."""
    rested, used = log_in(accounts), log_in(accounts)
    for _ in range(5):
        clock.at += timedelta(days=5.9)
        assert accounts.logins.find(used) is not None
    assert accounts.logins.find(rested) is None

    clock.at += timedelta(days=1)

    assert accounts.logins.find(used) is None
    log_in(accounts)
    assert len(accounts.storage.logins(ada.id)) == 1


def test_logging_out_ends_one_login(accounts: Accounts, ada: Account) -> None:
    one, other = log_in(accounts), log_in(accounts)

    accounts.logins.end(one)
    accounts.logins.end("no secret at all")

    assert accounts.logins.find(one) is None
    assert accounts.logins.find(other) is not None


def test_a_new_password_logs_out_everywhere_else(accounts: Accounts, ada: Account) -> None:
    own, other = log_in(accounts), log_in(accounts)

    accounts.change_password(ada, PASSWORD, "eels on the move", keep=digest_of(own), address="192.0.2.1")

    assert accounts.logins.find(own) is not None
    assert accounts.logins.find(other) is None
    assert log_in(accounts, password=PASSWORD) == ""
    assert log_in(accounts, password="eels on the move")


def test_hashes_follow_the_settings(ada: Account, accounts: Accounts, clock: ManualClock) -> None:
    """A login with other parameters than those of the hash makes a new one, once."""
    dearer = CHEAP.model_copy(update={"argon2_passes": 2})
    later = Accounts(accounts.storage, dearer, clock, "a key for tests")

    assert log_in(later)

    (kept,) = accounts.storage.accounts()
    assert kept.password_hash.startswith("$argon2id$")
    assert "t=1" in ada.password_hash
    assert "t=2" in kept.password_hash
    assert log_in(later)
    assert accounts.storage.accounts() == [kept]


def test_the_default_parameters_are_those_of_rfc_9106(clock: ManualClock) -> None:
    accounts = Accounts(MemoryStorage(), LoginSettings(), clock)

    account = accounts.create("Ada", PASSWORD, "admin")

    assert account.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_an_unknown_nickname_takes_the_same_work_as_a_wrong_password(
    accounts: Accounts, ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One hash each, with the same parameters: what time that takes is then up to Argon2, whatever else runs."""
    hashed: list[str] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, kept: str, password: str) -> bool:
        hashed.append(kept.rsplit("$", 2)[0])
        return verify(hasher, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for nickname in ("ada", "bob"):
        assert not log_in(accounts, nickname, "a wrong password")

    known, unknown = hashed
    assert known == unknown == ada.password_hash.rsplit("$", 2)[0]


# Guessing


def test_after_five_wrong_logins_each_has_to_wait_longer(accounts: Accounts, ada: Account, clock: ManualClock) -> None:
    """1 s, 2 s, 4 s, up to a quarter of an hour. The right password has to wait as well: it might be a guess."""
    fail_often(accounts, 5)
    waits = []
    for _ in range(12):
        with pytest.raises(TooManyAttemptsError) as refused:
            log_in(accounts)
        waits.append(refused.value.wait_s)
        clock.at += timedelta(seconds=refused.value.wait_s)
        fail_often(accounts, 1)

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_waiting_attempts_are_not_counted(accounts: Accounts, ada: Account, clock: ManualClock) -> None:
    """Else whoever keeps asking would keep a reader out."""
    fail_often(accounts, 5)
    for _ in range(50):
        with pytest.raises(TooManyAttemptsError):
            log_in(accounts)
    clock.at += timedelta(seconds=1)

    assert log_in(accounts)
    fail_often(accounts, 5)


def test_guessing_at_one_address_does_not_keep_out_another(accounts: Accounts, ada: Account) -> None:
    fail_often(accounts, 5)

    assert log_in(accounts, address="198.51.100.7")


def test_guessing_at_unknown_names_is_slowed_down_alike(accounts: Accounts, ada: Account) -> None:
    """Else the wait would tell which names exist."""
    fail_often(accounts, 5, nickname="nobody")

    with pytest.raises(TooManyAttemptsError):
        log_in(accounts, "nobody")


def test_trying_many_names_from_one_address_is_slowed_down(accounts: Accounts, ada: Account) -> None:
    for number in range(30):
        fail_often(accounts, 1, nickname=f"name {number}")

    with pytest.raises(TooManyAttemptsError):
        log_in(accounts)
    assert log_in(accounts, address="198.51.100.7")


def test_many_readers_may_share_an_address(accounts: Accounts, ada: Account) -> None:
    """Right logins do not add up."""
    assert all(log_in(accounts) for _ in range(50))


def test_own_logins_do_not_clear_the_way_for_guessing(accounts: Accounts, ada: Account, clock: ManualClock) -> None:
    """Somebody with an account guesses at another's, and logs in now and then."""
    accounts.create("Eve", PASSWORD, "adult")
    for number in range(30):
        assert log_in(accounts, "eve")
        fail_often(accounts, 1, nickname=f"name {number}")

    with pytest.raises(TooManyAttemptsError):
        fail_often(accounts, 1, nickname="one more name")


def test_guessing_from_many_addresses_is_slowed_down_but_holds_nobody_up_for_long(
    accounts: Accounts, ada: Account, clock: ManualClock
) -> None:
    for number in range(130):
        try:
            fail_often(accounts, 1, address=f"192.0.2.{number}")
        except TooManyAttemptsError as early:
            clock.at += timedelta(seconds=early.wait_s)

    with pytest.raises(TooManyAttemptsError) as refused:
        log_in(accounts, address="198.51.100.7")
    assert refused.value.wait_s <= 60


def test_neither_names_nor_addresses_are_kept(accounts: Accounts, ada: Account, clock: ManualClock) -> None:
    """And after a day nothing is."""
    storage = accounts.storage
    assert isinstance(storage, MemoryStorage)
    fail_often(accounts, 3, nickname="nobody")
    kept = repr(storage._attempts)
    assert "nobody" not in kept
    assert "192.0.2.1" not in kept

    clock.at += timedelta(days=1, seconds=1)
    fail_often(accounts, 1, address="198.51.100.7")

    assert {one.count for one in storage._attempts.values()} == {1}
    assert len(storage._attempts) == 3
