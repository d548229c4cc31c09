"""account: readers who log in. Whoever may run this may read the database, so it asks for no password of an admin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from webapp.commands.common import db_option, emit, json_option, note, open_storage

if TYPE_CHECKING:
    from reader.accounts.registry import Accounts
    from reader.types import Account, Role

password_option = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group()
def account() -> None:
    """Readers who log in (with REREAD_ACCOUNTS=on)."""


@account.command("create")
@db_option
@json_option
@click.option("--nickname", required=True, help="What the reader is called, and logs in with.")
@click.option("--role", type=click.Choice(["admin", "adult", "child"]), default="adult", show_default=True)
@click.option("--take-over-local", is_flag=True, help="The account goes on with what the local reader has read.")
@password_option
def create_account(
    db: Path, as_json: bool, nickname: str, role: str, take_over_local: bool, password_stdin: bool
) -> None:
    """Make an account."""
    with _opened(db) as (accounts, local_user):
        user = local_user if take_over_local else None
        made = accounts.create(nickname, _password(password_stdin), cast("Role", role), user=user)
    _tell(made, as_json, "made")


@account.command("list")
@db_option
@json_option
def list_accounts(db: Path, as_json: bool) -> None:
    """Show all accounts."""
    with _opened(db) as (accounts, _):
        known = [_record(one) for one in accounts.storage.accounts()]
    if as_json:
        emit(known)
        return
    for one in known:
        click.echo(f"{one['id']}  {one['role']:<5}  {one['nickname']}{'  (closed)' if one['disabled'] else ''}")


@account.command()
@db_option
@json_option
@click.argument("name")
def disable(db: Path, as_json: bool, name: str) -> None:
    """Close the account NAME (nickname or id); nothing is deleted."""
    from reader.accounts.registry import OPERATOR

    with _opened(db) as (accounts, _):
        _tell(accounts.disable(accounts.find(name), OPERATOR), as_json, "closed")


@account.command()
@db_option
@json_option
@click.argument("name")
def enable(db: Path, as_json: bool, name: str) -> None:
    """Open the account NAME again."""
    from reader.accounts.registry import OPERATOR

    with _opened(db) as (accounts, _):
        _tell(accounts.enable(accounts.find(name), OPERATOR), as_json, "open")


@account.command("reset-password")
@db_option
@json_option
@click.argument("name")
@password_option
def reset_password(db: Path, as_json: bool, name: str, password_stdin: bool) -> None:
    """Give the account NAME a new password; it is logged out everywhere."""
    from reader.accounts.registry import OPERATOR

    with _opened(db) as (accounts, _):
        found = accounts.find(name)
        accounts.set_password(found, _password(password_stdin))
        accounts.note(found.id, OPERATOR, "reset-password")
        _tell(found, as_json, "has a new password")


@contextmanager
def _opened(db: Path) -> Iterator[tuple[Accounts, str]]:
    from reader.accounts.registry import Accounts
    from reader.clock import system_clock
    from reader.settings import Settings

    settings = Settings()
    with open_storage(db) as storage:
        yield Accounts(storage, settings.login, system_clock), settings.local_user


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _tell(account: Account, as_json: bool, what: str) -> None:
    if as_json:
        emit(_record(account))
    else:
        note(f"{account.nickname} ({account.id}): {what}.")


def _record(account: Account) -> dict[str, Any]:
    from reader.records import format_time

    return {
        "id": account.id,
        "nickname": account.nickname,
        "role": account.role,
        "created_at": format_time(account.created_at),
        "disabled": account.disabled,
    }
