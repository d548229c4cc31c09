"""How it ranks: generated from the settings in force and the factors there are."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import BaseModel

from reader.clock import ManualClock
from reader.recommend.describing import SECTIONS, describe_families
from reader.recommend.recommender import Recommender
from reader.settings import InterestSettings, RankingSettings, Settings
from tests.webapp.pages.test_pages import send, text_of
from webapp.app import create_app


@pytest.fixture
def page(client: FlaskClient) -> str:
    return html.unescape(text_of(client, "/about/ranking"))


def test_every_family_is_there_with_its_count_and_formulas(page: str, recommender: Recommender) -> None:
    families = describe_families(recommender.registry.specs)

    assert f"{len(recommender.registry.specs):,} factors in {len(families)} families" in page
    for family in families:
        assert f"<code>{family.name}</code>" in page
        assert re.search(
            rf"{re.escape(family.words.label)}<span class=\"tag\">{family.words.factor_class}</span>"
            rf".*?{re.escape(family.words.description)}.*?>{family.count}</td>.*?>{family.weighing}</td>",
            page,
        )
        for form in family.forms:
            assert form.formula in page
            assert f"{form.unit}, " in page
            assert f"Source: {form.source}" in page


def shown(settings: BaseModel, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each setting, as the page writes them."""
    for name in type(settings).model_fields:
        value: Any = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from shown(value, f"{prefix}.{name}")
        elif isinstance(value, bool):
            yield f"{prefix}.{name}", "on" if value else "off"
        elif isinstance(value, tuple):
            yield f"{prefix}.{name}", ", ".join(value) or "none"
        else:
            yield f"{prefix}.{name}", f"{value:g}".replace("-", "−")


@pytest.mark.parametrize("section", SECTIONS)
def test_every_setting_is_there_by_name_and_value(page: str, settings: Settings, section: str) -> None:
    rows = dict(re.findall(r'<code>([\w.]+)</code>(?:(?!</tr>).)*breaks" lang="en">([^<]*)</td></tr>', page, re.S))

    expected = dict(shown(getattr(settings, section), section))
    assert {name: value for name, value in rows.items() if name.startswith(f"{section}.")} == expected


def test_as_shipped_nothing_is_off_and_nothing_changed(page: str) -> None:
    assert "Nothing: all of this is at work." in page
    assert "Changed" not in page


class TestChanged:
    """The same page where somebody has changed settings."""

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(
            secret_key="a key for tests",
            ranking=RankingSettings(list_length=44, exploring_every=7, candidates_fresh=0),
            interests=InterestSettings(open_credit=0.77, hot_discount=False),
        )

    def test_the_page_follows(self, page: str) -> None:
        assert re.search(r"ranking\.list_length</code>\s*<br><strong>Changed; by default 60\.", page)
        assert "One place in 7 tries something new" in page
        assert re.search(r"An item opened</th><td><code>open</code></td><td[^>]*>0.77<", page)
        assert "No candidates for being new" in page
        assert "that rule is off" in page

    def test_without_exploring_none_is_promised(self, client: FlaskClient, recommender: Recommender) -> None:
        recommender.settings = recommender.settings.model_copy(
            update={"ranking": RankingSettings(exploring_every=1000)}
        )

        page = text_of(client, "/about/ranking")

        assert "tries something new" not in page
        assert "No place is given by chance" in page


def test_what_was_learned_is_told(client: FlaskClient, clock: ManualClock) -> None:
    assert "there was none to learn from yet" in text_of(client, "/about/ranking")
    card = re.search(r'class="title"[^>]*><a href="([^"]+)"', text_of(client, "/"))
    assert card
    client.get(html.unescape(card[1]))
    clock.at += timedelta(hours=1)
    send(client, "/act", act="like", item="space-0")

    page = text_of(client, "/about/ranking")

    assert "It has learned from 1 list." in page
    moved = re.search(r"([\d,]+) weights have moved", page)
    assert moved
    assert int(moved[1].replace(",", "")) > 10


def test_in_german_what_settings_mean_and_what_is_off_is_german(recommender: Recommender) -> None:
    """Names and formulas are as in the documents."""
    interests = recommender.settings.interests.model_copy(update={"fading": False, "signals_off": ("open",)})
    recommender.settings = recommender.settings.model_copy(update={"interests": interests})
    page = create_app(recommender).test_client().get("/about/ranking", headers={"Accept-Language": "de"}).text

    assert "<li>Gutschriften verblassen nicht (<code>interests.fading</code>)</li>" in page
    assert "<li>Aus dem Signal open wird nichts gelernt (<code>interests.signals_off</code>)</li>" in page
    assert "<summary>Wie eine Liste entsteht</summary>" in page
    assert "Gelesen: verweilt mindestens diesen Anteil der erwarteten Zeit" in page
    settings = page.partition('id="settings"')[2]
    assert "untuned" not in settings
    assert "<summary lang" not in settings
