"""export, import, erase: what is kept about a reader."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reader.storage.connections import create_file
from webapp.commands.common import (
    db_option,
    emit,
    end_in_part,
    json_option,
    note,
    note_if_unknown,
    note_operator,
    open_recommender,
    open_storage,
    reader_id,
)

if TYPE_CHECKING:
    from reader.privacy.receipts import Receipt
    from reader.privacy.signing import Signing


@click.command()
@db_option
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a zip here, which can be imported again."
)
@click.argument("user")
def export(db: Path, out: Path | None, user: str) -> None:
    """Print all that is kept about USER, one JSON object a line; with --out write it as a zip of files."""
    from webapp.archive import write_archive
    from webapp.export import export_records

    recommender = open_recommender(db)
    reader = reader_id(recommender.storage, user)
    note_operator(recommender.storage, reader, "export")
    with open_storage(db) as storage:
        note_if_unknown(storage, user, reader)
    if out is not None:
        create_file(out)
        out.write_bytes(write_archive(recommender, reader))
        return
    for record in export_records(recommender, reader):
        emit(record)


@click.command("import-me")
@db_option
@json_option
@click.argument("user")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_me(db: Path, as_json: bool, user: str, file: Path) -> None:
    """Take in the zip FILE that `export` wrote, for USER. What is there already stays.

    Exit status 1 if something was refused.
    """
    from dataclasses import asdict

    from webapp.archive import read_archive
    from webapp.restoring import restore

    recommender = open_recommender(db)
    reader = reader_id(recommender.storage, user)
    archive = read_archive(file.read_bytes())
    note_operator(recommender.storage, reader, "import")
    done = restore(recommender, reader, archive)
    if as_json:
        emit(asdict(done))
    else:
        note(f"{done.events} events taken in, {done.duplicates} known; {done.consents} answers, {done.feeds} feeds.")
        for refused in done.refused:
            note(f"Refused: {refused}")
        if done.refused_count > len(done.refused):
            note(f"Refused: {done.refused_count - len(done.refused)} more")
    if done.refused_count:
        end_in_part()


@click.command()
@db_option
@json_option
@click.option(
    "--receipt", type=click.Path(dir_okay=False, path_type=Path), help="Write the receipt here, for the reader to keep."
)
@click.argument("user")
@click.confirmation_option(prompt="Delete all that is kept about this reader? It cannot be undone.")
def erase(db: Path, as_json: bool, receipt: Path | None, user: str) -> None:
    """Delete all that is kept about USER. A running server learns of it by its next request."""
    import json

    from reader.clock import system_clock
    from reader.privacy.receipts import new_erasure, write_receipt
    from reader.wiring import challenger_path, model_path

    with open_storage(db) as storage:
        reader, erasure, last_seq = reader_id(storage, user), new_erasure(system_clock()), storage.last_event_seq()
        note_if_unknown(storage, user, reader)
        counts = storage.erase_user(reader, erasure)
        # They were learned from this reader, too. The next start learns from the log again; a running server at once.
        storage.drop_parts()
        for path in (model_path(db), challenger_path(db)):
            path.unlink(missing_ok=True)
    written = write_receipt(_signing(db), reader, erasure, counts, last_seq)
    if receipt is not None:
        receipt.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    if as_json:
        emit({"erased": counts, "receipt": written})
    else:
        note("Deleted: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))


def _signing(db: Path) -> Signing:
    from reader.privacy.signing import Signing
    from reader.settings import Settings
    from webapp.security import secret_key

    return Signing(Settings().secret_key or secret_key(db))


@click.command("verify-erasure")
@db_option
@json_option
@click.option("--server", metavar="URL", help="Ask this running server, too, what its memory holds.")
@click.option("--token", envvar="REREAD_TOKEN", help="An administrator's, for a server with accounts.")
@click.argument("whom", metavar="USER|RECEIPT")
def verify_erasure(db: Path, as_json: bool, server: str | None, token: str | None, whom: str) -> None:
    """Look for what may be left of a reader: in every table, in the bytes of all files, in a running server.

    A RECEIPT is a file; then all readers of the store are tried, and what came after the erasure is told apart. Exit
    status 0: nothing is left; 1: something is, or the receipt is not one of this store.
    """
    from reader.privacy.receipts import is_of
    from webapp.erasing import find_traces

    with open_storage(db) as storage:
        found: dict[str, Any] = {"problems": []}
        if (path := Path(whom)).is_file():
            receipt, signing = _receipt(path, db), _signing(db)
            if storage.erasure(receipt.erasure.id) != receipt.erasure:
                found["problems"].append(
                    "this store has no record of that erasure: it is another one, or an older copy"
                )
            readers = [name for name in storage.names() if is_of(signing, receipt, name)]
            since = receipt.last_seq
        else:
            readers, since = [reader_id(storage, whom)], None
        for name in readers:
            if since is not None and not any(seq <= since for seq, _ in storage.events_after(0, user=name, limit=1)):
                found["problems"].append("the reader has come back since: what is there was recorded after the erasure")
                continue
            found |= find_traces(storage, db, name)
            found["memory"] = _memory(server, token, name) if server else None
    _tell(found, as_json, readers)


def _receipt(path: Path, db: Path) -> Receipt:
    import json

    from reader.errors import InvalidInputError
    from reader.privacy.receipts import read_receipt

    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInputError(
            "receipt", f"{path} cannot be read ({error})", "name the file of the receipt"
        ) from error
    return read_receipt(_signing(db), record if isinstance(record, dict) else {})


def _memory(server: str, token: str | None, user: str) -> dict[str, int]:
    import requests

    from reader.errors import FetchError

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = server.rstrip("/") + "/traces"
    try:
        answer = requests.get(url, params={"user": user}, headers=headers, timeout=30)
        answer.raise_for_status()
        return dict(answer.json()["memory"])
    except (requests.RequestException, ValueError, KeyError) as error:
        raise FetchError(
            url, f"{error}; name a running server, and --token of an administrator if it has accounts"
        ) from error


def _tell(found: dict[str, Any], as_json: bool, readers: list[str]) -> None:
    from reader.privacy.traces import say

    left = any(found.get(place) for place in ("tables", "files", "memory"))
    if as_json:
        emit({**found, "left": left})
    elif not readers:
        note("No table names the reader of this receipt.")
    for problem in found["problems"]:
        note(problem[0].upper() + problem[1:] + ".")
    if not as_json and "tables" in found:
        note("; ".join(say(found[place], place) for place in ("tables", "files")) + ".")
        asked = "The memory of a running server was not asked; --server URL does."
        note(asked if found["memory"] is None else say(found["memory"], "the server's memory") + ".")
    if left or any("no record" in problem for problem in found["problems"]):
        end_in_part()
