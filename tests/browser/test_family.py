"""A child in a real browser, from the age screen over a guardian's yes to the guardian taking it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from reader.settings import Settings
from tests.browser.test_accounts import PASSWORD, check_fits, join, new_page, running, start  # noqa: F401  # fixtures
from tests.reader.accounts.conftest import CHEAP
from tests.webapp.accounts.verifying import link_in, running_mail, ways

pytestmark = pytest.mark.browser


def tell_age(page: Page, month: str, year: str) -> None:
    page.get_by_label("Month").select_option(month)
    page.get_by_label("Year").fill(year)
    page.get_by_role("button", name="Go on").click()


def test_a_childs_way_in_and_out(start: tuple[str, str], new_page: Callable[[], Page]) -> None:  # noqa: F811  # fixtures
    """Without JavaScript, on a small screen. Going back does not make a child older."""
    url, first_link = start
    ann, kim = new_page(), new_page()
    ann.goto(url + first_link)
    join(ann, "Ann")
    ann.goto(url + "/admin/accounts")
    ann.get_by_role("button", name="Invite a reader").click()
    link = ann.locator(".secret").inner_text()

    kim.goto(link)
    check_fits(kim, "age")
    tell_age(kim, "May", "2016")
    expect(kim.get_by_role("heading", name="Ask your parent or guardian")).to_be_visible()
    kim.go_back()
    kim.go_back()
    kim.goto(link)
    expect(kim.get_by_label("Year")).to_have_count(0)
    check_fits(kim, "guardian asked")
    kim.get_by_label("Nickname of your parent").fill("ann")
    kim.get_by_role("button", name="Ask").click()
    expect(kim.get_by_role("heading", name="Waiting for a yes")).to_be_visible()
    expect(kim.get_by_label("Nickname", exact=True)).to_have_count(0)
    check_fits(kim, "waiting")

    ann.goto(url + "/family")
    check_fits(ann, "family")
    widths = {round(box["width"]) for each in ann.locator(".answers button").all() if (box := each.bounding_box())}
    assert len(widths) == 1
    ann.get_by_role("button", name="Yes").click()
    expect(ann.get_by_role("status")).to_contain_text("You said yes")
    kim.reload()
    kim.get_by_label("Nickname").fill("Kim")
    kim.get_by_label("Password").fill(PASSWORD)
    kim.get_by_label("The same again").fill(PASSWORD)
    kim.get_by_role("button", name="Make the account").click()
    expect(kim.get_by_role("status")).to_have_text("Welcome, Kim.")

    asked: list[str] = []
    kim.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/latest", "/watch", "/me/privacy", "/me/interests"):
        kim.goto(url + path)
    expect(kim.locator("script[data-tracker]")).to_have_count(0)
    assert all(one.startswith(url) for one in asked)
    assert not any(name in one for one in asked for name in ("attention.js", "cards.js", "view.js"))
    kim.goto(url + "/family")
    expect(kim.get_by_text("This is for guardians.")).to_be_visible()

    ann.goto(url + "/family")
    ann.get_by_role("link", name="Kim").click()
    check_fits(ann, "child")
    ann.get_by_role("button", name="Pause").click()
    expect(ann.get_by_role("status")).to_contain_text("Paused")
    kim.goto(url)
    expect(kim.get_by_role("heading", name="Log in")).to_be_visible()
    ann.get_by_role("button", name="Take the yes back").click()
    expect(ann.get_by_role("status")).to_contain_text("deleted")
    expect(ann.get_by_role("link", name="Kim")).to_have_count(0)


def test_a_child_corrects_an_address(new_page: Callable[[], Page], tmp_path: Path) -> None:  # noqa: F811  # fixtures
    """On the narrowest screen, without JavaScript: the page shows what was typed, and takes another one."""
    kim, ann = new_page(), new_page()
    kim.set_viewport_size({"width": 320, "height": 640})
    with running_mail() as (post, port):
        settings = Settings(accounts=True, login=CHEAP, family=ways(port, 9))
        with running(settings, tmp_path) as (url, first_link):
            kim.goto(url + first_link)
            tell_age(kim, "May", "2016")
            asking = kim.get_by_role("region", name="By e-mail")
            asking.get_by_label("E-mail address").fill("ann@exmaple.org")
            asking.get_by_role("button", name="Ask").click()
            correcting = kim.get_by_role("region", name="Is it right?")
            expect(correcting.get_by_label("E-mail address")).to_have_value("ann@exmaple.org")
            check_fits(kim, "waiting for a mail")
            correcting.get_by_label("E-mail address").fill("ann@example.org")
            correcting.get_by_role("button", name="Ask there").click()
            expect(kim.get_by_role("status")).to_have_text("ann@example.org is asked now.")
            expect(correcting.get_by_label("E-mail address")).to_have_value("ann@example.org")

            old, new = (link_in(mail) for _, mail in post.mails)
            ann.goto(url + old)
            expect(ann.get_by_text("This link is not valid (any more).")).to_be_visible()
            ann.goto(url + new)
            ann.get_by_role("button", name="Yes").click()
            expect(ann.get_by_role("status")).to_contain_text("You said yes")
            kim.reload()
            expect(correcting).to_have_count(0)
