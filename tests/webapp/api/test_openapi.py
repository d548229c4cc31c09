"""What /openapi.json says is true.

schemathesis reads it from the running server, makes calls from it, right and wrong ones, alone and one after the other,
and runs all of its checks on every answer: no 500, no status, type, header or body that is not described, wrong calls
refused and right ones taken, no token overlooked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status
from schemathesis.engine.events import EngineEvent, FatalError, NonFatalError, ScenarioFinished

from reader.accounts.registry import Accounts
from reader.accounts.roles import SCOPES
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.settings_limits import LimitSettings, RateSettings
from tests.reader.accounts.conftest import CHEAP
from tests.webapp.serving import served
from webapp.app import create_app
from webapp.services import EXTENSION

schemathesis.serializer.alias("application/zip", "application/octet-stream")

MakeToken = Callable[..., dict[str, str]]
PATH = "/openapi.json"
PASSWORD = "salt lakes of Chile"
WIDE = RateSettings(per_minute=1e6, burst=1_000_000)
UNLIMITED = LimitSettings(lists=WIDE, events=WIDE, heavy=WIDE, logins=WIDE, address=WIDE)
# What a schema cannot say, and so cannot be held to.
BEYOND_SCHEMAS: list[dict[str, Any]] = [
    # Whether a cursor is signed by this server (400), and whether its list is still kept (410).
    {
        "include-path": "/api/v1/recommendations",
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 400, 401, 403, 410, 422]}},
    },
    # Whether some bytes are an archive of Reread.
    {"include-path": "/api/v1/me/import", "checks": {"positive_data_acceptance": {"enabled": False}}},
    # Whether some text is the address of a site, or an OPML file; and what another server answers, or does not (502).
    {
        "include-path": "/api/v1/feeds",
        "checks": {
            "positive_data_acceptance": {"enabled": False},
            "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", 502]},
        },
    },
    {"include-path": "/api/v1/feeds/opml", "checks": {"positive_data_acceptance": {"enabled": False}}},
    # Whether a time is to come, and how far; nor is a grant that a schema can name there (404), or not yet ended (410).
    {"include-path": "/api/v1/me/grants", "checks": {"positive_data_acceptance": {"enabled": False}}},
    {
        "include-path": "/api/v1/me/grants/{grant_id}/export",
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 410]}},
    },
    # The answer of a batch is 200 though items in it were refused, which then are not there.
    {"include-path": "/api/v1/items/{item_id}", "checks": {"ensure_resource_availability": {"enabled": False}}},
]
# It ends the account, or the token, that the calls after it come by.
ENDING = {"include-path": "/api/v1/me", "include-method": "DELETE", "enabled": False}
CHECKS = {
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
}


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> Settings:
    on = "accounts" in getattr(request, "param", "")
    return Settings(secret_key="a key for tests", accounts=on, login=CHEAP, limits=UNLIMITED)


def run(app: Flask, examples: int, headers: dict[str, str], *operations: dict[str, Any]) -> Iterator[EngineEvent]:
    """Yield what schemathesis reports, always the same for the same app."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 20261126,
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "headers": headers,
            "generation": {"max-examples": examples, "database": "none", "deterministic": True},
            "operations": [*BEYOND_SCHEMAS, *operations],
        }
    )
    with served(app) as address:
        schema = schemathesis.openapi.from_url(address + PATH, config=config)
        yield from engine.from_schema(schema).execute()


def faults(events: Iterator[EngineEvent], passed: Counter[str]) -> dict[str, str]:
    """Return what was found wrong, each kind once; `passed` counts the checks that were not."""
    found: dict[str, str] = {}
    for event in events:
        if isinstance(event, NonFatalError | FatalError):
            error = event.value if isinstance(event, NonFatalError) else event.exception
            found[f"{getattr(event, 'label', '')}: {error!r}"] = ""
        if not isinstance(event, ScenarioFinished):
            continue
        for check in (check for checks in event.recorder.checks.values() for check in checks):
            if check.status == Status.SUCCESS:
                passed[check.name] += 1
            elif check.failure_info is not None:
                failure = check.failure_info.failure
                key = f"{event.label}, {check.name}: {failure.title}"
                found.setdefault(key, f"{failure.message} {check.failure_info.code_sample}")
    return found


def token_of(app: Flask, role: str, *scopes: str) -> dict[str, str]:
    """Return the headers of a token of a new account."""
    accounts: Accounts = app.extensions[EXTENSION].accounts
    accounts.create("Root", PASSWORD, "admin")
    account = accounts.create("Ada", PASSWORD, "admin" if role == "admin" else "adult")
    return {"Authorization": f"Bearer {accounts.make_token(account, scopes, '')}"}


