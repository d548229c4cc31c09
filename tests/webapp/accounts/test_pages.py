"""Logging in and out, joining, one's own account, administration: as a browser without JavaScript meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.registry import Accounts
from reader.types import Account
from tests.webapp.accounts.conftest import PASSWORD
from tests.webapp.accounts.forms import come_of_age, send

MakeAccount = Callable[..., Account]
BrowserOf = Callable[[Account], FlaskClient]


def log_in(client: FlaskClient, nickname: str, password: str = PASSWORD, **form: str) -> Any:
    return send(client, "/login", "/login", nickname=nickname, password=password, **form)


def link_in(page: str) -> str:
    found = re.search(r"http://localhost(/join/[\w-]+)", page)
    assert found is not None
    return found[1]


def test_a_reader_logs_in_and_gets_where_they_wanted(client: FlaskClient, make_account: MakeAccount) -> None:
    make_account("Ada")
    asked = client.get("/latest?from=0")
    assert asked.status_code == 303
    assert asked.headers["Location"] == "/login?next=/latest?from%3D0"

    answer = log_in(client, "ada", next="/latest?from=0")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/latest?from=0"
    assert "Ada" in client.get("/latest").get_data(as_text=True)
    assert client.get("/login").headers["Location"] == "/"


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_way_back_stays_on_this_site(client: FlaskClient, make_account: MakeAccount, back: str) -> None:
    make_account("Ada")

    assert log_in(client, "ada", next=back).headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    client: FlaskClient, make_account: MakeAccount, accounts: Accounts
) -> None:
    """To the byte, but for the name that was typed and the form's token; a child without a guardian's yes, too."""
    make_account("Ada")
    accounts.storage.drop_child(make_account("Kim", "child").id)

    def answer(nickname: str, password: str) -> tuple[int, str]:
        found = log_in(client, nickname, password)
        page = re.sub(r'name="csrf_token" value="[^"]+"', "", found.get_data(as_text=True))
        return found.status_code, page.replace(nickname, "NAME")

    first = answer("ada", "a wrong password")

    assert first[0] == 422
    assert "do not belong together" in first[1]
    assert answer("nobody", "a wrong password") == answer("kim", PASSWORD) == first
    assert client.get("/").status_code == 303


def test_guessing_has_to_wait(client: FlaskClient, make_account: MakeAccount) -> None:
    make_account("Ada")
    statuses = [log_in(client, "ada", "a wrong password").status_code for _ in range(6)]
    answer = log_in(client, "ada")

    assert statuses == [422] * 5 + [429]
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"


def test_a_form_of_another_site_cannot_log_in(client: FlaskClient, make_account: MakeAccount) -> None:
    make_account("Ada")

    assert client.post("/login", data={"nickname": "ada", "password": PASSWORD}).status_code == 400


def test_a_login_brings_a_new_cookie_and_leaves_nothing_of_the_old(app: Flask, make_account: MakeAccount) -> None:
    """Else somebody could set up a browser and share the login that follows."""
    make_account("Ada")
    client = app.test_client()
    with client.session_transaction() as session:
        session["login"], session["planted"] = "planted", "x"
    log_in(client, "ada")

    with client.session_transaction() as session:
        assert "planted" not in session
        first = session["login"]
    log_in(client, "ada") if client.get("/login").status_code == 200 else None
    send(client, "/me/account", "/logout")
    log_in(client, "ada")
    with client.session_transaction() as session:
        assert session["login"] not in (first, "planted")


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_the_cookie_is_secure_over_tls(client: FlaskClient, scheme: str, secure: bool) -> None:
    cookie = client.get("/login", base_url=f"{scheme}://localhost").headers["Set-Cookie"]

    assert ("Secure" in cookie) == secure
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_logging_out_ends_the_login_for_good(app: Flask, client: FlaskClient, make_account: MakeAccount) -> None:
    """A copy of the cookie is void, and nothing lies in the cache."""
    make_account("Ada")
    log_in(client, "ada")
    cookie = client.get_cookie("reread")
    assert cookie is not None
    assert client.get("/me/interests").headers["Cache-Control"] == "no-store"

    answer = send(client, "/me/account", "/logout")

    assert answer.headers["Location"] == "/login"
    thief = app.test_client()
    thief.set_cookie("reread", cookie.value)
    assert thief.get("/").status_code == 303
    assert client.get("/").status_code == 303


def test_a_page_left_open_does_not_report_into_another_account(
    client: FlaskClient, make_account: MakeAccount, accounts: Accounts
) -> None:
    ada, _ = make_account("Ada"), make_account("Bob")
    log_in(client, "ada")
    found = re.search(r'data-events="([^"]+)"', client.get("/").get_data(as_text=True))
    assert found is not None
    assert client.post(found[1], json={"events": []}).status_code == 202
    send(client, "/me/account", "/logout")
    log_in(client, "bob")

    assert found[1] == f"/api/v1/events?reader={ada.id}"
    assert client.post(found[1], json={"events": []}).status_code == 403


# Links


def test_an_invited_reader_joins(app: Flask, make_account: MakeAccount, browser_of: BrowserOf) -> None:
    """The link works once; the first look at it does not use it up."""
    root = browser_of(make_account("Root", "admin"))
    path = link_in(send(root, "/admin/accounts", "/admin/invitations", role="adult").get_data(as_text=True))
    bob, late = app.test_client(), app.test_client()
    assert bob.get(path).status_code == late.get(path).status_code == 200
    form = {"nickname": "Bob", "password": "eels on the move", "again": "eels on the move"}
    come_of_age(bob, path)

    joined = send(bob, path, path, **form)

    assert joined.headers["Location"] == "/"
    assert "Welcome, Bob." in bob.get("/").get_data(as_text=True)
    assert late.get(path).status_code == 404
    assert path not in root.get("/admin/accounts").get_data(as_text=True)


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"nickname": "Bob", "password": "short", "again": "short"}, "at least 12"),
        ({"nickname": "Bob", "password": PASSWORD, "again": "other"}, "not the same twice"),
        ({"nickname": "root", "password": PASSWORD, "again": PASSWORD}, "is taken"),
        ({"nickname": " ", "password": PASSWORD, "again": PASSWORD}, "printable"),
    ],
)
def test_what_is_wrong_is_said_and_the_link_holds(
    app: Flask, accounts: Accounts, make_account: MakeAccount, form: dict[str, str], wrong: str
) -> None:
    make_account("Root", "admin")
    path, client = f"/join/{accounts.invite('adult')}", app.test_client()
    come_of_age(client, path)

    answer = send(client, path, path, **form)

    assert answer.status_code == 422
    assert wrong in answer.get_data(as_text=True)
    assert 'value=""' not in re.findall(r'<input name="nickname"[^>]*>', answer.get_data(as_text=True))
    assert client.get(path).status_code == 200


def test_no_child_is_invited(make_account: MakeAccount, browser_of: BrowserOf, accounts: Accounts) -> None:
    root = browser_of(make_account("Root", "admin"))

    answer = send(root, "/admin/accounts", "/admin/invitations", role="child")

    assert answer.status_code == 422
    assert "consent" in answer.get_data(as_text=True)
    assert accounts.storage.invitations() == []


def test_a_forgotten_password_is_replaced_by_a_link(
    app: Flask, make_account: MakeAccount, browser_of: BrowserOf
) -> None:
    """What the admin did stands on the reader's page."""
    root, ada = make_account("Root", "admin"), make_account("Ada")
    page = send(browser_of(root), "/admin/accounts", "/admin/accounts", account=ada.id, act="reset-password")
    path, client = link_in(page.get_data(as_text=True)), app.test_client()

    send(client, path, path, password="eels on the move", again="eels on the move")

    assert "Root: <code>reset-password</code>" in client.get("/me/account").get_data(as_text=True)
    assert log_in(app.test_client(), "ada").status_code == 422
    assert log_in(app.test_client(), "ada", "eels on the move").status_code == 303


