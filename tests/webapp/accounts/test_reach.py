"""What only another reader's feed brought is nowhere to be had: every address that names an item, from the map."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.types import Account, Article
from tests.builders import deliver
from tests.webapp.conftest import NOW

ADAS_FEED = "https://paid.example/feed?key=of-ada"
WORDS = "Nobody but Ada pays for this sentence."


@pytest.fixture
def private(recommender: Recommender, make_account: Callable[..., Account]) -> tuple[Account, str]:
    """Ada, and the item that her feed brought."""
    ada = make_account("Ada")
    Subscriptions(recommender.storage, recommender.clock).follow(ada.id, ADAS_FEED)
    deliver(recommender.storage, ADAS_FEED, {"paid": NOW})
    recommender.add_items([Article(id="paid", title="Paid", paragraphs=(WORDS,), published_at=NOW, language="en")])
    return ada, "paid"


def addresses(app: Flask, item: str) -> list[tuple[Rule, str]]:
    """Return all that can be asked for by the id of an item alone."""
    adapter = app.url_map.bind("localhost")
    rules = [one for one in app.url_map.iter_rules() if one.arguments == {"item_id"} and "GET" in (one.methods or ())]
    return [(rule, adapter.build(rule.endpoint, {"item_id": item})) for rule in rules]


def test_an_item_of_anothers_feed_is_not_there(
    app: Flask,
    private: tuple[Account, str],
    make_account: Callable[..., Account],
    browser_of: Callable[[Account], FlaskClient],
) -> None:
    ada, item = private
    hers, bobs = browser_of(ada), browser_of(make_account("Bob"))
    shown = set()
    for rule, address in addresses(app, item):
        with hers.get(address) as own, bobs.get(address) as others, bobs.get(address.replace(item, "nothing")) as none:
            assert WORDS not in others.get_data(as_text=True), rule
            assert others.status_code == none.status_code, rule
            if WORDS in own.get_data(as_text=True):
                shown.add(rule.endpoint)
    assert {"pages.article", "pages.copy"} <= shown