def cookie_of(app: Flask) -> dict[str, str]:
    """Return the headers of a browser in which an administrator is logged in."""
    accounts: Accounts = app.extensions[EXTENSION].accounts
    client, admin = app.test_client(), accounts.create("Root", PASSWORD, "admin")
    with client.session_transaction() as session:
        session["login"] = accounts.logins.begin(admin)
    cookie = client.get_cookie("reread")
    assert cookie is not None
    return {"Cookie": f"reread={cookie.value}"}


def check(app: Flask, examples: int, headers: dict[str, str], *operations: dict[str, Any]) -> None:
    passed: Counter[str] = Counter()
    found = faults(run(app, examples, headers, *operations), passed)
    assert not found, "\n\n".join(f"{name}: {text}" for name, text in found.items())
    assert passed["not_a_server_error"] > 200
    assert passed.keys() >= CHECKS


def test_for_the_one_reader_of_an_own_machine(app: Flask, pytestconfig: pytest.Config) -> None:
    """With more examples where slow tests run, and not once more with fewer."""
    check(app, 5 if "not slow" in pytestconfig.getoption("markexpr") else 20, {})


@pytest.mark.slow
def test_for_programs_with_tokens_where_there_are_no_pages(recommender: Recommender, make_token: MakeToken) -> None:
    check(create_app(recommender, embedded=False), 15, make_token("ada", *SCOPES), ENDING)


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["accounts"], indirect=True)
@pytest.mark.parametrize("who", ["admin", "adult", "browser"])
def test_with_accounts(app: Flask, who: str) -> None:
    """By a token with every scope there is for the role, and by a login."""
    scopes = SCOPES if who == "admin" else tuple(scope for scope in SCOPES if scope != "items:write")
    check(app, 15, cookie_of(app) if who == "browser" else token_of(app, who, *scopes), ENDING)


@pytest.mark.parametrize("settings", ["accounts"], indirect=True)
def test_for_whom_nobody_knows_everything_is_refused(app: Flask) -> None:
    """Without any token: 401 and nothing else, in the described form."""
    passed: Counter[str] = Counter()
    found = faults(run(app, 3, {}), passed)
    assert not found, "\n\n".join(f"{name}: {text}" for name, text in found.items())
    for path, operations in app.test_client().get(PATH).get_json()["paths"].items():
        for method in operations if path.startswith("/api/") else ():
            filled = re.sub(r"{\w+}", "x", path)
            assert app.test_client().open(filled, method=method).status_code == 401, (method, path)


@pytest.mark.parametrize("settings", ["accounts"], indirect=True)
def test_erasing_oneself_is_described(app: Flask, recommender: Recommender) -> None:
    """The one call that the runs above leave out: once it is done, and then again by a token that is void."""
    headers, client = token_of(app, "adult", "profile:write"), app.test_client()
    described = client.get(PATH).get_json()["paths"]["/api/v1/me"]["delete"]["responses"]

    answers = [client.delete("/api/v1/me", headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 401]
    assert {"200", "401", "403", "429"} <= described.keys()
    assert answers[0].get_json()["erased"]["accounts"] == 1
    assert [account.nickname for account in recommender.storage.accounts()] == ["Root"]


def test_the_description_says_how_a_caller_is_known(recommender: Recommender) -> None:
    """Of the very server that gives it: by token alone, or by token or not at all."""
    for embedded, ways in ((True, [{"token": ["recs:read"]}, {}]), (False, [{"token": ["recs:read"]}])):
        spec = create_app(recommender, embedded=embedded).test_client().get(PATH).get_json()
        assert spec["paths"]["/api/v1/recommendations"]["get"]["security"] == ways
        assert spec["components"]["securitySchemes"].keys() == {"token"}


def test_every_refusal_is_described_as_a_problem(app: Flask) -> None:
    """With 429 and when to come again on every call that is somebody's."""
    count = 0
    for path, operations in app.test_client().get(PATH).get_json()["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                if status[0] in "45":
                    assert list(answer["content"]) == ["application/problem+json"], (method, path, status)
                    count += 1
            if path.startswith("/api/"):
                assert {"401", "403", "429"} <= operation["responses"].keys(), (method, path)
                assert "Retry-After" in operation["responses"]["429"]["headers"], (method, path)
    assert count > 40
