"""A Reread with accounts in which something has happened on every page: whoever is needed to see one lives here.

Ann administers it, reads, steers, follows feeds and is the guardian of Kim; Lou asks to be let in; Max has just come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from reader.accounts.registry import Accounts
from reader.ingest.subscriptions import Subscriptions
from reader.privacy.texts import version_of
from reader.recommend.lists import to_millisecond
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import Settings
from reader.types import Account, Consent, Hide
from reader.wiring import make_recommender
from tests.browser.live import SETTINGS, serving
from tests.browser.test_loop import ARTICLE
from tests.builders import ReadingStory, WatchStory, act, deliver
from tests.reader.accounts.conftest import CHEAP
from tests.webapp.accounts.conftest import PASSWORD
from tests.webapp.accounts.family import ask, be_young
from tests.webapp.accounts.forms import come_of_age, send
from webapp.app import create_app
from webapp.demo import demo_items, load_demo
from webapp.services import EXTENSION

STOPPED, HIDDEN, SAVED = (f"demo-en-energy-0{number}" for number in (2, 3, 4))
CLIP, CREATOR, SOUND = "demo-video-oceans-02", "Marlow Finch", "Paper Lantern Waltz"
LONG_ADDRESS = (
    "https://a-name-that-is-long-enough-to-need-breaking.example/and/a/path/that/does/not/end/feed.xml?a=query"
)
HARBOUR = "https://harbour-news.example/feed"
LONG_NAME = "Die unvergleichliche Donaudampfschifffahrtsgesellschaftskapitänszeitung"


@dataclass
class Town:
    """A running installation: its address, the browsers of its people, and paths that only it knows."""

    url: str
    people: dict[str, FlaskClient]
    paths: dict[str, str]

    def enter(self, context: BrowserContext, person: str) -> None:
        """Let a browser be that of a person of the town."""
        cookie = self.people[person].get_cookie("reread")
        if cookie is not None:
            context.add_cookies([{"name": "reread", "value": cookie.value, "url": self.url}])


@contextmanager
def live_town(folder: Path) -> Iterator[Town]:
    """Build the town, and serve it while it is looked at."""
    settings: Settings = SETTINGS.model_copy(update={"accounts": True, "login": CHEAP, "secret_key": "of the town"})
    recommender = make_recommender(folder / "reread.db", settings=settings)
    loaded_at = to_millisecond(recommender.clock())
    load_demo(recommender, demo_items(loaded_at))
    app = create_app(recommender, db=folder / "reread.db")
    try:
        with serving(app) as url:
            yield _settle(app, recommender, loaded_at, url)
    finally:
        recommender.storage.close()


def _settle(app: Flask, recommender: Recommender, loaded_at: datetime, url: str) -> Town:
    accounts: Accounts = app.extensions[EXTENSION].accounts
    ann = accounts.create("Ann", PASSWORD, "admin")
    town = Town(url, {"nobody": app.test_client()}, {})
    town.people["ann"] = _logged_in(app, accounts, ann)
    town.people["max"] = _logged_in(app, accounts, accounts.create("Max", PASSWORD, "adult"))
    _read(recommender, ann.id, loaded_at)
    _follow(Subscriptions(recommender.storage, recommender.clock), ann.id)
    brought = recommender.storage.items([ARTICLE, STOPPED, SAVED, CLIP]).values()
    deliver(recommender.storage, HARBOUR, {item.id: item.published_at or loaded_at for item in brought})
    _have_a_child(app, accounts, town)
    _come_to_the_door(app, accounts, town)
    _grant(town, f"{loaded_at + timedelta(days=30):%Y-%m-%d}")
    listed = recommender.recommend(Request(ann.id, limit=5))
    town.paths["why"] = f"/why/{listed.id}/{listed.items[0].item}"
    return town


def _logged_in(app: Flask, accounts: Accounts, account: Account) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["login"] = accounts.logins.begin(account)
    return client


def _read(recommender: Recommender, user: str, loaded_at: datetime) -> None:
    """Read one article and go back in it, stop in the middle of another, watch, like, save, hide, mute and follow."""
    at = loaded_at - timedelta(hours=5)
    for purpose in ("feedback", "attention"):
        recommender.storage.put_consent(Consent(user, purpose, True, at, version_of(purpose), "kept", user))
    whole = ReadingStory(ARTICLE, user=user, view="v1", at=at).read(*range(8), seconds=15).go_back(3, seconds=20)
    half = ReadingStory(STOPPED, user=user, view="v2", at=at + timedelta(hours=1)).read(0, 1, seconds=20)
    clip = WatchStory(CLIP, user=user, view="w1", at=at + timedelta(hours=2)).play(0, 8, sound_on=True)
    said = [
        act("like", "demo-en-music-01", user=user, at=at),
        act("save", SAVED, user=user, at=at),
        act("save", CLIP, user=user, at=at),
        act("mute", user=user, at=at, target=("topic", "sport")),
        act("mute", user=user, at=at, target=("keyword", "football")),
        act("follow", user=user, at=at, target=("topic", "space")),
        Hide(id="h", type="hide", at=at, user=user, item=HIDDEN),
    ]
    answer = recommender.observe([*whole.close(), *half.close(), *clip.close(), *said])
    assert not answer.rejected, answer.rejected


def _follow(own: Subscriptions, user: str) -> None:
    """Follow feeds of all kinds of names and states."""
    now = own._clock()
    for name, folder in (("Salt and Light", ("Art", "Photos")), ("Night Trains", ()), ("Harbour News", ("Local",))):
        address = f"https://{name.lower().replace(' ', '-')}.example/feed"
        own.storage.put_feed(replace(own.follow(user, address, title=name, folder=folder).feed, fetched_at=now))
    late = own.follow(user, LONG_ADDRESS, title=LONG_NAME, folder=("Art",)).feed
    slow = replace(late, fetched_at=now, trouble="slow", error="it took longer than 20 s", failures=3)
    own.storage.put_feed(replace(slow, next_at=now + timedelta(hours=2)))
    gone = own.follow(user, "https://gone.example/feed", title="Gone").feed
    own.storage.put_feed(
        replace(gone, fetched_at=now, trouble="gone", error="the server answered 410 Gone", failures=1)
    )
    own.follow(user, "https://ended.example/feed", title="Ended")
    own.end(user, "https://ended.example/feed")


def _grant(town: Town, last_day: str) -> None:
    """Let a university have what Ann told, by a secret address."""
    ann, page = town.people["ann"], "/me/privacy/grants"
    said = {"recipient": "A university", "contact": "study@example.org", "purpose": "A study of reading"}
    answer = send(
        ann, f"{page}/new", page, **said, **{"class": ["feedback", "lists"]}, price="free", ends=last_day, way="address"
    )
    found = re.search(rf"{page}/[\w-]+(?=/revoke)", answer.get_data(as_text=True))
    assert found is not None
    town.paths["grant"] = found[0]


def _have_a_child(app: Flask, accounts: Accounts, town: Town) -> None:
    """Kim asks, Ann says yes, Kim makes the account."""
    kim = app.test_client()
    waiting = _ask(kim, accounts)
    (request,) = accounts.storage.guardian_requests()
    send(town.people["ann"], "/family", "/family", request=request.digest, answer="kept")
    form = {"nickname": "Kim", "password": PASSWORD, "again": PASSWORD}
    assert send(kim, waiting, waiting, **form).status_code == 303
    for client in (town.people["ann"], kim):
        client.get("/me/look")  # what was to be said to them has been said
    town.people["kim"] = kim
    town.paths["child"] = f"/family/{accounts.find('Kim').id}"


def _ask(client: FlaskClient, accounts: Accounts) -> str:
    path = f"/join/{accounts.invite('adult')}"
    be_young(client, path)
    return ask(client, path)


def _come_to_the_door(app: Flask, accounts: Accounts, town: Town) -> None:
    """Some have just been invited: one was asked nothing yet, one is of age, one is to ask, one waits."""
    for person in ("invited", "grown", "young", "waiting"):
        town.people[person] = app.test_client()
        town.paths[person] = f"/join/{accounts.invite('adult')}"
    come_of_age(town.people["grown"], town.paths["grown"])
    be_young(town.people["young"], town.paths["young"])
    town.paths["waiting"] = _ask(town.people["waiting"], accounts)
