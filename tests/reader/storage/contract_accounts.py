"""What every engine must keep about accounts."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings

from reader.storage.protocol import Storage
from reader.types import Account, Attempts, Audited, Invitation, Login
from tests.reader.storage import builders
from tests.reader.storage.builders import NOW, make_account, make_invitation, make_login, make_token

# A store is made for each example, so fewer than usual. The tests are inherited, hence the one check less.
any_values = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.differing_executors])


def kept(value: Any) -> Any:
    """Return the value as a store gives it back, worked out apart from the engines: UTC, milliseconds cut off."""
    if isinstance(value, datetime):
        at = value.astimezone(UTC)
        return at - timedelta(microseconds=at.microsecond % 1000)
    if isinstance(value, tuple):
        return tuple(kept(part) for part in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(value, **{f.name: kept(getattr(value, f.name)) for f in dataclasses.fields(value)})
    return value


class AccountsContract:
    """The promises of `reader.storage.accounts.AccountStorage`."""

    def fresh(self) -> AbstractContextManager[Storage]:
        """Lend an empty store."""
        raise NotImplementedError

    @any_values
    @given(account=builders.ACCOUNTS, login=builders.LOGINS, invitation=builders.INVITATIONS, audited=builders.AUDITS)
    def test_what_is_kept_of_accounts_comes_back_as_it_was(
        self, account: Account, login: Login, invitation: Invitation, audited: Audited
    ) -> None:
        """Times to the millisecond and in UTC, all else exactly."""
        with self.fresh() as storage:
            assert storage.add_account(account)
            storage.put_login(login)
            storage.put_invitation(invitation)
            storage.add_audited(audited)

            assert storage.account(account.id) == kept(account)
            assert storage.account_named(account.nickname) == kept(account)
            assert storage.accounts() == [kept(account)]
            assert storage.login(login.digest) == kept(login)
            assert storage.logins(login.user) == [kept(login)]
            assert storage.invitation(invitation.digest) == kept(invitation)
            assert storage.invitations() == [kept(invitation)]
            assert storage.audited(audited.user) == [kept(audited)]

    def test_accounts_that_are_not_there_read_as_empty(self, storage: Storage) -> None:
        """Changing or dropping them is told, not raised."""
        found = (storage.account("x"), storage.account_named("x"), storage.login("x"), storage.invitation("x"))
        listed = (
            storage.accounts(),
            storage.logins("x"),
            storage.invitations(),
            storage.tokens("x"),
            storage.audited("x"),
        )
        assert found == (None,) * 4
        assert listed == ([],) * 5
        assert storage.attempts(["x"]) == storage.attempts([]) == {}
        assert not storage.change_account("x", disabled=True)
        assert not storage.take_invitation("x")
        assert not storage.drop_token("x", "x")
        assert storage.drop_logins("x") == 0
        storage.touch_login("x", NOW)
        storage.drop_attempts(["x"])
        assert storage.login("x") is None
        assert storage.account("x") is None

    def test_a_nickname_is_given_once_in_whatever_case(self, storage: Storage) -> None:
        assert storage.add_account(make_account("u1", "Zoë"))

        assert not storage.add_account(make_account("u2", " zoE\u0308 "))
        assert not storage.add_account(make_account("u1", "Bob"))
        assert storage.add_account(make_account("u2", "Bob"))
        assert [account.nickname for account in storage.accounts()] == ["Zoë", "Bob"]

    def test_a_change_leaves_the_rest(self, storage: Storage) -> None:
        """So that closing an account and hashing its password anew may happen at once."""
        storage.add_account(make_account("ada"))
        storage.add_account(make_account("bob"))

        assert storage.change_account("ada", password_hash="new")
        assert storage.change_account("ada", disabled=True)
        assert storage.change_account("ada")

        changed = dataclasses.replace(make_account("ada"), password_hash="new", disabled=True)
        assert storage.accounts() == [changed, make_account("bob")]
        assert storage.change_account("ada", disabled=False)
        assert storage.account("ada") == dataclasses.replace(changed, disabled=False)

    def test_an_invitation_makes_one_account(self, storage: Storage) -> None:
        """However many come with it at once; a taken nickname leaves it as it was."""
        storage.add_account(make_account("first"))
        storage.put_invitation(make_invitation("i1"))

        assert not storage.add_account(make_account("u0", "First"), invitation="i1")
        assert storage.invitation("i1") is not None
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda n: storage.add_account(make_account(f"u{n}"), invitation="i1"), range(8)))

        assert sum(made) == 1
        assert len(storage.accounts()) == 2
        assert storage.invitation("i1") is None

    def test_an_invitation_is_taken_once(self, storage: Storage) -> None:
        storage.put_invitation(make_invitation("i1"))

        with ThreadPoolExecutor(8) as pool:
            taken = list(pool.map(lambda _: storage.take_invitation("i1"), range(8)))

        assert sum(taken) == 1

    def test_logins_are_dropped_one_all_or_all_but_one(self, storage: Storage) -> None:
        """Those of another reader stay, whatever digest is named."""
        for number in range(4):
            storage.put_login(make_login(f"k{number}", at=NOW + timedelta(hours=number)))
        storage.put_login(make_login("other", user="bob"))
        storage.touch_login("k0", NOW + timedelta(days=1))

        assert [login.digest for login in storage.logins("ada")] == ["k0", "k3", "k2", "k1"]
        assert storage.drop_logins("ada", only="other") == 0
        assert storage.drop_logins("ada", only="k1") == 1
        assert storage.drop_logins("ada", but="k2") == 2
        assert [login.digest for login in storage.logins("ada")] == ["k2"]
        assert storage.drop_logins("ada") == 1
        assert storage.login("other") is not None

    def test_old_logins_are_dropped_by_age_and_by_rest(self, storage: Storage) -> None:
        """Those of that very moment stay."""
        for number in range(3):
            storage.put_login(make_login(f"k{number}", at=NOW + timedelta(hours=number)))

        assert storage.drop_logins_before(NOW + timedelta(hours=1), NOW) == 1
        storage.touch_login("k1", NOW + timedelta(hours=5))
        assert storage.drop_logins_before(NOW, NOW + timedelta(hours=5)) == 1
        assert [login.digest for login in storage.logins("ada")] == ["k1"]

    def test_tokens_are_listed_and_dropped_by_their_reader_alone(self, storage: Storage) -> None:
        for digest, user in (("d2", "ada"), ("d1", "ada"), ("d3", "bob")):
            storage.put_token(make_token(digest, user=user))

        assert [token.digest for token in storage.tokens("ada")] == ["d1", "d2"]
        assert not storage.drop_token("bob", "d1")
        assert storage.drop_token("ada", "d1")
        assert [token.digest for token in storage.tokens("ada")] == ["d2"]

    def test_attempts_are_counted_until_they_are_old(self, storage: Storage) -> None:
        long_ago = NOW - timedelta(days=1)

        assert [storage.count_attempt("k", NOW, long_ago).count for _ in range(3)] == [1, 2, 3]
        assert storage.attempts(["k", "unknown"]) == {"k": Attempts(3, NOW)}
        assert storage.count_attempt("k", NOW + timedelta(days=2), NOW + timedelta(days=1)).count == 1
        storage.count_attempt("other", NOW, long_ago)
        storage.undo_attempts(["other", "unknown"])
        storage.undo_attempts(["other"])
        assert storage.attempts(["other", "unknown"]) == {"other": Attempts(0, NOW)}
        storage.drop_attempts(["k"])
        assert storage.attempts(["k", "other"]).keys() == {"other"}
        assert storage.drop_attempts_before(NOW) == 0
        assert storage.drop_attempts_before(NOW + timedelta(seconds=1)) == 1

    def test_attempts_of_many_at_once_are_all_counted(self, storage: Storage) -> None:
        with ThreadPoolExecutor(8) as pool:
            counts = [one.count for one in pool.map(lambda _: storage.count_attempt("k", NOW, NOW), range(40))]

        assert sorted(counts) == list(range(1, 41))

    def test_what_others_did_is_kept_newest_first(self, storage: Storage) -> None:
        for act in ("disable", "enable"):
            storage.add_audited(Audited("ada", NOW, "root", act))
        storage.add_audited(Audited("bob", NOW, "root", "disable"))

        assert [entry.act for entry in storage.audited("ada")] == ["enable", "disable"]

    def test_an_erased_account_does_not_come_back(self, storage: Storage) -> None:
        """Neither by a change nor by a use that was under way."""
        storage.add_account(make_account("ada"))
        storage.put_login(make_login("k1"))
        storage.erase_user("ada")

        assert not storage.change_account("ada", password_hash="x")
        storage.touch_login("k1", NOW)
        assert storage.account("ada") is None
        assert storage.login("k1") is None
