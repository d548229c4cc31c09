"""The pages of data grants, as a browser without JavaScript meets them; and the recipient's address."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.clock import ManualClock
from reader.privacy.signing import is_genuine
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.settings_limits import LimitSettings, RateSettings
from webapp.app import create_app

GRANTS = "/me/privacy/grants"
FORM: dict[str, Any] = {
    **{"class": ["feedback", "opens"], "recipient": "A university", "contact": "study@example.org"},
    **{"purpose": "A study of reading", "price": "12.50 EUR", "ends": "2026-12-24", "way": "address"},
}


def send(client: FlaskClient, path: str, page: str = f"{GRANTS}/new", **form: Any) -> Any:
    """Send a form with the token of a page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).get_data(as_text=True))
    assert token is not None
    return client.post(path, data={"csrf_token": token[1], **form})


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.get_data(as_text=True)))


def grant(client: FlaskClient, **changes: Any) -> tuple[str, str]:
    """Make a grant; return its page and the secret address."""
    answer = send(client, GRANTS, **{**FORM, **changes})
    assert answer.status_code == 200, text(answer)
    address = re.search(r"http://localhost(/granted/rg_[\w-]+)", text(answer))
    page = re.search(rf'"({GRANTS}/g\w+)/revoke"', text(answer))
    assert page is not None
    return page[1], address[1] if address else ""


def like(client: FlaskClient, make_event: Callable[..., dict[str, Any]]) -> None:
    client.post("/api/v1/events", json={"events": [make_event("like", item="food-0")]})


