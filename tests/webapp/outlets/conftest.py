"""Outlets of the local reader, and what fetches them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import etree  # type: ignore[import-untyped]  # it has no annotations

from reader.accounts.outlets import Outlets
from reader.recommend.recommender import Recommender
from reader.types_outlets import OutletKind

MakeOutlet = Callable[..., str]


@pytest.fixture(scope="session")
def grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


@pytest.fixture
def make_outlet(recommender: Recommender) -> MakeOutlet:
    """Return a maker of outlets, which returns the path of the address."""
    outlets = Outlets(recommender.storage, recommender.clock, with_accounts=recommender.settings.accounts)

    def make(user: str = "local", kind: OutletKind = "for-you", **options: object) -> str:
        secret, _ = outlets.make(user, kind, "Phone", **options)  # type: ignore[arg-type]  # as the test gives them
        return f"/feeds/{kind}/{secret}.atom"

    return make


def path_of(address: str) -> str:
    return urlsplit(address).path


def secret_in(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".atom")


def ids_in(client: FlaskClient, path: str) -> list[str]:
    """Return the items that a feed links to, in order."""
    tree = etree.fromstring(client.get(path).data)
    links = tree.findall("{*}entry/{*}link[@rel='alternate']")
    return [urlsplit(link.get("href", "")).path.removeprefix("/a/") for link in links]
