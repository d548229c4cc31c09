"""From what a person types to the feed that is meant, over real HTTP on loopback."""

from __future__ import annotations

import pytest

from reader.clock import ManualClock
from reader.errors import FetchError, InvalidInputError
from reader.ingest.discovery import Finder, Found, addresses, common_feeds, known_feeds, page_feeds
from reader.ingest.fetch import Fetched
from reader.settings_feeds import FeedSettings
from tests.reader.ingest.conftest import Site, make_fetcher

FEED = b"""<rss version="2.0"><channel><title>%s</title><link>https://salt.example/</link>
<item><title>Salt</title><guid>https://salt.example/1</guid></item></channel></rss>"""


@pytest.fixture
def finder(clock: ManualClock) -> Finder:
    return Finder(make_fetcher(clock=clock), FeedSettings(), clock)


def page(html: str) -> bytes:
    return f"<!doctype html><html><head><title>Salt</title>{html}</head><body><p>Hello.</p></body></html>".encode()


def asked(site: Site) -> list[str]:
    return [path for path, _ in site.asked]


def test_the_address_of_a_feed_is_taken_as_it_is(site: Site, finder: Finder) -> None:
    url = site.put("/feed", FEED % b"Salt &amp; light")

    assert finder.find(f"  {url}\n") == (Found(url, "Salt & light", "https://salt.example/"),)
    assert asked(site) == ["/feed"]


def test_a_page_names_its_feeds_and_the_comments_come_last(site: Site, finder: Finder) -> None:
    """Types, order of attributes, quotes and relative addresses as they come; styles and scripts are no feeds."""
    site.put("/posts.xml", FEED % b"Posts")
    site.put("/comments.xml", FEED % b"Comments")
    site.put("/atom.json", b'{"version":"https://jsonfeed.org/version/1.1","title":"Notes","items":[]}')
    url = site.put(
        "/blog/",
        page(
            '<link rel="stylesheet" type="text/css" href="/app.css">'
            "<link rel='alternate' type='application/rss+xml' title='Comments &amp; more' href='/comments.xml'>"
            '<LINK HREF="../posts.xml" TYPE="application/rss+xml; charset=utf-8" REL="alternate home">'
            "<link rel=alternate type=application/feed+json href=/atom.json>"
            '<link rel="alternate" hreflang="de" href="/de/">'
        ),
    )

    found = finder.find(url)

    assert [(one.url, one.title) for one in found] == [
        (f"{site.url}/posts.xml", "Posts"),
        (f"{site.url}/atom.json", "Notes"),
        (f"{site.url}/comments.xml", "Comments"),
    ]
    assert len(asked(site)) == 4


def test_what_a_page_names_and_is_no_feed_is_not_offered(site: Site, finder: Finder) -> None:
    site.put("/real", FEED % b"Real")
    site.put("/page", page(""))
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/{name}">' for name in ("gone", "page", "real")
    )

    assert [one.url for one in finder.find(site.put("/", page(links)))] == [f"{site.url}/real"]


def test_links_in_the_text_are_followed_if_the_head_names_none(site: Site, finder: Finder) -> None:
    site.put("/news/rss", FEED % b"News")
    html = (
        page("") + b'<a href="/news/rss">RSS</a><a href="https://other.example/rss">theirs</a><a href="/trust">No</a>'
    )

    assert [one.url for one in finder.find(site.put("/", html))] == [f"{site.url}/news/rss"]