def files(answer: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_from_the_privacy_page_to_a_grant_and_its_end(
    app: Flask, client: FlaskClient, make_event: Callable[..., dict[str, Any]]
) -> None:
    """Made, looked at, taken, written down, revoked: then the address hands out nothing more."""
    like(client, make_event)
    assert f'href="{GRANTS}"' in text(client.get("/me/privacy"))
    assert "nobody has anything of you" in text(client.get(GRANTS))
    page, address = grant(client)
    recipient = app.test_client()

    assert "A study of reading" in text(recipient.get(address))
    assert address not in text(client.get(page))
    assert "A university" in text(client.get(GRANTS))
    taken = recipient.get(f"{address}/data.zip")
    assert taken.headers["Cache-Control"] == "no-store"
    assert files(taken).keys() == {
        *("grant.json", "manifest.json", "README.md", "items.jsonl", "feedback.jsonl", "opens.jsonl"),
    }
    assert json.loads(files(taken)["feedback.jsonl"])["item"] == "food-0"
    assert is_genuine(json.loads(files(taken)["grant.json"]))
    ledger = text(client.get(page))
    assert "Went out, taken by the recipient" in ledger
    assert "What you told of items: likes, saves, shares, comments, hides: 1" in ledger

    assert send(client, f"{page}/revoke", page).status_code == 303

    for path in (address, f"{address}/data.zip"):
        gone = recipient.get(path)
        assert gone.status_code == 410
        assert "not in force" in text(gone)
        assert "university" not in text(gone)
    assert ": Revoked" in text(client.get(page))
    assert "Revoke now" not in text(client.get(page))


def test_it_ends_with_its_last_day(app: Flask, client: FlaskClient, clock: ManualClock) -> None:
    page, address = grant(client)
    clock.at = clock.at.replace(month=12, day=24, hour=23, minute=59)
    assert app.test_client().get(address).status_code == 200

    clock.at += timedelta(minutes=1)

    assert app.test_client().get(address).status_code == 410
    assert "25 Dec 2026, 00:00: Ran out" in text(client.get(page))


def test_to_look_at_a_link_takes_nothing(app: Flask, client: FlaskClient, recommender: Recommender) -> None:
    """As programs do that show a preview of a message."""
    page, address = grant(client)
    app.test_client().get(address)
    head = app.test_client().head(f"{address}/data.zip")

    assert (head.status_code, head.get_data()) == (200, b"")
    assert "Went out" not in text(client.get(page))


def test_of_the_secret_only_a_digest_is_kept(client: FlaskClient, recommender: Recommender) -> None:
    _, address = grant(client)
    secret = address.rpartition("/")[2]
    recommender.storage.close()

    kept = b"".join(path.read_bytes() for path in recommender.storage.path.parent.glob("reread.db*"))  # type: ignore[attr-defined]  # a file

    assert secret.encode() not in kept
    assert b"A university" in kept


def test_without_an_address_the_reader_takes_the_file(
    client: FlaskClient, make_event: Callable[..., dict[str, Any]]
) -> None:
    """The ledger has that, too; once the grant has ended it is refused."""
    like(client, make_event)
    page, address = grant(client, way="file")
    assert address == ""

    taken = send(client, f"{page}/export", page)

    assert "feedback.jsonl" in files(taken)
    assert "Went out, taken by you" in text(client.get(page))
    send(client, f"{page}/revoke", page)
    assert send(client, f"{page}/export", GRANTS + "/new").status_code == 410


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"class": []}, "classes"),
        ({"class": ["feedback", "account"]}, "classes"),
        ({"ends": ""}, "ends: is missing"),
        ({"ends": "2026-11-22"}, "ends_at"),
        ({"ends": "2028-01-01"}, "within 365 days"),
        ({"ends": "tomorrow"}, "is no day"),
        ({"ends": "9999-12-31"}, "is no day"),
        ({"price": "much"}, "price"),
        ({"recipient": ""}, "recipient"),
        ({"from": "2027-01-01"}, "records_from"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(
    client: FlaskClient, changes: dict[str, Any], said: str
) -> None:
    answer = send(client, GRANTS, **{**FORM, **changes})

    assert answer.status_code == 422
    assert "Nothing was granted." in text(answer)
    assert said in text(answer)
    assert 'value="A study of reading"' in text(answer)
    assert "nobody has anything" in text(client.get(GRANTS))


def test_a_class_that_was_said_no_to_is_told(client: FlaskClient) -> None:
    page, _ = grant(client)
    client.put("/api/v1/me/consent", json={"feedback": False})

    assert "(stopped, since you said no to it" in text(client.get(page))
    assert "said no to feedback" in text(send(client, GRANTS, **FORM))


def test_an_address_is_nothing_more_after_erasure(app: Flask, client: FlaskClient) -> None:
    """404, as for an address that never was; the receipt counts what went."""
    _, address = grant(client)
    unknown = app.test_client().get("/granted/rg_unknown")

    erased = client.delete("/api/v1/me", json={}).get_json()

    assert (erased["receipt"]["deleted"]["grants"], erased["receipt"]["deleted"]["grant_ledger"]) == (1, 1)
    after = app.test_client().get(address)
    assert after.status_code == unknown.status_code == 404
    assert after.get_data() == unknown.get_data()
    assert app.test_client().get(f"{address}/data.zip").status_code == 404


def test_the_readers_own_export_has_the_grants(client: FlaskClient) -> None:
    grant(client)

    (one,) = client.get("/api/v1/me/export").get_json()["grants"]
    (line,) = files(client.get("/me/export"))["grants.jsonl"].splitlines()

    assert one == json.loads(line)
    assert one["signed"]["recipient"]["name"] == "A university"
    assert [entry["act"] for entry in one["ledger"]] == ["granted"]
    assert "rg_" not in line


def test_an_address_is_rate_limited_whoever_asks(recommender: Recommender) -> None:
    """By network address, since nobody is known there; also where the one reader of the machine is not limited."""
    few = LimitSettings(heavy=RateSettings(per_minute=1, burst=2))
    recommender.settings = Settings(secret_key="a key for tests", limits=few)
    app = create_app(recommender)
    _, address = grant(app.test_client())

    answers = [app.test_client().get(f"{address}/data.zip") for _ in range(3)]
    guesses = [app.test_client().get(f"/granted/rg_{number}/data.zip") for number in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"]
    assert [guess.status_code for guess in guesses] == [429, 429]
