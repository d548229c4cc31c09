"""What programs change: read and starred, what is followed, folders. Each change is an event or a subscription."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from reader.errors import FetchError, InvalidInputError
from reader.types_feeds import FolderPath
from webapp.greader import names
from webapp.greader.blueprint import greader, plain
from webapp.greader.holdings import entries_of
from webapp.greader.marking import note
from webapp.greader.reading import named_entries
from webapp.services import services

# Tag -> event when it is added, event when it is taken away.
_ACTS = {
    names.READ: ("mark_read", "mark_unread"),
    names.KEPT_UNREAD: ("mark_unread", "mark_read"),
    names.STARRED: ("save", "unsave"),
    names.LIKED: ("like", "unlike"),
}


@greader.post("/reader/api/0/edit-tag")
def edit_tag() -> ResponseReturnValue:
    """Mark items as read or unread, star them or not. Tags that mean nothing here are let pass, as others do."""
    added, removed = (list(map(names.stream_of, request.values.getlist(name))) for name in ("a", "r"))
    acts = [_ACTS[tag][0] for tag in added if tag in _ACTS] + [_ACTS[tag][1] for tag in removed if tag in _ACTS]
    # Taking away "kept unread" goes along with reading, and says nothing by itself.
    if names.KEPT_UNREAD in removed and names.READ not in added:
        acts.remove("mark_read")
    note((entry, act) for entry in named_entries(services().reader) for act in acts)
    return plain("OK")


@greader.post("/reader/api/0/mark-all-as-read")
def mark_all_as_read() -> ResponseReturnValue:
    """Mark all of a stream as read, up to a moment if one is given."""
    stream = names.stream_of(request.values.get("s", ""))
    until = request.values.get("ts", "")
    if not stream:
        raise InvalidInputError("s", "is missing", "give the stream that is to be marked")
    if until and not (until.isascii() and until.isdigit()):
        raise InvalidInputError("ts", f"{until!r:.80} is no number", "give microseconds since 1970")
    # Some programs give nanoseconds, some milliseconds; by their length they can be told apart.
    limit = int(f"{until[:16]:0<16}") if until and until.strip("0") else None
    chosen = [entry for entry in entries_of(services().reader) if entry.is_in(stream)]
    note((entry, "mark_read") for entry in chosen if limit is None or entry.usec <= limit)
    return plain("OK")


@greader.post("/reader/api/0/subscription/edit")
def edit_subscription() -> ResponseReturnValue:
    """Follow feeds, no longer follow them, name them, file them."""
    own, user, act = services().subscriptions, services().reader, request.values.get("ac", "")
    if act not in ("subscribe", "unsubscribe", "edit"):
        raise InvalidInputError("ac", f"{act!r:.80}", "give subscribe, unsubscribe or edit")
    for stream, title in _streams_with_titles():
        url = stream.removeprefix(names.FEED)
        if act == "unsubscribe":
            own.end(user, url)
            continue
        if act == "subscribe":
            own.follow(user, url, name=title)
            services().feeds.due.set()
        elif title:
            own.rename(user, url, title)
        _file(url)
    return plain("OK")


def _streams_with_titles() -> list[tuple[str, str]]:
    streams, titles = request.values.getlist("s"), request.values.getlist("t")
    if not streams or not all(stream.startswith(names.FEED) for stream in streams):
        raise InvalidInputError("s", f"{streams!r:.200}", "give feed/ and the address of a feed")
    return list(zip(streams, [*titles, *[""] * len(streams)], strict=False))


def _file(url: str) -> None:
    """Put a feed into folders, and take it out of others."""
    own, user = services().subscriptions, services().reader
    added, removed = (set(_labels(name)) for name in ("a", "r"))
    if not added and not removed:
        return
    folders = [folder for folder in own.one(user, url).folders if names.label_of(folder) not in removed]
    own.file(user, url, [*folders, *(_folder(label) for label in sorted(added))])


def _labels(name: str) -> list[str]:
    tags = map(names.stream_of, request.values.getlist(name))
    return [tag.removeprefix(names.LABEL) for tag in tags if tag.startswith(names.LABEL)]


def _folder(label: str) -> FolderPath:
    """Return the reader's folder of this name, else a new one."""
    known = {names.label_of(folder.path): folder.path for folder in services().subscriptions.folders(services().reader)}
    return known.get(label, (label,))


@greader.post("/reader/api/0/subscription/quickadd")
def quick_add() -> ResponseReturnValue:
    """Follow the feed of a site, found by its address."""
    asked = request.values.get("quickadd", "").removeprefix(names.FEED)
    try:
        found = services().feeds.finder.find(asked)
    except (InvalidInputError, FetchError) as error:
        return {"query": asked, "numResults": 0, "error": str(error)}
    if not found:
        return {"query": asked, "numResults": 0, "error": f"{asked:.200}: no feed was found there"}
    first = found[0]
    one = services().subscriptions.follow(services().reader, first.url, title=first.title, site_url=first.site_url)
    services().feeds.due.set()
    return {"query": asked, "numResults": 1, "streamId": f"{names.FEED}{one.feed.url}", "streamName": one.name}


@greader.post("/reader/api/0/rename-tag")
def rename_tag() -> ResponseReturnValue:
    """Call a folder otherwise: its feeds go into the new one."""
    old = names.stream_of(request.values.get("s", "")).removeprefix(names.LABEL) or request.values.get("t", "")
    new = names.stream_of(request.values.get("dest", "")).removeprefix(names.LABEL)
    if not new:
        raise InvalidInputError("dest", "is missing", f"give {names.LABEL} and the new name")
    own, user = services().subscriptions, services().reader
    for one in own.of(user):
        if old in map(names.label_of, one.folders):
            own.file(
                user, one.feed.url, [_folder(new) if names.label_of(path) == old else path for path in one.folders]
            )
    own.remove_folder(user, _folder(old))
    return plain("OK")


@greader.post("/reader/api/0/disable-tag")
def disable_tag() -> ResponseReturnValue:
    """Take a folder away; its feeds stay."""
    old = names.stream_of(request.values.get("s", "")).removeprefix(names.LABEL) or request.values.get("t", "")
    services().subscriptions.remove_folder(services().reader, _folder(old))
    return plain("OK")
