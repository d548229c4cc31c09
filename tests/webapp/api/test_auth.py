"""Who may use the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.registry import TOKEN_PREFIX
from reader.accounts.roles import SCOPES
from reader.accounts.secrets import digest_of, new_secret
from reader.recommend.recommender import Recommender
from webapp.app import create_app

MakeToken = Callable[..., dict[str, str]]
CALLS = [
    ("GET", "/api/v1/recommendations", "recs:read"),
    ("GET", "/api/v1/items/food-0", "recs:read"),
    ("GET", "/api/v1/items/food-0/related", "recs:read"),
    ("GET", "/api/v1/search", "recs:read"),
    ("POST", "/api/v1/items", "items:write"),
    ("GET", "/api/v1/recommendations/l1/food-0", "recs:read"),
    ("POST", "/api/v1/events", "events:write"),
    ("GET", "/api/v1/me/interests", "profile:read"),
    ("PATCH", "/api/v1/me/interests", "profile:write"),
    ("DELETE", "/api/v1/me/interests", "profile:write"),
    ("GET", "/api/v1/me/export", "profile:read"),
    ("DELETE", "/api/v1/me", "profile:write"),
    ("POST", "/api/v1/me/import", "profile:write"),
    ("GET", "/api/v1/me/consent", "profile:read"),
    ("PUT", "/api/v1/me/consent", "profile:write"),
    ("GET", "/api/v1/me/grants", "profile:read"),
    ("POST", "/api/v1/me/grants", "grants:write"),
    ("GET", "/api/v1/me/grants/g0", "profile:read"),
    ("DELETE", "/api/v1/me/grants/g0", "grants:write"),
    ("POST", "/api/v1/me/grants/g0/export", "grants:write"),
    ("GET", "/api/v1/feeds", "profile:read"),
    ("POST", "/api/v1/feeds", "profile:write"),
    ("PATCH", "/api/v1/feeds?url=x", "profile:write"),
    ("DELETE", "/api/v1/feeds?url=x", "profile:write"),
    ("GET", "/api/v1/feeds/opml", "profile:read"),
    ("POST", "/api/v1/feeds/opml", "profile:write"),
    ("GET", "/api/v1/me/outlets", "profile:read"),
    ("POST", "/api/v1/me/outlets", "profile:write"),
    ("DELETE", "/api/v1/me/outlets?id=x", "profile:write"),
    ("DELETE", "/api/v1/me/attention", "profile:write"),
    ("GET", "/api/v1/me/mode", "profile:read"),
    ("PUT", "/api/v1/me/mode", "profile:write"),
]


@pytest.mark.parametrize(("method", "path", "scope"), CALLS)
def test_every_call_needs_its_scope(
    client: FlaskClient, make_token: MakeToken, method: str, path: str, scope: str
) -> None:
    """With every other scope the answer is 403; with this one alone the call gets as far as its body."""
    others = make_token("ada", *(each for each in SCOPES if each != scope))
    own = make_token("ada", scope)

    refused = client.open(path, method=method, headers=others, json={})
    passed = client.open(path, method=method, headers=own, json={})

    assert refused.status_code == 403
    assert scope in refused.headers["WWW-Authenticate"]
    # 404: there is no list l1 and no grant g0, which who may not read lists is not told.
    # 415: an archive is no JSON.
    assert passed.status_code in (200, 201, 204, 404, 415, 422)


def test_the_calls_above_are_all(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]

    assert sum(len((rule.methods or set()) - {"HEAD", "OPTIONS"}) for rule in rules) == len(CALLS)


@pytest.mark.parametrize(
    "header",
    ["Bearer rr_unknown", "Bearer unknown", "Bearer", "", "Basic YTpi", "rr_x", "Bearer rr_\xe9", "Bearer rr_ x y"],
)
def test_a_wrong_token_is_no_token(client: FlaskClient, header: str) -> None:
    """It does not fall back to the local reader."""
    answer = client.get("/api/v1/recommendations", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.content_type == "application/problem+json"


def test_without_embedding_every_call_needs_a_token(recommender: Recommender, make_token: MakeToken) -> None:
    client = create_app(recommender, embedded=False).test_client()

    assert client.get("/api/v1/recommendations").status_code == 401
    assert client.get("/api/v1/recommendations", headers=make_token("ada", "recs:read")).status_code == 200
    assert client.get("/").status_code == 403
    assert client.get("/healthz").status_code == 200


def test_secrets_are_not_stored() -> None:
    secret = new_secret(TOKEN_PREFIX)

    assert secret.startswith("rr_")
    assert len(secret) > 40
    assert secret not in digest_of(secret)
    assert new_secret(TOKEN_PREFIX) != secret


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "null"},
    ],
)
def test_another_site_cannot_act_for_the_local_reader(
    client: FlaskClient, make_token: MakeToken, headers: dict[str, str]
) -> None:
    """A program with a token is not a browser that carries somebody's rights."""
    token = make_token("ada", "events:write")

    assert client.post("/api/v1/events", json={"events": []}, headers=headers).status_code == 403
    assert client.post("/api/v1/events", json={"events": []}, headers={**headers, **token}).status_code == 202


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}])
def test_the_pages_of_this_site_can(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/api/v1/events", json={"events": []}, headers=headers).status_code == 202


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in CALLS if method != "GET"])
def test_a_form_cannot_use_the_api(client: FlaskClient, method: str, path: str, content_type: str) -> None:
    """What a form of another site can send without asking is refused."""
    assert client.open(path, method=method, data=b'{"events": []}', content_type=content_type).status_code == 403
