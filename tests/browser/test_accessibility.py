"""axe-core finds nothing serious on the pages of clips, light and dark. What it cannot see: `test_feed_for_all.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.axe import violations
from tests.browser.live import LiveSite, live_site
from tests.browser.viewer import Viewer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with live_site(tmp_path_factory.mktemp("axe")) as running:
        yield running


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
@pytest.mark.parametrize(
    "path", ["/watch", "/watch?list={list}&position=99", "/creator/Marlow Finch", "/sound/Paper Lantern Waltz"]
)
def test_axe_finds_nothing_serious(
    new_context: Callable[..., BrowserContext], site: LiveSite, path: str, width: int, scheme: str
) -> None:
    site.recommender.erase("local")
    page = new_context(color_scheme=scheme, reduced_motion="reduce").new_page()
    page.set_viewport_size({"width": width, "height": 844})
    viewer = Viewer(page, site)
    if path.startswith("/watch"):
        viewer.go()
        viewer.page.locator("summary").first.click()
        listed = viewer.data("list")
    if path != "/watch":
        page.goto(site.url + path.format(list=listed if "{list}" in path else ""))

    assert violations(page) == []
