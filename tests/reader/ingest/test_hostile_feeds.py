"""Feeds in every dialect, two hundred broken ones and hostile ones, over real HTTP on loopback beside good ones.

What is wrong with one costs at most its own items: the good feeds in the same round are read whole.
"""

from __future__ import annotations

import gzip
import random
import resource
import threading
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from reader.clock import ManualClock
from reader.ingest.feeds import parse_feed
from reader.ingest.refreshing import Refreshed
from reader.types import Article
from tests.reader.ingest.conftest import NOW, Handler, Site, make_fetcher
from tests.reader.ingest.dialects import DIALECTS, LINKS, TEXTS, TITLES
from tests.reader.ingest.feed_world import World

BROKEN = 200
GOOD = DIALECTS["Atom 1.0"].document.replace("salt.example", "good.example").encode()
Attack = Callable[[Site], str]


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_says_the_same(name: str) -> None:
    """As far as it can: titles, links, texts, dates, authors."""
    dialect = DIALECTS[name]

    parsed = parse_feed(dialect.document.encode(), "https://salt.example/feed", clock=ManualClock(NOW))

    assert (parsed.title, parsed.site_url, parsed.skipped) == ("Salt", "https://salt.example/", ())
    assert tuple(item.title for item in parsed.items) == TITLES
    assert tuple(item.url for item in parsed.items) == LINKS
    assert tuple(" ".join(item.paragraphs) for item in parsed.items) == TEXTS
    days = [item.published_at.day if item.published_at else None for item in parsed.items]
    assert days == ([20, 19, 18] if dialect.dated else [None] * 3)
    authors = {item.author for item in parsed.items if isinstance(item, Article)}
    assert authors == ({"Ada"} if dialect.authored else {""})


def test_entries_keep_their_ids_from_one_dialect_to_another() -> None:
    """A site that changes from RSS to Atom, with the same names of its entries, brings nothing twice."""
    rss, atom = (DIALECTS[name].document.encode() for name in ("RSS 2.0 with namespaces", "Atom 1.0"))

    ids = [
        [item.id for item in parse_feed(content, "https://salt.example/", clock=ManualClock(NOW)).items]
        for content in (rss, atom)
    ]

    assert ids[0] == ids[1]


def broken(seed: int) -> bytes:
    """Return one of the dialects with one to eight things done to it: bytes cut, doubled, swapped, drawn, tags lost."""
    rng = random.Random(seed)
    content = bytearray(
        rng.choice(list(DIALECTS.values())).document.encode(rng.choice(["utf-8", "utf-8", "utf-16", "latin-1"]))
    )
    for _ in range(rng.randint(1, 8)):
        at, length = rng.randrange(len(content)), rng.randint(1, 60)
        piece = bytes(content[at : at + length])
        match rng.randrange(7):
            case 0:
                del content[at : at + length]
            case 1:
                content[at:at] = piece * rng.randint(2, 50)
            case 2:
                content[at : at + length] = rng.randbytes(length)
            case 3:
                content[at:at] = rng.choice(
                    [b"<![CDATA[", b"]]>", b"<!--", b"&#xD800;", b"&nope;", b"\x00", b"</item>", b"<item>"]
                )
            case 4:
                content = content[:at] if at > 100 else content
            case 5:
                content[at:at] = b"<deep>" * rng.randint(1, 2_000)
            case _:
                content = content.replace(b">", b"", rng.randint(1, 3))
    return bytes(content)


def refreshed(site: Site, clock: ManualClock, *attacks: Attack, **fetching: Any) -> tuple[World, Refreshed]:
    """Refresh good feeds on four hosts beside the attacks, each on a host of its own."""
    fetcher = make_fetcher(clock=clock, resolve=lambda host, port: ["127.0.0.1"], **fetching)
    world = World(clock, fetcher)
    site.put("/good", GOOD)
    world.follow(*(f"http://good{number}.test:{site.port}/good" for number in range(4)))
    for number, attack in enumerate(attacks):
        world.follow(f"http://bad{number}.test:{site.port}{attack(site)}")
    return world, world.refresh()


