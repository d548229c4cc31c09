"""Who may do what: every route of the app times every kind of caller. A route without a rule fails the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from reader.accounts.registry import TOKEN_PREFIX, Accounts
from reader.accounts.roles import SCOPES
from reader.accounts.secrets import digest_of, new_secret
from reader.types import Account, Token
from tests.webapp.conftest import NOW

MakeAccount = Callable[..., Account]
BrowserOf = Callable[[Account], FlaskClient]

# Endpoint -> who gets past the door. "open": everybody; "page": who is logged in; "admin page": administrators who are
# logged in; "guardian page": who is logged in and no child; "signed": a provider; "admin": administrators, by
# token, too; else the scope of the API that it takes.
RULES = {
    "static": "open",
    "openapi.spec": "open",
    "ops.healthz": "open",
    "ops.readyz": "open",
    "ops.metrics": "admin",
    "ops.traces": "admin",
    "ops.demo_media": "open",
    "api.get_recommendations": "recs:read",
    "api.get_why": "recs:read",
    "api.get_item": "recs:read",
    "api.get_related": "recs:read",
    "api.get_search": "recs:read",
    "api.post_items": "items:write",
    "api.post_events": "events:write",
    "api.get_interests": "profile:read",
    "api.patch_interests": "profile:write",
    "api.delete_interests": "profile:write",
    "api.get_export": "profile:read",
    "api.delete_me": "profile:write",
    "api.post_import": "profile:write",
    "api.get_consent": "profile:read",
    "api.put_consent": "profile:write",
    "api.delete_attention": "profile:write",
    "api.get_mode": "profile:read",
    "api.put_mode": "profile:write",
    # These answer pages of registered origins alone, by a key (tests/webapp/sites); to all others they are not there.
    "scripts.embed": "open",
    "scripts.load": "open",
    "sites.consent": "open",
    "sites.page": "open",
    "sites.events": "open",
    "sites.recommendations": "open",
    "sites.export": "open",
    "sites.forget": "open",
    "api.get_feeds": "profile:read",
    "api.post_feeds": "profile:write",
    "api.patch_feeds": "profile:write",
    "api.delete_feeds": "profile:write",
    "api.get_grants": "profile:read",
    "api.post_grants": "grants:write",
    "api.get_grant": "profile:read",
    "api.delete_grant": "grants:write",
    "api.export_grant": "grants:write",
    "api.get_opml": "profile:read",
    "api.post_opml": "profile:write",
    "api.get_outlets": "profile:read",
    "api.post_outlets": "profile:write",
    "api.delete_outlets": "profile:write",
    # By a secret in the address, else it is not there (tests/webapp/outlets).
    "outlets.feed": "open",
    "pages.addresses": "page",
    "pages.make_address": "page",
    "pages.revoke_address": "page",
    "pages.for_you": "page",
    "pages.latest": "page",
    "pages.article": "page",
    "pages.why": "page",
    "pages.watch": "page",
    "pages.player": "page",
    "pages.captions": "page",
    "pages.creator": "page",
    "pages.sound": "page",
    "pages.topics": "page",
    "pages.surprise": "page",
    "pages.about_ranking": "page",
    "pages.act": "page",
    "pages.steer": "page",
    "pages.undo": "page",
    "pages.hidden": "page",
    "pages.look": "page",
    "pages.copy": "page",
    "pages.saved_paths": "page",
    "offline.manifest": "open",
    "offline.worker": "open",
    "offline.page": "open",
    "pages.set_look": "page",
    "pages.less": "page",
    "pages.list_page": "page",
    "pages.mute": "page",
    "pages.saved": "page",
    "pages.search": "page",
    "pages.topic": "page",
    "pages.history": "page",
    "pages.noticed": "page",
    "pages.consent": "page",
    "pages.delete_attention": "page",
    "pages.mode": "page",
    "pages.interests": "page",
    "pages.privacy": "page",
    "pages.export": "page",
    "pages.records": "page",
    "pages.policy": "page",
    "pages.delete_records": "page",
    "pages.erase": "page",
    "pages.send_erase": "page",
    "pages.grants": "page",
    "pages.new_grant": "page",
    "pages.make_grant": "page",
    "pages.grant": "page",
    "pages.revoke_grant": "page",
    "pages.export_grant": "page",
    # Whoever has the secret of a grant in force.
    "granted.look": "open",
    "granted.take": "open",
    "pages.ask_import": "page",
    "pages.send_import": "page",
    "pages.feeds": "page",
    "pages.add_feed": "page",
    "pages.choose_feeds": "page",
    "pages.change_feed": "page",
    "pages.change_demo": "admin page",
    "pages.ask_opml": "page",
    "pages.preview_opml": "page",
    "pages.take_opml": "page",
    "pages.export_opml": "page",
    "pages.feed_health": "page",
    "pages.feed": "page",
    "pages.feed_folder": "page",
    "pages.all_feeds": "page",
    "pages.mark_feeds_read": "page",
    "pages.try_feed": "page",
    "greader.client_login": "open",
    "greader.token": "reader:sync",
    "greader.user_info": "reader:sync",
    "greader.preferences": "reader:sync",
    "greader.stream_preferences": "reader:sync",
    "greader.tag_list": "reader:sync",
    "greader.subscription_list": "reader:sync",
    "greader.unread_count": "reader:sync",
    "greader.stream_contents": "reader:sync",
    "greader.stream_atom": "reader:sync",
    "greader.item_ids": "reader:sync",
    "greader.item_contents": "reader:sync",
    "greader.edit_tag": "reader:sync",
    "greader.mark_all_as_read": "reader:sync",
    "greader.edit_subscription": "reader:sync",
    "greader.quick_add": "reader:sync",
    "greader.rename_tag": "reader:sync",
    "greader.disable_tag": "reader:sync",
    "languages.choose_language": "open",
    "accounts.log_in": "open",
    "accounts.send_login": "open",
    "accounts.join": "open",
    "accounts.send_join": "open",
    "accounts.send_age": "open",
    "accounts.ask_guardian": "open",
    "accounts.wait": "open",
    "accounts.finish": "open",
    "accounts.print_form": "open",
    "accounts.send_form": "open",
    "accounts.name_another": "open",
    "accounts.guardian": "open",
    "accounts.send_guardian": "open",
    "accounts.export_by_link": "open",
    "accounts.take_answer": "signed",
    "accounts.family": "guardian page",
    "accounts.answer_request": "guardian page",
    "accounts.child": "guardian page",
    "accounts.change_child": "guardian page",
    "accounts.export_child": "guardian page",
    "accounts.of_age": "page",
    "accounts.send_of_age": "page",
    "accounts.forms": "admin page",
    "accounts.form": "admin page",
    "accounts.answer_form": "admin page",
    "accounts.log_out": "page",
    "accounts.mine": "page",
    "accounts.change_password": "page",
    "accounts.end_logins": "page",
    "accounts.make_token": "page",
    "accounts.revoke_token": "page",
    "operating.overview": "admin page",
    "accounts.administer": "admin page",
    "accounts.invite": "admin page",
    "accounts.revoke_invitation": "admin page",
    "accounts.change_account": "admin page",
}
VALUES = {
    "item_id": "food-0",
    "entity_id": "Studio",
    "topic": "energy",
    "list_id": "l1",
    "position": "1",
    "secret": "x",
    "name": "x.mp4",
    "filename": "app.css",
    "stream": "user/-/state/com.google/read",
    "key": "rk_0",
    "module": "events",
    "token": "x",
    "user": "u1",
    "digest": "x",
    "kind": "for-you",
    "grant_id": "g0",
}
TOKENS = [f"token of {scope}" for scope in SCOPES]
CALLERS = ["nobody", "child", "child without a yes", "adult", "admin", "admin's token", *TOKENS]
# What is a guardian's to decide on, and what nobody can do with a child's data: let others have them.
NOT_FOR_CHILDREN = (
    *("pages.player", "pages.mode", "pages.consent", "pages.grants", "pages.new_grant", "pages.make_grant"),
    *("pages.grant", "pages.revoke_grant", "pages.export_grant"),
    *("api.post_grants", "api.delete_grant", "api.export_grant"),
)
LOGGED_IN = ("child", "adult", "admin")


def expected(rule: str, caller: str) -> str:
    """Return passes, login (led to the login page), 401 or 403; worked out from the words of the rule alone."""
    if rule in ("open", "signed"):
        return "passes" if rule == "open" else "401"
    if rule == "admin":
        return "passes" if caller in ("admin", "admin's token") else "403"
    if rule == "page":
        return "passes" if caller in LOGGED_IN else "login"
    if rule == "guardian page":
        return {"child": "403", "adult": "passes", "admin": "passes"}.get(caller, "login")
    if rule == "admin page":
        return {"admin": "passes", "adult": "403", "child": "403"}.get(caller, "login")
    if caller in ("nobody", "child without a yes"):
        return "401"
    if rule == "reader:sync":
        # Programs alone: a browser's login counts for nothing.
        if caller in LOGGED_IN:
            return "401"
        return "passes" if caller in ("admin's token", "token of reader:sync") else "403"
    is_open = rule != "items:write"
    allowed = caller in ("admin", "admin's token", f"token of {rule}") or (caller in ("adult", "child") and is_open)
    # The catalogue is everybody's: a token of an adult does not reach it, whatever it says.
    return "passes" if allowed and not (rule == "items:write" and caller in TOKENS) else "403"


def outcome(answer: Any) -> str:
    if answer.status_code in (302, 303) and answer.headers["Location"].startswith("/login?"):
        return "login"
    return str(answer.status_code) if answer.status_code in (401, 403) else "passes"


def calls(app: Flask) -> list[tuple[Rule, str]]:
    """Return every rule with every method of its own."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def path_of(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments})


