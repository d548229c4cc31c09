"""How the reader's feeds are doing: when they last came, what is wrong in plain words, and when they are tried next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.ingest.subscriptions import Followed
from reader.ingest.trouble import Trouble, explain
from webapp.language.saying import _
from webapp.pages.blueprint import pages
from webapp.pages.words import say_duration
from webapp.services import now, services

# A feed is not tried by hand more often than this; ours.
_BY_HAND: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Health:
    """One line. state: bad, waiting (never fetched), quiet (nothing for four weeks) or well."""

    followed: Followed
    state: str
    trouble: Trouble | None
    succeeded: str
    tries: str


@pages.get("/feeds/health")
def feed_health() -> ResponseReturnValue:
    """Show every feed, those in trouble first."""
    at = now()
    lines = sorted((_health(one, at) for one in services().subscriptions.of(services().reader)), key=_order)
    bad = sum(line.state == "bad" for line in lines)
    waiting = sum(line.state == "waiting" for line in lines)
    return render_template("feeds_health.html", lines=lines, bad=bad, waiting=waiting)


_STATES: Final = ("bad", "waiting", "well", "quiet")


def _order(line: Health) -> tuple[int, str]:
    return _STATES.index(line.state), line.followed.name.casefold()


def _health(one: Followed, at: datetime) -> Health:
    feed = one.feed
    trouble = explain(feed.trouble or ("other" if feed.error else ""))
    if trouble:
        state = "bad"
    elif feed.fetched_at is None:
        state = "waiting"
    else:
        state = "well" if one.items_a_week else "quiet"
    return Health(one, state, trouble, _ago(feed.succeeded_at, at), _tries(one, at))


def _ago(then: datetime | None, at: datetime) -> str:
    if then is None:
        return _("never yet")
    return _("%(duration)s ago", duration=say_duration(max(0.0, (at - then).total_seconds()), dative=True))


def _tries(one: Followed, at: datetime) -> str:
    if one.feed.trouble == "gone":
        return _("not by itself")
    if one.feed.next_at is None or one.feed.next_at <= at:
        return _("now")
    return _("in %(duration)s", duration=say_duration((one.feed.next_at - at).total_seconds(), dative=True))


@pages.post("/feeds/try")
def try_feed() -> ResponseReturnValue:
    """Have a feed fetched at once."""
    own = services().subscriptions
    feed = own.one(services().reader, request.form.get("feed", "")).feed
    if feed.fetched_at is not None and now() - feed.fetched_at < _BY_HAND:
        flash(_("It was tried less than a minute ago."))
    else:
        own.storage.put_feed(replace(feed, next_at=None, trouble="" if feed.trouble == "gone" else feed.trouble))
        services().feeds.due.set()
        flash(_("It is tried now; reload this page in a moment."))
    return redirect(url_for("pages.feed_health"), 303)
