"""Watch: one clip at a time. Each is a page of its own, with the way on and back; feed.js shows them in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import ExpiredError, NotFoundError
from reader.recommend.requests import Request
from reader.types import Mode, RecommendationList, Recommended, Video
from webapp.language.reasons import told
from webapp.language.saying import _
from webapp.mode import chosen_mode
from webapp.pages.blueprint import is_tracked, pages
from webapp.pages.captions import captions_url
from webapp.pages.cards import make_card
from webapp.pages.clips import Feed, next_place, open_places, place_before
from webapp.pages.lists import parse_number
from webapp.pages.openings import came_from, is_opened_by_reader, open_event, view_id
from webapp.problems import fail
from webapp.security import frame_policy
from webapp.services import now, observe, services
from webapp.third_parties import as_may_be_shown, may_load_others

# Places that count as handed out at once; ours.
BATCH = 10
_PROVIDERS = {"youtube": "YouTube", "peertube": "PeerTube"}


@dataclass(frozen=True, slots=True)
class _Origin:
    """The list and place that a clip was opened from, as far as known."""

    list_id: str | None = None
    position: int | None = None


@pages.get("/watch")
def watch() -> ResponseReturnValue:
    """Show the clip of a place in a feed, or one asked for by name with a new feed behind it.

    With `again` the feed is of the newest, watched or not, as for those who always have them so.
    """
    item_id, list_id = request.args.get("item", ""), request.args.get("list", "")
    if item_id:
        return _page_of(item_id)
    try:
        made = _kept(list_id) if list_id else _new("latest" if "again" in request.args else None)
    except (NotFoundError, ExpiredError):
        flash(_("That list is no longer kept; here is a new one."))
        return redirect(url_for("pages.watch"))
    position = parse_number(request.args.get("position", "1"), "position")
    return _page_at(Feed(made, request.args.get("first", "")), position)


def _page_of(item_id: str) -> ResponseReturnValue:
    """Show one clip by name; the article page if it is none."""
    item = as_may_be_shown(services().item(item_id))
    if not isinstance(item, Video):
        return redirect(url_for("pages.article", item_id=item_id))
    origin = _Origin(*came_from())
    # To be shown a clip of the feed is not to open it; to ask for one by name is.
    if not is_tracked() and is_opened_by_reader():
        observe([open_event(item.id, origin.list_id, origin.position)])
    feed = Feed(_new(), item_id)
    return _rendered(feed, 0, item, origin, _places(feed, _items(feed)))


def _page_at(feed: Feed, position: int) -> ResponseReturnValue:
    """Show the clip at a place, or the first after it that may be shown; the end if there is none."""
    items = _items(feed)
    places = _places(feed, items)
    shown = position if position in places else next_place(places, position)
    if shown is None:
        return render_template("watch.html", **_end(feed, places))
    _hand_out(feed.made, shown)
    item = items[feed.made.items[shown - 1].item if shown else feed.first]
    origin = _Origin(feed.made.id, shown) if shown else _Origin()
    return _rendered(feed, shown, item, origin, places)


def _new(mode: Mode | None = None) -> RecommendationList:
    user = services().reader
    made = services().recommender.recommend(
        Request(user, limit=BATCH, kinds=("video",), mode=mode or chosen_mode(user))
    )
    services().metrics.list_served(made.mode)
    return made


def _kept(list_id: str) -> RecommendationList:
    made = services().recommender.made_list(list_id, services().reader)
    if made.kinds != ("video",):
        raise NotFoundError(f"list {list_id!r}: is not of clips alone")
    return made


def _hand_out(made: RecommendationList, position: int) -> None:
    """Log the impression of the batch that a place is in. The first one is logged with the list itself."""
    begin = max(0, position - 1) // BATCH * BATCH
    if begin:
        services().recommender.log_impression(made, begin, begin + BATCH)


def _items(feed: Feed) -> dict[str, Video]:
    found = services().recommender.storage.items([*(place.item for place in feed.made.items), feed.first])
    return {item_id: as_may_be_shown(item) for item_id, item in found.items() if isinstance(item, Video)}


def _places(feed: Feed, items: dict[str, Video]) -> tuple[int, ...]:
    steering = services().recommender.state(services().reader).steering
    return open_places(feed, items, steering, now())


def _rendered(feed: Feed, position: int, item: Video, origin: _Origin, places: tuple[int, ...]) -> ResponseReturnValue:
    return render_template("watch.html", **_steps(feed, position, places), **_contents(item, origin))


def _steps(feed: Feed, position: int, places: tuple[int, ...]) -> dict[str, Any]:
    before, after = place_before(places, position), next_place(places, position)
    return {
        "here_url": _url(feed, position),
        "previous_url": None if before is None else _url(feed, before),
        "next_url": _url(feed, len(feed.made.items) + 1 if after is None else after),
        "chosen_mode": chosen_mode(services().reader),
        "number": feed.number(position),
        "count": feed.count,
    }


def _end(feed: Feed, places: tuple[int, ...]) -> dict[str, Any]:
    last = place_before(places, len(feed.made.items) + 1)
    with services().recommender.held(services().reader) as state:
        some_left = bool(state.portrait.left)
    return {
        "some_left": some_left,
        "chosen_mode": chosen_mode(services().reader),
        "here_url": _url(feed, len(feed.made.items) + 1),
        "previous_url": None if last is None else _url(feed, last),
        "any_clips": bool(feed.made.items or services().recommender.catalogue.is_video.values.any()),
    }


def _url(feed: Feed, position: int) -> str:
    return url_for("pages.watch", list=feed.made.id, position=position, first=feed.first or None)


def _contents(item: Video, origin: _Origin) -> dict[str, Any]:
    recommender = services().recommender
    steering = recommender.state(services().reader).steering
    maker = ("creator", item.entity("creator"))
    return {
        "item": item,
        "card": make_card(item, _place(item, origin), origin.list_id or "", False, recommender.settings.reading),
        "position": origin.position,
        "list_id": origin.list_id,
        "view": view_id(item.id, origin.list_id),
        "captions_url": captions_url(item),
        "player_name": _PROVIDERS.get(item.provider, ""),
        "liked": item.id in steering.liked,
        "saved": item.id in steering.saved,
        "followed": maker in steering.followed,
    }


def _place(item: Video, origin: _Origin) -> Recommended | None:
    """Return the place in the list that the clip was opened from, for its reasons; None if that is no longer kept."""
    try:
        made = told(services().recommender.made_list(origin.list_id or "", services().reader))
    except (NotFoundError, ExpiredError):
        return None
    return next((place for place in made.items if place.item == item.id), None)


@pages.get("/player/<path:item_id>")
def player(item_id: str) -> ResponseReturnValue:
    """Show the player of another site in a page of its own, the only one that may frame it, and it alone."""
    item = services().item(item_id)
    if not may_load_others():
        raise fail(403, _("Players of other sites are not loaded here; a guardian can allow them under Family."))
    if not isinstance(item, Video) or not item.embed_url:
        raise NotFoundError(f"item {item_id!r:.80} has no player of another site")
    page = Response(render_template("player.html", item=item, name=_PROVIDERS.get(item.provider, "")))
    address = urlsplit(item.embed_url)
    page.headers["Content-Security-Policy"] = frame_policy(f"{address.scheme}://{address.netloc}")
    return page