def test_an_admin_closes_and_opens_an_account(make_account: MakeAccount, browser_of: BrowserOf) -> None:
    """But not the last admin's."""
    root, ada = make_account("Root", "admin"), make_account("Ada")
    admin, reader = browser_of(root), browser_of(ada)

    send(admin, "/admin/accounts", "/admin/accounts", account=ada.id, act="disable")
    assert reader.get("/").status_code == 303
    send(admin, "/admin/accounts", "/admin/accounts", account=ada.id, act="enable")
    assert browser_of(ada).get("/").status_code == 200
    refused = send(admin, "/admin/accounts", "/admin/accounts", account=root.id, act="disable")
    assert refused.status_code == 422


def test_a_void_invitation_is_void(
    app: Flask, accounts: Accounts, make_account: MakeAccount, browser_of: BrowserOf
) -> None:
    root, secret = browser_of(make_account("Root", "admin")), accounts.invite("adult")
    (invitation,) = accounts.storage.invitations()

    send(root, "/admin/accounts", "/admin/invitations/revoke", invitation=invitation.digest)

    assert app.test_client().get(f"/join/{secret}").status_code == 404


# One's own account


def test_a_token_is_shown_once_and_revoked(make_account: MakeAccount, browser_of: BrowserOf, app: Flask) -> None:
    ada = browser_of(make_account("Ada"))
    page = send(ada, "/me/account", "/me/account/tokens", name="script", scope=["recs:read"]).get_data(as_text=True)
    secret = re.search(r"rr_[\w-]+", page)
    assert secret is not None
    headers = {"Authorization": f"Bearer {secret[0]}"}
    assert app.test_client().get("/api/v1/recommendations", headers=headers).status_code == 200
    again = ada.get("/me/account").get_data(as_text=True)
    assert secret[0] not in again
    digest = re.search(r'name="token" value="(\w+)"', again)
    assert digest is not None

    send(ada, "/me/account", "/me/account/tokens/revoke", token=digest[1])

    assert app.test_client().get("/api/v1/recommendations", headers=headers).status_code == 401


