"""What holds for every route of the app, with one reader and with accounts: headers, cookies, forgery."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from reader.recommend.recommender import Recommender
from reader.settings import Settings
from tests.reader.accounts.conftest import CHEAP
from tests.webapp.accounts.test_matrix import calls, path_of
from webapp.offline.app import WORKER_POLICY
from webapp.security import CONTENT_SECURITY_POLICY, DATA_POLICY, HEADERS, STRICT_TRANSPORT
from webapp.services import EXTENSION

SAFE = ("GET", "HEAD", "OPTIONS")
JSON = {"Content-Type": "application/json"}
TLS = "https://localhost"
# Sent by programs that sign what they say and have no cookie; refused without a signature, whoever is logged in.
BY_SIGNATURE = ("/guardian-answers",)
Browse = Callable[[], FlaskClient]


@pytest.fixture(params=["one reader", "accounts"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return Settings(secret_key="a key for tests", accounts=request.param == "accounts", login=CHEAP)


@pytest.fixture
def browse(app: Flask) -> Browse:
    """Return a maker of browsers: the one reader's, or an administrator's each."""
    accounts, count = app.extensions[EXTENSION].accounts, 0

    def make() -> FlaskClient:
        nonlocal count
        client = app.test_client()
        if accounts is not None:
            count += 1
            admin = accounts.create(f"Admin {count}", "salt lakes of Chile", "admin")
            with client.session_transaction() as session:
                session["login"] = accounts.logins.begin(admin)
        return client

    return make


def answers(app: Flask, browse: Browse, base_url: str) -> Iterator[tuple[str, Response]]:
    """Yield every route's answer to every method, each by a browser of its own, since some end a login."""
    app.config["WTF_CSRF_ENABLED"] = False
    for rule, method in calls(app):
        body: Any = {} if rule.endpoint.startswith("api.") else None
        with browse().open(path_of(app, rule), method=method, json=body, base_url=base_url) as answer:
            yield f"{method} {rule}", answer


def test_every_answer_carries_every_header(app: Flask, browse: Browse) -> None:
    for name, answer in answers(app, browse, "http://localhost"):
        policy = answer.headers["Content-Security-Policy"]

        assert {header: answer.headers[header] for header in HEADERS if header != "Content-Security-Policy"} == {
            header: value for header, value in HEADERS.items() if header != "Content-Security-Policy"
        }, name
        assert "unsafe" not in policy, name
        if answer.mimetype == "text/html":
            assert policy == CONTENT_SECURITY_POLICY, name
        elif name == "GET /sw.js":
            assert policy == WORKER_POLICY
        else:
            assert policy in (DATA_POLICY, CONTENT_SECURITY_POLICY), name
        assert answer.mimetype != "application/json" or policy == DATA_POLICY, name
        assert "Strict-Transport-Security" not in answer.headers, name
        assert "Secure" not in answer.headers.get("Set-Cookie", ""), name


def test_behind_tls_every_answer_asks_for_tls_and_every_cookie_keeps_to_it(app: Flask, browse: Browse) -> None:
    cookies = 0
    for name, answer in answers(app, browse, TLS):
        assert answer.headers["Strict-Transport-Security"] == STRICT_TRANSPORT, name
        for cookie in answer.headers.getlist("Set-Cookie"):
            parts = {part.strip() for part in cookie.split(";")}
            assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts, name
            assert not any(part.startswith("Domain") for part in parts), name
            cookies += 1
    assert cookies > 10


def test_with_accounts_no_page_is_kept_by_a_cache(app: Flask, browse: Browse) -> None:
    if app.extensions[EXTENSION].accounts is None:
        pytest.skip("one reader, one browser")
    for name, answer in answers(app, browse, "http://localhost"):
        if "static" not in name and "media" not in name and "sw.js" not in name:
            assert answer.headers["Cache-Control"] == "no-store", name


