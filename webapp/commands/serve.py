"""serve and demo: the web server."""

from __future__ import annotations

import ipaddress
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from webapp.commands.common import Refusal, db_option, note, open_recommender, progress_bar
from webapp.paths import demo_db

if TYPE_CHECKING:
    from flask import Flask

    from reader.recommend.recommender import Recommender

THREADS = 4
# Bytes; above every limit of the app, which answers in its own words.
MAX_REQUEST_BODY = 12_000_000

host_option = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free."
)


@click.command()
@db_option
@host_option
@port_option
@click.option("--allow-remote", is_flag=True, help="Listen beyond this machine. Whoever reaches it acts as its reader.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="Answer to this host name, too.")
@click.option("--tokens-only", is_flag=True, help="No pages; the API only with tokens.")
@click.option("--no-demo", is_flag=True, help="Leave an empty store empty.")
def serve(
    db: Path, host: str, port: int, allow_remote: bool, names: tuple[str, ...], tokens_only: bool, no_demo: bool
) -> None:
    """Serve the pages and the API. An empty store is filled with the demo first."""
    if not is_loopback(host) and not (allow_remote or tokens_only):
        raise Refusal(
            f"--host {host}: whoever reaches this address could read and write as you; "
            "use 127.0.0.1, or say --tokens-only or --allow-remote if you mean it"
        )
    own = () if host in ("0.0.0.0", "::") else (f"[{host}]" if ":" in host else host,)
    run(db, host, port, hosts=(*own, *names), embedded=not tokens_only, with_demo=not no_demo)


@click.command()
@click.option("--db", type=click.Path(dir_okay=False, path_type=Path), default=demo_db, show_default="one of its own")
@host_option
@port_option
def demo(db: Path, host: str, port: int) -> None:
    """Serve the demo from a database of its own."""
    if not is_loopback(host):
        raise Refusal(f"--host {host}: the demo is for this machine alone; use 127.0.0.1")
    run(db, host, port, hosts=(), embedded=True, with_demo=True)


def is_loopback(host: str) -> bool:
    """Tell whether an address can be reached from this machine alone.

    >>> is_loopback("localhost"), is_loopback("127.0.0.2"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def run(db: Path, host: str, port: int, *, hosts: tuple[str, ...], embedded: bool, with_demo: bool) -> None:
    """Open the store, fill it if wished, and serve until interrupted."""
    from webapp.app import create_app
    from webapp.logs import configure_logs
    from webapp.saving import Saver

    configure_logs()
    recommender = open_recommender(db)
    if with_demo:
        fill(recommender)
    app = create_app(recommender, db=db, hosts=hosts, embedded=embedded)
    saver = Saver(recommender, recommender.settings.learning.saved_every_s)
    saver.start()
    try:
        _listen(app, host, port)
    finally:
        saver.stop()
        recommender.storage.close()


def fill(recommender: Recommender) -> None:
    """Load the demo into an empty store."""
    from webapp.demo import demo_items, load_demo

    if recommender.storage.item_count():
        return
    items = demo_items(recommender.clock())
    if not items:
        note("There is no demo in this installation; `reread ingest` adds items.")
        return
    with progress_bar("Loading the demo", len(items)) as progress:
        load_demo(recommender, items, progress=progress)


def _listen(app: Flask, host: str, port: int) -> None:
    from waitress.server import create_server  # type: ignore[import-untyped]  # it has no annotations

    try:
        server = create_server(app, host=host, port=port, threads=THREADS, max_request_body_size=MAX_REQUEST_BODY)
    except OSError as error:
        raise Refusal(f"--host {host} --port {port}: {error.strerror}; choose another with --port") from error
    signal.signal(signal.SIGTERM, _stop)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Reread is at http://{shown}:{server.effective_port}/ (Ctrl+C ends it)")
    sys.stdout.flush()
    server.run()


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
