"""serve: the web server, which demo starts, too."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.common import Refusal, db_option, note, open_recommender, progress_bar

if TYPE_CHECKING:
    from flask import Flask

    from reader.recommend.recommender import Recommender
    from reader.settings_server import ServerSettings
    from webapp.refreshing import Refreshing

# The greatest body, in bytes, is above every limit of the app, which answers in its own words.
SERVER_OPTIONS: dict[str, Any] = {"max_request_body_size": 12_000_000}


def _server() -> ServerSettings:
    from reader.settings import Settings

    return Settings().server


host_option = click.option(
    "--host", default=lambda: _server().host, show_default="127.0.0.1", help="The address to listen on."
)
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), default=lambda: _server().port, show_default="8000", help="0: any free."
)


@click.command()
@db_option
@host_option
@port_option
@click.option("--name", "names", multiple=True, metavar="HOST", help="Answer to this host name, too.")
@click.option("--tokens-only", is_flag=True, help="No pages; the API only with tokens.")
@click.option(
    "--proxy",
    default=lambda: _server().proxy or None,
    metavar="ADDRESS",
    help="Believe this proxy who asks, and whether by TLS.",
)
@click.option(
    "--demo/--no-demo",
    "with_demo",
    default=None,
    help="Fill an empty store with the demo, or leave it empty. Else it is filled where there are no accounts.",
)
def serve(
    db: Path, host: str, port: int, names: tuple[str, ...], tokens_only: bool, proxy: str | None, with_demo: bool | None
) -> None:
    """Serve the pages and the API. Without accounts an empty store is filled with the demo first.

    With REREAD_ACCOUNTS=on readers log in; the first start prints a link that makes the first account.
    """
    server = _server()
    tokens_only, names = tokens_only or server.tokens_only, (*names, *server.names)
    _check_access(host, tokens_only)
    own = () if host in ("0.0.0.0", "::") else (f"[{host}]" if ":" in host else host,)
    run(db, host, port, hosts=(*own, *names), embedded=not tokens_only, with_demo=wants_demo(with_demo), proxy=proxy)


def wants_demo(asked: bool | None) -> bool:
    """Tell whether an empty store is filled with the demo: as was asked, else as is set, else where nobody logs in.

    Where many read, its items would be in everybody's lists until an administrator takes them out.
    """
    from reader.settings import Settings

    settings = Settings()
    if asked is not None:
        return asked
    return settings.server.demo and (not settings.accounts or "demo" in settings.server.model_fields_set)


def _check_access(host: str, tokens_only: bool) -> None:
    from reader.settings import Settings

    with_accounts = Settings().accounts
    if tokens_only and with_accounts:
        raise Refusal("--tokens-only: there is nobody to log in then; leave it out, or set REREAD_ACCOUNTS=off")
    if not is_loopback(host) and not (with_accounts or tokens_only):
        raise Refusal(
            f"--host {host}: whoever reaches this address could read and write as you; set REREAD_ACCOUNTS=on, so that "
            "readers log in, or use 127.0.0.1; --tokens-only serves programs without any page"
        )


def is_loopback(host: str) -> bool:
    """Tell whether an address can be reached from this machine alone.

    >>> is_loopback("localhost"), is_loopback("127.0.0.2"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def run(
    db: Path,
    host: str,
    port: int,
    *,
    hosts: tuple[str, ...],
    embedded: bool,
    with_demo: bool,
    proxy: str | None = None,
) -> None:
    """Open the store, fill it if wished, and serve until interrupted."""
    from webapp.app import create_app
    from webapp.due import due_of
    from webapp.logs import configure_logs
    from webapp.purging import make_purger
    from webapp.saving import Saver
    from webapp.services import EXTENSION

    server = _server()
    check_port(host, port)
    configure_logs(server.log)
    recommender = open_recommender(db)
    if with_demo:
        fill(recommender)
    app = create_app(recommender, db=db, hosts=hosts, embedded=embedded)
    jobs = app.extensions[EXTENSION].metrics.jobs
    saver = Saver(recommender, recommender.settings.learning.saved_every_s, jobs, due_of(app, recommender))
    saver.start()
    purger = make_purger(recommender, jobs, db)
    if purger is not None:
        purger.start()
    refreshing = _refreshing(app, recommender)
    try:
        _listen(app, host, port, proxy, _setup_route(app, db), server.threads)
    finally:
        if refreshing is not None:
            refreshing.stop()
        if purger is not None:
            purger.stop()
        saver.stop()
        app.extensions[EXTENSION].shelf.close()
        recommender.storage.close()


def _refreshing(app: Flask, recommender: Recommender) -> Refreshing | None:
    """Begin to fetch feeds in the background, unless the settings say not to."""
    from reader.wiring import make_refresher
    from webapp.refreshing import Refreshing
    from webapp.services import EXTENSION

    if not recommender.settings.feeds.refresh:
        return None
    stopping = threading.Event()
    found = Refreshing(
        make_refresher(recommender, stop=stopping),
        app.extensions[EXTENSION].subscriptions,
        due=app.extensions[EXTENSION].feeds.due,
        stopping=stopping,
        every_s=recommender.settings.feeds.tick_s,
        jobs=app.extensions[EXTENSION].metrics.jobs,
    )
    found.start()
    return found


def fill(recommender: Recommender) -> None:
    """Load the demo into an empty store. One that the demo was taken out of is not empty, and stays as it is."""
    from webapp.demo import demo_items, load_demo

    if recommender.storage.item_count():
        return
    items = demo_items(recommender.clock())
    if not items:
        note("There is no demo in this installation; `reread ingest` adds items.")
        return
    with progress_bar("Loading the demo", len(items)) as progress:
        load_demo(recommender, items, progress=progress)


def _setup_route(app: Flask, db: Path) -> str | None:
    """Return the path of the link that makes the first account, if it is needed."""
    from webapp.services import EXTENSION
    from webapp.setup import setup_path, setup_secret

    accounts = app.extensions[EXTENSION].accounts
    secret = setup_secret(accounts, setup_path(db)) if accounts else None
    return f"join/{secret}" if secret else None


def _listen(app: Flask, host: str, port: int, proxy: str | None, setup: str | None, threads: int) -> None:
    from waitress.server import create_server  # type: ignore[import-untyped]  # it has no annotations

    try:
        server = create_server(app, host=host, port=port, threads=threads, **SERVER_OPTIONS, **_believing(proxy))
    except OSError as error:
        raise _taken(host, port, error) from error
    signal.signal(signal.SIGTERM, _stop)
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{server.effective_port}/"
    click.echo(f"Reread is at {url} (Ctrl+C ends it)")
    if setup:
        click.echo(f"Make the first account at {url}{setup} (it works once)")
    sys.stdout.flush()
    server.run()


def check_port(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on before models and items are loaded. Port 0 is always free."""
    try:
        # All that a name stands for, as the server will listen on it.
        for family, _, _, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.create_server(address[:2], family=family):
                pass
    except OSError as error:
        raise _taken(host, port, error) from error


def _taken(host: str, port: int, error: OSError) -> Refusal:
    # Python adds the address to the words of the system, and it stands here already; names that are none have no errno.
    said = os.strerror(error.errno) if error.errno is not None and error.errno > 0 else error.strerror
    return Refusal(f"--host {host} --port {port}: {said}; choose another with --port")


def _believing(proxy: str | None) -> dict[str, Any]:
    """Return what makes the server take address and scheme from a proxy's headers; from nobody else's."""
    if proxy is None:
        return {}
    headers = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
    return {"trusted_proxy": proxy, "trusted_proxy_headers": headers, "clear_untrusted_proxy_headers": True}


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