def check_the_good(world: World) -> None:
    """Their entries are the same, so that each is there once; every one of the four feeds was read."""
    good = [feed for feed in world.storage.feeds() if "good" in feed.url]
    assert [(feed.trouble, feed.title, feed.succeeded_at) for feed in good] == [("", "Salt", NOW)] * 4
    assert {title for title in world.titles} >= set(TITLES)


def test_two_hundred_broken_feeds_cost_themselves(site: Site, clock: ManualClock) -> None:
    """Of each comes what can be read, or a sentence that says why not."""

    def served(number: int) -> Attack:
        def attack(site: Site) -> str:
            site.put(f"/{number}", broken(number))
            return f"/{number}"

        return attack

    world, done = refreshed(site, clock, *map(served, range(BROKEN)))

    assert done.feeds == BROKEN + 4
    check_the_good(world)
    for feed in world.storage.feeds():
        assert feed.fetched_at == NOW
        assert (feed.trouble == "") == (feed.error == "") == (feed.succeeded_at == NOW)
        assert feed.trouble in ("", "no feed"), feed.error
    read = sum(feed.trouble == "" for feed in world.storage.feeds())
    assert BROKEN * 0.5 < read < BROKEN + 4  # they are broken, and most can be read in part


# --- hostile --------------------------------------------------------------------------------------


def billion_laughs(site: Site) -> str:
    entities = '<!ENTITY a "haha haha haha haha haha haha haha haha ">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(12)
    )
    body = (
        f"<?xml version='1.0'?><!DOCTYPE x [{entities}]><rss version='2.0'><channel><title>&m;</title></channel></rss>"
    )
    site.put("/laughs", body.encode())
    return "/laughs"


def hundred_megabytes(site: Site) -> str:
    def page(handler: Handler) -> None:
        handler.start()
        handler.wfile.write(b"<rss version='2.0'><channel><title>")
        for _ in range(100):
            handler.wfile.write(b"x" * 1_000_000)

    site.pages["/large"] = page
    return "/large"


def said_to_be_large(site: Site) -> str:
    site.pages["/said"] = lambda handler: handler.start(headers={"Content-Length": "100000000000"})
    return "/said"


def slow_drip(site: Site) -> str:
    def page(handler: Handler) -> None:
        handler.start()
        while not site.closing.wait(0.01):
            handler.wfile.write(b"<rss>")
            handler.wfile.flush()

    site.pages["/drip"] = page
    return "/drip"


def silence(site: Site) -> str:
    site.pages["/silence"] = lambda handler: void(site.closing.wait(30))
    return "/silence"


def void(_: object) -> None:
    """Do nothing."""


def redirect_loop(site: Site) -> str:
    site.redirect("/loop", "/pool", 301)
    site.redirect("/pool", "/loop", 301)
    return "/loop"


def endless_redirects(site: Site) -> str:
    for number in range(30):
        site.redirect(f"/hop/{number}", f"/hop/{number + 1}")
    return "/hop/0"


def leads_to_a_file(site: Site) -> str:
    site.redirect("/file", "file:///etc/passwd")
    return "/file"


def gzip_bomb(site: Site) -> str:
    site.put("/gzip", gzip.compress(bytes(100_000_000)), Content_Encoding="gzip")
    return "/gzip"


def deflate_bomb(site: Site) -> str:
    site.put("/deflate", zlib.compress(bytes(100_000_000)), Content_Encoding="deflate")
    return "/deflate"


def wrong_charset(site: Site) -> str:
    content = DIALECTS["RSS 2.0"].document.replace("?>", " encoding='utf-16'?>", 1).encode("latin-1")
    site.put("/charset", content, Content_Type="application/rss+xml; charset=klingon")
    return "/charset"


def deep_nesting(site: Site) -> str:
    site.put("/deep", b"<rss version='2.0'><channel><title>Deep</title>" + b"<item>" * 200_000)
    return "/deep"


def deep_json(site: Site) -> str:
    site.put("/json", b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 500_000)
    return "/json"


