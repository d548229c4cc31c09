"""/feeds: what the reader follows, as on the pages of feeds."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from reader.errors import FetchError
from reader.ingest.opml_plan import Plan, Planned
from reader.ingest.subscriptions import Followed
from reader.ingest.trouble import explain
from webapp.api.auth import needs
from webapp.api.blueprint import api
from webapp.api.feed_schemas import FeedIn, FeedOut, FeedQuery, FeedsOut, FollowedOut, FollowIn, OpmlIn, PlanOut
from webapp.problems import fail
from webapp.services import services

_OPML: Any = {
    "description": "What the reader follows",
    "content": {"text/x-opml": {"schema": {"type": "string"}}},
}


@api.get("/feeds")
@needs(api, "profile:read")
@api.output(FeedsOut)
@api.doc(responses=[401, 403])
def get_feeds() -> dict[str, Any]:
    """Return what the reader follows, with how each feed is doing."""
    own = services().subscriptions
    folders = [list(folder.path) for folder in own.folders(g.user)]
    return {"feeds": [_feed(one) for one in own.of(g.user)], "folders": folders}


@api.post("/feeds")
@needs(api, "profile:write")
@api.input(FollowIn)
@api.output(FollowedOut)
@api.doc(responses=[400, 401, 403, 502])
def post_feeds(json_data: FollowIn) -> dict[str, Any]:
    """Follow the feed of a site, a channel or an address; if there are several, return them to choose from."""
    try:
        found = services().feeds.finder.find(json_data.url)
    except FetchError as error:
        raise fail(502, str(error)) from error
    if len(found) > 1:
        return {"feed": None, "choices": [{"url": one.url, "title": one.title} for one in found]}
    (one,) = found
    followed = services().subscriptions.follow(
        g.user, one.url, title=one.title, site_url=one.site_url, name=json_data.title, folder=tuple(json_data.folder)
    )
    services().feeds.due.set()
    return {"feed": _feed(followed), "choices": []}


@api.patch("/feeds")
@needs(api, "profile:write")
@api.input(FeedQuery, location="query")
@api.input(FeedIn)
@api.output(FeedOut)
@api.doc(responses=[400, 401, 403, 404])
def patch_feeds(query_data: FeedQuery, json_data: FeedIn) -> dict[str, Any]:
    """Name a feed, put it into folders, or have the whole text of its articles fetched."""
    own, user, url = services().subscriptions, g.user, query_data.url
    own.one(user, url)
    if json_data.title is not None:
        own.rename(user, url, json_data.title)
    if json_data.folders is not None:
        own.file(user, url, [tuple(path) for path in json_data.folders if path])
    if json_data.full_text is not None:
        own.wish_full_text(user, url, json_data.full_text)
    return _feed(own.one(user, url))


@api.delete("/feeds")
@needs(api, "profile:write")
@api.input(FeedQuery, location="query")
@api.output({}, status_code=204)
@api.doc(responses=[401, 403, 404])
def delete_feeds(query_data: FeedQuery) -> tuple[str, int]:
    """No longer follow a feed. It can be taken back for a day on the page of feeds, or followed anew."""
    services().subscriptions.end(g.user, query_data.url)
    return "", 204


@api.get("/feeds/opml")
@needs(api, "profile:read")
@api.doc(responses={200: _OPML, 401: "Unauthorized", 403: "Forbidden"})
def get_opml() -> Response:
    """Return what the reader follows as an OPML file."""
    return Response(services().subscriptions.export(g.user), content_type="text/x-opml; charset=utf-8")


@api.post("/feeds/opml")
@needs(api, "profile:write")
@api.input(OpmlIn)
@api.output(PlanOut)
@api.doc(responses=[400, 401, 403, 413])
def post_opml(json_data: OpmlIn) -> dict[str, Any]:
    """Follow the feeds of an OPML file, or say what would change."""
    own, content = services().subscriptions, json_data.opml.encode()
    if json_data.preview:
        return _plan(own.plan(g.user, content))
    found = own.take_in(g.user, content, chosen=json_data.feeds)
    services().feeds.due.set()
    return _plan(found)


def _feed(one: Followed) -> dict[str, Any]:
    feed, advice = one.feed, explain(one.feed.trouble)
    return {
        "url": feed.url,
        "title": one.name,
        "site_url": feed.site_url,
        "folders": [list(path) for path in one.folders],
        "full_text": one.subscription.full_text,
        "items_a_week": one.items_a_week,
        "fetched_at": feed.fetched_at,
        "succeeded_at": feed.succeeded_at,
        "next_at": feed.next_at,
        "failures": feed.failures,
        "trouble": feed.trouble,
        "error": feed.error,
        "advice": f"{advice.words} {advice.remedy}" if advice else "",
    }


def _plan(found: Plan) -> dict[str, Any]:
    return {
        "new": [_planned(one) for one in found.with_status("new")],
        "known": [_planned(one) for one in found.with_status("known")],
        "broken": [_planned(one) for one in found.with_status("broken")],
        "new_folders": [list(path) for path in found.new_folders],
        "notes": list(found.notes),
    }


def _planned(one: Planned) -> dict[str, Any]:
    return {"title": one.name, "url": one.url, "folder": list(one.folder), "detail": one.detail}
