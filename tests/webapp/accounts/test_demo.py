"""With accounts an administrator takes the demo out, for everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask.testing import FlaskClient

from reader.recommend.recommender import Recommender
from reader.types import Account
from tests.webapp.accounts.forms import send
from tests.webapp.conftest import NOW
from webapp.demo import demo_items


def test_an_administrator_takes_the_demo_out_for_everybody_and_nobody_else_may(
    recommender: Recommender, make_account: Callable[..., Account], browser_of: Callable[[Account], FlaskClient]
) -> None:
    item = replace(demo_items(NOW)[0], published_at=NOW)
    recommender.add_items([item])
    ada, ben = browser_of(make_account("Ada", "admin")), browser_of(make_account("Ben"))

    assert "Take the demo out" not in ben.get("/feeds").get_data(as_text=True)
    assert send(ben, "/feeds", "/feeds/demo", act="take-out").status_code == 403
    assert f"/a/{item.id}" in ben.get("/latest").get_data(as_text=True)

    assert "Take the demo out" in ada.get("/feeds").get_data(as_text=True)
    assert send(ada, "/feeds", "/feeds/demo", act="take-out").status_code == 303
    assert f"/a/{item.id}" not in ben.get("/latest").get_data(as_text=True)
    assert "Put it back" not in ben.get("/feeds").get_data(as_text=True)