class _Page(HTMLParser):
    """Collects the forms of a page, and what its policy forbids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.forbidden: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({"method": values.get("method", "get").lower(), "action": values.get("action", "")})
        elif tag == "input" and self.forms:
            self.forms[-1].setdefault(values.get("name", ""), values.get("value", ""))
        wrong = tag in ("style", "object", "embed", "base") or (tag == "script" and "src" not in values)
        if wrong or any(name.startswith("on") or name == "style" for name in values):
            self.forbidden.append(self.get_starttag_text() or tag)


def pages(app: Flask, browse: Browse) -> Iterator[tuple[str, _Page]]:
    """Yield what every route shows a browser."""
    for rule, method in calls(app):
        if method == "GET" and not rule.endpoint.startswith(("api.", "static")):
            with browse().get(path_of(app, rule)) as answer:
                if answer.mimetype == "text/html":
                    yield str(rule), _Page(answer.get_data(as_text=True))


def test_every_form_carries_a_token_and_goes_to_this_server(app: Flask, browse: Browse) -> None:
    count = 0
    for name, page in pages(app, browse):
        assert page.forbidden == [], name
        for form in page.forms:
            assert form["action"].startswith("/"), name
            assert not form["action"].startswith("//"), name
            if form["method"] == "post":
                assert len(form["csrf_token"]) > 40, name
                count += 1
    assert count >= 10


def changes(app: Flask) -> list[tuple[Rule, str]]:
    """Return every call that may change something."""
    return [(rule, method) for rule, method in calls(app) if method not in SAFE]


def kept(recommender: Recommender) -> list[Any]:
    """Return what a forged request could have changed."""
    storage = recommender.storage
    users = [account.id for account in storage.accounts()] or ["local"]
    about = [(storage.tokens(user), storage.consent(user, "attention")) for user in users]
    return [storage.last_event_seq(), storage.item_count(), storage.invitations(), storage.accounts(), about]


def token_of(client: FlaskClient) -> str:
    """Return the token that the forms of this browser carry."""
    page = client.get("/a/food-0").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_no_form_is_taken_without_the_token_of_its_browser(
    app: Flask, browse: Browse, recommender: Recommender
) -> None:
    """None, another browser's, and one of no browser: 400, and nothing is changed. With its own it gets further."""
    checked = 0
    for rule, method in changes(app):
        # Calls of publishers' pages know their reader by the body, programs theirs by a token; both look at no cookie.
        if rule.endpoint.startswith(("api.", "sites.", "greader.")):
            continue
        if str(rule) in BY_SIGNATURE:
            client = browse()
            before = kept(recommender)
            assert client.open(str(rule), method=method, data=b"{}").status_code in (401, 404), str(rule)
            assert kept(recommender) == before, str(rule)
            continue
        client, foreign = browse(), token_of(browse())
        own, path, before = token_of(client), path_of(app, rule), kept(recommender)
        for data in ({}, {"csrf_token": foreign}, {"csrf_token": "x"}, {"csrf_token": ""}):
            assert client.open(path, method=method, data=data).status_code == 400, (path, data)
        assert kept(recommender) == before, path
        assert client.open(path, method=method, data={"csrf_token": own}).status_code != 400, path
        checked += 1
    assert checked >= 6


def test_behind_tls_a_form_needs_a_referrer_of_this_site(app: Flask, browse: Browse) -> None:
    """Else somebody on the way could set a cookie over plain HTTP and use its token."""
    client = browse()
    page = client.get("/a/food-0", base_url=TLS).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    data = {"csrf_token": found[1], "act": "like", "item": "food-0"}

    for referrer, status in (("", 400), ("https://evil.example/", 400), (f"{TLS}/a/food-0", 303)):
        headers = {"Referer": referrer} if referrer else {}
        assert client.post("/act", data=data, base_url=TLS, headers=headers).status_code == status


FORGED: dict[str, dict[str, str]] = {
    "a form": {"Content-Type": "application/x-www-form-urlencoded"},
    "a form with files": {"Content-Type": "multipart/form-data"},
    "plain text": {"Content-Type": "text/plain"},
    "no type": {},
    "another site, by Sec-Fetch-Site": {**JSON, "Sec-Fetch-Site": "cross-site"},
    "another port, by Sec-Fetch-Site": {**JSON, "Sec-Fetch-Site": "same-site"},
    "another site, by Origin": {**JSON, "Origin": "https://evil.example"},
    "a sandboxed frame": {**JSON, "Origin": "null"},
}


@pytest.mark.parametrize("way", FORGED)
def test_no_call_of_the_api_can_be_forged_in_a_browser(
    app: Flask, browse: Browse, recommender: Recommender, way: str
) -> None:
    """Whatever another site can make a browser send along with its cookie: 403, and nothing is changed."""
    client = browse()
    before = kept(recommender)
    for rule, method in changes(app):
        if rule.endpoint.startswith("api."):
            answer = client.open(path_of(app, rule), method=method, data=b"{}", headers=FORGED[way])
            assert answer.status_code == 403, (method, str(rule))
    assert kept(recommender) == before


def test_no_call_grants_another_origin_anything(app: Flask, browse: Browse) -> None:
    """Not even where it is asked for: no CORS header on any route."""
    client = browse()
    asking = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for rule, _ in calls(app):
        with client.options(path_of(app, rule), headers=asking) as answer:
            assert not [name for name, _ in answer.headers if name.startswith("Access-Control")], str(rule)
