"""Whatever a person types -> the feeds that are meant: of a site, a channel, a feed's own address.

What belongs here: where to look, in which order, and when to stop. What does not: the network (`fetch`), what a feed
holds (`feeds`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import parse_qs, quote, urljoin, urlsplit

from reader.clock import Clock
from reader.errors import FetchError, InvalidInputError, RereadError
from reader.ingest.feeds import ParsedFeed, parse_feed
from reader.ingest.fetch import Fetched, Fetcher
from reader.ingest.html import plain
from reader.ingest.items import is_web_url
from reader.ingest.sniffing import decode, sniff
from reader.settings_feeds import FeedSettings

# Where sites mostly keep their feed if they do not say; the order is ours.
COMMON_PATHS: Final = (
    "/feed",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/rss",
    "/feed.json",
    "/feeds/posts/default",
)
# Feeds offered of one page; ours.
MAX_CHOICES: Final = 20
_LINK: Final = re.compile(r"<(?:link|a)\b[^>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_FEED_TYPES: Final = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_MAYBE_TYPES: Final = ("application/json", "application/xml", "text/xml")
_CHANNEL: Final = re.compile(r'"(?:channelId|externalId)"\s*:\s*"(UC[\w-]{22})"|/channel/(UC[\w-]{22})')
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_YOUTUBE: Final = ("youtube.com", "m.youtube.com", "youtu.be")


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that can be followed. title: its own, or what the page calls it; site_url: "" if not known."""

    url: str
    title: str
    site_url: str = ""


class Finder:
    """Asks the network, at most `discovery_questions` times for an answer. fetcher: with short time-outs and pauses."""

    def __init__(self, fetcher: Fetcher, settings: FeedSettings, clock: Clock) -> None:
        self._fetcher = fetcher
        self._settings = settings
        self._clock = clock

    def find(self, text: str) -> tuple[Found, ...]:
        """Return the feeds behind an address, that of a feed itself alone; several are for a person to choose from.

        InvalidInputError if it is no address or there is none; FetchError if the site could not be had.
        """
        search = _Search(self._fetcher, self._settings, self._clock)
        likely = addresses(text)
        if found := tuple(search.confirmed(known_feeds(likely[0]))):
            return found
        url, fetched = search.first(likely)
        feed = search.as_feed(url, fetched)
        if feed is not None:
            return (feed,)
        if found := tuple(search.confirmed(page_feeds(fetched))):
            return found
        if found := tuple(search.confirmed(common_feeds(fetched.url), only_first=True)):
            return found
        raise InvalidInputError(
            "url",
            f"no feed was found at {fetched.url:.200}",
            "look on the site for a link named RSS or Feed, and give that",
        )


class _Search:
    def __init__(self, fetcher: Fetcher, settings: FeedSettings, clock: Clock) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._left = settings.discovery_questions

    def first(self, urls: tuple[str, ...]) -> tuple[str, Fetched]:
        """Return the first address that answers. The error of the first is the one to tell."""
        error: FetchError | None = None
        for url in urls:
            try:
                return url, self._fetch(url)
            except FetchError as one:
                error = error or one
        assert error is not None  # there is at least one address
        raise error

    def as_feed(self, url: str, fetched: Fetched, called: str = "") -> Found | None:
        """Return the feed that an address gave, None if it gave something else. called: its title if it has none."""
        parsed = self._parsed(fetched)
        return Found(fetched.moved_to or url, parsed.title or called, parsed.site_url) if parsed else None

    def confirmed(self, candidates: tuple[Found, ...], *, only_first: bool = False) -> Iterator[Found]:
        """Yield those that are feeds indeed."""
        for candidate in candidates:
            if self._left <= 0:
                return
            try:
                feed = self.as_feed(candidate.url, self._fetch(candidate.url), candidate.title)
            except FetchError:
                continue
            if feed is not None:
                yield feed
                if only_first:
                    return

    def _fetch(self, url: str) -> Fetched:
        self._left -= 1
        return self._fetcher.fetch(url)

    def _parsed(self, fetched: Fetched) -> ParsedFeed | None:
        if sniff(fetched.content) not in ("a feed", "a JSON feed", "JSON"):
            return None
        try:
            return parse_feed(fetched.content, fetched.url, content_type=fetched.content_type, clock=self._clock)
        except RereadError:
            return None


def addresses(text: str) -> tuple[str, ...]:
    """Return the addresses that a person may mean, the likeliest first; InvalidInputError if it is none.

    >>> addresses(" feed://salt.example/rss "), addresses("salt.example")
    (('https://salt.example/rss', 'http://salt.example/rss'), ('https://salt.example', 'http://salt.example'))
    """
    line = "".join(text.split())
    bare = re.sub(r"^feed:(//)?", "", line, flags=re.IGNORECASE)
    if bare.lower().startswith(("http://", "https://")):
        found: tuple[str, ...] = (bare,)
    else:
        # "salt.example:8080" looks like a scheme and is none.
        foreign = _SCHEME.match(bare) and not re.match(r"[\w.-]+:\d", bare)
        found = () if foreign else (f"https://{bare}", f"http://{bare}")
    whole = tuple(url for url in found if is_web_url(url))
    if not whole:
        raise InvalidInputError(
            "url", f"{text.strip()!r:.200} is no address of the web", "give one like https://example.org"
        )
    return whole