def test_other_browsers_are_logged_out(make_account: MakeAccount, browser_of: BrowserOf) -> None:
    account = make_account("Ada")
    one, two, three = (browser_of(account) for _ in range(3))
    other = re.search(r'name="login" value="(\w+)"', one.get("/me/account").get_data(as_text=True))
    assert other is not None

    send(one, "/me/account", "/me/account/logins", login=other[1])
    assert sorted(client.get("/").status_code for client in (two, three)) == [200, 303]
    send(one, "/me/account", "/me/account/logins")

    assert [client.get("/").status_code for client in (one, two, three)] == [200, 303, 303]


def test_the_password_is_changed_with_the_old_one(make_account: MakeAccount, browser_of: BrowserOf) -> None:
    account = make_account("Ada")
    one, two = browser_of(account), browser_of(account)
    new = {"password": "eels on the move", "again": "eels on the move"}

    assert send(one, "/me/account", "/me/account/password", old="a guess", **new).status_code == 422
    assert two.get("/").status_code == 200
    assert send(one, "/me/account", "/me/account/password", old=PASSWORD, **new).status_code == 303
    assert [client.get("/").status_code for client in (one, two)] == [200, 303]


def test_erasing_oneself_ends_account_and_login(
    make_account: MakeAccount, browser_of: BrowserOf, accounts: Accounts
) -> None:
    ada = browser_of(make_account("Ada"))

    assert ada.delete("/api/v1/me", json={}).get_json()["erased"]["accounts"] == 1

    assert ada.get("/").status_code == 303
    assert accounts.storage.account_named("ada") is None
