"""Sitemaps: what they list, in which order, and what hostile ones cannot do."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.errors import InvalidInputError
from reader.ingest.sitemaps import Listed, is_sitemap, parse_sitemap

URL = "https://news.example/sitemap.xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = f"""<?xml version="1.0"?><urlset {NAMESPACE} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://news.example/undated</loc></url>
<url><loc> https://news.example/old </loc><lastmod>2026-11-01</lastmod></url>
<url><loc>/new?a=1&amp;b=2</loc><news:news><news:publication_date>2026-11-20T08:00:00+01:00</news:publication_date>
  <news:title>New</news:title></news:news></url>
<url><loc>https://news.example/broken-date</loc><lastmod>yesterday</lastmod></url>
<url></url></urlset>""".encode()
INDEX = f"""<sitemapindex {NAMESPACE}><sitemap><loc>https://news.example/a.xml</loc></sitemap>
<sitemap><loc>https://news.example/b.xml.gz</loc><lastmod>2026-11-20</lastmod></sitemap></sitemapindex>""".encode()


def test_pages_come_newest_first() -> None:
    found = parse_sitemap(NEWS, URL).pages

    assert found[:2] == (
        Listed("https://news.example/new?a=1&b=2", datetime(2026, 11, 20, 7, tzinfo=UTC)),
        Listed("https://news.example/old", datetime(2026, 11, 1, tzinfo=UTC)),
    )
    assert [one.url.rsplit("/", 1)[1] for one in found[2:]] == ["undated", "broken-date"]


def test_an_index_leads_to_others() -> None:
    found = parse_sitemap(INDEX, URL)

    assert [one.url for one in found.sitemaps] == ["https://news.example/b.xml.gz", "https://news.example/a.xml"]
    assert found.pages == ()


def test_gzipped_is_the_same() -> None:
    assert parse_sitemap(gzip.compress(NEWS), URL) == parse_sitemap(NEWS, URL)


@pytest.mark.parametrize(
    "content", [b"", b"<rss/>", b"<html></html>", b"\x1f\x8bnonsense", gzip.compress(b"<rss/>", mtime=0)]
)
def test_what_is_no_sitemap_is_refused(content: bytes) -> None:
    assert not is_sitemap(content)
    with pytest.raises(InvalidInputError, match="no sitemap"):
        parse_sitemap(content, URL)


def test_what_is_too_damaged_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="too damaged"):
        parse_sitemap(b"\x00\x00<urlset>", URL)


def test_entities_are_not_expanded() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    document = (
        f'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY e0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{bomb}]>'
    )
    document += f"<urlset {NAMESPACE}><url><loc>https://news.example/&e29;&f;</loc></url></urlset>"

    assert all(len(one.url) < 100 for one in parse_sitemap(document.encode(), URL).pages)


@given(st.data())
def test_damage_costs_entries_and_nothing_else(data: st.DataObject) -> None:
    """Bytes changed, lost and put in at any place: a sitemap comes out, or a plain refusal."""
    content = bytearray(NEWS)
    for _ in range(data.draw(st.integers(1, 20))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=10))
    try:
        found = parse_sitemap(bytes(content), URL)
    except InvalidInputError:
        return
    assert len(found.pages) <= 20
