"""/api/v1/me/grants."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.privacy.signing import is_genuine
from reader.recommend.recommender import Recommender

PATH = "/api/v1/me/grants"
GRANT = {
    **{"classes": ["feedback"], "recipient": "A university", "contact": "study@example.org"},
    **{"purpose": "A study", "price": "3 EUR", "ends_at": "2026-12-24T00:00:00Z"},
}
MakeToken = Callable[..., dict[str, str]]


@pytest.fixture
def own(make_token: MakeToken) -> dict[str, str]:
    return make_token("ada", "profile:read", "grants:write", "events:write")


def test_made_listed_taken_and_revoked(
    app: Flask, client: FlaskClient, own: dict[str, str], make_event: Callable[..., dict[str, Any]]
) -> None:
    client.post("/api/v1/events", json={"events": [make_event("like", item="food-0")]}, headers=own)

    made = client.post(PATH, json=GRANT, headers=own)
    grant, address = made.get_json()["grant"], made.get_json()["address"]
    taken = app.test_client().get(f"{address}/data.zip")
    own_file = client.post(f"{PATH}/{grant['id']}/export", json={}, headers=own)
    listed = client.get(PATH, headers=own).get_json()["grants"]
    revoked = client.delete(f"{PATH}/{grant['id']}", json={}, headers=own).get_json()

    assert made.status_code == 201
    assert grant["price"] == "3 EUR"
    assert (grant["ended_at"], grant["stopped"], grant["has_address"]) == (None, [], True)
    assert listed == [grant]
    for file in (taken, own_file):
        with zipfile.ZipFile(io.BytesIO(file.get_data())) as archive:
            assert archive.read("feedback.jsonl").count(b"\n") == 1
    assert revoked == {**grant, "ended_at": "2026-11-23T12:00:00Z"}
    whole = client.get(f"{PATH}/{grant['id']}", headers=own).get_json()
    lines = [(one["act"], one["actor"], one["rows"]) for one in whole["ledger"]]
    out = {"feedback": 1}
    assert lines == [
        ("granted", "reader", {}),
        ("exported", "recipient", out),
        ("exported", "reader", out),
        ("revoked", "reader", {}),
    ]
    assert is_genuine(whole["signed"])
    assert client.post(f"{PATH}/{grant['id']}/export", json={}, headers=own).status_code == 410
    assert app.test_client().get(f"{address}/data.zip").status_code == 410


def test_without_an_address_there_is_none(client: FlaskClient, own: dict[str, str]) -> None:
    made = client.post(PATH, json={**GRANT, "with_address": False}, headers=own).get_json()

    assert made["address"] is None
    assert made["grant"]["has_address"] is False


def test_a_program_that_may_change_a_profile_may_not_grant(client: FlaskClient, make_token: MakeToken) -> None:
    """Else it could read by a grant what its scopes do not let it read."""
    other = make_token("ada", "profile:write", "profile:read")

    assert client.post(PATH, json=GRANT, headers=other).status_code == 403
    assert client.get(PATH, headers=other).get_json() == {"grants": []}


def test_anothers_grant_is_as_little_as_none(
    client: FlaskClient, own: dict[str, str], make_token: MakeToken, recommender: Recommender
) -> None:
    grant = client.post(PATH, json=GRANT, headers=own).get_json()["grant"]["id"]
    eve = make_token("eve", "profile:read", "grants:write")

    answers = [
        [client.get(f"{PATH}/{one}", headers=eve), client.delete(f"{PATH}/{one}", json={}, headers=eve)]
        for one in (grant, "g0")
    ]

    assert [[answer.status_code for answer in each] for each in answers] == [[404, 404], [404, 404]]
    assert client.get(f"{PATH}/{grant}", headers=own).get_json()["ended_at"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("classes", []),
        ("classes", ["account"]),
        ("ends_at", "2026-11-23T12:00:00Z"),
        ("ends_at", "2026-12-24T00:00:00"),
        ("price", "a lot"),
        ("price", 12.5),
        ("records_from", "2027-01-01T00:00:00Z"),
        ("purpose", ""),
        ("with_address", "no"),
        ("reader", "bob"),
    ],
)
def test_wrong_bodies_name_the_field(client: FlaskClient, own: dict[str, str], field: str, value: Any) -> None:
    answer = client.post(PATH, json={**GRANT, field: value}, headers=own)

    assert answer.status_code == 422
    assert field in answer.get_data(as_text=True)
    assert client.get(PATH, headers=own).get_json() == {"grants": []}
