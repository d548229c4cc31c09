"""An administrator makes a feed that they follow everybody's, and takes that back."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.types import Account
from tests.builders import article, deliver
from tests.webapp.accounts.forms import send
from tests.webapp.conftest import NOW

FEED = "https://salt.example/feed"
MakeAccount = Callable[..., Account]
BrowserOf = Callable[[Account], FlaskClient]


def follow(recommender: Recommender, account: Account) -> None:
    """Have somebody follow a feed, and the feed bring an article."""
    Subscriptions(recommender.storage, recommender.clock).follow(account.id, FEED, title="Salt")
    deliver(recommender.storage, FEED, {"brine": NOW})
    recommender.add_items([article("brine", title="On brine", published_at=NOW)])


def change(client: FlaskClient, act: str) -> int:
    status: int = send(client, "/feeds", "/feeds/change", feed=FEED, act=act).status_code
    return status


def test_what_a_shared_feed_brings_is_for_everybody_until_it_is_not(
    recommender: Recommender, make_account: MakeAccount, browser_of: BrowserOf
) -> None:
    admin = make_account("Ada", "admin")
    ada, ben = browser_of(admin), browser_of(make_account("Ben"))
    follow(recommender, admin)
    assert ben.get("/a/brine").status_code == 404

    assert change(ada, "share") == 303
    shown, page = ben.get("/a/brine").status_code, ada.get("/feeds").get_data(as_text=True)
    assert change(ada, "keep-to-followers") == 303

    assert shown == 200
    assert "for everybody here" in page
    assert "Only for those who follow it" in page
    # Ben has opened it and keeps it; to somebody who has not, it is not there.
    assert browser_of(make_account("Cem")).get("/a/brine").status_code == 404
    assert [client.get("/a/brine").status_code for client in (ada, ben)] == [200, 200]


def test_nobody_else_may(recommender: Recommender, make_account: MakeAccount, browser_of: BrowserOf) -> None:
    """Not a reader who follows it, nor an administrator who does not."""
    reader = make_account("Ben")
    ben, ada = browser_of(reader), browser_of(make_account("Ada", "admin"))
    follow(recommender, reader)

    assert "Show it to everybody here" not in ben.get("/feeds").get_data(as_text=True)
    assert change(ben, "share") == 403
    assert change(ada, "share") == 404
    assert [feed.shared for feed in recommender.storage.feeds()] == [False]
