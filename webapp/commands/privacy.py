"""token, export, erase: who may act for a reader, and what is kept about one."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.commands.common import db_option, emit, json_option, note, open_recommender, open_storage


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
    from reader.clock import system_clock
    from reader.types import Token
    from webapp.api.auth import SCOPES, digest_of, new_secret

    for scope in scopes:
        if scope not in SCOPES:
            raise click.BadParameter(f"{scope!r} is no scope; use {', '.join(SCOPES)}", param_hint="--scope")
    secret = new_secret()
    with open_storage(db) as storage:
        storage.put_token(Token(digest_of(secret), user, tuple(dict.fromkeys(scopes)), system_clock(), name))
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

    for record in export_records(open_recommender(db), user):
        emit(record)


@click.command()
@db_option
@json_option
@click.argument("user")
@click.confirmation_option(prompt="Delete all that is kept about this reader? It cannot be undone.")
def erase(db: Path, as_json: bool, user: str) -> None:
    """Delete all that is kept about USER."""
    from reader.wiring import model_path

    with open_storage(db) as storage:
        counts = storage.erase_user(user)
        if not storage.users():
            # All that the model says was learned from this reader alone.
            model_path(db).unlink(missing_ok=True)
    if as_json:
        emit({"erased": counts})
    else:
        note("Deleted: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