@pytest.fixture
def callers(
    app: Flask, accounts: Accounts, make_account: MakeAccount, browser_of: BrowserOf
) -> dict[str, Callable[[], tuple[FlaskClient, dict[str, str]]]]:
    """Return for each kind of caller a maker of a new one: a browser, and headers to send along."""
    count = 0

    def person(role: str) -> tuple[FlaskClient, dict[str, str]]:
        nonlocal count
        count += 1
        return browser_of(make_account(f"{role} {count}", role)), {}

    def program(role: str, *scopes: str) -> tuple[FlaskClient, dict[str, str]]:
        nonlocal count
        count += 1
        secret = new_secret(TOKEN_PREFIX)
        owner = make_account(f"owner {count}", role)
        accounts.storage.put_token(Token(digest_of(secret), owner.id, scopes, NOW))
        return app.test_client(), {"Authorization": f"Bearer {secret}"}

    def child_without_yes() -> tuple[FlaskClient, dict[str, str]]:
        nonlocal count
        count += 1
        account = make_account(f"child {count}", "child")
        accounts.storage.drop_child(account.id)
        return browser_of(account), {}

    made: dict[str, Callable[[], tuple[FlaskClient, dict[str, str]]]] = {
        "nobody": lambda: (app.test_client(), {}),
        "admin's token": lambda: program("admin", *SCOPES),
    }
    made |= {role: (lambda role=role: person(role)) for role in ("child", "adult", "admin")}  # type: ignore[misc]  # bound early
    made["child without a yes"] = child_without_yes
    made |= {f"token of {scope}": (lambda scope=scope: program("adult", scope)) for scope in SCOPES}  # type: ignore[misc]  # the same
    return made


