"""Captions that came with an item, as the WebVTT that browsers take."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from reader.errors import NotFoundError
from reader.types import Caption, Video
from webapp.pages.blueprint import pages
from webapp.prefix import own_url
from webapp.services import services


def captions_url(item: Video) -> str:
    """Return where a clip's captions are, "" if it has none."""
    own = url_for("pages.captions", item_id=item.id) if item.captions else ""
    return own_url(item.captions_url) or own


@pages.get("/captions/<path:item_id>")
def captions(item_id: str) -> ResponseReturnValue:
    """Send the captions that came with an item as WebVTT."""
    item = services().item(item_id)
    if not isinstance(item, Video) or not item.captions:
        raise NotFoundError(f"item {item_id!r:.80} has no captions")
    return Response(to_webvtt(item.captions), content_type="text/vtt; charset=utf-8")


def to_webvtt(captions: Iterable[Caption]) -> str:
    """Write captions as WebVTT.

    >>> print(to_webvtt([Caption(0, 3661.5, "Salt & <sea>")]))
    WEBVTT
    <BLANKLINE>
    00:00:00.000 --> 01:01:01.500
    Salt &amp; &lt;sea&gt;
    <BLANKLINE>
    """
    cues = (f"{_stamp(cue.from_s)} --> {_stamp(cue.to_s)}\n{_escaped(cue.text)}\n" for cue in captions)
    return "\n".join(("WEBVTT\n", *cues))


def _stamp(seconds: float) -> str:
    milliseconds = round(1000 * seconds)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
