"""Secret addresses where there are accounts: whose they are, when they close, and what a child's gives."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.outlets import Outlets
from reader.accounts.registry import Accounts
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.settings_limits import LimitSettings, RateSettings
from reader.types import Account, Consent, Impression, Video
from tests.reader.accounts.conftest import CHEAP
from tests.webapp.conftest import NOW
from tests.webapp.outlets.conftest import ids_in

MakeAccount = Callable[..., Account]
FEW = LimitSettings(lists=RateSettings(per_minute=6, burst=3))


@pytest.fixture
def path_for(recommender: Recommender) -> Callable[[Account], str]:
    """Return a maker of addresses of somebody's For you."""
    outlets = Outlets(recommender.storage, recommender.clock, with_accounts=True)
    return lambda account: f"/feeds/for-you/{outlets.make(account.id, 'for-you', '')[0]}.atom"


@pytest.mark.parametrize("settings", [Settings(secret_key="k", accounts=True, login=CHEAP, limits=FEW)])
def test_each_secret_has_a_share_of_requests(
    app: Flask, make_account: MakeAccount, path_for: Callable[[Account], str], settings: Settings
) -> None:
    ada, client = make_account("Ada"), app.test_client()
    greedy, other = path_for(ada), path_for(ada)

    assert [client.get(greedy).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client.get(other).status_code == 200


def test_nobody_revokes_what_is_another_s(
    app: Flask,
    make_account: MakeAccount,
    browser_of: Callable[[Account], FlaskClient],
    path_for: Callable[[Account], str],
    recommender: Recommender,
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    ada, eve = make_account("Ada"), make_account("Eve")
    path = path_for(ada)
    (outlet,) = recommender.storage.outlets(ada.id)

    assert browser_of(eve).post("/me/addresses/revoke", data={"address": outlet.digest}).status_code == 404
    assert app.test_client().get(path).status_code == 200


def test_closing_or_erasing_an_account_closes_its_addresses(
    app: Flask,
    accounts: Accounts,
    make_account: MakeAccount,
    path_for: Callable[[Account], str],
    recommender: Recommender,
) -> None:
    make_account("Root", "admin")
    ada, bob, client = make_account("Ada"), make_account("Bob"), app.test_client()
    hers, his = path_for(ada), path_for(bob)

    accounts.disable(ada, "root")
    recommender.storage.erase_user(bob.id)

    assert [client.get(path).status_code for path in (hers, his)] == [404, 404]
    accounts.enable(ada, "root")
    assert client.get(hers).status_code == 200


def test_a_child_s_follows_what_the_guardian_allows(
    app: Flask, make_account: MakeAccount, path_for: Callable[[Account], str], recommender: Recommender
) -> None:
    """Newest first, nothing written down, nothing of other sites; with a yes to feedback by profile."""
    storage = recommender.storage
    recommender.add_items([Video(id="far", title="Far", published_at=NOW, media_url="https://v.example/x.mp4")])
    kim, client = make_account("Kim", "child"), app.test_client()
    path = path_for(kim)

    document = client.get(path).get_data(as_text=True)

    assert ids_in(client, path)[:2] == ["far", "energy-0"]
    assert "In order of time" in document
    assert "v.example" not in document
    assert not [event for event in storage.iter_events() if isinstance(event, Impression)]
    storage.put_consent(Consent(kim.id, "feedback", True, NOW, "", level="kept", actor="guardian"))
    assert "In order of time" not in client.get(path).get_data(as_text=True)
    storage.drop_child(kim.id)
    assert client.get(path).status_code == 404
