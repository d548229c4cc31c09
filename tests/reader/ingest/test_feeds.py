from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.clock import ManualClock
from reader.errors import InvalidInputError
from reader.ingest.feeds import MAX_ENTRIES, ParsedFeed, parse_feed
from reader.types import AnyItem, Article, Video
from tests.reader.ingest.conftest import NOW
from tests.reader.ingest.feed_files import ATOM, JSON_1_1, MEDIA, ONE, RDF, RSS, TWO, URL, YOUTUBE


def parse(content: str | bytes, **more: Any) -> ParsedFeed:
    data = content.encode() if isinstance(content, str) else content
    return parse_feed(data, more.pop("url", URL), clock=ManualClock(NOW), **more)


def article(item: AnyItem) -> Article:
    assert isinstance(item, Article)
    return item


def video(item: AnyItem) -> Video:
    assert isinstance(item, Video)
    return item


def test_rss_entry_becomes_an_article_with_clean_paragraphs() -> None:
    feed = parse(RSS)

    assert (feed.title, feed.language) == ("The Lantern", "en")
    salt = article(feed.items[0])
    assert salt.title == "Salt & silver"
    assert salt.paragraphs == (ONE, TWO)
    assert salt.published_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert (salt.author, salt.topics, salt.source, salt.language) == (
        "Ada Reed",
        ("history", "trade"),
        "The Lantern",
        "en",
    )
    assert salt.url == "https://lantern.example/salt"


def test_entry_without_title_is_called_by_its_first_words_and_an_empty_one_is_skipped() -> None:
    feed = parse(RSS)

    assert [item.title for item in feed.items[1:]] == [
        "The salt trade built cities along the coast, and the roads between…"
    ]
    assert len(feed.skipped) == 1
    assert feed.skipped[0].startswith("entry 3 ('empty'): title: is missing")


def test_atom_is_read_in_all_its_text_types() -> None:
    feed = parse(ATOM)

    assert (feed.title, feed.language) == ("Der Bote", "de")
    salt, plain = map(article, feed.items)
    assert salt.url == "https://bote.example/a/salz"
    assert salt.paragraphs == (f"Anfang. {ONE}", TWO)
    assert salt.published_at == datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert (salt.author, salt.language, salt.topics) == ("Redaktion", "de", ("Geschichte",))
    assert plain.paragraphs == (ONE, TWO)
    assert plain.published_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert plain.author == "Henrike Lasdorf"


def test_rdf_is_read() -> None:
    (item,) = parse(RDF).items

    old = article(item)
    assert (old.title, old.paragraphs, old.author, old.topics) == ("Salt", (ONE,), "Ada", ("history",))
    assert old.published_at == datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_json_feed_is_read() -> None:
    feed = parse(json.dumps(JSON_1_1))

    assert (feed.title, feed.language, feed.skipped) == ("The Lantern", "en", ())
    salt, nameless = map(article, feed.items)
    assert (salt.paragraphs, salt.author, salt.topics) == ((ONE, TWO), "Ada Reed, Tom Holt", ("history",))
    assert salt.published_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert (nameless.paragraphs, nameless.author, nameless.published_at) == ((ONE, TWO), "The Editors", None)
    assert nameless.title.startswith("The salt trade")


def test_json_feed_1_0_has_one_author_and_may_have_videos() -> None:
    attachment = {"url": "https://a.example/1.mp4", "mime_type": "video/mp4", "duration_in_seconds": 9}
    feed = parse(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1",
                "title": "T",
                "author": {"name": "Ada"},
                "items": [
                    {"id": "1", "title": "Waves", "image": "https://a.example/1.jpg", "attachments": [attachment]},
                    7,
                ],
            }
        )
    )

    waves = video(feed.items[0])
    assert (waves.creator, waves.media_url, waves.duration_s) == ("Ada", "https://a.example/1.mp4", 9.0)
    assert waves.poster_url == "https://a.example/1.jpg"
    assert feed.skipped == ("7 is no entry",)


def test_enclosures_and_media_rss_become_videos() -> None:
    waves, dunes, podcast, bad = parse(MEDIA).items

    assert video(waves).media_url == "https://clips.example/1.mp4"
    assert (video(waves).creator, video(waves).duration_s) == ("Tom Holt", 12.4)
    assert (video(waves).poster_url, video(waves).tags) == ("https://clips.example/1.jpg", ("sea",))
    assert video(waves).description == "The sea at night."
    assert (video(dunes).media_url, video(dunes).duration_s) == ("https://clips.example/2.webm", 62.0)
    assert (podcast.kind, bad.kind) == ("article", "article")