def test_every_route_has_a_rule(app: Flask) -> None:
    """A new view must say here who may use it; one that is gone must be struck out."""
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == RULES.keys()


@pytest.mark.parametrize("caller", CALLERS)
def test_who_may_do_what(
    app: Flask, callers: dict[str, Callable[[], tuple[FlaskClient, dict[str, str]]]], caller: str
) -> None:
    """Each call by a caller of its own, since some end an account. The forms' tokens are tested elsewhere."""
    app.config["WTF_CSRF_ENABLED"] = False
    found, wanted = {}, {}
    for rule, method in calls(app):
        client, headers = callers[caller]()
        body: Any = {} if rule.endpoint.startswith("api.") else None
        with client.open(path_of(app, rule), method=method, headers=headers, json=body) as answer:
            found[f"{method} {rule}"] = outcome(answer)
        shut = caller == "child" and rule.endpoint in NOT_FOR_CHILDREN
        wanted[f"{method} {rule}"] = "403" if shut else expected(RULES[rule.endpoint], caller)

    assert found == wanted


def test_a_token_loses_what_its_reader_may_no_longer_do(
    app: Flask, accounts: Accounts, make_account: MakeAccount
) -> None:
    """Closing an account closes its tokens and its logins."""
    make_account("Root", "admin")
    ada = make_account("Ada")
    headers = {"Authorization": f"Bearer {accounts.make_token(ada, ('recs:read',), '')}"}
    client = app.test_client()
    assert client.get("/api/v1/recommendations", headers=headers).status_code == 200

    accounts.disable(ada, "root")

    assert client.get("/api/v1/recommendations", headers=headers).status_code == 401


def test_there_are_no_account_pages_without_accounts(app: Flask) -> None:
    from webapp.app import create_app
    from webapp.services import EXTENSION

    recommender = app.extensions[EXTENSION].recommender
    recommender.settings = recommender.settings.model_copy(update={"accounts": False})
    client = create_app(recommender).test_client()

    assert client.get("/").status_code == 200
    for path in ("/login", "/me/account", "/admin/accounts", "/join/x"):
        assert client.get(path).status_code == 404
