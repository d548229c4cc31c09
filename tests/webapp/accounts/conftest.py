"""The real app with accounts on: an admin, two adults, and browsers for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.guardians import Guardians
from reader.accounts.registry import Accounts
from reader.privacy.texts import version_of
from reader.settings import Settings
from reader.types import Account, Consent, Role
from reader.types_family import Child
from tests.reader.accounts.conftest import CHEAP
from tests.webapp.accounts.family import BrowserOf, MakeAccount, ask, be_young, decide
from tests.webapp.accounts.forms import send
from tests.webapp.accounts.verifying import PASSWORD as PASSWORD
from tests.webapp.accounts.verifying import Parcel, Post, running_mail, running_provider, ways
from tests.webapp.conftest import NOW
from webapp.services import EXTENSION


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key="a key for tests", accounts=True, login=CHEAP)


@pytest.fixture
def accounts(app: Flask) -> Accounts:
    found = app.extensions[EXTENSION].accounts
    assert isinstance(found, Accounts)
    return found


@pytest.fixture
def make_account(accounts: Accounts) -> Callable[..., Account]:
    """Return a maker of accounts; a child's comes with a guardian who has said yes."""

    def make(nickname: str, role: Role = "adult") -> Account:
        if role != "child":
            return accounts.create(nickname, PASSWORD, role)
        parent = accounts.create(f"{nickname}'s parent", PASSWORD, "adult")
        child = accounts.prepare(nickname, PASSWORD, "child")
        words = (NOW, version_of("account"), "kept", parent.id)
        accounts.storage.put_consent(Consent(child.id, "account", True, *words))
        accounts.storage.put_child(Child(child.id, parent.id, "", "guardian", "2031-04", NOW))
        assert accounts.storage.add_account(child)
        return child

    return make


@pytest.fixture
def browser_of(app: Flask, accounts: Accounts) -> Callable[[Account], FlaskClient]:
    """Return a maker of browsers in which somebody is logged in."""

    def make(account: Account) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as session:
            session["login"] = accounts.logins.begin(account)
        return client

    return make


@pytest.fixture
def invite(accounts: Accounts) -> Callable[[], str]:
    return lambda: f"/join/{accounts.invite('adult')}"


@pytest.fixture
def ann(make_account: MakeAccount, browser_of: BrowserOf) -> FlaskClient:
    """The browser of a parent."""
    return browser_of(make_account("Ann"))


@pytest.fixture
def kim(app: Flask, ann: FlaskClient, invite: Callable[[], str], accounts: Accounts) -> FlaskClient:
    """The browser of Ann's child, with an account."""
    path, client = invite(), app.test_client()
    be_young(client, path)
    waiting = ask(client, path)
    decide(ann, accounts, "kept")
    form = {"nickname": "Kim", "password": PASSWORD, "again": PASSWORD}
    assert send(client, waiting, waiting, **form).status_code == 303
    return client


# Servers that guardians are reached by; they run once for each file of tests.


@pytest.fixture(scope="module")
def mail_server() -> Iterator[tuple[Post, int]]:
    with running_mail() as running:
        yield running


@pytest.fixture
def post(mail_server: tuple[Post, int]) -> Post:
    mail_server[0].mails.clear()
    mail_server[0].is_broken = False
    mail_server[0].unknown.clear()
    return mail_server[0]


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[list[Parcel], int]]:
    with running_provider() as running:
        yield running


@pytest.fixture
def reaching(mail_server: tuple[Post, int], provider: tuple[list[Parcel], int]) -> Settings:
    """Return the settings of an installation with every way to ask a guardian."""
    provider[0].clear()
    # The provider of the test is on loopback, which the guarded client refuses otherwise.
    return Settings(
        secret_key="a key for tests",
        accounts=True,
        login=CHEAP,
        family=ways(mail_server[1], provider[1]),
        fetch_private_addresses=True,
    )


@pytest.fixture
def guardians(app: Flask) -> Guardians:
    found = app.extensions[EXTENSION].guardians
    assert isinstance(found, Guardians)
    return found


@pytest.fixture
def young(app: Flask, accounts: Accounts) -> tuple[FlaskClient, str]:
    """A child's browser at the question for a guardian."""
    path, client = f"/join/{accounts.invite('adult')}", app.test_client()
    be_young(client, path)
    return client, path