def test_youtube_feed_becomes_videos_that_link_to_their_page() -> None:
    (item,) = parse(YOUTUBE).items

    waves = video(item)
    assert (waves.url, waves.media_url) == ("https://www.youtube.com/watch?v=abc", "")
    assert (waves.creator, waves.description) == ("Sea Channel", "The sea.")
    assert waves.poster_url == "https://i.ytimg.com/vi/abc/hq.jpg"


class TestIds:
    def test_are_the_same_at_every_ingest_and_differ_between_entries(self) -> None:
        ids = [item.id for item in parse(RSS).items + parse(MEDIA).items]

        assert ids == [item.id for item in parse(RSS).items + parse(MEDIA).items]
        assert len(set(ids)) == len(ids)
        assert all(id.startswith("feed-") for id in ids)

    def test_guid_of_one_feed_says_nothing_about_another(self) -> None:
        assert parse(RSS).items[0].id != parse(RSS, url="https://other.example/feed").items[0].id

    def test_guid_for_the_whole_world_is_the_same_in_every_feed(self) -> None:
        assert parse(ATOM).items[0].id == parse(ATOM, url="https://other.example/feed").items[0].id

    def test_follow_the_guid_and_not_title_or_text(self) -> None:
        assert parse(RSS).items[0].id == parse(RSS.replace("silver", "gold")).items[0].id

    def test_entry_that_comes_twice_is_taken_once_the_first_time(self) -> None:
        item = "<item><guid>1</guid><title>{}</title></item>"
        feed = parse(f'<rss version="2.0"><channel>{item.format("New")}{item.format("Old")}</channel></rss>')

        assert [one.title for one in feed.items] == ["New"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "looks like nothing at all"),
        (b"<!DOCTYPE html><html><head><title>News</title></head><body><p>Hi</p></body></html>", "a web page"),
        (b"<html><body>&lt;rss&gt; <rss></body></html>", "a web page"),
        (b"<p>Hello</p>", "a web page"),
        (b"just some words", "plain text"),
        (b"%PDF-1.7 ...", "a PDF"),
        (bytes(range(256)), "binary data"),
        (b"<?xml version='1.0'?><opml version='2.0'><body/></opml>", "XML that is no feed"),
        (b'{"a": 1}', "it has no list of items"),
        (b"[1, 2]", "it has no list of items"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "broken JSON"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "it has no list of items"),
        (b"[" * 100_000, "broken JSON"),
    ],
)
def test_what_is_no_feed_is_told_what_it_looks_like(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words) as caught:
        parse(content)

    assert URL in caught.value.detail
    assert caught.value.remedy


def test_page_that_names_its_feed_gives_the_remedy() -> None:
    page = '<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><body>Hi</body></html>'

    with pytest.raises(InvalidInputError, match=r"the page names https://lantern\.example/rss\.xml"):
        parse(page)


def test_empty_feed_is_a_feed() -> None:
    assert parse('<rss version="2.0"><channel><title>T</title></channel></rss>') == ParsedFeed("T", "", (), ())


def test_of_a_broken_feed_what_can_be_read_is_taken() -> None:
    broken = RSS[: RSS.index("</item>")] + "</item><item><title>Cut & off"

    feed = parse(broken)

    assert feed.items[0].title == "Salt & silver"
    assert feed.skipped[0].startswith("the feed is damaged (")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (RSS.replace("Salt", "Säure").replace("UTF-8", "ISO-8859-1").encode("latin-1"), ""),
        (RSS.replace("Salt", "Säure").encode("latin-1"), "application/rss+xml; charset=iso-8859-1"),
        (RSS.replace("Salt", "Säure").encode("latin-1"), ""),
        (RSS.replace("Salt", "Säure").encode("latin-1"), "application/rss+xml; charset=utf-8"),
        (RSS.replace("Salt", "Säure").replace("UTF-8", "UTF-16").encode("utf-16"), ""),
        (b"\xef\xbb\xbf" + RSS.replace("Salt", "Säure").encode(), ""),
        (b"\n  " + RSS.replace("Salt", "Säure").encode(), ""),
        (RSS.replace("Salt", "Säure").encode(), "text/html"),
    ],
    ids=["declared", "header", "undeclared", "wrong header", "utf-16", "bom", "leading blanks", "sent as html"],
)
def test_charsets_are_found_even_where_they_are_told_wrongly(content: bytes, content_type: str) -> None:
    assert parse(content, content_type=content_type).items[0].title == "Säure & silver"


@pytest.mark.parametrize("external", ["file:///etc/passwd", "http://127.0.0.1:9/x"])
def test_external_entities_are_not_loaded(external: str) -> None:
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{external}">]>'
    feed = parse(
        f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><item><title>a&x;b</title></item></channel></rss>'
    )

    assert all("root:" not in item.title for item in feed.items)


