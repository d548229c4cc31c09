"""OPML in and out."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.clock import ManualClock
from reader.errors import InvalidInputError
from reader.ingest.opml import MAX_OPML_BYTES, MAX_OUTLINES, MAX_VALUE, Opml, Outline, parse_opml, write_opml
from reader.ingest.opml_plan import export
from reader.ingest.subscriptions import Subscriptions
from reader.storage.memory import MemoryStorage
from reader.types_feeds import Feed, Folder, Place, Subscription
from tests.reader.ingest.conftest import NOW
from tests.reader.ingest.opml_files import FRESHRSS, LAYOUTS, MINIFLUX, NEWSBLUR


def outlines(content: str | bytes) -> list[Any]:
    """Read a file by other means than the code does: outlines as attributes and children."""

    def below(element: ElementTree.Element) -> list[Any]:
        return [(dict(child.attrib), below(child)) for child in element if child.tag == "outline"]

    body = ElementTree.fromstring(content if isinstance(content, bytes) else content.encode()).find("body")
    assert body is not None
    return below(body)


def subscriptions(storage: MemoryStorage | None = None) -> Subscriptions:
    return Subscriptions(storage or MemoryStorage(), ManualClock(NOW))


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_layouts_of_other_readers_come_in_and_go_out_unchanged(name: str) -> None:
    """Through a reader's subscriptions: every outline with all of its attributes, in its folder and its order."""
    own = subscriptions()

    own.take_in("ada", LAYOUTS[name].encode())

    assert outlines(own.export("ada")) == outlines(LAYOUTS[name])


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_went_out_changes_nothing_when_it_comes_in_again(name: str) -> None:
    own = subscriptions()
    own.take_in("ada", LAYOUTS[name].encode())
    before = own.export("ada")

    found = own.take_in("ada", before)

    assert found.with_status("new") == []
    assert own.export("ada") == before