@pytest.mark.parametrize("path", ["/feed", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json"])
def test_common_places_are_tried_last_and_the_first_feed_is_enough(site: Site, finder: Finder, path: str) -> None:
    site.pages.update({one: (lambda handler: handler.answer(status=404)) for one in ("/feed", "/rss.xml", "/feed.xml")})
    for other in common_feeds(f"{site.url}/"):
        site.pages.setdefault(other.url.removeprefix(site.url), lambda handler: handler.answer(status=404))
    site.put(path, FEED % b"Found")

    assert [one.url for one in finder.find(site.put("/", page("")))] == [f"{site.url}{path}"]


def test_a_site_without_a_feed_is_told_and_not_asked_for_ever(site: Site, finder: Finder) -> None:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{n}">' for n in range(100))
    url = site.put("/", page(links))

    with pytest.raises(
        InvalidInputError, match=r"no feed was found at .*; look on the site for a link named RSS or Feed"
    ):
        finder.find(url)
    assert len(site.asked) == FeedSettings().discovery_questions


def test_a_site_that_moved_for_good_is_followed_under_its_new_address(site: Site, finder: Finder) -> None:
    site.put("/new", FEED % b"Salt")
    moved = site.redirect("/old", "/new", 301)
    for_now = site.redirect("/now", "/new", 302)

    assert finder.find(moved)[0].url == f"{site.url}/new"
    assert finder.find(for_now)[0].url == for_now


def test_a_bare_name_is_tried_with_tls_first(site: Site, finder: Finder) -> None:
    url = site.put("/feed", FEED % b"Salt")

    assert finder.find(url.removeprefix("http://"))[0].url == url


@pytest.mark.parametrize(
    "text", ["", "  ", "mailto:ada@example.org", "javascript:alert(1)", "file:///etc/passwd", "ftp://a.b/", "http://"]
)
def test_what_is_no_address_is_refused_with_a_remedy(finder: Finder, text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"is no address of the web; give one like https://example\.org"):
        finder.find(text)


def test_a_site_that_cannot_be_had_says_why(site: Site, finder: Finder) -> None:
    site.pages["/"] = lambda handler: handler.answer(status=403)

    with pytest.raises(FetchError, match="403 Forbidden"):
        finder.find(f"{site.url}/")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("feed:https://a.example/x", ("https://a.example/x",)),
        ("feed://a.example/x", ("https://a.example/x", "http://a.example/x")),
        ("localhost:8080/x", ("https://localhost:8080/x", "http://localhost:8080/x")),
        ("HTTP://a.example", ("HTTP://a.example",)),
    ],
)
def test_addresses_as_people_write_them(text: str, found: tuple[str, ...]) -> None:
    assert addresses(text) == found


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        ("https://www.youtube.com/channel/UCabc/videos", "https://www.youtube.com/feeds/videos.xml?channel_id=UCabc"),
        ("https://m.youtube.com/playlist?list=PL1", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"),
        (
            "https://tube.example/a/ada@other.example",
            "https://tube.example/feeds/videos.xml?accountName=ada@other.example",
        ),
        ("https://tube.example/video-channels/sea", "https://tube.example/feeds/videos.xml?videoChannelName=sea"),
    ],
)
def test_channels_are_known_by_their_address(url: str, feed: str) -> None:
    assert [one.url for one in known_feeds(url)] == [feed]


def test_a_peertube_channel_is_found_on_a_server(site: Site, finder: Finder) -> None:
    site.put("/feeds/videos.xml?videoChannelName=sea", FEED % b"Sea")

    assert [one.title for one in finder.find(f"{site.url}/c/sea/videos")] == ["Sea"]


def test_a_channel_page_of_youtube_by_handle_names_its_id() -> None:
    """By an alternate, or in the data of the page where that is left out."""
    channel = "UC" + "x" * 22
    html = page("") + f'<script>var d = {{"channelId":"{channel}"}}</script>'.encode()
    fetched = Fetched("https://www.youtube.com/@salt", 200, html, "text/html", "", "", False)

    assert [one.url for one in page_feeds(fetched)] == [
        f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}"
    ]


def test_an_endless_page_is_searched_in_time_that_grows_with_its_length() -> None:
    html = b"<link " + b'a="' * 200_000 + b"<link rel=alternate " * 50_000
    fetched = Fetched("https://a.example/", 200, html, "text/html", "", "", False)

    assert page_feeds(fetched) == ()
