"""Addresses lose what follows the reader, and nothing else; pictures that count readers never come in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.ingest.html import blocks
from reader.ingest.items import parse_item
from reader.ingest.tracking import without_tracking

PLAIN = "https://news.example/2026/11/salt?page=2"


@pytest.mark.parametrize(
    "parameters",
    [
        "utm_source=rss&utm_medium=feed&utm_campaign=rss",
        "UTM_Source=Newsletter",
        "fbclid=IwAR0abc",
        "gclid=Cj0&gbraid=0AA&wbraid=x",
        "mc_cid=1a2b&mc_eid=3c4d",
        "at_medium=RSS&at_campaign=KARANGA",
        "mtm_campaign=x&pk_kwd=y",
        "amp;utm_content=x",
        "xtor=RSS-3208",
        "%75tm_source=rss",
    ],
)
def test_what_follows_the_reader_goes(parameters: str) -> None:
    assert without_tracking(f"{PLAIN}&{parameters}") == PLAIN
    assert without_tracking(PLAIN.replace("?", f"?{parameters}&")) == PLAIN
    assert without_tracking(f"https://news.example/salt?{parameters}") == "https://news.example/salt"


@pytest.mark.parametrize(
    "url",
    [
        PLAIN,
        "https://news.example/a?id=7&ref=front&source=wire#part-2",
        "https://news.example/search?q=utm_source%3Drss&empty=&flag",
        "https://news.example/a;v=1?b=%C3%A4+c&b=2",
        "https://news.example/#!/a/7",
        "",
    ],
)
def test_all_else_stays_letter_by_letter(url: str) -> None:
    assert without_tracking(url) == url


@given(st.lists(st.sampled_from(["a=1", "b", "utm_source=x", "c=%20", "fbclid=y", "d=1=2"])))
def test_it_is_done_once_and_keeps_the_order(pairs: list[str]) -> None:
    url = "https://news.example/a" + ("?" + "&".join(pairs) if pairs else "")

    once = without_tracking(url)

    assert without_tracking(once) == once
    kept = [pair for pair in pairs if not pair.startswith(("utm_", "fbclid"))]
    assert once == "https://news.example/a" + ("?" + "&".join(kept) if kept else "")


def test_items_come_in_without_it() -> None:
    item = parse_item({"id": "a", "kind": "article", "title": "Salt", "url": f"{PLAIN}&utm_source=rss"})

    assert item.url == PLAIN


@pytest.mark.parametrize(
    "pixel",
    [
        '<img src="https://count.example/p.gif?id=7" width="1" height="1">',
        '<img alt="" style="display:none" src="https://stats.example/b.gif?host=x&blog=1">',
        '<div class="feedflare"><a href="https://feeds.example/~ff/x"><img src="https://feeds.example/~ff/x?d=yIl2AUoC8zA"></a></div>',
        '<iframe src="https://count.example/frame" width="0" height="0"></iframe>',
        '<object data="https://count.example/o"></object><script src="https://count.example/s.js"></script>',
    ],
)
def test_pixels_leave_no_trace(pixel: str) -> None:
    text = "It was once worth its weight in gold, or so they say in the towns that sold it."

    assert blocks(f"<p>{text}</p>{pixel}") == [text]