@pytest.mark.parametrize("number", ["99999999999", "xd800", "0", "9" * 5_000, "x110000"])
def test_reference_to_no_character_costs_no_feed(number: str) -> None:
    feed = parse(RSS.replace("history", f"hi&#{number};story"))

    assert article(feed.items[0]).paragraphs == (ONE, TWO)
    assert article(feed.items[0]).topics[0] == "hi\ufffdstory"


def test_entity_bomb_does_not_go_off() -> None:
    levels = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{levels}]><rss version="2.0"><channel>'
    began = time.process_time()

    feed = parse(f"{bomb}<item><title>Boom &l9;</title><description>{ONE}</description></item></channel></rss>")

    assert time.process_time() - began < 30
    assert sum(len(str(item)) for item in feed.items) < 2_000


def test_no_more_than_a_thousand_entries_are_taken() -> None:
    items = "".join(f"<item><guid>{n}</guid><title>t{n}</title></item>" for n in range(MAX_ENTRIES + 5))
    feed = parse(f'<rss version="2.0"><channel>{items}</channel></rss>')

    assert len(feed.items) == MAX_ENTRIES
    assert feed.skipped == ("5 entries beyond the first 1,000",)


def test_overlong_and_wrong_fields_cost_no_entry() -> None:
    entry = (
        f"<item><guid>1</guid><title>{'long ' * 500}</title><link>javascript:alert(1)</link>"
        f"<author>{'A' * 500}</author>"
        f"<pubDate>Fri, 31 Dec 2100 00:00:00 GMT</pubDate>{'<category>c</category>' * 60}"
        f"<category>{'c' * 200}</category></item>"
    )
    (item,) = parse(f'<rss version="2.0"><channel><language>English!</language>{entry}</channel></rss>').items

    assert len(item.title) <= 1_000
    assert item.title.endswith("…")
    assert (item.url, item.published_at, item.topics, item.language) == ("", None, ("c",), "")


def test_entry_with_too_much_text_is_skipped_and_named() -> None:
    item = f"<item><guid>1</guid><title>Big</title><description>{'word ' * 500_000}</description></item>"
    feed = parse(f'<rss version="2.0"><channel>{item}<item><title>Small</title></item></channel></rss>')

    assert [one.title for one in feed.items] == ["Small"]
    assert feed.skipped[0].startswith("entry 1 ('Big'): paragraphs: holds 2,499,999 bytes")


_DOCUMENTS = [RSS, ATOM, RDF, MEDIA, YOUTUBE, json.dumps(JSON_1_1)]


@given(st.sampled_from(_DOCUMENTS), st.integers(0, 2_000), st.integers(0, 60), st.binary(max_size=12))
def test_damaged_feed_gives_items_or_an_error_that_says_so(document: str, start: int, length: int, junk: bytes) -> None:
    data = document.encode()
    damaged = data[:start] + junk + data[start + length :]
    try:
        feed = parse(damaged)
    except InvalidInputError as error:
        feed = None
        message = str(error)

    assert feed is not None or URL in message
    assert feed is None or all(item.title for item in feed.items)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda one: (
            st.lists(one)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "url",
                        "title",
                        "authors",
                        "author",
                        "name",
                        "tags",
                        "attachments",
                        "content_html",
                        "mime_type",
                    ]
                ),
                one,
            )
        ),
    )
)
def test_any_json_in_the_items_does_no_harm(found: Any) -> None:
    feed = parse(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [found], "title": found}))

    assert len(feed.items) + len(feed.skipped) == 1


def test_what_a_podcast_gives_to_listen_to_comes_along() -> None:
    """The first that has an address, of RSS and of JSON Feed; what has no audio has none."""
    rss_found = parse(
        """<rss version="2.0"><channel><title>Salt</title><item><title>One</title><guid>1</guid>
        <enclosure type="audio/mpeg" length="9" url="ftp://salt.example/1.mp3"/>
        <enclosure type="audio/mpeg" length="9" url="/1.mp3"/></item>
        <item><title>Two</title><guid>2</guid></item></channel></rss>""",
    ).items
    attached = [{"url": "https://salt.example/1.ogg", "mime_type": "Audio/ogg"}]
    entries = [{"id": "1", "title": "One", "attachments": attached}, {"id": "2", "title": "Two"}]
    json_found = parse(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Salt", "items": entries})
    ).items

    assert [item.audio_url for item in rss_found if isinstance(item, Article)] == [urljoin(URL, "/1.mp3"), ""]
    assert [item.audio_url for item in json_found if isinstance(item, Article)] == ["https://salt.example/1.ogg", ""]
