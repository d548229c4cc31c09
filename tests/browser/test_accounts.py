"""Accounts in a real browser on a small screen: the first link, a wrong password, an invitation, logging out."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.wiring import make_recommender
from tests.reader.accounts.conftest import CHEAP
from webapp.app import create_app
from webapp.services import EXTENSION
from webapp.setup import setup_path, setup_secret

pytestmark = pytest.mark.browser

PASSWORD = "salt lakes of Chile"
WIDTH = 390


@pytest.fixture
def start(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A running Reread without items: its address and the path of the first link."""
    with running(Settings(accounts=True, login=CHEAP), tmp_path) as started:
        yield started


@contextmanager
def running(settings: Settings, folder: Path) -> Iterator[tuple[str, str]]:
    """Lend a running Reread as of some settings."""
    recommender = make_recommender(settings=settings, storage=MemoryStorage())
    app = create_app(recommender)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    secret = setup_secret(app.extensions[EXTENSION].accounts, setup_path(folder / "reread.db"))
    try:
        yield f"http://127.0.0.1:{server.server_port}", f"/join/{secret}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[[], Page]]:
    """A maker of browsers of their own, as wide as a phone, without JavaScript."""
    contexts = []

    def make() -> Page:
        contexts.append(browser.new_context(viewport={"width": WIDTH, "height": 800}, java_script_enabled=False))
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


def join(page: Page, nickname: str) -> None:
    """Answer the age screen, and make the account."""
    page.get_by_label("Month").select_option("May")
    page.get_by_label("Year").fill("1980")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Nickname").fill(nickname)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("status")).to_have_text(f"Welcome, {nickname}.")


def check_fits(page: Page, name: str) -> None:
    """Nothing sticks out; with SCREENSHOTS=folder, keep a picture to look at."""
    widths = [box["x"] + box["width"] for each in page.locator("body *:visible").all() if (box := each.bounding_box())]
    assert page.viewport_size is not None
    assert max(widths) <= page.viewport_size["width"] + 1, name
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_from_the_first_link_to_logging_out(start: tuple[str, str], new_page: Callable[[], Page]) -> None:
    url, first_link = start
    ada, bob = new_page(), new_page()
    ada.goto(url + first_link)
    check_fits(ada, "join")
    join(ada, "Ada")

    ada.get_by_role("link", name="Ada").click()
    check_fits(ada, "account")
    ada.get_by_role("link", name="Accounts and invitations").click()
    ada.get_by_role("button", name="Invite a reader").click()
    check_fits(ada, "accounts")
    bob.goto(ada.locator(".secret").inner_text())
    join(bob, "Bob")
    bob.goto(url + "/admin/accounts")
    expect(bob.get_by_text("This is for administrators.")).to_be_visible()

    bob.goto(url + "/me/account")
    bob.get_by_role("button", name="Log out", exact=True).click()
    expect(bob.get_by_role("status")).to_have_text("You are logged out.")
    bob.get_by_label("Nickname").fill("Bob")
    bob.get_by_label("Password").fill("a wrong password")
    bob.get_by_role("button", name="Log in").click()
    expect(bob.get_by_role("alert")).to_have_text("Nickname and password do not belong together.")
    check_fits(bob, "login")
    bob.get_by_label("Password").fill(PASSWORD)
    bob.get_by_role("button", name="Log in").click()
    expect(bob).to_have_url(re.compile("/$"))
    expect(bob.get_by_role("link", name="Bob")).to_be_visible()
