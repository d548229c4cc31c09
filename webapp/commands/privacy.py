"""token, export, erase: who may act for a reader, and what is kept about one."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.commands.common import (
    db_option,
    emit,
    json_option,
    note,
    note_operator,
    open_recommender,
    open_storage,
    reader_id,
)


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


@click.command()
@db_option
@click.argument("user")
def export(db: Path, user: str) -> None:
    """Print all that is kept about USER, one JSON object a line."""
    from webapp.export import export_records

    recommender = open_recommender(db)
    reader = reader_id(recommender.storage, user)
    note_operator(recommender.storage, reader, "export")
    for record in export_records(recommender, reader):
        emit(record)


@click.command()
@db_option
@json_option
@click.argument("user")
@click.confirmation_option(prompt="Delete all that is kept about this reader? It cannot be undone.")
def erase(db: Path, as_json: bool, user: str) -> None:
    """Delete all that is kept about USER."""
    from reader.wiring import challenger_path, model_path

    with open_storage(db) as storage:
        counts = storage.erase_user(reader_id(storage, user))
        # They were learned from this reader, too. The next start learns from the log again; a running server at once.
        storage.drop_parts()
        for path in (model_path(db), challenger_path(db)):
            path.unlink(missing_ok=True)
    if as_json:
        emit({"erased": counts})
    else:
        note("Deleted: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
