"""The document by itself: whatever is in the values, it keeps to RFC 4287."""

from __future__ import annotations

from datetime import UTC, datetime

import feedparser  # type: ignore[import-untyped]  # it has no annotations
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]  # it has no annotations

from webapp.outlets.atom import Clip, Entry, Feed, write_atom

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TEXTS = st.text(max_size=20)
CLIPS = st.builds(
    Clip,
    st.sampled_from(["", "https://v.example/a.mp4"]),
    st.just("video/mp4"),
    st.sampled_from(["", "https://v.example/a.jpg"]),
    st.floats(0, 1e5),
)
ENTRIES = st.builds(
    Entry,
    id=st.uuids().map(lambda one: f"urn:uuid:{one}"),
    title=TEXTS,
    url=st.just("http://localhost/a/1"),
    updated=st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)),
    author=st.text(min_size=1, max_size=9, alphabet="ab &<>"),
    paragraphs=st.lists(TEXTS, max_size=3).map(tuple),
    why=TEXTS,
    original_url=st.sampled_from(["", "https://news.example/?a=1&b=2"]),
    source=TEXTS,
    language=st.sampled_from(["", "en", "de-AT"]),
    categories=st.lists(TEXTS, max_size=2).map(tuple),
    clip=st.none() | CLIPS,
    full_text=st.booleans(),
)


def feed_of(*entries: Entry) -> Feed:
    where = "http://localhost/feeds/for-you/x.atom"
    return Feed("urn:uuid:1", "Reread: For you", AT, where, "http://localhost/", "Reread", "1", entries)


@settings(max_examples=40)
@given(st.lists(ENTRIES, max_size=3))
def test_whatever_is_in_it_is_valid(grammar: etree.RelaxNG, entries: list[Entry]) -> None:
    """Control characters, lone surrogates and markup among it."""
    document = write_atom(feed_of(*entries))

    tree = etree.fromstring(document)
    assert grammar.validate(tree), grammar.error_log
    assert len(tree.findall("{*}entry")) == len(entries)
    assert write_atom(feed_of(*entries)) == document


def test_the_grammar_finds_mistakes(grammar: etree.RelaxNG) -> None:
    """Each of these would be let through by a grammar that lets all through."""
    entry = Entry("urn:uuid:2", "T", "http://localhost/a/1", AT, "Ada")
    sound = write_atom(feed_of(entry))
    for name in (b"id", b"updated", b"title", b"author"):
        broken = sound.replace(b"<%s>" % name, b"<x%s>" % name).replace(b"</%s>" % name, b"</x%s>" % name)
        assert not grammar.validate(etree.fromstring(broken))
    assert not grammar.validate(etree.fromstring(sound.replace(b"T12:00:00.000Z", b"")))
    assert not grammar.validate(etree.fromstring(sound.replace(b' href="http://localhost/a/1"', b"")))


def test_an_entry_as_a_feed_reader_sees_it() -> None:
    entry = Entry(
        *("urn:uuid:2", "Eels & <eggs>", "http://localhost/a/1?list=l1&position=3", AT, "Ada"),
        paragraphs=("5 < 6 & so on.", "The end."),
        why="Why it is here: You follow eels.",
        original_url="https://news.example/eels",
        source="Paper 3",
        language="en",
        categories=("oceans",),
        clip=Clip("https://v.example/a.webm", "video/webm", "https://v.example/a.jpg", 8.4),
        full_text=True,
    )

    parsed = feedparser.parse(write_atom(feed_of(entry)))

    assert not parsed.bozo
    assert (parsed.version, parsed.feed.title, parsed.feed.updated) == (
        *("atom10", "Reread: For you", "2026-11-23T12:00:00.000Z"),
    )
    (one,) = parsed.entries
    assert (one.id, one.title, one.author, one.link) == (
        *("urn:uuid:2", "Eels & <eggs>", "Ada", "http://localhost/a/1?list=l1&position=3"),
    )
    assert one.content[0].value == (
        "<p>5 &lt; 6 &amp; so on.</p><p>The end.</p><p><em>Why it is here: You follow eels.</em></p>"
    )
    assert one.summary == "<p>5 &lt; 6 &amp; so on.</p><p><em>Why it is here: You follow eels.</em></p>"
    assert [tag.term for tag in one.tags] == ["oceans"]
    assert one.source.title == "Paper 3"
    assert [(link.type, link.href) for link in one.enclosures] == [("video/webm", "https://v.example/a.webm")]
    assert one.media_content[0]["duration"] == "8"
    assert one.media_thumbnail[0]["url"] == "https://v.example/a.jpg"
    assert [link.href for link in one.links if link.rel == "via"] == ["https://news.example/eels"]
