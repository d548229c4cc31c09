"""The video of one entry of feedparser's: its file or player, length, pictures, creator and sound.

What belongs here: Media RSS, enclosures, iTunes, YouTube's and PeerTube's own words. What does not: what a video shares
with an article (`xml_feeds`), and which addresses name a player or a creator (`players`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from reader.errors import InvalidItemError
from reader.ingest.durations import duration_or_loss
from reader.ingest.entries import Clip, Loss
from reader.ingest.fields import get_map, get_maps, get_text, urljoin_or_empty
from reader.ingest.html import plain
from reader.ingest.items import is_web_url, show
from reader.ingest.players import creator_of_address, player_address, youtube_channel, youtube_video

# Lines of picture that a file of several has at most, if it can be had: as much as a page shows. Ours.
WANTED_LINES: Final = 720
_PLAYED: Final = ("video/mp4", "video/webm", "video/ogg", "video/x-m4v")
_SUFFIXES: Final = (".mp4", ".m4v", ".webm", ".ogv")
_WEB_VTT: Final = "text/vtt"
# Roles of a Media RSS credit, which takes them from the EBU's list or from nowhere.
_SOUND_ROLES: Final = ("music", "composer", "song")
_MAKER_ROLES: Final = ("author", "owner", "producer", "creator")
_DIGITS: Final = re.compile(r"\d{1,6}", re.ASCII)


def xml_clip(found: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Clip | None:
    """Return the video of an entry, None if it has none. feed: what it says of the whole; url: base of relative links.

    Raises InvalidItemError for an entry of YouTube's that names no video.
    """
    files = [medium for medium in _media(found) if _is_video(medium)]
    good = [(address, medium) for medium in files if is_web_url(address := urljoin_or_empty(url, _address(medium)))]
    media_url, medium = max(good, key=lambda pair: _worth(pair[1]), default=("", None))
    embed_url = _player(found, feed, url)
    if not (media_url or embed_url):
        return None
    duration_s, losses = _duration(found, [*([medium] if medium else []), *files])
    poster, no_poster = _poster(found, url)
    is_peertube = _is_peertube(feed, embed_url)
    return Clip(
        media_url=media_url,
        embed_url=embed_url,
        duration_s=duration_s,
        poster_url=poster,
        captions_url=_captions(found, url),
        creator=_credited(found, _MAKER_ROLES),
        creator_id=_creator_id(found, feed, is_peertube=is_peertube),
        sound=_credited(found, _SOUND_ROLES),
        losses=(*losses, *no_poster),
    )


def lost_video(found: Mapping[str, Any], url: str) -> tuple[Loss, ...]:
    """Return what is wrong with the video of an entry that `xml_clip` found none in; empty if there is none to lose."""
    addresses = [_address(medium) for medium in _media(found) if _is_video(medium)]
    wrong = (Loss("media_url", f"{show(address)} is no http(s) address") for address in addresses if address)
    return tuple(wrong)[:1]


def xml_audio(found: Mapping[str, Any], url: str) -> str:
    """Return the address of what an entry gives to listen to, as podcasts do; "" if it gives nothing."""
    files = (medium for medium in _media(found) if get_text(medium, "type").lower().startswith("audio/"))
    addresses = (urljoin_or_empty(url, _address(medium)) for medium in files)
    return next((address for address in addresses if is_web_url(address)), "")


def is_youtube(found: Mapping[str, Any], feed: Mapping[str, Any]) -> bool:
    """Say whether YouTube wrote this entry."""
    marked = get_text(found, "yt_videoid") or get_text(found, "yt_channelid") or get_text(feed, "yt_channelid")
    return bool(marked) or get_text(found, "id").startswith("yt:") or get_text(feed, "id").startswith("yt:")


def _media(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what an entry has to play, Media RSS first, since it knows lengths."""
    yield from get_maps(found, "media_content")
    yield from (link for link in get_maps(found, "links") if get_text(link, "rel") == "enclosure")


def _is_video(medium: Mapping[str, Any]) -> bool:
    kind = get_text(medium, "type").lower()
    if kind:
        return kind.startswith("video/")
    return get_text(medium, "medium") == "video" or _path(_address(medium)).endswith(_SUFFIXES)


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.lower()
    except ValueError:
        return ""


