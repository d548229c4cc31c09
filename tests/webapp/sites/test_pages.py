"""Pages that readers propose: what a redirect leads to is not looked into unless it is on the site."""

from __future__ import annotations

import pytest

from reader.clock import ManualClock
from reader.errors import FetchError
from tests.reader.ingest.conftest import NOW, Site, make_fetcher
from webapp.services import Services
from webapp.sites.pages import Proposals, Proposed


@pytest.mark.parametrize("body", [b"<html><p>No article.</p></html>", b'<meta property="og:type" content="article">'])
def test_what_lies_off_the_site_is_not_looked_into(services: Services, body: bytes) -> None:
    """Whatever it is."""
    with Site() as own, Site() as other:
        site = services.shelf.sites.add("served", [own.url])
        own.redirect("/page", other.put("/page", body, Content_Type="text/html"))
        proposals = Proposals(services.shelf, make_fetcher(), ManualClock(NOW))

        with pytest.raises(FetchError, match="leads off the site"):
            proposals._take(Proposed(site, f"{own.url}/page"))

        assert services.shelf.recommender(site).storage.item_count() == 0


def test_an_article_of_the_site_is_taken(services: Services) -> None:
    text = "The brine of the salt flats was measured again, and it was larger than anybody had thought before. " * 8
    page = f'<html><head><meta property="og:type" content="article"><title>Brine</title></head><p>{text}</p></html>'
    with Site() as own:
        site = services.shelf.sites.add("served", [own.url])
        proposals = Proposals(services.shelf, make_fetcher(), ManualClock(NOW))

        assert proposals.propose(site, own.put("/page", page.encode(), Content_Type="text/html"))
        proposals.settle()

        ((_, item),) = services.shelf.recommender(site).storage.items_after(0)
        assert item.title == "Brine"
