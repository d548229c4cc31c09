"""token: by which programs act for a reader."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.common import db_option, emit, json_option, note, note_operator, open_storage, reader_id

if TYPE_CHECKING:
    from reader.storage.sqlite import SqliteStorage
    from reader.types import Token

# Digits of a token's digest by which it is called: 48 bits, so that none of a store's few tokens are called alike.
ID_DIGITS = 12


@click.group()
def token() -> None:
    """Tokens by which programs use the API."""


@token.command()
@db_option
@json_option
@click.option("--user", required=True, help="The reader that the token acts for.")
@click.option("--scope", "scopes", multiple=True, required=True, metavar="SCOPE", help="May be given several times.")
@click.option("--name", default="", help="What it is for.")
def create(db: Path, as_json: bool, user: str, scopes: tuple[str, ...], name: str) -> None:
    """Make a token and print it; it cannot be shown again."""
    from reader.accounts.registry import TOKEN_PREFIX
    from reader.accounts.roles import SCOPES
    from reader.accounts.secrets import digest_of, new_secret
    from reader.clock import system_clock
    from reader.errors import InvalidInputError
    from reader.privacy.consents import Consents
    from reader.types import Token

    for scope in scopes:
        if scope not in SCOPES:
            raise click.BadParameter(f"{scope!r} is no scope; use {', '.join(SCOPES)}", param_hint="--scope")
    secret = new_secret(TOKEN_PREFIX)
    with open_storage(db) as storage:
        reader, once = reader_id(storage, user), tuple(dict.fromkeys(scopes))
        if Consents(storage, system_clock).terms(reader).is_closed:
            raise InvalidInputError(
                "user", f"{user!r} is a child without a guardian's yes", "let a guardian answer first"
            )
        storage.put_token(Token(digest_of(secret), reader, once, system_clock(), name))
        note_operator(storage, reader, "token")
    if as_json:
        emit({"token": secret, "user": user, "scopes": scopes, "name": name})
    else:
        click.echo(secret)


@token.command("list")
@db_option
@json_option
@click.option("--user", help="Only those of this reader.")
def list_tokens(db: Path, as_json: bool, user: str | None) -> None:
    """Show all tokens, by reader and age; the secrets themselves are not stored.

    What readers with an account call theirs is their own word, and stays with them.
    """
    with open_storage(db) as storage:
        found = _tokens(storage, user)
        records = [_record(storage, token) for token in found]
    if as_json:
        emit(records)
        return
    for record in records:
        named = f"  {record['name']}" if record["name"] else ""
        click.echo(f"{record['id']}  {record['user']}  {record['created_at']}  {' '.join(record['scopes'])}{named}")
    if not records:
        note("There is no token.")


@token.command()
@db_option
@json_option
@click.argument("which", metavar="ID|TOKEN")
def revoke(db: Path, as_json: bool, which: str) -> None:
    """Make a token void at once: the one with this ID of `reread token list`, or the TOKEN itself."""
    from reader.accounts.secrets import digest_of
    from reader.errors import NotFoundError

    with open_storage(db) as storage:
        digest = digest_of(which)
        found = [token for token in _tokens(storage) if token.digest == digest or _id(token) == which]
        if not found:
            # What was given may be a secret: it is not said again.
            raise NotFoundError("token: none is stored under that id or secret; `reread token list` shows them")
        for token in found:
            storage.drop_token(token.user, token.digest)
            note_operator(storage, token.user, "revoke-token")
        records = [_record(storage, token) for token in found]
    if as_json:
        emit(records[0])
    for record in [] if as_json else records:
        note(f"{record['id']} of {record['user']}: void.")


def _tokens(storage: SqliteStorage, user: str | None = None) -> list[Token]:
    readers = storage.names() if user is None else [reader_id(storage, user)]
    return [token for reader in readers for token in storage.tokens(reader)]


def _id(token: Token) -> str:
    return token.digest[:ID_DIGITS]


def _record(storage: SqliteStorage, token: Token) -> dict[str, Any]:
    from reader.records import format_time

    account = storage.account(token.user)
    return {
        "id": _id(token),
        "user": account.nickname if account else token.user,
        "created_at": format_time(token.created_at),
        "scopes": list(token.scopes),
        "name": "" if account else token.name,
    }
