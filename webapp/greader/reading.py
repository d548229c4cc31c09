"""What programs ask for: who reads, what they follow, streams, counts."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from webapp.greader import names, shapes
from webapp.greader.blueprint import greader, numbers, plain, post_token, seconds
from webapp.greader.entries import Choice, Entry, choose
from webapp.greader.holdings import entries_among, entries_of
from webapp.services import now, services
from webapp.third_parties import as_may_be_shown, load_for

# Items with their texts, and ids, that one answer has at most; FreshRSS has 1,000 and 100,000.
MOST_CONTENTS, MOST_IDS = 500, 10_000
_USUAL_COUNT = 20


@greader.get("/reader/api/0/token")
def token() -> ResponseReturnValue:
    """Say the word that goes along with changes."""
    return plain(post_token(services().reader))


@greader.get("/reader/api/0/user-info")
def user_info() -> ResponseReturnValue:
    """Say who reads."""
    user = services().reader
    account = services().recommender.storage.account(user)
    name = account.nickname if account else user
    return {"userId": user, "userName": name, "userProfileId": user, "userEmail": name}


@greader.get("/reader/api/0/preference/list")
def preferences() -> ResponseReturnValue:
    """There are none."""
    return {"prefs": []}


@greader.get("/reader/api/0/preference/stream/list")
def stream_preferences() -> ResponseReturnValue:
    """There are none."""
    return {"streamprefs": {}}


@greader.get("/reader/api/0/tag/list")
def tag_list() -> ResponseReturnValue:
    """List the star, and folders."""
    labels = [names.label_of(folder.path) for folder in services().subscriptions.folders(services().reader)]
    return {"tags": shapes.tags(labels)}


@greader.get("/reader/api/0/subscription/list")
def subscription_list() -> ResponseReturnValue:
    """List the feeds that the reader follows."""
    return {"subscriptions": [shapes.subscription(one) for one in services().subscriptions.of(services().reader)]}


@greader.get("/reader/api/0/unread-count")
def unread_count() -> ResponseReturnValue:
    """Count what is unread, by feed, folder and in all."""
    return {"max": 1_000_000, "unreadcounts": shapes.unread_counts(entries_of(services().reader))}


@greader.get("/reader/api/0/stream/contents", defaults={"stream": ""})
@greader.get("/reader/api/0/stream/contents/", defaults={"stream": ""})
@greader.get("/reader/api/0/stream/contents/<path:stream>")
def stream_contents(stream: str) -> ResponseReturnValue:
    """Return a page of a stream with its texts."""
    # An address of a feed keeps its own parameters only where the program wrote them as such.
    asked = names.stream_of(stream or request.args.get("s", "") or names.READING_LIST)
    followed = services().subscriptions.of(services().reader)
    page, more = choose(entries_among(services().reader, followed), choice_of(asked, MOST_CONTENTS))
    answer = {
        "direction": "ltr",
        "id": asked,
        "title": title_of(asked, {one.feed.url: one.name for one in followed}),
        "updated": round(now().timestamp()),
        "items": _contents(page),
    }
    return answer | ({"continuation": more} if more else {})


@greader.get("/reader/api/0/stream/items/ids")
def item_ids() -> ResponseReturnValue:
    """Return a page of a stream, ids alone."""
    asked = names.stream_of(request.args.get("s", "") or names.READING_LIST)
    page, more = choose(entries_of(services().reader), choice_of(asked, MOST_IDS))
    return {"itemRefs": list(map(shapes.reference, page))} | ({"continuation": more} if more else {})


@greader.route("/reader/api/0/stream/items/contents", methods=["GET", "POST"])
def item_contents() -> ResponseReturnValue:
    """Return the named items with their texts, in the order asked for; what is not there is left out."""
    found = named_entries(services().reader)[:MOST_CONTENTS]
    return {
        "direction": "ltr",
        "id": names.READING_LIST,
        "title": "Items",
        "updated": round(now().timestamp()),
        "items": _contents(found),
    }


def named_entries(user: str) -> list[Entry]:
    """Return the entries that the request names with `i`, in either form, each once."""
    known = {entry.number: entry for entry in entries_of(user)}
    asked = dict.fromkeys(map(names.parse_id, request.values.getlist("i")))
    return [known[number] for number in asked if number is not None and number in known]


def _contents(entries: list[Entry]) -> list[dict[str, Any]]:
    followed = {one.feed.url: one for one in services().subscriptions.of(services().reader)}
    items = services().recommender.storage.items([entry.item for entry in entries])
    load_for(services().reader)
    shown = {key: as_may_be_shown(item) for key, item in items.items()}
    return [shapes.content(entry, shown[entry.item], followed) for entry in entries if entry.item in shown]


def choice_of(stream: str, most: int) -> Choice:
    return Choice(
        stream=stream,
        count=numbers("n", _USUAL_COUNT, most),
        without=tuple(map(names.stream_of, request.args.getlist("xt"))),
        within=tuple(map(names.stream_of, request.args.getlist("it"))),
        since_s=seconds("ot"),
        until_s=seconds("nt"),
        oldest_first=request.args.get("r") == "o",
        after=request.args.get("c", ""),
    )


def title_of(stream: str, feeds: dict[str, str]) -> str:
    own = {names.READING_LIST: "All items", names.STARRED: "Saved", names.READ: "Read"}
    bare = stream.removeprefix(names.LABEL).removeprefix(names.FEED)
    return own.get(stream) or feeds.get(bare) or bare
