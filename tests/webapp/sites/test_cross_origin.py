"""Pages of registered origins are answered and may read it; to all others the site is not there."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from reader.types_sites import Site
from tests.webapp.sites.conftest import ORIGIN, READER, Call
from webapp.services import Services

CALLS = ("consent", "page", "events", "recommendations", "export", "forget")
ALLOW = "Access-Control-Allow-Origin"
STRANGERS = ["https://evil.example", "http://news.example", "https://news.example:444", "null", ""]


@pytest.mark.parametrize("name", CALLS)
def test_a_browser_may_ask_first(client: FlaskClient, site: Site, name: str) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }

    answer = client.options(f"/sites/v1/{site.key}/{name}", headers=asked)

    assert answer.status_code == 204
    assert answer.headers[ALLOW] == ORIGIN
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"
    assert "Origin" in answer.vary
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
def test_who_is_not_registered_learns_nothing(client: FlaskClient, site: Site, name: str, method: str) -> None:
    """Right key and wrong origin, wrong key and right origin: one answer, byte for byte, without a body."""
    told = set()
    tries = [(site.key, origin) for origin in STRANGERS] + [("rk_none", ORIGIN), ("rk_none", "https://evil.example")]
    for key, origin in tries:
        headers = {"Origin": origin} if origin else {}
        answer = client.open(f"/sites/v1/{key}/{name}", method=method, json={"reader": READER}, headers=headers)
        told.add((answer.status_code, answer.data, tuple(sorted(answer.headers.items()))))

    ((status, body, answered),) = told
    assert (status, body) == (404, b"")
    assert not any(header.startswith("Access-Control") for header, _ in answered)


def test_a_key_is_of_no_use_to_another_site(call: Call, services: Services) -> None:
    other = services.shelf.sites.add("other", ["https://other.example"])

    assert call("consent", attention=True, key=other.key).status_code == 404
    assert call("consent", attention=True, origin="https://other.example").status_code == 404
    assert call("consent", attention=True, key=other.key, origin="https://other.example").status_code == 200


def test_a_rotated_key_is_void_in_a_running_server(call: Call, services: Services, site: Site) -> None:
    assert call("consent", attention=True).status_code == 200

    rotated = services.shelf.sites.rotate_key("news")

    assert call("consent", attention=True, key=site.key).status_code == 404
    assert call("consent", attention=True, key=rotated.key).status_code == 200


@pytest.mark.parametrize("path", ["/embed.js", "/embed/events.js", "/embed/list.js"])
def test_scripts_are_for_pages_of_registered_origins(client: FlaskClient, site: Site, path: str) -> None:
    told = client.get(path, headers={"Origin": ORIGIN})

    assert told.status_code == 200
    assert told.mimetype == "text/javascript"
    assert told.headers[ALLOW] == ORIGIN
    assert "Origin" in told.vary
    for origin in STRANGERS:
        refused = client.get(path, headers={"Origin": origin} if origin else {})
        assert (refused.status_code, refused.data) == (404, b"")
        assert ALLOW not in refused.headers
        assert "Origin" in refused.vary


@pytest.mark.parametrize("name", ["app", "feed", "../app", "embed"])
def test_no_other_file_is_opened_to_them(client: FlaskClient, site: Site, name: str) -> None:
    answer = client.get(f"/embed/{name}.js", headers={"Origin": ORIGIN})

    assert answer.status_code == 404
    assert ALLOW not in answer.headers


def test_cookies_play_no_part(call: Call) -> None:
    answer = call("consent", attention=True)

    assert answer.headers.getlist("Set-Cookie") == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_rest_of_the_server_stays_closed_to_a_registered_origin(client: FlaskClient, site: Site) -> None:
    for path in ("/", "/api/v1/recommendations", "/static/events.js", "/api/v1/me/export"):
        answer = client.get(path, headers={"Origin": ORIGIN})
        assert ALLOW not in answer.headers
    assert client.post("/api/v1/events", json={"events": []}, headers={"Origin": ORIGIN}).status_code == 403
