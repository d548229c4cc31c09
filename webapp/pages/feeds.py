"""Feeds: what the reader follows; add, name, file, end. Import and export are in `opml`, troubles in `feed_health`,
what feeds brought in `feed_items`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import FetchError, InvalidInputError
from reader.ingest.discovery import Found
from reader.ingest.subscriptions import Followed, Subscriptions
from reader.ingest.trouble import explain, trouble_of
from reader.types_feeds import FolderPath
from webapp.folders import parse_folders, say_folder
from webapp.identity import browser_caller, require_admin
from webapp.language.errors import said_part, said_parts
from webapp.language.saying import _, pgettext, said_plainly
from webapp.pages.blueprint import pages
from webapp.pages.demo import offer
from webapp.pages.feed_items import count_unread, feed_place, feed_url, folder_url
from webapp.problems import fail
from webapp.services import now, services

# Subscriptions that were just ended, offered to be taken back; ours.
_ENDED_SHOWN = 3


@pages.get("/feeds")
def feeds() -> ResponseReturnValue:
    """Show what the reader follows, by folder."""
    return _page()


def _page(*, wrong: str = "", typed: str = "", folder: str = "", code: int = 200) -> tuple[str, int]:
    own, user = services().subscriptions, services().reader
    followed = own.of(user)
    ended = [one for one in own.storage.subscriptions(user) if one.ended_at is not None]
    ended.sort(key=lambda one: one.ended_at or now(), reverse=True)
    page = render_template(
        "feeds.html",
        wrong=wrong,
        typed=typed,
        folder=folder,
        groups=by_folder(followed),
        count=len(followed),
        folders=list(map(say_folder, _folders(own, user))),
        ended=[(one, _name_of(own, one.feed, one.title)) for one in ended[:_ENDED_SHOWN]],
        muted=_muted(followed),
        may_share=_may_share(),
        demo=offer(),
        explain=explain,
        say_folder=say_folder,
        say_folders=say_folders,
        unread=count_unread(followed),
        feed_url=feed_url,
        folder_url=folder_url,
        feed_place=feed_place,
    )
    return page, code


def _folders(own: Subscriptions, user: str) -> list[FolderPath]:
    return [folder.path for folder in own.folders(user)]


def _name_of(own: Subscriptions, url: str, title: str) -> str:
    feed = own.storage.feed(url)
    return title or (feed.title if feed else "") or url


def _muted(followed: Sequence[Followed]) -> set[str]:
    steering, at = services().recommender.state(services().reader).steering, now()
    return {one.feed.url for one in followed if one.feed.title and steering.is_muted(("source", one.feed.title), at)}


def by_folder(followed: Sequence[Followed]) -> list[tuple[FolderPath, list[Followed]]]:
    """Return feeds by folder, those without one first; one that stands in several comes in each."""
    placed = [(path, one) for one in followed for path in one.folders or ((),)]
    placed.sort(key=lambda pair: tuple(map(str.casefold, pair[0])))
    return [(path, [one for _, one in group]) for path, group in groupby(placed, key=lambda pair: pair[0])]


def say_folders(paths: Iterable[FolderPath]) -> str:
    """Return the folders that a feed stands in, as its form shows them."""
    return "; ".join(map(say_folder, paths))


@pages.post("/feeds")
def add_feed() -> ResponseReturnValue:
    """Follow the feed of a site; several are shown to choose from."""
    typed, folder = request.form.get("url", ""), request.form.get("folder", "")
    try:
        found = services().feeds.finder.find(typed)
    except InvalidInputError as error:
        wrong = _("This address does not help (%(detail)s).", detail=said_parts(error))
        return _page(wrong=wrong, typed=typed, folder=folder, code=422)
    except FetchError as error:
        told = explain(trouble_of(error))
        wrong = f"{said_plainly(told.words) if told else ''} ({said_part(error.cause)})"
        return _page(wrong=wrong, typed=typed, folder=folder, code=422)
    if len(found) > 1:
        sealed = services().feeds.seal(found)
        return render_template("feeds_choice.html", found=found, sealed=sealed, folder=folder, typed=typed)
    return _follow(found, folder)


@pages.post("/feeds/choose")
def choose_feeds() -> ResponseReturnValue:
    """Follow those that were chosen."""
    chosen = set(request.form.getlist("feed"))
    found = [one for one in services().feeds.unseal(request.form.get("found", "")) if one.url in chosen]
    if not found:
        flash(_("No feed was chosen."))
        return _back()
    return _follow(found, request.form.get("folder", ""))


def _follow(found: Sequence[Found], folder: str) -> ResponseReturnValue:
    own, user = services().subscriptions, services().reader
    folders = parse_folders(folder, _folders(own, user))
    before = {one.feed.url: one.name for one in own.of(user)}
    known = [before[one.url] for one in found if one.url in before]
    if known:
        flash(_("You follow %(names)s already.", names=", ".join(known)))
    found = [one for one in found if one.url not in before]
    if not found:
        return _back()
    names = [own.follow(user, one.url, title=one.title, site_url=one.site_url).name for one in found]
    if folders:  # also one that was followed before: it comes back where it is wanted now
        for one in found:
            own.file(user, one.url, folders)
    services().feeds.due.set()
    flash(_("You follow %(names)s now. What is new there comes within a minute.", names=", ".join(names)))
    return _back()


@pages.post("/feeds/change")
def change_feed() -> ResponseReturnValue:
    """Name a feed, file it, have it fetched whole; or end following it, or take that back."""
    own, user, url = services().subscriptions, services().reader, request.form.get("feed", "")
    match request.form.get("act", ""):
        case "set":
            _set(own, user, url)
            flash(pgettext("form", "Saved."))
        case "unfollow":
            name = own.one(user, url).name
            own.end(user, url)
            flash(_("You no longer follow %(name)s. You can take that back below for a day.", name=name))
        case "take-back":
            own.take_back(user, url)
            services().feeds.due.set()
            flash(_("You follow %(name)s again.", name=own.one(user, url).name))
        case "share" | "keep-to-followers" as act:
            require_admin()
            name = own.share(user, url, shared=act == "share").name
            flash(_("%(name)s is for everybody here now.", name=name) if act == "share" else _kept_to_followers(name))
        case other:
            raise fail(422, f"act is {other!r:.80}; it must be set, unfollow, take-back, share or keep-to-followers.")
    return _back()


def _may_share() -> bool:
    """Tell whether the present reader may make a feed everybody's. Without accounts every feed is."""
    caller = browser_caller()
    return services().accounts is not None and caller is not None and caller.is_admin


def _kept_to_followers(name: str) -> str:
    return _("%(name)s is for those who follow it again.", name=name)


def _set(own: Subscriptions, user: str, url: str) -> None:
    before = own.one(user, url)
    name = " ".join(request.form.get("name", "").split())
    if name != before.name:
        own.rename(user, url, name)
    typed = request.form.get("folder", "").strip()
    # As it was shown it changes nothing, whatever stands in the names.
    if typed != say_folders(before.folders):
        own.file(user, url, parse_folders(typed, _folders(own, user)))
    own.wish_full_text(user, url, request.form.get("full_text") == "on")


def _back() -> ResponseReturnValue:
    return redirect(url_for("pages.feeds"), 303)
