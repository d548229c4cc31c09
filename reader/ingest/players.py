"""Addresses of players and of creators at the places that host videos: what they are, whichever way they are written.

Nothing here is fetched. A player is kept as an address that a reader's browser loads after a click, and only those
whose form is known are kept at all, so that no feed can have any page it likes shown within ours.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from reader.types import Provider

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_YOUTUBE_HOSTS: Final = ("youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com")
_YOUTUBE_PATH: Final = re.compile(r"/(?:embed|v|shorts|live)/([^/]+)/?")
_YOUTUBE_GUID: Final = re.compile(r"yt:video:(.+)")
_YOUTUBE_CHANNEL: Final = re.compile(r"/channel/([^/]+)(?:/.*)?")
# Characters of a channel's id without the UC that it begins with wherever it is written out.
_BARE_CHANNEL: Final = 22
_PEERTUBE_PLAYER: Final = re.compile(r"/videos/embed/([^/]+)/?")
_PEERTUBE_PAGE: Final = re.compile(r"/(?:w|videos/watch)/[^/]+/?")
_PEERTUBE_MAKER: Final = re.compile(r"/(c|video-channels|a|accounts)/([^/@]+(?:@[^/@]+)?)(?:/.*)?")
MAX_ENTITY: Final = 200


def player_address(url: str) -> tuple[str, Provider]:
    """Return the address from which a player is loaded, and whose player it is; ("", "") if it is none that we know.

    YouTube's is the one without cookies, also for addresses of its pages. PeerTube runs on any host, over https alone.

    >>> player_address("https://www.youtube.com/watch?v=abc&t=3")
    ('https://www.youtube-nocookie.com/embed/abc', 'youtube')
    >>> player_address("https://tube.example/videos/embed/9c9de5e8?autoplay=1")
    ('https://tube.example/videos/embed/9c9de5e8', 'peertube')
    """
    if video := youtube_video(url):
        return f"https://www.youtube-nocookie.com/embed/{video}", "youtube"
    parts = _split(url)
    player = _PEERTUBE_PLAYER.fullmatch(parts.path) if parts else None
    if parts and player and parts.scheme == "https" and _ID.fullmatch(player[1]) and "@" not in parts.netloc:
        return f"https://{parts.netloc.lower()}/videos/embed/{player[1]}", "peertube"
    return "", ""


def youtube_video(address: str) -> str:
    """Return the id of the video that a page, a player or an Atom id of YouTube's names; "" if it names none.

    >>> [youtube_video(a) for a in ("yt:video:abc", "https://youtu.be/abc?t=1", "https://www.youtube.com/shorts/abc")]
    ['abc', 'abc', 'abc']
    """
    if guid := _YOUTUBE_GUID.fullmatch(address):
        return guid[1] if _ID.fullmatch(guid[1]) else ""
    parts = _split(address)
    host = _host(parts)
    if parts is None or host not in (*_YOUTUBE_HOSTS, "youtu.be"):
        return ""
    path = _YOUTUBE_PATH.fullmatch(parts.path)
    named = path[1] if path else parse_qs(parts.query).get("v", [""])[0] if parts.path == "/watch" else ""
    found = parts.path.strip("/") if host == "youtu.be" else named
    return found if _ID.fullmatch(found) else ""


def youtube_channel(channel: str) -> str:
    """Return the id that stands for a channel, however much of it is given.

    >>> youtube_channel("x5XG1OV2P6uZZ5FSM9Ttw0") == youtube_channel("UCx5XG1OV2P6uZZ5FSM9Ttw0")
    True
    """
    if not _ID.fullmatch(channel):
        return ""
    return "youtube:" + (channel if channel.startswith("UC") and len(channel) != _BARE_CHANNEL else f"UC{channel}")


def creator_of_address(url: str, *, is_peertube: bool = False) -> str:
    """Return the id of the creator whose page this is; "" if it is no page.

    is_peertube: whether the page is known to be one of PeerTube's, where a channel of another server is shown under
    `name@server` and is the same one.

    >>> creator_of_address("https://www.youtube.com/channel/UCabc/videos"), creator_of_address("http://www.a.example/b/")
    ('youtube:UCabc', 'a.example/b')
    >>> creator_of_address("https://tube.example/c/sea@other.example/videos", is_peertube=True)
    'peertube:sea@other.example'
    """
    parts = _split(url)
    host = _host(parts)
    if parts is None or not host:
        return ""
    channel = _YOUTUBE_CHANNEL.fullmatch(parts.path) if host in _YOUTUBE_HOSTS else None
    maker = _PEERTUBE_MAKER.fullmatch(parts.path) if is_peertube else None
    if channel:
        found = youtube_channel(channel[1])
    elif maker:
        kind = "" if maker[1] in ("c", "video-channels") else "account:"
        found = f"peertube:{kind}{maker[2] if '@' in maker[2] else f'{maker[2]}@{host}'}".lower()
    else:
        found = host + parts.path.rstrip("/")
    return found if len(found) <= MAX_ENTITY else ""


def is_peertube_page(url: str) -> bool:
    """Say whether this has the form of the address of a video's page at PeerTube's.

    >>> is_peertube_page("https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv"), is_peertube_page("https://tube.example/w")
    (True, False)
    """
    parts = _split(url)
    return parts is not None and bool(_PEERTUBE_PAGE.fullmatch(parts.path))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an IPv6 address, a port that is no number
        return None
    return parts if whole else None


def _host(parts: SplitResult | None) -> str:
    return (parts.hostname or "").lower().removeprefix("www.") if parts else ""
