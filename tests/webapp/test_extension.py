"""Reread as a part of somebody's Flask application: everything under a prefix, and nothing beside it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask, Response, abort, request, session, url_for
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]  # it has no annotations

from reader.recommend.recommender import Recommender
from webapp.extension import Reread
from webapp.security import CONTENT_SECURITY_POLICY

PREFIX = "/reader"


class Found(HTMLParser):
    """All addresses on a page, and its forms with what they would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        self.links: set[str] = set()
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name in ("href", "src", "poster", "action", "data-events"):
            if values.get(name):
                self.addresses.add(values[name])
                self.links |= {values[name]} if name in ("href", "src", "poster") else set()
        if tag == "form":
            self.forms.append((values.get("method", "get").lower(), values.get("action", ""), {}))
        elif self.forms and tag in ("input", "button") and values.get("name"):
            self.forms[-1][2].setdefault(values["name"], values.get("value", ""))


@pytest.fixture
def host(recommender: Recommender) -> Flask:
    """An application with a login of its own, CSRF protection, and templates whose names are ours as well."""
    app = Flask("host")
    app.config.update(SECRET_KEY="the host's", TESTING=True)
    CSRFProtect(app)
    reread = Reread(reader=lambda: session.get("who"), url_prefix=PREFIX, recommender=recommender)
    reread.init_app(app)
    app.add_url_rule("/", "front", lambda: f'<a href="{reread.url_for("pages.for_you")}">Read</a>')
    app.add_url_rule("/latest", "latest", lambda: "the host's latest")
    app.add_url_rule("/in/<who>", "enter", lambda who: session.update(who=who) or "in")
    return app


@pytest.fixture
def visitor(host: Flask) -> FlaskClient:
    client = host.test_client()
    client.get("/in/ann")
    return client


def crawl(visitor: FlaskClient) -> Iterator[tuple[str, Found]]:
    """Go through all pages that the front page leads to, once each, ids apart."""
    waiting, seen = [f"{PREFIX}/"], set()
    while waiting:
        path = waiting.pop(0)
        answer = visitor.get(path)
        assert answer.status_code in (200, 302, 303), (path, answer.status_code)
        assert answer.headers.get("Location", f"{PREFIX}/").startswith(f"{PREFIX}/"), path
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        found = Found(answer.get_data(as_text=True))
        yield path, found
        for address in sorted(found.links):
            target = urlsplit(urljoin(path, address))
            # One page of each kind: the third part of a path is an id.
            kind = "/".join(target.path.split("/")[:3])
            # The small catalogue names clips that are in no folder.
            if not target.netloc and kind not in seen and "/media/" not in target.path:
                seen.add(kind)
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))


def test_every_address_of_every_page_stands_under_the_prefix(visitor: FlaskClient) -> None:
    pages = dict(crawl(visitor))

    for path, found in pages.items():
        own = {one for one in found.addresses if not urlsplit(one).netloc and not one.startswith(("#", "?", "data:"))}
        assert {one for one in own if not one.startswith(f"{PREFIX}/")} == set(), path
    kinds = {path.split("/")[2].split("?")[0] for path in pages}
    assert {"", "latest", "a", "watch", "me", "about", "why"} <= kinds


def test_own_media_are_found_under_the_prefix(visitor: FlaskClient) -> None:
    page = visitor.get(f"{PREFIX}/a/clip-Waves").get_data(as_text=True)

    assert f'src="{PREFIX}/media/demo/Waves.mp4"' in page


def test_forms_lead_back_under_the_prefix(visitor: FlaskClient, recommender: Recommender) -> None:
    page = Found(visitor.get(f"{PREFIX}/a/food-0").get_data(as_text=True))
    _, action, fields = next(form for form in page.forms if form[1].endswith("/act"))

    answer = visitor.post(action, data={**fields, "do": "like - - food-0"})

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{PREFIX}/a/food-0"
    assert "food-0" in recommender.state("ann").steering.liked


def test_the_api_works_under_the_prefix(visitor: FlaskClient) -> None:
    listed = visitor.get(f"{PREFIX}/api/v1/recommendations?limit=3").get_json()["items"]
    sent = visitor.post(f"{PREFIX}/api/v1/events", json={"events": []})
    streamed = visitor.get(f"{PREFIX}/api/v1/me/export?format=jsonl")

    assert len(listed) == 3
    assert sent.status_code == 202
    assert streamed.status_code == 200
    assert streamed.data.count(b"\n") >= 1
    assert visitor.get(f"{PREFIX}/static/events.js").status_code == 200
    assert visitor.get(f"{PREFIX}/nothing").status_code == 404


def test_readers_are_those_of_the_host(host: Flask, recommender: Recommender) -> None:
    for who in ("ann", "bob"):
        client = host.test_client()
        client.get(f"/in/{who}")
        client.get(f"{PREFIX}/a/{'food' if who == 'ann' else 'space'}-0")

    assert recommender.state("ann").opened.keys() == {"food-0"}
    assert recommender.state("bob").opened.keys() == {"space-0"}
    assert recommender.storage.users() == ["ann", "bob"]


