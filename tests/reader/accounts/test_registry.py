"""Making accounts, the links for it, closing them, and what others did."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from reader.accounts.registry import OPERATOR, Accounts
from reader.accounts.secrets import digest_of
from reader.clock import ManualClock
from reader.errors import InvalidInputError, NotFoundError
from reader.types import Account, Role

PASSWORD = "salt lakes of Chile"


def test_ids_say_nothing_about_the_reader(accounts: Accounts) -> None:
    ids = {accounts.create(f"Zoë {number}", PASSWORD, "adult").id for number in range(20)}

    assert len(ids) == 20
    assert all(len(user) == 17 and "zo" not in user for user in ids)


@pytest.mark.parametrize("nickname", ["", "   ", "x" * 41, "a\x00b", "a\u202eb", "\u00ad"])
def test_a_nickname_is_short_and_printable(accounts: Accounts, nickname: str) -> None:
    with pytest.raises(InvalidInputError, match="nickname"):
        accounts.create(nickname, PASSWORD, "adult")
    assert accounts.storage.accounts() == []


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaaaaaa", "abababababababab", "Ada Lovelace", "x1" * 600])
def test_an_easy_password_is_refused(accounts: Accounts, password: str) -> None:
    """Too short, too long, a pattern, or the nickname."""
    with pytest.raises(InvalidInputError, match="password"):
        accounts.create("ada lovelace", password, "adult")
    assert accounts.storage.accounts() == []


def test_a_taken_nickname_is_named(accounts: Accounts) -> None:
    accounts.create("Ada", PASSWORD, "adult")

    with pytest.raises(InvalidInputError, match="'ADA' is taken"):
        accounts.create("ADA", PASSWORD, "adult")


def test_there_is_no_account_for_a_child_yet(accounts: Accounts) -> None:
    """Neither made nor invited: consent of a parent comes first."""
    with pytest.raises(InvalidInputError, match="consent"):
        accounts.create("Kim", PASSWORD, "child")
    with pytest.raises(InvalidInputError, match="consent"):
        accounts.invite("child")
    assert accounts.storage.accounts() == accounts.storage.invitations() == []  # type: ignore[comparison-overlap]


@pytest.mark.parametrize("role", ["admin", "adult"])
def test_an_invitation_makes_one_account_of_its_role(accounts: Accounts, role: Role) -> None:
    secret = accounts.invite(role)

    made = accounts.join(secret, "Bob", PASSWORD)

    assert made.role == role
    assert accounts.storage.accounts() == [made]
    assert all(secret not in repr(kept) for kept in (made, digest_of(secret)))
    with pytest.raises(NotFoundError, match="Ask for a new one"):
        accounts.join(secret, "Eve", PASSWORD)


def test_a_wrong_word_does_not_use_up_an_invitation(accounts: Accounts) -> None:
    accounts.create("Ada", PASSWORD, "admin")
    secret = accounts.invite("adult")
    for nickname, password in (("Ada", PASSWORD), ("", PASSWORD), ("Bob", "short")):
        with pytest.raises(InvalidInputError):
            accounts.join(secret, nickname, password)

    assert accounts.join(secret, "Bob", PASSWORD).nickname == "Bob"


def test_an_invitation_expires(accounts: Accounts, clock: ManualClock) -> None:
    secret = accounts.invite("adult")
    clock.at += timedelta(hours=72)

    with pytest.raises(NotFoundError):
        accounts.join(secret, "Bob", PASSWORD)


def test_of_many_with_one_link_one_gets_in(accounts: Accounts) -> None:
    secret = accounts.invite("adult")

    def join(number: int) -> bool:
        try:
            return bool(accounts.join(secret, f"Bob {number}", PASSWORD))
        except NotFoundError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(join, range(8))) == 1


def test_a_link_sets_a_new_password_once(accounts: Accounts) -> None:
    """The old one holds until then; afterwards all logins are over. It makes no account."""
    ada = accounts.create("Ada", PASSWORD, "adult")
    login = accounts.logins.begin(ada)
    secret = accounts.offer_reset(ada, "root")
    assert accounts.logins.log_in("ada", PASSWORD, "") is not None
    with pytest.raises(InvalidInputError):
        accounts.reset(secret, "short")

    accounts.reset(secret, "eels on the move")

    assert accounts.logins.find(login) is None
    assert accounts.logins.log_in("ada", PASSWORD, "") is None
    assert accounts.logins.log_in("ada", "eels on the move", "") is not None
    with pytest.raises(NotFoundError):
        accounts.reset(secret, "bread without haste")
    assert len(accounts.storage.accounts()) == 1


def test_a_link_for_a_password_makes_no_account_and_the_other_way_round(accounts: Accounts) -> None:
    ada = accounts.create("Ada", PASSWORD, "adult")

    with pytest.raises(NotFoundError):
        accounts.join(accounts.offer_reset(ada, "root"), "Eve", PASSWORD)
    with pytest.raises(NotFoundError):
        accounts.reset(accounts.invite("adult"), PASSWORD)
    assert accounts.storage.accounts() == [ada]


def test_the_last_admin_stays(accounts: Accounts) -> None:
    """Else nobody could open anything again from the pages."""
    ada, bob = (accounts.create(name, PASSWORD, "admin") for name in ("Ada", "Bob"))
    accounts.create("Eve", PASSWORD, "adult")
    accounts.disable(ada, bob.id)

    with pytest.raises(InvalidInputError, match="only admin"):
        accounts.disable(bob, bob.id)
    assert accounts.has_admin()


def test_what_others_did_is_written_down(accounts: Accounts) -> None:
    """What one does oneself is not."""
    ada = accounts.create("Ada", PASSWORD, "adult")
    accounts.disable(ada, "root")
    accounts.enable(ada, OPERATOR)
    accounts.offer_reset(ada, "root")
    accounts.note(ada.id, ada.id, "export")

    found = [(entry.actor, entry.act) for entry in accounts.storage.audited(ada.id)]

    assert found == [("root", "reset-password"), (OPERATOR, "enable"), ("root", "disable")]


def test_tokens_have_no_more_scopes_than_their_reader(accounts: Accounts) -> None:
    """The catalogue is everybody's: adults do not add to it."""
    admin, adult = accounts.create("Ada", PASSWORD, "admin"), accounts.create("Bob", PASSWORD, "adult")

    accounts.make_token(admin, ("items:write", "recs:read"), "ingest")
    for scopes in (("items:write",), ("everything",), ()):
        with pytest.raises(InvalidInputError, match="scope"):
            accounts.make_token(adult, scopes, "mine")

    (token,) = accounts.storage.tokens(admin.id)
    assert token.scopes == ("recs:read", "items:write")
    assert accounts.storage.tokens(adult.id) == []


def test_accounts_are_found_by_nickname_or_id(accounts: Accounts) -> None:
    ada: Account = accounts.create("Ada", PASSWORD, "adult")

    assert accounts.find("ADA") == accounts.find(ada.id) == ada
    with pytest.raises(NotFoundError, match="bob"):
        accounts.find("bob")
