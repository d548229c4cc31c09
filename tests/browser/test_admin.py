"""The admin page in Chromium: nothing serious for axe, nothing cut at 320 px, nothing that tracks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.axe import violations
from tests.browser.live import LiveSite, live_site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with live_site(tmp_path_factory.mktemp("admin")) as running:
        yield running


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_admin_page_is_for_everybody_who_may_see_it(
    new_context: Callable[..., BrowserContext], site: LiveSite, width: int, scheme: str
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site.url}/")

    page.goto(f"{site.url}/admin")

    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    assert page.locator("svg[role=img]").count() == 3
    assert page.locator("script[data-tracker]").count() == 0
    assert violations(page) == []
