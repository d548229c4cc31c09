"""What is in an outlet now: items of its reader's, as entries.

Who may read it has been found out (`webapp.outlets.blueprint`); here all is asked for its reader by name, since there
is no caller whose browser or token would say who reads.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from mimetypes import guess_type
from typing import Final
from urllib.parse import urljoin, urlsplit

from flask import request, url_for

from reader.errors import ExpiredError, NotFoundError
from reader.recommend.requests import Request
from reader.types import AnyItem, RecommendationList, Recommended, Video
from reader.types_outlets import Outlet
from webapp.folders import feeds_in, say_folder
from webapp.language.reasons import told
from webapp.language.saying import N_, _
from webapp.makers import author_of
from webapp.mode import chosen_mode
from webapp.outlets.atom import NAME, Clip, Entry
from webapp.pages.cards import excerpt_of, own_poster
from webapp.pages.clips import is_refused
from webapp.prefix import own_url
from webapp.services import now, services
from webapp.third_parties import as_may_be_shown

# Entries of a feed; ours: half of a list, a few screens of any program.
ENTRIES: Final = 30
# Reasons told of each entry; ours.
REASONS: Final = 2
EXPLORING: Final = N_("Something new, to see if you like it")


@dataclass(frozen=True, slots=True)
class Contents:
    """at: when it came to be as it is; list_id: of the list that it is, "" if it is none."""

    title: str
    page_url: str
    at: datetime
    entries: tuple[Entry, ...]
    list_id: str = ""


def contents_of(outlet: Outlet) -> Contents:
    """Return what an outlet holds now."""
    match outlet.kind:
        case "for-you":
            return _for_you(outlet)
        case "saved":
            return _saved(outlet)
        case "folder":
            return _folder(outlet)


def _for_you(outlet: Outlet) -> Contents:
    made = told(_list(outlet))
    state = services().recommender.state(outlet.user)
    places = [place for place in made.items[:ENTRIES] if not state.has_read(place.item)]
    items = _items((place.item for place in places), outlet.user)
    entries = tuple(_entry(items[one.item], outlet, made.id, one) for one in places if one.item in items)
    return Contents(_("For you"), url_for("pages.for_you", _external=True), made.at, entries, made.id)


def _list(outlet: Outlet) -> RecommendationList:
    """Return the list that was given last as long as it is kept, else a new one: asking often makes no more lists."""
    recommender, mode = services().recommender, chosen_mode(outlet.user)
    try:
        made = recommender.made_list(outlet.list, outlet.user) if outlet.list else None
        if made is not None and made.mode == mode:
            return made
    except (NotFoundError, ExpiredError):
        pass
    services().metrics.list_served(mode)
    return recommender.recommend(Request(outlet.user, limit=ENTRIES, mode=mode, origin="atom"))


def _saved(outlet: Outlet) -> Contents:
    saved = services().recommender.state(outlet.user).steering.saved
    newest = sorted(saved.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)[:ENTRIES]
    at = max([outlet.created_at, *saved.values()])
    return Contents(
        _("Saved"),
        url_for("pages.saved", _external=True),
        at,
        _plain_entries([item for item, _at in newest], outlet),
    )


def _folder(outlet: Outlet) -> Contents:
    """Return the newest of the feeds of a folder and of those in it; nothing once the folder is gone."""
    own = feeds_in(outlet.folder, services().subscriptions, outlet.user)
    found = services().recommender.storage.items_of_feeds(own)
    newest = list(dict.fromkeys(item for item, *_rest in found))[:ENTRIES]
    at = max([outlet.created_at, *(moment for *_rest, moment in found[:1])])
    url = url_for("pages.feeds", _external=True)
    return Contents(say_folder(outlet.folder), url, at, _plain_entries(newest, outlet))


def _plain_entries(ids: Sequence[str], outlet: Outlet) -> tuple[Entry, ...]:
    items = _items(ids, outlet.user)
    return tuple(_entry(items[item], outlet) for item in ids if item in items)


def _items(ids: Iterable[str], user: str) -> Mapping[str, AnyItem]:
    """Return items as they may be shown, without what the reader has hidden or muted."""
    recommender = services().recommender
    state, at = recommender.state(user), now()
    found = recommender.storage.items(list(ids))
    return {key: as_may_be_shown(item) for key, item in found.items() if not is_refused(item, state.steering, at)}


def _entry(item: AnyItem, outlet: Outlet, list_id: str = "", place: Recommended | None = None) -> Entry:
    came_from = {"list": list_id, "position": place.position} if place else {}
    excerpt = excerpt_of(item)
    return Entry(
        id=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'reread:item:{item.id}')}",
        title=item.title,
        url=url_for("pages.article", item_id=item.id, _external=True, **came_from),  # type: ignore[arg-type]  # values, not options
        updated=item.published_at or outlet.created_at,
        author=author_of(item) or NAME,
        paragraphs=item.paragraphs if outlet.full_text else ((excerpt,) if excerpt else ()),
        why=_why(place) if place else "",
        original_url=item.url if urlsplit(item.url).scheme in ("http", "https") else "",
        source=item.source,
        language=item.language if item.language.isascii() else "",
        categories=tuple(dict.fromkeys((*item.topics, *(item.tags if isinstance(item, Video) else ())))),
        clip=_clip(item) if isinstance(item, Video) else None,
        full_text=outlet.full_text,
    )


def _why(place: Recommended) -> str:
    if not place.reasons:
        return _(EXPLORING) if place.exploration else ""
    return _("Why it is here: %(reasons)s.", reasons="; ".join(reason.label for reason in place.reasons[:REASONS]))


def _clip(item: Video) -> Clip:
    media, poster = _absolute(own_url(item.media_url)), _absolute(own_url(own_poster(item)))
    kind = guess_type(urlsplit(media).path)[0] or "video/mp4"
    return Clip(media, kind, poster, item.duration_s or 0.0)


def _absolute(url: str) -> str:
    return urljoin(request.host_url, url) if url else ""
