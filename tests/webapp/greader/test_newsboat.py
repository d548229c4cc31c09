"""Newsboat, a program that people read with, against a running server: what it asks for and what it changes.

It speaks this API as it does to FeedHQ. In a terminal of its own it is driven by its keys.
"""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from tests.webapp.greader.conftest import ENERGY
from tests.webapp.serving import served

NEWSBOAT = shutil.which("newsboat")
# .ci/run installs it where it can be had.
pytestmark = pytest.mark.skipif(NEWSBOAT is None, reason="newsboat is not installed")
_LONGEST_S = 60


class Newsboat:
    """An installation of its own, with nothing read yet."""

    def __init__(self, home: Path, address: str, secret: str) -> None:
        self.home = home
        home.mkdir()
        (home / "urls").write_text("", "utf-8")
        (home / "config").write_text(
            f'urls-source "feedhq"\nfeedhq-url "{address}"\nfeedhq-login "local"\nfeedhq-password "{secret}"\n'
            'feedhq-show-special-feeds no\nfeedhq-flag-star "s"\nshow-read-feeds yes\nconfirm-exit no\n',
            "utf-8",
        )

    @property
    def command(self) -> list[str]:
        files = {"-C": "config", "-u": "urls", "-c": "cache.db"}
        return [str(NEWSBOAT), *(part for flag, name in files.items() for part in (flag, str(self.home / name)))]

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return {**kept, "HOME": str(self.home), "TERM": "xterm", "LANG": "C.UTF-8"}

    def run(self, *commands: str) -> str:
        """Run commands and return what it says."""
        done = subprocess.run(
            [*self.command, "-x", *commands],
            env=self.environment, capture_output=True, text=True, timeout=_LONGEST_S, check=True,
        )  # fmt: skip
        return done.stdout

    def press(self, keys: str) -> None:
        """Start it in a terminal, press keys, which it takes in order as it gets to them, and wait for its end."""
        ours, its = pty.openpty()
        try:
            os.write(ours, keys.encode())
            with subprocess.Popen(self.command, env=self.environment, stdin=its, stdout=its, stderr=its) as running:
                os.close(its)
                end = threading.Timer(_LONGEST_S, running.kill)
                end.start()
                _drain(ours)
                end.cancel()
                assert running.wait(_LONGEST_S) == 0
        finally:
            os.close(ours)


def _drain(terminal: int) -> None:
    try:
        while os.read(terminal, 65_536):
            pass
    except OSError:  # so the end of a terminal is told
        return


@pytest.fixture
def newsboat(
    app: Flask, own: Subscriptions, make_token: Callable[..., dict[str, str]], tmp_path: Path
) -> Iterator[Newsboat]:
    secret = make_token("local", "reader:sync")["Authorization"].removeprefix("Bearer ")
    with served(app) as address:
        yield Newsboat(tmp_path / "newsboat", address, secret)


def test_it_reads_stars_and_marks(newsboat: Newsboat, recommender: Recommender) -> None:
    """Two feeds of eight; what is read and starred there is so here."""
    assert newsboat.run("reload", "print-unread").strip() == "16 unread articles"

    # Into the first feed, its first article, flag it as starred, and out of all of it.
    newsboat.press("\n\n\x05s\nqqq")

    # It may say so twice at the same moment.
    (read,) = {event.item for event in recommender.storage.iter_events(user="local") if event.type == "mark_read"}
    assert read is not None
    assert recommender.storage.feeds_of_items([read])[read] == [ENERGY]
    assert read in recommender.state("local").steering.saved
    assert newsboat.run("reload", "print-unread").strip() == "15 unread articles"


def test_what_is_read_here_is_read_there(newsboat: Newsboat, app: Flask) -> None:
    """And a whole feed at a stroke: `A` on the first of the two."""
    app.test_client().get("/a/energy-0")
    assert newsboat.run("reload", "print-unread").strip() == "15 unread articles"

    newsboat.press("Aq")

    assert newsboat.run("reload", "print-unread").strip() == "8 unread articles"
