"""Players of other sites: nothing leaves the browser before a click, and then to the one site that the clip names.

No request goes anywhere: what is not for loopback is written down and ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from nlp.analysis import Analyser
from reader.types import Video
from tests.browser.hand import settled, until
from tests.browser.live import LiveSite, live_site
from tests.browser.viewer import Viewer

pytestmark = pytest.mark.browser

YOUTUBE = "https://www.youtube-nocookie.com/embed/abc"
PEERTUBE = "https://tube.example/videos/embed/9c9de5e8"
FAR = "https://files.example/far"
DEMO_CLIPS = Path(__file__).parents[2] / "fixtures" / "demo" / "clips"
PUBLISHED = datetime.now(UTC) - timedelta(hours=1)


def clip(name: str, **fields: Any) -> Video:
    return Video(id=name, title=f"Clip {name}", language="en", published_at=PUBLISHED, creator=name, **fields)


CLIPS = (
    clip("youtube", embed_url=YOUTUBE, provider="youtube", poster_url="https://i.ytimg.com/vi/abc/hq.jpg"),
    clip("peertube", embed_url=PEERTUBE, provider="peertube", poster_url="https://tube.example/p.jpg"),
    clip("file", media_url="/media/demo/demo-video-sport-01.webm"),
    clip("gone", media_url="/media/demo/nothing.webm", captions_url="/media/demo/nothing.vtt"),
    clip("title"),
    clip("far", media_url=f"{FAR}.webm", captions_url=f"{FAR}.vtt"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, analyser: Analyser) -> Iterator[LiveSite]:
    with live_site(tmp_path_factory.mktemp("players"), CLIPS, analyser) as running:
        yield running


@pytest.fixture
def outside(page: Page) -> list[str]:
    """The addresses of players beyond loopback that were asked for."""
    asked: list[str] = []

    def end(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            if not route.request.url.startswith(FAR):  # a file of another site, not a player
                asked.append(route.request.url)
            route.abort()

    page.context.route("**/*", end)
    return asked


@pytest.fixture
def viewer(page: Page, site: LiveSite, outside: list[str]) -> Viewer:
    site.recommender.erase("local")
    return Viewer(page, site)


@pytest.mark.parametrize("path", ["/", "/latest", "/watch", "/watch?item=youtube", "/a/youtube", "/creator/youtube"])
def test_no_page_asks_a_player_anything(viewer: Viewer, outside: list[str], path: str) -> None:
    viewer.page.goto(viewer.site.url + path)
    settled(viewer.page)

    assert outside == []


def test_going_through_the_feed_asks_no_player_anything(viewer: Viewer, outside: list[str]) -> None:
    viewer.go()
    seen = []
    while viewer.clip:
        seen.append(viewer.clip)
        viewer.step()
    settled(viewer.page)

    assert sorted(seen) == sorted(each.id for each in CLIPS)
    assert outside == []


@pytest.mark.parametrize(
    ("item", "name", "address"), [("youtube", "YouTube", YOUTUBE), ("peertube", "PeerTube", PEERTUBE)]
)
def test_after_a_click_the_player_of_the_clip_is_asked_and_no_other(
    viewer: Viewer, outside: list[str], item: str, name: str, address: str
) -> None:
    viewer.go(f"/watch?item={item}")
    expect(viewer.page.get_by_text(f"This clip plays in the player of {name}.")).to_be_visible()
    viewer.page.get_by_role("link", name="Load the player").click()
    frame = viewer.page.frame_locator(f'iframe[title="Clip {item}"]')
    expect(frame.locator("iframe")).to_have_attribute("src", address)
    until(viewer.page, lambda: bool(outside))
    settled(viewer.page)

    assert outside == [address]


def test_the_page_of_a_player_can_show_no_other_site(viewer: Viewer, outside: list[str]) -> None:
    viewer.page.goto(f"{viewer.site.url}/player/youtube")
    refused = viewer.page.evaluate(
        """address => new Promise(resolve => {
            document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
                resolve([effectiveDirective, new URL(blockedURI).host]));
            document.body.append(Object.assign(document.createElement("iframe"), { src: address }));
        })""",
        "https://other.example/",
    )

    assert refused == ["frame-src", "other.example"]
    assert set(outside) <= {YOUTUBE}


def test_a_feed_page_can_frame_no_player_itself(viewer: Viewer, outside: list[str]) -> None:
    viewer.go("/watch?item=youtube")
    refused = viewer.page.evaluate(
        """address => new Promise(resolve => {
            document.addEventListener("securitypolicyviolation", event => resolve(event.effectiveDirective));
            document.body.append(Object.assign(document.createElement("iframe"), { src: address }));
        })""",
        YOUTUBE,
    )

    assert refused == "frame-src"
    assert outside == []


def test_a_clip_that_cannot_be_played_says_so_and_is_not_held_against_it(viewer: Viewer, site: LiveSite) -> None:
    site.agree()
    viewer.go("/watch?item=gone")
    expect(viewer.page.get_by_text("This clip cannot be played here.")).to_be_visible()
    viewer.step()
    viewer.page.goto(f"{site.url}/me/privacy")

    assert next(event.item for event in site.events("open")) == "gone"
    assert "gone" not in {event.item for event in site.events("close", "watch")}


@pytest.mark.parametrize("allowed", [True, False])
def test_captions_of_another_host_are_had_if_it_allows_it_and_the_clip_in_any_case(
    viewer: Viewer, allowed: bool
) -> None:
    def answer(route: Route) -> None:
        # Left out, Playwright would add the header itself.
        headers = {"Access-Control-Allow-Origin": "*" if allowed else "https://other.example"}
        ending = route.request.url.rpartition(".")[2]
        file = DEMO_CLIPS / f"demo-video-sport-01.{ending}"
        kind = {"webm": "video/webm", "vtt": "text/vtt"}[ending]
        route.fulfill(body=file.read_bytes(), content_type=kind, headers=headers)

    viewer.page.context.route(f"{FAR}.*", answer)
    viewer.go("/watch?item=far")
    viewer.watch_until(0.3)
    assert viewer.video("video.textTracks.length") == allowed
    if allowed:
        viewer.page.keyboard.press("c")
        viewer.wait("video.textTracks[0].cues?.length === 2")


def test_a_clip_of_a_title_alone_can_be_passed(viewer: Viewer) -> None:
    viewer.go("/watch?item=title")
    expect(viewer.page.get_by_text("Only the text of this clip is known here.")).to_be_visible()
    viewer.page.keyboard.press("Space")
    viewer.page.keyboard.press("m")
    viewer.page.keyboard.press("ArrowLeft")
    viewer.step()

    assert viewer.clip != "title"
