from __future__ import annotations

import pytest

from reader.ingest.sniffing import decode, feed_links, sniff


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"", "nothing at all"),
        (b" \r\n\xef\xbb\xbf", "nothing at all"),
        (b"<rss version='2.0'>", "a feed"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?>\n<!-- <html> --><rss>", "a feed"),
        (b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>", "a feed"),
        (b"<rdf:RDF xmlns:rdf='x'>", "a feed"),
        (b"<atom:feed xmlns:atom='x'>", "a feed"),
        ("<?xml version='1.0' encoding='utf-16'?><rss>".encode("utf-16"), "a feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "a JSON feed"),
        (b'{"items": [' + b" " * 9_000 + b'], "version": "https:\\/\\/jsonfeed.org\\/version\\/1.1"}', "a JSON feed"),
        (b"{}", "JSON"),
        (b"<!DOCTYPE html><p>", "a web page (HTML)"),
        (b"<HTML><BODY>", "a web page (HTML)"),
        (b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'>", "a web page (HTML)"),
        (b"<!doctype html><body>Write <rss> and <feed>", "a web page (HTML)"),
        (b"<?xml version='1.0'?><opml><head/><body/></opml>", "XML that is no feed"),
        (b"<svg></svg>", "XML that is no feed"),
        (b"Hello", "plain text"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary data"),
    ],
)
def test_forms_are_told_apart(content: bytes, form: str) -> None:
    assert sniff(content) == form


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("Säure".encode(), ""),
        ("Säure".encode("utf-8-sig"), "text/html; charset=latin-1"),
        ("Säure".encode("utf-16"), ""),
        ("Säure".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        ("Säure".encode("cp1252"), ""),
        ("Säure".encode("latin-1"), "text/html; charset=utf-8"),
        ("Säure".encode(), "text/html; charset=nonsense"),
    ],
)
def test_charsets_are_found_as_browsers_do(content: bytes, content_type: str) -> None:
    assert decode(content, content_type) == "Säure"


def test_charset_of_a_meta_tag_counts() -> None:
    page = '<meta charset="koi8-r">Соль'

    assert decode(page.encode("koi8-r")) == page


def test_one_broken_byte_does_not_spoil_a_whole_page() -> None:
    assert decode("Säure ".encode() * 3 + b"\xff") == "Säure Säure Säure �"


def test_feeds_that_a_page_names_are_found() -> None:
    page = """<link rel=stylesheet href=/a.css>
    <link rel="alternate" href='/rss' type="application/rss+xml"
    >    <LINK TYPE="application/atom+xml" REL="alternate" HREF="https://a.example/atom">
    <link href="/icon.png" rel="icon">"""

    assert feed_links(page) == ["/rss", "https://a.example/atom"]