def _address(medium: Mapping[str, Any]) -> str:
    return get_text(medium, "url") or get_text(medium, "href")


def _worth(medium: Mapping[str, Any]) -> tuple[bool, bool, int, bool]:
    """Return how much one file is to be preferred to others of the same video; of equal ones the first counts."""
    kind, lines = get_text(medium, "type").lower(), _number(get_text(medium, "height"))
    plays = kind.partition(";")[0] in _PLAYED or not kind
    fits = lines <= WANTED_LINES
    return plays, fits, lines if fits else -lines, get_text(medium, "isdefault") == "true"


def _number(text: str) -> int:
    return int(text) if _DIGITS.fullmatch(text) else 0


def _player(found: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> str:
    if is_youtube(found, feed):
        return _youtube_player(found)
    named = (get_text(get_map(found, name), "url") for name in ("media_embed", "media_player"))
    addresses = (player_address(urljoin_or_empty(url, address))[0] for address in named)
    return next((address for address in addresses if address), "")


def _youtube_player(found: Mapping[str, Any]) -> str:
    own = get_text(found, "yt_videoid")
    links = (get_text(found, "link"), *map(_address, get_maps(found, "media_content")))
    ids = (youtube_video(text) for text in (f"yt:video:{own}", get_text(found, "id"), *links))
    video = next((id for id in ids if id), "")
    if not video:
        wrong = f"{show(own)} is no id" if own else "is missing"
        raise InvalidItemError("yt:videoId", f"{wrong}, and neither id nor link names a video")
    return player_address(f"yt:video:{video}")[0]


def _is_peertube(feed: Mapping[str, Any], embed_url: str) -> bool:
    return player_address(embed_url)[1] == "peertube" or "peertube" in get_text(feed, "generator").lower()


def _duration(found: Mapping[str, Any], media: list[Mapping[str, Any]]) -> tuple[float | None, tuple[Loss, ...]]:
    """Return the first length that is told in any of the places where there may be one."""
    told = (*(get_text(medium, "duration") for medium in media), get_text(found, "itunes_duration"))
    return duration_or_loss([text for text in told if text])


def _poster(found: Mapping[str, Any], url: str) -> tuple[str, tuple[Loss, ...]]:
    pictures = get_maps(found, "media_thumbnail")
    widest = max(pictures, key=lambda picture: _number(get_text(picture, "width")), default=get_map(found, "image"))
    given = get_text(widest, "url") or get_text(widest, "href")
    address = urljoin_or_empty(url, given)
    if given and not is_web_url(address):
        return "", (Loss("poster_url", f"{show(given)} is no http(s) address"),)
    return address, ()


def _captions(found: Mapping[str, Any], url: str) -> str:
    for name in ("media_subtitle", "podcast_transcript"):
        file = get_map(found, name)
        address = urljoin_or_empty(url, _address(file))
        if get_text(file, "type").lower() == _WEB_VTT and is_web_url(address):
            return address
    return ""


def _credited(found: Mapping[str, Any], roles: tuple[str, ...]) -> str:
    credits = get_maps(found, "media_credit")
    return next((plain(get_text(one, "content")) for one in credits if get_text(one, "role").lower() in roles), "")


def _creator_id(found: Mapping[str, Any], feed: Mapping[str, Any], *, is_peertube: bool) -> str:
    channel = get_text(found, "yt_channelid") or get_text(feed, "yt_channelid")
    if id := youtube_channel(channel):
        return id
    pages = [get_text(author, "href") for author in get_maps(found, "authors")[:1]]
    pages.append(get_text(get_map(found, "podcast_person"), "href"))
    name = get_text(found, "author")
    if name in ("", get_text(feed, "author")):
        pages += [get_text(author, "href") for author in get_maps(feed, "authors")[:1]]
    ids = (creator_of_address(page, is_peertube=is_peertube) for page in pages)
    return next((id for id in ids if id), "") or _of_channel_feed(feed, is_peertube=is_peertube)


def _of_channel_feed(feed: Mapping[str, Any], *, is_peertube: bool) -> str:
    """Return whose feed this is, if it is that of one channel of PeerTube's: its entries name no page of their own."""
    id = creator_of_address(get_text(feed, "link"), is_peertube=True) if is_peertube else ""
    return id if id.startswith("peertube:") else ""
