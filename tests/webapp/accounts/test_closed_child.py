"""What is kept of a child: nothing without a guardian's yes, and nothing of how it reads ever.

Generated from the route map and from the commands, so that a new way to write is walked as soon as it is there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.registry import TOKEN_PREFIX, Accounts
from reader.accounts.roles import SCOPES
from reader.accounts.secrets import digest_of, new_secret
from reader.behaviour.events import parse_event
from reader.errors import InvalidInputError
from reader.profile.packing import pack
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.records import EVENT_CLASSES, format_time
from reader.types import Account, Token
from reader.types_consent import FEEDBACK_TYPES
from tests.webapp.accounts.family import everything
from tests.webapp.accounts.test_matrix import calls, path_of
from tests.webapp.conftest import NOW
from tests.webapp.test_cli import run
from webapp.archive import Archive
from webapp.cli import COMMANDS
from webapp.restoring import restore

# What an account with a guardian's yes has by being one, and the lists that it pages through, for half an hour.
OF_THE_ACCOUNT = {"accounts", "logins", "children", "consents", "tokens", "audits", "lists", "choices"}
# Feeds that somebody follows on purpose.
OF_FEEDS = {"subscriptions", "folders", "feeds", "feed_items"}
# Ends what the walk needs.
ENDING = ("accounts.log_out", "api.delete_me", "accounts.end_logins", "accounts.change_password")
# Commands that take a reader's name, with what else they need. A new one must come in here.
WITH_A_READER = {
    "recommend": ("--user", "{}", "--json"),
    "token create": ("--user", "{}", "--scope", "events:write", "--json"),
    "token list": ("--user", "{}", "--json"),
    "export": ("{}",),
    "import-me": None,  # below
    "search": ("lake", "--user", "{}", "--json"),
    "erase": None,  # it takes away
}
FIELDS: dict[str, dict[str, Any]] = {
    "paragraph_visit": {
        **{"paragraph": 0, "visit": 0, "part": 0, "started_ms": 0.0, "visible_ms": 9_000.0, "dwell_ms": 9_000.0},
        **{"coverage": 1.0, "came": "down", "user_driven": True},
    },
    "watch": {"from_s": 0.0, "to_s": 3.0},
    "close": {"active_ms": 9_000.0},
    "folded_view": {"part": 0, "folds": 1, "began_at": format_time(NOW)},
    "impression": {"list": "l1", "items": [{"item": "food-1", "position": 1}]},
    "weigh": {"weight": 1.0},
    "tune": {"surprise": 1.0},
    "forget_paragraph": {"paragraph": 0},
    "keep_paragraph": {"paragraph": 0},
    "undo": {"event": "every-1"},
}
STEERS = ("follow", "unfollow", "mute", "unmute", "weigh", "unweigh", "forget")


def event_records() -> Iterator[dict[str, Any]]:
    """Yield an event of every type there is."""
    for number, kind in enumerate(sorted(EVENT_CLASSES)):
        target = {"target": {"kind": "topic", "value": "food"}} if kind in STEERS else {}
        common = {"id": f"every-{number}", "type": kind, "at": format_time(NOW), "item": "food-1", "view": "v1"}
        yield {**common, **target, **FIELDS.get(kind, {})}


def bodies() -> dict[str, Any]:
    """Return bodies that the API takes, by endpoint."""
    return {
        "api.post_events": {"events": list(event_records())},
        "api.patch_interests": {
            "interests": [{"target": {"kind": "topic", "value": "food"}, "followed": True}],
            "surprise": 0.9,
        },
        "api.put_consent": {"attention": True, "feedback": True, "research": True},
        "api.put_mode": {"mode": "profile"},
    }


FORM = {
    **{"item": "food-1", "list": "l1", "position": "1", "kind": "topic", "value": "food", "weight": "1"},
    **{"topic": "food", "surprise": "1", "paragraph": "0", "purpose": "attention", "answer": "kept", "mode": "profile"},
}
ACTS = ("like", "save", "hide", "follow", "mute", "weigh", "keep", "delete")


def walk(app: Flask, client: FlaskClient, headers: dict[str, str]) -> None:
    """Call every route with what it takes."""
    app.config["WTF_CSRF_ENABLED"] = False
    for rule, method in calls(app):
        if rule.endpoint in ENDING:
            continue
        is_api = rule.endpoint.startswith("api.")
        for act in ("",) if is_api or method == "GET" else ACTS:
            sent: dict[str, Any] = (
                {"json": bodies().get(rule.endpoint, {})} if is_api else {"data": {**FORM, "act": act}}
            )
            with client.open(
                path_of(app, rule), method=method, headers=headers, **({} if method == "GET" else sent)
            ) as one:
                assert one.status_code < 500, (method, rule)
        if method == "GET" and rule.endpoint == "pages.article":
            client.get("/a/food-1?list=l1&position=1", headers=headers).close()


def with_token(accounts: Accounts, child: Account) -> dict[str, str]:
    """Give the child a token of all scopes, from before somebody looked."""
    secret = new_secret(TOKEN_PREFIX)
    accounts.storage.put_token(Token(digest_of(secret), child.id, SCOPES, NOW))
    return {"Authorization": f"Bearer {secret}"}


def by_the_library(recommender: Recommender, child: Account) -> list[str]:
    """Hand every event to the recommender itself, and ask it for lists; return the types that it took."""
    taken = []
    for record in event_records():
        event = parse_event({**record, "id": f"library-{record['id']}"}, user=child.id)
        taken += [event.type] if recommender.observe([event]).accepted else []
    for kinds in ((), ("video",)):
        made = recommender.recommend(Request(child.id, kinds=kinds))
        recommender.log_impression(made, 0, 5)
    return taken


def rows_about(recommender: Recommender, child: Account) -> dict[str, list[Any]]:
    """Return the rows that name the child, by table."""
    found = {name: [row for row in rows if child.id in row] for name, rows in everything(recommender).items()}
    return {name: rows for name, rows in found.items() if rows}


@pytest.fixture
def unseen(recommender: Recommender) -> bytes:
    """The profile of somebody who was never here."""
    return pack(recommender.readers.new("nobody", recommender.state("nobody").steering))


def test_nothing_is_kept_of_a_child_without_a_yes(
    app: Flask,
    accounts: Accounts,
    recommender: Recommender,
    make_account: Callable[..., Account],
    browser_of: Callable[[Account], FlaskClient],
    unseen: bytes,
) -> None:
    """By every route with a login and with a token, and by the library: the tables are to the row as they were."""
    child = make_account("Kim", "child")
    browser, token = browser_of(child), with_token(accounts, child)
    accounts.storage.drop_child(child.id)
    before = rows_about(recommender, child)
    assert before.keys() <= {"accounts", "logins", "tokens", "consents"}

    walk(app, browser, {})
    walk(app, app.test_client(), token)
    taken = by_the_library(recommender, child)

    assert taken == []
    assert rows_about(recommender, child) == before
    assert recommender.interests(child.id) == ()
    assert pack(recommender.state(child.id)) == unseen


@pytest.mark.parametrize("allowed", [False, True])
def test_nothing_is_ever_kept_of_how_a_child_reads(
    app: Flask,
    accounts: Accounts,
    recommender: Recommender,
    make_account: Callable[..., Account],
    browser_of: Callable[[Account], FlaskClient],
    unseen: bytes,
    allowed: bool,
) -> None:
    """With a yes: no event of behaviour by any way, no part of the model, and a profile that is empty to the byte.

    If a guardian allows likes and follows, those and nothing else.
    """
    child = make_account("Kim", "child")
    if allowed:
        app.extensions["reread"].guardians.consent(
            accounts.storage.child(child.id), "feedback", True, "0" * 64, "parent"
        )

    for client, headers in ((browser_of(child), {}), (app.test_client(), with_token(accounts, child))):
        walk(app, client, headers)
    by_the_library(recommender, child)
    recommender.save_learned()

    kinds = {event.type for event in recommender.storage.iter_events(user=child.id)}
    about = rows_about(recommender, child)
    # A reset leaves a part of the model that corrects nothing.
    assert about.keys() - OF_FEEDS - {"events", "parts"} <= OF_THE_ACCOUNT
    assert set(recommender.learner.corrections(child.id).values()) <= {1.0}
    taken = {"open", "impression", "viewable", "watch", "close", "unlike", "unsave", "folded_view"}
    taking_back = EVENT_CLASSES.keys() - FEEDBACK_TYPES - taken
    told = FEEDBACK_TYPES | {"unlike", "unsave"} if allowed else set()
    assert kinds <= (taking_back | told) - {"paragraph_visit"}
    assert recommender.state(child.id).opened == {}
    assert recommender.state(child.id).passed == {}
    signals = {each.signal for known in recommender.interests(child.id) for each in known.evidence}
    assert signals <= ({"plus", "minus"} if allowed else set())
    if not allowed:
        assert recommender.interests(child.id) == ()


def names_of(commands: Any, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for command in commands:
        if isinstance(command, click.Group):
            yield from names_of(command.commands.values(), f"{before}{command.name} ")
        else:
            yield f"{before}{command.name}", command


def test_the_commands_above_are_all_that_take_a_reader() -> None:
    found = {name for name, command in names_of(COMMANDS) if any(one.name == "user" for one in command.params)}

    assert found == WITH_A_READER.keys()


@pytest.mark.parametrize("name", sorted(name for name, more in WITH_A_READER.items() if more))
def test_no_command_keeps_anything_of_a_child_without_a_yes(
    accounts: Accounts, recommender: Recommender, make_account: Callable[..., Account], name: str
) -> None:
    """But for the note that the operator did it."""
    child = make_account("Kim", "child")
    accounts.storage.drop_child(child.id)
    before = {table: rows for table, rows in rows_about(recommender, child).items() if table != "audits"}
    path: Path = recommender.storage.path  # type: ignore[attr-defined]  # it is a file

    run(*name.split(), *(one.format("Kim") for one in WITH_A_READER[name] or ()), "--db", path)

    assert {table: rows for table, rows in rows_about(recommender, child).items() if table != "audits"} == before
    assert json.dumps(before)


def test_no_archive_is_taken_in_for_a_child_without_a_yes(
    accounts: Accounts, recommender: Recommender, make_account: Callable[..., Account]
) -> None:
    """And of a child with one, no answer that a file brings along."""
    child = make_account("Kim", "child")
    answer = {"purpose": "feedback", "granted": True, "at": "2026-11-01T00:00:00Z", "text_version": "v1"}
    answers = recommender.storage.consents(child.id)

    assert restore(recommender, child.id, Archive(consents=(answer,))).consents == 0
    assert recommender.storage.consents(child.id) == answers
    accounts.storage.drop_child(child.id)
    before = rows_about(recommender, child)
    with pytest.raises(InvalidInputError, match="guardian"):
        restore(recommender, child.id, Archive(consents=(answer,)))
    assert rows_about(recommender, child) == before
