"""backup and restore: all of an installation into files, and back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import click

from reader.clock import system_clock
from reader.records import format_time
from webapp.commands.common import Refusal, db_option, emit, json_option, note, open_storage
from webapp.operating.notes import BACKED_UP, beside, write_note
from webapp.paths import site_db, site_dbs

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
    """Write a consistent copy of the store to PATH, also while a server uses it, and look it through for damage.

    Stores of publishers' sites are copied to PATH.sites.
    """
    endings = (*(LEARNED if with_model else ()), *(KEY if with_key else ()))
    copies = _stores(db, path)
    for target in (beside(copy, ending) for _, copy in copies for ending in ("", *endings)):
        if target.exists():
            raise Refusal(f"{target}: exists already; name a new file for the backup")
    if not db.exists():
        raise Refusal(f"--db {db}: there is no such store to copy; name another one")
    began = system_clock()
    files = [file for store, copy in copies for file in _back_up(store, copy, endings)]
    write_note(beside(db, BACKED_UP), {"at": format_time(began), "path": str(path.resolve())})
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

    What lies beside PATH (.model, .challenger, .key, .sites) is put back, too.
    """
    from reader.storage.copies import check_copy, erased_since

    if db.exists() and path.exists() and db.samefile(path):
        raise Refusal(f"{path}: is the store itself; name a backup")
    stores = _stores(path, db)
    for copy, _ in stores:
        check_copy(copy)
    if db.exists() and not yes:
        click.confirm(f"Replace {db} by {path}? What came since is lost.", abort=True, err=True)
    back = [(name, store) for copy, store in stores for name in erased_since(copy, store)]
    put = [file for copy, store in stores for file in _put(copy, store)]
    left = [ending for ending in (*LEARNED, *KEY) if not beside(path, ending).exists()]
    for file in put:
        note(f"Restored {file}")
    for ending in left:
        note(f"The backup has no {ending}: {_WITHOUT[ending]}")
    for site in sorted(set(site_dbs(db)) - {store for _, store in stores}):
        note(f"The backup has no store of the site {site.stem}: it stays as it is")
    for name, store in back:
        note(f"Back with the backup: {name}, who may have been erased since; again: reread erase {name} --db {store}")
    if as_json:
        emit({"restored": put, "without": left, "back": [name for name, _ in back]})


def _stores(source: Path, target: Path) -> list[tuple[Path, Path]]:
    """Return which store goes where: that of the installation first, then those of publishers' sites."""
    return [(source, target), *((site, site_db(target, site.stem)) for site in site_dbs(source))]


def _back_up(store: Path, copy: Path, endings: Iterable[str]) -> list[str]:
    """Copy one store and what is beside it; return the files that were made."""
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The model first: it says up to which event it goes, and must not be ahead of the copied log.
    extras = [beside(copy, ending) for ending in endings if _copy(beside(store, ending), beside(copy, ending))]
    with open_storage(store) as storage:
        storage.backup(str(copy))
    return [str(copy), *map(str, extras)]


def _put(copy: Path, store: Path) -> list[str]:
    """Put back one store and what is beside it; return the files that were put."""
    from reader.storage.copies import put_back

    aside = put_back(copy, store)
    if aside is not None:
        note(f"The damaged store is {aside} now; delete it once nothing of it is wanted any more")
    return [str(store), *_put_beside(copy, store)]


def _put_beside(copy: Path, store: Path) -> list[str]:
    """Put back what lies beside a copy; return the files that were put."""
    put = []
    for ending in (*LEARNED, *KEY):
        if _copy(beside(copy, ending), beside(store, ending)):
            put.append(str(beside(store, ending)))
        elif ending in LEARNED:
            # Learned from another log than the one that is there now.
            beside(store, ending).unlink(missing_ok=True)
    return put


def _copy(source: Path, target: Path) -> bool:
    """Copy a file whole or not at all, for its owner alone; return whether there was one."""
    if not source.exists():
        return False
    draft = beside(target, ".part")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as to, source.open("rb") as origin:
        shutil.copyfileobj(origin, to)
    os.replace(draft, target)
    return True
