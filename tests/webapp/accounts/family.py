"""What children and guardians do on the pages, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from reader.accounts.registry import Accounts
from reader.recommend.recommender import Recommender
from reader.types import Account
from tests.webapp.accounts.forms import come_of_age, send

MakeAccount = Callable[..., Account]


BrowserOf = Callable[[Account], FlaskClient]


CHILD_YEAR = 2015


EVENTS = "/api/v1/events"


def text(answer: Any) -> str:
    found: str = answer.get_data(as_text=True)
    return found


def be_young(client: FlaskClient, path: str) -> None:
    come_of_age(client, path, CHILD_YEAR)


def ask(client: FlaskClient, path: str, contact: str = "Ann", method: str = "guardian") -> str:
    """Ask a guardian; return the path of the page to wait on."""
    answer = send(client, path, f"{path}/guardian", method=method, contact=contact)
    assert answer.status_code == 303
    return str(answer.location)


def decide(guardian: FlaskClient, accounts: Accounts, answer: str) -> Any:
    (request,) = accounts.storage.guardian_requests()
    return send(guardian, "/family", "/family", request=request.digest, answer=answer)


def id_of(accounts: Accounts, nickname: str) -> str:
    return accounts.find(nickname).id


def change(guardian: FlaskClient, accounts: Accounts, act: str) -> Any:
    path = f"/family/{id_of(accounts, 'Kim')}"
    return send(guardian, path, path, act=act)


def everything(recommender: Recommender) -> dict[str, list[Any]]:
    """Return all rows of all tables, but for the catalogue."""
    import sqlite3

    with sqlite3.connect(recommender.storage.path) as db:  # type: ignore[attr-defined]  # it is a file
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        left_out = ("items", "analyses", "sqlite_sequence")
        found = {name: sorted(map(repr, db.execute(f"SELECT * FROM {name}"))) for name in names if name not in left_out}
    db.close()
    return found