NAMES = st.text(
    st.characters(min_codepoint=33, exclude_categories=["Cs", "Cc", "Cn", "Co", "Zs", "Zl", "Zp"]),
    min_size=1,
    max_size=8,
)
FEEDS = st.builds(
    lambda name, number, extra: Outline(name, f"https://{number}.example/?a=1&b", {"type": "rss", **extra}),
    NAMES,
    st.integers(0, 10**6),
    st.dictionaries(st.sampled_from(["htmlUrl", "version", "{https://freshrss.org/opml}priority", "{urn:x}y"]), NAMES),
)
# Some four folders deep; what is deeper than `MAX_DEPTH` is cut, which is another test's affair.
TREES = st.recursive(
    FEEDS,
    lambda inner: st.builds(
        lambda name, children: Outline(name, "", {}, tuple(children)), NAMES, st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(TREES, max_size=4))
def test_any_tree_can_be_written_and_read(tree: list[Outline]) -> None:
    written = write_opml(Opml("Feeds <of> Ada & Bob", tuple(tree)))

    assert parse_opml(written) == Opml("Feeds <of> Ada & Bob", tuple(tree))


def test_a_plan_says_what_is_new_what_is_there_and_what_is_broken() -> None:
    own = subscriptions()
    own.follow("ada", "https://lantern.example/feed.xml", name="My lantern")
    file = b"""<opml version="1.0"><body>
      <outline text="News">
        <outline text="The Lantern" type="rss" xmlUrl="https://lantern.example/feed.xml"/>
        <outline text="Salt" type="rss" xmlUrl="https://salt.example/feed"/>
        <outline text="Salt again" type="rss" xmlUrl="https://salt.example/feed"/>
        <outline text="Lost" type="rss"/>
        <outline text="Elsewhere" type="rss" xmlUrl="file:///etc/passwd"/>
      </outline>
    </body></opml>"""

    found = own.plan("ada", file)

    assert [one.name for one in found.with_status("new")] == ["Salt"]
    assert [one.name for one in found.with_status("known")] == ["The Lantern"]
    assert [(one.name, one.detail) for one in found.with_status("broken")] == [
        ("Lost", "it has no address (xmlUrl)"),
        ("Elsewhere", "file:///etc/passwd is no http(s) address"),
    ]
    assert found.new_folders == (("News",),)
    assert [one.feed.url for one in own.of("ada")] == ["https://lantern.example/feed.xml"]


def test_what_is_followed_already_keeps_its_name_and_folder() -> None:
    own = subscriptions()
    own.follow("ada", "https://lantern.example/feed.xml", name="My lantern", folder=("Mine",))

    own.take_in("ada", NEWSBLUR.encode())

    (lantern,) = [one for one in own.of("ada") if "lantern" in one.feed.url]
    assert (lantern.name, lantern.folders) == ("My lantern", (("Mine",),))
    assert len(own.of("ada")) == 4


def test_only_what_was_chosen_is_taken() -> None:
    own = subscriptions()

    own.take_in("ada", MINIFLUX.encode(), chosen=["https://wetter.example/atom", "https://not-in-the-file.example/"])

    assert [one.feed.url for one in own.of("ada")] == ["https://wetter.example/atom"]


def test_a_feed_that_others_follow_is_fetched_once() -> None:
    """What is known of it stays: a second reader does not make it new."""
    storage = MemoryStorage()
    storage.put_feed(Feed("https://salt.example/rss?a=1&b=2", "Salt", etag="1"))

    subscriptions(storage).take_in("bob", MINIFLUX.encode())

    assert storage.feed("https://salt.example/rss?a=1&b=2") == Feed(
        "https://salt.example/rss?a=1&b=2", "Salt", etag="1"
    )


def test_what_is_added_here_goes_out_with_all_that_another_reader_wants() -> None:
    own = subscriptions()
    own.follow(
        "ada", "https://salt.example/", title="Salt", site_url="https://salt.example/home", folder=("News", "World")
    )

    wanted = {
        "text": "Salt",
        "title": "Salt",
        "type": "rss",
        "xmlUrl": "https://salt.example/",
        "htmlUrl": "https://salt.example/home",
    }
    assert outlines(own.export("ada")) == [({"text": "News"}, [({"text": "World"}, [(wanted, [])])])]


def test_a_new_name_goes_out() -> None:
    own = subscriptions()
    own.take_in("ada", MINIFLUX.encode())

    own.rename("ada", "https://lantern.example/feed.xml", "  My   lantern ")

    assert b'text="My lantern"' in own.export("ada")
    assert b"The Lantern" not in own.export("ada")


@pytest.mark.parametrize(
    "content",
    [b"", b"not XML", b"<html><body><p>No</p></body></html>", b"<opml/>", b"\x00\x01", b"<rss><channel/></rss>", b"<"],
)
def test_what_is_no_opml_is_refused_with_a_remedy(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"is no OPML file; give the file that another reader exported"):
        parse_opml(content)


def test_a_file_too_large_is_not_read() -> None:
    with pytest.raises(InvalidInputError, match="give at most 5,000,000"):
        parse_opml(b" " * (MAX_OPML_BYTES + 1))


def test_a_bare_ampersand_costs_nothing() -> None:
    """Common in the wild."""
    found = parse_opml(b'<opml><body><outline text="A & B" xmlUrl="https://a.example/?a=1&b=2"/></body></opml>')

    assert [(one.name, one.url) for one in found.outlines] == [("A & B", "https://a.example/?a=1&b=2")]
    assert found.notes == ()


def test_a_file_cut_short_gives_what_is_there() -> None:
    found = parse_opml(NEWSBLUR[: NEWSBLUR.index("Nothing yet")].encode())

    assert [one.name for one in found.outlines] == ["At the top", "News"]
    assert found.notes


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE o [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + "]>",
        '<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_are_not_resolved(bomb: str) -> None:
    entity = "&j;" if "&i;" in bomb else "&a;"
    found = parse_opml(
        f'{bomb}<opml><body><outline text="x{entity}" xmlUrl="https://a.example/"/></body></opml>'.encode()
    )

    assert len(found.outlines[0].name) < 100
    assert "root" not in found.outlines[0].name


def test_endless_values_and_folders_are_cut_and_told() -> None:
    deep = '<outline text="f">' * 50 + "</outline>" * 50
    found = parse_opml(
        f'<opml><body><outline text="a" xmlUrl="https://a/" x="{"y" * (MAX_VALUE + 1)}"/>{deep}</body></opml>'.encode()
    )

    assert found.outlines[0].attributes == {}
    assert len(found.notes) == 2


def test_other_alphabets_and_encodings_are_read() -> None:
    text = '<?xml version="1.0" encoding="{}"?><opml><body><outline text="Größe" xmlUrl="https://a.example/"/></body></opml>'

    for encoding in ("utf-8", "iso-8859-1", "utf-16"):
        assert parse_opml(text.format(encoding).encode(encoding)).outlines[0].name == "Größe"


def test_attributes_in_a_namespace_keep_their_prefix() -> None:
    own = subscriptions()
    own.take_in("ada", FRESHRSS.encode())

    assert b'xmlns:frss="https://freshrss.org/opml"' in own.export("ada")
    assert b'frss:priority="important"' in own.export("ada")


def test_a_list_of_very_many_folders_is_written() -> None:
    """Going through all of them for each, this would take hours; half are known by what stands in them alone."""
    half = 50_000
    places = tuple(Place(("Feeds", f"{number:06}"), number) for number in range(half))
    folders = [Folder((f"{number:06}",), number) for number in range(half, 2 * half)]

    found = export([Subscription("ada", "https://a.example/", places=places)], folders, {}).outlines

    assert [one.name for one in found] == ["Feeds", *(folder.path[0] for folder in folders)]
    assert [one.name for one in found[0].children] == [place.folder[1] for place in places]


def test_no_reader_has_more_folders_than_a_file_may_have() -> None:
    """And what would make more changes nothing."""
    own = Subscriptions(MemoryStorage(), ManualClock(NOW))
    folders = [Folder((f"{number}",), number) for number in range(MAX_OUTLINES)]
    own.storage.put_folders("ada", folders)

    with pytest.raises(InvalidInputError, match=r"folders: 20,001 are too many; have at most 20,000"):
        own.take_in("ada", write_opml(Opml("", (Outline("One more", "", {}, (Outline("A", "https://a.example/"),)),))))

    assert own.of("ada") == []
    assert own.storage.feeds() == []
    assert own.folders("ada") == sorted(folders, key=lambda folder: folder.path)
    own.take_in("ada", write_opml(Opml("", (Outline("7", "", {}, (Outline("A", "https://a.example/"),)),))))
    assert [one.folders for one in own.of("ada")] == [(("7",),)]
