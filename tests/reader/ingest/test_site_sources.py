"""Feed, sitemap and pages of a site on loopback -> its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pytest

from reader.clock import ManualClock
from reader.ingest.fetch import Fetcher
from reader.ingest.site_items import page_id
from reader.ingest.site_sources import SiteSources
from reader.ingest.sources import Problem
from reader.types import AnyItem, Article
from tests.reader.ingest.conftest import Site

SENTENCE = "The {name} of the salt flats was measured again, and it was larger than anybody had thought before. "


class Catalogue:
    """What is known so far."""

    def __init__(self) -> None:
        self.items: dict[str, AnyItem] = {}

    def known(self, ids: Sequence[str]) -> Mapping[str, AnyItem]:
        return {key: self.items[key] for key in ids if key in self.items}


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue()


@pytest.fixture
def sources(site: Site, fetcher: Fetcher, clock: ManualClock, catalogue: Catalogue) -> SiteSources:
    return SiteSources((site.url,), fetcher, catalogue.known, clock)


def text_of(name: str) -> str:
    return SENTENCE.format(name=name) * 8


def put_page(site: Site, name: str) -> str:
    body = (
        f"<!doctype html><html><head><title>{name}</title></head><body><article><p>{text_of(name)}</p></article></body>"
    )
    return site.put(f"/{name}", body.encode(), Content_Type="text/html")


def put_sitemap(site: Site, path: str, urls: Sequence[str], kind: str = "url") -> str:
    inner = "".join(f"<{kind}><loc>{escape(url)}</loc></{kind}>" for url in urls)
    root = "urlset" if kind == "url" else "sitemapindex"
    return site.put(path, f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'.encode())


def put_feed(site: Site, entries: Mapping[str, str]) -> str:
    inner = "".join(
        f"<item><title>{name}</title><link>{site.url}/{name}</link><description>{escape(text)}</description></item>"
        for name, text in entries.items()
    )
    return site.put("/feed.xml", f'<rss version="2.0"><channel><title>News</title>{inner}</channel></rss>'.encode())


def load(sources: SiteSources, source: str, limit: int = 10) -> tuple[dict[str, AnyItem], list[Problem]]:
    found = list(sources.load(source, limit))
    items = {one.url.rsplit("/", 1)[1]: one for one in found if not isinstance(one, Problem)}
    return items, [one for one in found if isinstance(one, Problem)]


def asked(site: Site) -> list[str]:
    return [path for path, _ in site.asked]


def test_a_sitemap_gives_its_pages(site: Site, sources: SiteSources) -> None:
    urls = [put_page(site, name) for name in ("brine", "roads")]
    index = put_sitemap(site, "/index.xml", [put_sitemap(site, "/sitemap.xml", urls)], "sitemap")

    items, problems = load(sources, index)

    assert problems == []
    assert {name: item.id for name, item in items.items()} == {url.rsplit("/", 1)[1]: page_id(url) for url in urls}
    assert items["brine"].paragraphs == (text_of("brine").strip(),)


def test_a_bad_sitemap_of_an_index_costs_itself(site: Site, sources: SiteSources) -> None:
    """Missing, no sitemap, or damaged: each is told, and the pages of the others are taken."""
    good = put_sitemap(site, "/good.xml", [put_page(site, "brine")])
    bad = [f"{site.url}/none.xml", site.put("/page.xml", b"<p>No.</p>"), site.put("/nul.xml", b"\x00\x00<urlset>")]
    site.put("/none.xml", b"", 404)

    items, problems = load(sources, put_sitemap(site, "/index.xml", [*bad, good], "sitemap"))

    assert list(items) == ["brine"]
    assert [problem.source for problem in problems] == bad


def test_known_pages_are_not_fetched_again_unless_asked(
    site: Site, sources: SiteSources, catalogue: Catalogue, fetcher: Fetcher, clock: ManualClock
) -> None:
    sitemap = put_sitemap(site, "/sitemap.xml", [put_page(site, "brine")])
    items, _ = load(sources, sitemap)
    catalogue.items = {item.id: item for item in items.values()}

    assert load(sources, sitemap) == ({}, [])
    assert asked(site).count("/brine") == 1

    again = SiteSources((site.url,), fetcher, catalogue.known, clock, again=True)
    assert list(load(again, sitemap)[0]) == ["brine"]


def test_no_more_pages_than_wished_are_fetched(site: Site, sources: SiteSources) -> None:
    sitemap = put_sitemap(site, "/sitemap.xml", [put_page(site, f"part-{number}") for number in range(5)])

    assert len(load(sources, sitemap, limit=2)[0]) == 2
    assert len(site.asked) == 3


def test_nothing_of_another_site_is_asked_for(site: Site, sources: SiteSources) -> None:
    with Site() as other:
        foreign = put_page(other, "brine")
        inside = put_sitemap(site, "/sitemap.xml", [foreign])
        index = put_sitemap(site, "/index.xml", [put_sitemap(other, "/s.xml", [foreign])], "sitemap")

        assert load(sources, inside) == ({}, [])
        assert load(sources, index) == ({}, [])
        assert "not on the site" in load(sources, foreign)[1][0].detail
        site.redirect("/moved", foreign)
        assert "not on the site" in load(sources, f"{site.url}/moved")[1][0].detail

        assert asked(other) == ["/brine"]  # the redirect was followed; what came was not taken


def test_a_feed_of_whole_texts_needs_no_pages(site: Site, sources: SiteSources) -> None:
    feed = put_feed(site, {"brine": text_of("brine")})

    items, problems = load(sources, feed)

    assert (list(items), problems, asked(site)) == (["brine"], [], ["/feed.xml"])
    assert items["brine"].id == page_id(f"{site.url}/brine")


def test_a_feed_of_summaries_leads_to_the_pages(site: Site, sources: SiteSources, catalogue: Catalogue) -> None:
    put_page(site, "brine")
    feed = put_feed(site, {"brine": "In short.", "gone": "No longer there."})
    site.put("/gone", b"", status=404)

    items, problems = load(sources, feed)

    assert items["brine"].paragraphs == (text_of("brine").strip(),)
    assert items["gone"].paragraphs == ("No longer there.",)
    assert [problem.source for problem in problems] == [f"{site.url}/gone"]
    catalogue.items = {item.id: item for item in items.values()}
    assert list(load(sources, feed)[0]) == []


def test_a_single_page_is_an_item(site: Site, sources: SiteSources) -> None:
    items, problems = load(sources, put_page(site, "brine"))

    assert isinstance(items["brine"], Article)
    assert problems == []