def sixty_thousand_entries(site: Site) -> str:
    site.put("/many", b"<rss version='2.0'><channel><title>Many</title>" + b"<item><title>x</title></item>" * 60_000)
    return "/many"


def nothing_but_tags(site: Site) -> str:
    site.put("/tags", b"<rss version='2.0'><channel><title>Tags</title>" + b"<x><y/></x>" * 800_000)
    return "/tags"


def broken_http(site: Site) -> str:
    def page(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: -7\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")

    site.pages["/http"] = page
    return "/http"


def a_picture(site: Site) -> str:
    site.put("/picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100, Content_Type="application/rss+xml")
    return "/picture"


def a_date_beyond_all_dates(site: Site) -> str:
    site.put("/beyond", b"", status=503, Retry_After="Tue, 24 Nov 99999999999999 00:00:00 GMT")
    return "/beyond"


# What is attacked -> the trouble that is told; "" where the feed can be read all the same.
ATTACKS: dict[Attack, tuple[str, ...]] = {
    billion_laughs: ("", "no feed"),
    hundred_megabytes: ("too large",),
    said_to_be_large: ("too large",),
    slow_drip: ("slow",),
    silence: ("slow",),
    redirect_loop: ("redirects",),
    endless_redirects: ("redirects",),
    leads_to_a_file: ("other",),
    gzip_bomb: ("too large",),
    deflate_bomb: ("too large",),
    wrong_charset: ("",),
    deep_nesting: ("", "no feed"),
    deep_json: ("no feed",),
    sixty_thousand_entries: ("",),
    nothing_but_tags: ("no feed",),
    broken_http: ("no connection",),
    a_picture: ("no feed",),
    a_date_beyond_all_dates: ("server",),
}
MEGABYTE = 1 << 20


def test_hostile_feeds_cost_themselves_and_neither_time_nor_memory_of_the_others(
    site: Site, clock: ManualClock
) -> None:
    """All at once. The time of an answer is short, but enough for 10 MB on a busy machine; size is at its default."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    threads = threading.active_count()

    world, done = refreshed(site, clock, *ATTACKS, fetch_timeout_s=8.0)

    assert done.feeds == len(ATTACKS) + 4
    check_the_good(world)
    told = {feed.url.split(f":{site.port}/")[1]: feed.trouble for feed in world.storage.feeds() if "bad" in feed.url}
    site.pages.clear()
    wanted = {attack(site)[1:]: allowed for attack, allowed in ATTACKS.items()}
    assert {path: trouble for path, trouble in told.items() if trouble not in wanted[path]} == {}
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / MEGABYTE
    assert grown_mb < 400, "the largest body is 10 MB, and eight are read at once"
    site.closing.set()
    assert threading.active_count() <= threads + 40


@pytest.mark.parametrize("attack", [wrong_charset, sixty_thousand_entries])
def test_what_can_be_read_of_a_hostile_feed_is_taken(site: Site, clock: ManualClock, attack: Attack) -> None:
    world, done = refreshed(site, clock, attack)

    assert done.failed == 0
    if attack is wrong_charset:
        texts = {text for _, item in world.storage.items_after(0) if "salt" in item.url for text in item.paragraphs}
        assert set(TEXTS) <= texts
    else:
        assert any("entries beyond the first 1,000" in problem.detail for problem in done.problems)


def test_an_entry_that_is_wrong_costs_itself_alone(site: Site, clock: ManualClock) -> None:
    """Its neighbours are taken, and what was wrong is named with its place in the feed."""
    wrong = "<item><title></title><description></description></item>"
    document = DIALECTS["RSS 2.0"].document.replace("<item>", f"{wrong}<item>", 1)

    def attack(site: Site) -> str:
        site.put("/wrong", document.encode())
        return "/wrong"

    world, done = refreshed(site, clock, attack)

    assert {item.url for _, item in world.storage.items_after(0)} >= set(LINKS)
    assert [problem.detail[:13] for problem in done.problems] == ["entry 1 (''):"]
