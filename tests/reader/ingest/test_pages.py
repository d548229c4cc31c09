from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reader.clock import ManualClock
from reader.errors import InvalidInputError
from reader.ingest.pages import MAX_TAGS, parse_page
from reader.types import Article
from tests.reader.ingest.conftest import NOW

URL = "https://bote.example/salz"
TEXTS = (
    "Beneath the town lies a dome of salt, and for centuries the people of Lüneburg lived on nothing but its brine.",
    "Workers boiled it in lead pans day and night, and carters hauled the barrels to Lübeck along the Old Salt Road.",
    "The canal of 1398 let barges carry what carts had carried, and the price of herring fell from here to Bergen.",
)
PAGE = f"""<!DOCTYPE html>
<html lang="de-DE"><head><meta charset="utf-8"><title>Salz für Lüneburg - Der Bote</title>
<meta property="og:site_name" content="Der Bote"><meta name="author" content="Ada Grün">
<meta property="article:published_time" content="2026-11-20T08:30:00+01:00">
<link rel="alternate" type="application/rss+xml" href="/rss"><style>p {{ color: red }}</style></head>
<body><nav><a href="/">Start</a> <a href="/sport">Sport</a> <a href="/politik">Politik</a></nav>
<article><h1>Salz für Lüneburg</h1><p>{TEXTS[0]}</p><script>alert("no")</script>
<h2>The road</h2><p>{TEXTS[1]}</p><p>{TEXTS[2]}</p></article>
<footer><p>Impressum Datenschutz Cookies</p></footer></body></html>"""


def parse(page: str | bytes, url: str = URL, content_type: str = "") -> Article:
    content = page if isinstance(page, bytes) else page.encode()
    return parse_page(content, url, content_type=content_type, clock=ManualClock(NOW))


def test_article_is_found_in_a_page() -> None:
    article = parse(PAGE)

    assert article.title == "Salz für Lüneburg"
    assert article.paragraphs == (TEXTS[0], f"The road. {TEXTS[1]}", TEXTS[2])
    assert (article.author, article.source, article.language, article.url) == ("Ada Grün", "Der Bote", "de", URL)
    assert article.published_at == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


def test_id_follows_the_address_alone() -> None:
    changed = PAGE.replace("Salz für Lüneburg", "Neues Salz")

    assert parse(PAGE).id == parse(changed).id
    assert parse(PAGE).id != parse(PAGE, "https://bote.example/other").id


@pytest.mark.parametrize("content_type", ["text/html; charset=iso-8859-1", ""])
def test_charset_comes_from_header_or_meta(content_type: str) -> None:
    page = PAGE.replace("utf-8", "iso-8859-1").encode("latin-1")

    assert parse(page, content_type=content_type).paragraphs[0] == TEXTS[0]


def test_date_without_a_time_is_midnight() -> None:
    page = PAGE.replace("2026-11-20T08:30:00+01:00", "2026-11-20")

    assert parse(page).published_at == datetime(2026, 11, 20, tzinfo=UTC)


def test_date_in_json_ld_counts() -> None:
    data = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-11-19T10:00:00Z"}</script>'
    page = PAGE.replace('<meta property="article:published_time" content="2026-11-20T08:30:00+01:00">', data)

    assert parse(page).published_at == datetime(2026, 11, 19, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<html><body><nav><a href='/'>Home</a></nav></body></html>", "nothing to read"),
        ("<html><body><script>app()</script></body></html>", "nothing to read"),
        ("<html>" + "<div>" * 5_000, "nothing to read"),
        ("<html>" + "<p>" * (MAX_TAGS + 1), "more than 60,000 tags"),
        ("", "nothing at all"),
        ("%PDF-1.7", "a PDF"),
        ("<?xml version='1.0'?><rss></rss>", "looks like a feed"),
        ("{}", "looks like JSON"),
    ],
)
def test_page_without_an_article_is_a_clear_error(html: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words) as caught:
        parse(html)

    assert URL in caught.value.detail
    assert caught.value.remedy


def test_front_page_that_names_its_feed_gives_the_remedy() -> None:
    page = '<html><head><link type="application/rss+xml" rel="alternate" href="/rss"></head><body><h1>News</h1></body>'

    with pytest.raises(InvalidInputError, match=r"give its feed instead: https://bote\.example/rss"):
        parse(page)
