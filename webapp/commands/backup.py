"""backup and restore: all of an installation into files, and back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from webapp.commands.common import Refusal, db_option, emit, json_option, note, open_storage

# What an installation keeps beside its database, by the end of the name, with what is lost without it.
LEARNED = (".model", ".challenger")
KEY = (".key",)
_WITHOUT = {
    ".model": "ranking learns anew from the newest lists",
    ".challenger": "trees are gone until `reread train`",
    ".key": "the key of this machine stays; another one's cookies and links are void",
}


@click.command()
@db_option
@json_option
@click.option("--with-model", is_flag=True, help="What ranking has learned, too: PATH.model, PATH.challenger.")
@click.option(
    "--with-key", is_flag=True, help="The key that signs cookies, too: PATH.key. Keep it as safe as a password."
)
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def backup(db: Path, path: Path, with_model: bool, with_key: bool, as_json: bool) -> None:
    """Write a consistent copy of the store to PATH, also while a server uses it, and look it through for damage."""
    endings = (*(LEARNED if with_model else ()), *(KEY if with_key else ()))
    for ending in endings:
        if _beside(path, ending).exists():
            raise Refusal(f"{_beside(path, ending)}: exists already; name a new file for the backup")
    if not db.exists():
        raise Refusal(f"--db {db}: there is no such store to copy; name another one")
    # The model first: it says up to which event it goes, and must not be ahead of the copied log.
    copied = [ending for ending in endings if _copy(_beside(db, ending), _beside(path, ending))]
    with open_storage(db) as storage:
        storage.backup(str(path))
    files = [str(path), *(str(_beside(path, ending)) for ending in copied)]
    for file in files:
        note(f"Wrote {file}")
    if as_json:
        emit({"files": files})


@click.command()
@db_option
@json_option
@click.option("--yes", is_flag=True, help="Replace the store that is there without asking.")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def restore(db: Path, path: Path, yes: bool, as_json: bool) -> None:
    """Put a backup in the place of the store. The server must be stopped.

    What lies beside PATH (.model, .challenger, .key) is put back, too.
    """
    from reader.storage.copies import check_copy, put_back

    if db.exists() and path.exists() and db.samefile(path):
        raise Refusal(f"{path}: is the store itself; name a backup")
    check_copy(path)
    if db.exists() and not yes:
        click.confirm(f"Replace {db} by {path}? What came since is lost.", abort=True, err=True)
    put_back(path, db)
    put, left = [str(db)], []
    for ending in (*LEARNED, *KEY):
        if _copy(_beside(path, ending), _beside(db, ending)):
            put.append(str(_beside(db, ending)))
            continue
        left.append(ending)
        # Learned from another log than the one that is there now.
        if ending in LEARNED:
            _beside(db, ending).unlink(missing_ok=True)
    for file in put:
        note(f"Restored {file}")
    for ending in left:
        note(f"The backup has no {ending}: {_WITHOUT[ending]}")
    if as_json:
        emit({"restored": put, "without": left})


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _copy(source: Path, target: Path) -> bool:
    """Copy a file whole or not at all, for its owner alone; return whether there was one."""
    if not source.exists():
        return False
    draft = _beside(target, ".part")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as to, source.open("rb") as origin:
        shutil.copyfileobj(origin, to)
    os.replace(draft, target)
    return True
