"""Items of a publisher's site: addresses, ids, and what a page declares of itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.clock import ManualClock
from reader.errors import InvalidInputError
from reader.ingest.json_ld import declared_article, declares_article
from reader.ingest.site_items import on_site, page_address, page_id, parse_site_page
from reader.types import Article
from tests.reader.ingest.conftest import NOW

ORIGINS = ("https://news.example", "https://www.news.example")
URL = "https://news.example/salt"
TEXT = [
    "Salt was once worth its weight in gold, and whole towns lived on the roads it took.",
    "The brine under the flats holds another treasure today: the lithium of our batteries.",
]


def declared(**fields: Any) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "White gold", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def page(head: str = "", paragraphs: list[str] = TEXT) -> bytes:
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    head = f'<!doctype html><html lang="en"><head><title>White gold</title>{head}</head>'
    return f"{head}<body><article>{text}</article></body></html>".encode()


def parse(content: bytes, url: str = URL) -> Article:
    return parse_site_page(content, url, ORIGINS, clock=ManualClock(NOW))


@pytest.mark.parametrize(
    "same",
    [
        "https://news.example/salt#end",
        "HTTPS://NEWS.example:443/salt",
        "https://news.example/salt?utm_source=mail&utm_medium=x",
        "https://news.example/salt?fbclid=1",
    ],
)
def test_one_page_has_one_address(same: str) -> None:
    assert page_address(same) == URL
    assert page_id(page_address(same)) == page_id(URL)


def test_what_tells_pages_apart_stays() -> None:
    ids = {page_address(f"{URL}{end}") for end in ("", "/", "?id=1", "?id=2", "?id=1&page=2")}

    assert len(ids) == 5


@given(st.text(max_size=80))
def test_any_text_has_an_address_or_none(text: str) -> None:
    """And that of an address is itself."""
    found = page_address(f"https://news.example/{text}")

    assert found == "" or page_address(found) == found


def test_an_item_of_another_site_is_none_of_ours() -> None:
    ours = on_site(Article(id="feed-7", title="Salt", url=f"{URL}?utm_source=feed"), ORIGINS)

    assert ours == Article(id=page_id(URL), title="Salt", url=URL)
    assert on_site(Article(id="x", title="X", url="https://elsewhere.example/salt"), ORIGINS) is None
    assert on_site(Article(id="x", title="X"), ORIGINS) is None


def test_what_the_page_declares_counts_before_what_is_found() -> None:
    said = {
        "author": [{"@type": "Person", "name": "Ada Byron"}, {"name": "Bob"}],
        "datePublished": "2026-11-20T08:00:00+01:00",
        "publisher": {"@type": "Organization", "name": "The News"},
        "articleSection": ["Science", "History"],
    }
    found = parse(page(declared(**said)))

    assert found.title == "White gold"
    assert found.author == "Ada Byron, Bob"
    assert found.published_at == datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert (found.source, found.topics) == ("The News", ("Science", "History"))
    assert list(found.paragraphs) == TEXT
    assert (found.id, found.url) == (page_id(URL), URL)


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_text_that_only_scripts_would_show_is_taken_from_the_declaration(gap: str) -> None:
    content = page(declared(articleBody=gap.join(TEXT)), paragraphs=[])

    assert list(parse(content).paragraphs) == TEXT


def test_the_canonical_address_counts_if_it_is_on_the_site() -> None:
    ours = page('<link href="/salt-and-gold?x=1&amp;y=2" rel="canonical">')
    foreign = page('<link rel="canonical" href="https://elsewhere.example/salt">')

    assert parse(ours).url == "https://news.example/salt-and-gold?x=1&y=2"
    assert parse(foreign).url == URL


def test_a_page_of_another_site_is_refused() -> None:
    """Even if it says that it is one of ours: that is where a redirect has led."""
    with pytest.raises(InvalidInputError, match="not on the site"):
        parse(page(), "https://elsewhere.example/salt")


def test_a_page_without_a_text_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="nothing to read"):
        parse(page(declared(articleBody="Too short."), paragraphs=[]))


@pytest.mark.parametrize(
    ("html", "is_one"),
    [
        (declared(), True),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"WebSite"},{"@type":["BlogPosting"]}]}</script>',
            True,
        ),
        ('<meta property="og:type" content="article">', True),
        ("<meta content='article' property='og:type'>", True),
        ('<meta property="og:type" content="website">', False),
        ('<script type="application/ld+json">{"@type":"Recipe"}</script>', False),
        ('<script type="application/ld+json">{"@type":"NewsArticle",</script>', False),
        (f'<script type="application/ld+json">{"[" * 100_000}</script>', False),
        ("", False),
    ],
)
def test_what_says_that_it_is_an_article(html: str, is_one: bool) -> None:
    assert declares_article(html) is is_one


@pytest.mark.parametrize("field", ["headline", "author", "publisher", "articleBody", "articleSection", "datePublished"])
@pytest.mark.parametrize("value", [None, 7, [], [[]], {}, {"name": 7}, [{"name": None}], "", "\u0000"])
def test_nonsense_in_a_declaration_is_as_if_it_were_not_there(field: str, value: Any) -> None:
    found = declared_article(declared(**{field: value}))

    assert found is not None
    assert parse(page(declared(**{field: value}))).title == "White gold"


@pytest.mark.parametrize("end", ["", "</script>"])
def test_a_page_of_unclosed_declarations_is_gone_through_once(end: str) -> None:
    """Going on to the end of the page from each of them would take the better part of a day."""
    html = '<script type="application/ld+json">' * 200_000 + end

    assert declared_article(html) is None


def test_a_declaration_after_a_broken_one_is_found() -> None:
    broken = '<script type="application/ld+json">{"@type":</SCRIPT><script>1</script>'

    found = declared_article(broken + declared(headline="Salt").replace("script", "SCRIPT"))

    assert found is not None
    assert found.title == "Salt"
