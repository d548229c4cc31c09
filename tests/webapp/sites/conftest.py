"""A registered site with the small catalogue, and what its pages may ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.ingest.site_items import on_site
from reader.recommend.recommender import Recommender
from reader.types_sites import Site
from tests.webapp.conftest import small_catalogue
from webapp.services import EXTENSION, Services

ORIGIN = "https://news.example"
READER = "ab" * 16
Call = Callable[..., Any]


@pytest.fixture
def services(app: Flask) -> Services:
    found = app.extensions[EXTENSION]
    assert isinstance(found, Services)
    return found


@pytest.fixture
def site(services: Services) -> Site:
    return services.shelf.sites.add("news", [ORIGIN])


@pytest.fixture
def of_site(services: Services, site: Site) -> Recommender:
    """The recommender of the site, with a catalogue."""
    recommender = services.shelf.recommender(site)
    items = [replace(item, url=f"{ORIGIN}/{item.id}") for item in small_catalogue()]
    recommender.add_items([found for item in items if (found := on_site(item, site.origins)) is not None])
    return recommender


@pytest.fixture
def call(client: FlaskClient, site: Site) -> Call:
    """Ask as a page of the site does: call("page", url=…); reader, origin and key can be others."""

    def ask(name: str, *, reader: str = READER, origin: str = ORIGIN, key: str = site.key, **body: Any) -> Any:
        headers = {"Origin": origin, "Content-Type": "text/plain;charset=UTF-8"}
        text = client.application.json.dumps({"reader": reader, **body})
        return client.post(f"/sites/v1/{key}/{name}", data=text, headers=headers)

    return ask