@pytest.mark.parametrize("path", ["/", "/latest", "/a/food-0", "/me/interests"])
def test_who_is_not_logged_in_there_sees_nothing_here(host: Flask, recommender: Recommender, path: str) -> None:
    client = host.test_client()

    assert client.get(PREFIX + path).status_code == 403
    assert client.get(PREFIX + path, headers={"reread.reader": "ann", "Reread-Reader": "ann"}).status_code == 403
    assert client.get(f"{PREFIX}/api/v1/recommendations").status_code == 401
    assert recommender.storage.users() == []


def test_a_reader_of_the_host_does_not_fill_the_catalogue(visitor: FlaskClient) -> None:
    assert visitor.post(f"{PREFIX}/api/v1/items", json={"id": "x", "kind": "article", "title": "X"}).status_code == 403


def test_the_host_stays_as_it_was(visitor: FlaskClient) -> None:
    """No header, error page or cookie of ours on its pages, and no page of ours over them."""
    ours, theirs = visitor.get(f"{PREFIX}/"), visitor.get("/latest")

    assert theirs.data == b"the host's latest"
    assert "Content-Security-Policy" not in theirs.headers
    assert ours.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert b"Reread" not in visitor.get("/nowhere").data
    for cookie in ours.headers.getlist("Set-Cookie"):
        assert f"Path={PREFIX}" in cookie
        assert cookie.startswith("reread=")


def test_hooks_of_the_host_hold_here(host: Flask) -> None:
    @host.before_request
    def close() -> None:
        if request.path.startswith(PREFIX):
            abort(418)

    @host.after_request
    def mark(response: Response) -> Response:
        response.headers["X-Host"] = "yes"
        return response

    answer = host.test_client().get(f"{PREFIX}/")

    assert (answer.status_code, answer.headers["X-Host"]) == (418, "yes")


def test_a_form_without_our_token_is_refused_though_the_host_leaves_it_to_us(visitor: FlaskClient) -> None:
    assert visitor.post(f"{PREFIX}/act", data={"act": "like", "item": "food-0"}).status_code == 400


def test_urls_can_be_made_in_the_host(host: Flask) -> None:
    with host.test_request_context("/"):
        assert url_for("reread.serve") == f"{PREFIX}/"
        assert url_for("reread.serve", path="latest") == f"{PREFIX}/latest"
    assert b'href="/reader/"' in host.test_client().get("/").data


def test_a_host_that_has_a_prefix_itself(host: Flask) -> None:
    """As behind a server that mounts it: both prefixes stand before our paths."""
    client = host.test_client()
    client.get("/in/ann", base_url="http://localhost/shop/")

    answer = client.get(f"{PREFIX}/", base_url="http://localhost/shop/")
    found = Found(answer.get_data(as_text=True))

    assert answer.status_code == 200
    assert f"/shop{PREFIX}/latest" in found.addresses


def test_one_extension_serves_several_applications(recommender: Recommender) -> None:
    reread = Reread(reader=lambda: "ann", recommender=recommender)
    first, second = Flask("first"), Flask("second")
    first.config["REREAD_URL_PREFIX"] = "/news/"
    reread.init_app(first)
    reread.init_app(second)

    assert first.test_client().get("/news/latest").status_code == 200
    assert second.test_client().get("/reader/latest").status_code == 200
    assert second.test_client().get("/news/latest").status_code == 404


@pytest.mark.parametrize("prefix", ["/", "reader", "/<x>", "/käse"])
def test_a_prefix_that_cannot_be_is_refused(recommender: Recommender, prefix: str) -> None:
    with pytest.raises(ValueError, match="url_prefix"):
        Reread(Flask("host"), reader=lambda: "ann", url_prefix=prefix, recommender=recommender)


def test_readers_of_the_host_are_several(host: Flask, visitor: FlaskClient) -> None:
    """What one saw is not kept for the next, and a page left open does not report into their profile."""
    page = visitor.get(f"{PREFIX}/")

    assert "no-store" in page.headers["Cache-Control"]
    assert "reader=ann" in page.get_data(as_text=True)
    visitor.get("/in/ben")
    event = {"id": "e1", "type": "like", "at": "2026-01-01T00:00:00.000Z", "item": "food-0"}
    late = visitor.post(f"{PREFIX}/api/v1/events?reader=ann", json={"events": [event]})
    assert late.status_code == 403


def test_what_operators_see_is_not_for_readers_of_the_host(visitor: FlaskClient) -> None:
    for path in ("/admin", "/metrics"):
        assert visitor.get(PREFIX + path).status_code == 404, path
    assert "Administration" not in visitor.get(f"{PREFIX}/").get_data(as_text=True)


def test_no_cookie_of_ours_goes_beyond_the_prefix(visitor: FlaskClient) -> None:
    token = Found(visitor.get(f"{PREFIX}/me/look").get_data(as_text=True)).forms[0][2]["csrf_token"]

    answer = visitor.post(f"{PREFIX}/me/look", data={"csrf_token": token, "size": "3"})

    cookies = [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("look=")]
    assert len(cookies) == 1
    assert f"Path={PREFIX}" in cookies[0]
