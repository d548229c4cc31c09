"""grants: check what went out by a data grant."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.commands.common import db_option, emit, end_in_part, json_option, note

_SAYINGS = {
    True: "The key is the one to compare with.",
    False: "The key is ANOTHER than the one to compare with.",
    None: "There is no key to compare with; give --key, as /about/privacy of the installation shows it.",
}


@click.group()
def grants() -> None:
    """Data grants: what readers let others have of their data."""


@grants.command()
@db_option
@json_option
@click.option("--key", metavar="HEX", help="The public key of the installation; else that of the store here, if any.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(db: Path, as_json: bool, key: str | None, file: Path) -> None:
    """Check FILE, a grant or a zip that went out by one: that it was signed as it is.

    Whoever makes a file can sign it, with a key of their own: so the key is compared, too. Exit status 0: genuine, and
    by the right key; 1: genuine, but by another key, or there is none to compare with; 2: not genuine.
    """
    from webapp.granting.checking import check

    checked, wanted = check(file.read_bytes()), key or _own_key(db)
    is_right = None if wanted is None else checked.key == wanted.strip().lower()
    if as_json:
        told = {"grant": checked.grant, "files": checked.files, "key": checked.key, "key_is_right": is_right}
        emit({"genuine": True, **told})
    else:
        note(f"Genuine: grant {checked.grant.get('grant')}, with {checked.files} files, signed by {checked.key}")
        note(_SAYINGS[is_right])
    if not is_right:
        end_in_part()


def _own_key(db: Path) -> str | None:
    """Return the public key of the store; None where there is no store, so that none is made by looking."""
    from reader.privacy.signing import Signing
    from reader.settings import Settings
    from webapp.security import secret_key

    secret = Settings().secret_key
    if not secret and not db.with_name(db.name + ".key").exists():
        return None
    return Signing(secret or secret_key(db)).key
