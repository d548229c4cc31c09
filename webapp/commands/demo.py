"""demo: serve the demo by itself, or take it out of a store."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.commands.common import Refusal, note, open_storage
from webapp.commands.serve import check_port, host_option, is_loopback, port_option, run
from webapp.paths import default_db, demo_db


@click.command()
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    show_default="one of its own; with --remove and --restore that of all other commands",
    help="The database.",
)
@host_option
@port_option
@click.option("--remove", is_flag=True, help="Serve nothing; take the demo out of the lists of your own database.")
@click.option("--restore", is_flag=True, help="Serve nothing; put back what was taken out.")
def demo(db: Path | None, host: str, port: int, remove: bool, restore: bool) -> None:
    """Serve the demo from a database of its own, or take the demo out of yours.

    What was taken out is listed, recommended and found no more, also by a server that runs. What readers did with it
    stays, and what was learned from it.
    """
    if remove and restore:
        raise Refusal("--remove --restore: these are opposites; give one of them")
    if remove or restore:
        _change(db or default_db(), remove=remove)
        return
    if not is_loopback(host):
        raise Refusal(f"--host {host}: the demo is for this machine alone; use 127.0.0.1")
    db = db or demo_db()
    check_port(host, port)
    _put_back(db)
    run(db, host, port, hosts=(), embedded=True, with_demo=True)


def _change(db: Path, *, remove: bool) -> None:
    from reader.clock import system_clock
    from webapp.demo import demo_folder, put_back, take_out

    if demo_folder() is None:
        raise Refusal("there is no demo in this installation, so that its items cannot be told; install it with one")
    with open_storage(db) as storage:
        count = take_out(storage, system_clock()) if remove else put_back(storage)
    if not count:
        click.echo(f"{db}: none of the demo's items {'is listed' if remove else 'was taken out'}")
    elif remove:
        click.echo(f"{db}: {count} items of the demo are listed no more; what readers did with them stays")
        note(f"To put them back: reread demo --restore --db {db}")
    else:
        click.echo(f"{db}: {count} items of the demo are listed again")


def _put_back(db: Path) -> None:
    """Put back what was taken out: whoever asks for the demo wants to see it."""
    from webapp.demo import put_back

    if not db.is_file():
        return
    with open_storage(db) as storage:
        if put_back(storage):
            note("The demo had been taken out of this database; it is listed again.")