def known_feeds(url: str) -> tuple[Found, ...]:
    """Return what the address alone tells: channels and playlists of YouTube, channels and accounts of PeerTube.

    >>> known_feeds("https://www.youtube.com/playlist?list=PLx")[0].url
    'https://www.youtube.com/feeds/videos.xml?playlist_id=PLx'
    >>> known_feeds("https://tube.example/c/sea/videos")[0].url
    'https://tube.example/feeds/videos.xml?videoChannelName=sea'
    """
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step]
    if (parts.hostname or "").lower().removeprefix("www.") in _YOUTUBE:
        return _youtube(steps, parts.query)
    if len(steps) >= 2 and steps[0] in ("c", "video-channels", "a", "accounts"):
        kind = "videoChannelName" if steps[0] in ("c", "video-channels") else "accountName"
        query = f"/feeds/videos.xml?{kind}={quote(steps[1], safe='@.-_')}"
        return (Found(f"{parts.scheme}://{parts.netloc}{query}", ""),)
    return ()


def _youtube(steps: list[str], query: str) -> tuple[Found, ...]:
    base = "https://www.youtube.com/feeds/videos.xml"
    playlist = parse_qs(query).get("list", [""])[0]
    if playlist:
        return (Found(f"{base}?playlist_id={quote(playlist, safe='')}", ""),)
    if len(steps) >= 2 and steps[0] == "channel":
        return (Found(f"{base}?channel_id={quote(steps[1], safe='')}", ""),)
    return ()


def page_feeds(fetched: Fetched) -> tuple[Found, ...]:
    """Return the feeds that a page names: its alternates, then links that look like feeds; a YouTube channel's own."""
    html = decode(fetched.content, fetched.content_type)
    named = [*_alternates(html, fetched.url), *_channel(html, fetched.url)] or _looking_like_feeds(html, fetched.url)
    return tuple({one.url: one for one in reversed(named)}.values())[::-1][:MAX_CHOICES]


def common_feeds(url: str) -> tuple[Found, ...]:
    """Return where a site may keep its feed: below the page, then at the root."""
    below = urljoin(url if url.endswith("/") else f"{url}/", "feed")
    return tuple(Found(one, "") for one in dict.fromkeys((below, *(urljoin(url, path) for path in COMMON_PATHS))))


def _alternates(html: str, base: str) -> list[Found]:
    # Comments to posts are no feed that anybody looks for; they stand last.
    found = [one for one in _links(html, base, "link") if one[1] in _FEED_TYPES or (one[1] in _MAYBE_TYPES and one[2])]
    feeds = [Found(url, title) for url, kind, is_alternate, title in found if is_alternate]
    return sorted(feeds, key=lambda one: "comment" in f"{one.url} {one.title}".lower())


def _looking_like_feeds(html: str, base: str) -> list[Found]:
    hint = re.compile(r"(?:^|[/._?=-])(?:rss|atom|feeds?)(?:$|[/._?&=-])", re.IGNORECASE)
    own = urlsplit(base).hostname
    links = [
        (url, title)
        for url, _, _, title in _links(html, base, "a")
        if hint.search(urlsplit(url)._replace(netloc="").geturl())
    ]
    return [Found(url, title) for url, title in links if urlsplit(url).hostname == own][:5]


def _links(html: str, base: str, tag: str) -> Iterator[tuple[str, str, bool, str]]:
    """Yield address, type, whether it is an alternate, and title of each link of a page."""
    for link in _LINK.findall(html):
        if not link[1:].lower().startswith((f"{tag} ", f"{tag}\n", f"{tag}\t", f"{tag}\r")):
            continue
        values = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(link)}
        url = _joined(base, values.get("href", ""))
        if url:
            relations = values.get("rel", "").lower().split()
            yield (
                url,
                values.get("type", "").split(";")[0].strip().lower(),
                "alternate" in relations,
                plain(values.get("title", "")),
            )


def _joined(base: str, link: str) -> str:
    try:
        url = urljoin(base, link.strip())
    except ValueError:
        return ""
    return url if link.strip() and is_web_url(url) else ""


def _channel(html: str, url: str) -> list[Found]:
    if (urlsplit(url).hostname or "").lower().removeprefix("www.") not in _YOUTUBE:
        return []
    channel = _CHANNEL.search(html)
    return list(_youtube(["channel", channel[1] or channel[2]], "")) if channel else []
