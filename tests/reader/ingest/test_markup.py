"""How paragraphs look: what of a page's HTML is kept beside their text, and that nothing in it acts."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.errors import InvalidItemError
from reader.ingest.items import parse_item
from reader.ingest.markup import safe_markup, with_calm_pictures, without_pictures
from reader.records import item_from_record, item_record
from reader.types import Article
from tests import hostile
from tests.reader.ingest.auditing import article_of, audited

LONG = "Sea water stands in shallow pans for weeks before anything happens."
PIECES = [
    *(f"<{tag}>" for tag in ("p", "b", "ul", "li", "table", "tr", "th", "td", "pre", "blockquote", "h2", "a", "img")),
    *(f"</{tag}>" for tag in ("p", "b", "ul", "li", "table", "pre", "blockquote", "h2", "a")),
    *("<br>", "<br><br>", LONG, "salt ", "&lt;b&gt;", "\n", '<img src="https://a.example/b.png">', "<table><th>x"),
]


@pytest.mark.parametrize(
    ("html", "markup"),
    [
        (f"<p>{LONG}</p>", ""),
        (f"<div>{LONG} <b>Twice</b></div>", f"<p>{LONG} <b>Twice</b></p>"),
        (f"<h1>Salt</h1><p>{LONG}</p>", f"<h2>Salt</h2><p>{LONG}</p>"),
        (f"<h4>Salt</h4><p>{LONG}</p>", f"<h3>Salt</h3><p>{LONG}</p>"),
        (f"<ol start=3><li>{LONG}<li>Two</ol>", f'<ol start="3"><li>{LONG}</li><li>Two</li></ol>'),
        (f"<blockquote>{LONG}</blockquote>", f"<blockquote><p>{LONG}</p></blockquote>"),
        (f"<pre>if salt:\n    {LONG}</pre>", f"<pre>if salt:\n    {LONG}</pre>"),
        (f"<p>{LONG} 1 &lt; <i>2</i></p>", f"<p>{LONG} 1 &lt; <i>2</i></p>"),
        (f'<p>{LONG}<a href="javascript:x">x</a></p>', f'<p>{LONG}<a rel="nofollow noopener noreferrer">x</a></p>'),
        (f"<table><tr><td>{LONG}</td></tr></table>", ""),
    ],
)
def test_one_paragraph_looks_as_it_did(html: str, markup: str) -> None:
    found = article_of(html)

    assert len(found.paragraphs) == 1
    assert found.markup == ((markup,) if markup else ())


def test_a_table_with_heads_is_one_paragraph() -> None:
    found = article_of(f"<table><caption>Salt<tr><th>Year<th>Tonnes<tr><td>2020<td>15</table><p>{LONG}</p>")

    assert found.paragraphs == (f"Salt • Year Tonnes • 2020 15. {LONG}",)
    assert re.findall("<(t[dh])>", found.markup[0]) == ["th", "th", "td", "td"]


def test_two_line_breaks_part_the_look_as_they_part_the_text() -> None:
    found = article_of(f"<p>{LONG}<br><br>{LONG} <em>Again</em></p>")

    assert found.paragraphs == (LONG, f"{LONG} Again")
    assert found.markup == ("", f"<p>{LONG} <em>Again</em></p>")


def test_pictures_stand_where_they_stood_and_those_that_count_readers_are_gone() -> None:
    found = article_of(
        f'<img src="https://a.example/1.png" alt="A boat"><p>{LONG}</p><p>{LONG}</p>'
        '<img src="https://a.example/2.png" width="1"><img alt="no address">'
        '<img src="https://a.example/5.png" onload="ran()">'
    )

    assert found.paragraphs == (LONG, LONG)
    assert [re.findall(r'src="https://a.example/(\d)', one) for one in found.markup] == [["1"], ["5"]]
    assert 'alt="A boat"' in found.markup[0]
    shown = with_calm_pictures(found.markup[1])
    assert all(word in shown for word in ('loading="lazy"', 'referrerpolicy="no-referrer"', 'alt=""'))
    assert "onload" not in found.markup[1]
    assert without_pictures(found.markup[1]) == ""


def test_a_tag_within_an_attribute_stays_there() -> None:
    """Where texts were replaced in it, what was said of a picture would end the attribute and begin another."""
    look = safe_markup(f"""<p>{LONG}<a title="<img onmouseover=ran() x='">y</a></p>""")

    for shown in (look, with_calm_pictures(look), without_pictures(look)):
        assert audited(shown).faults == []
        assert audited(shown).attributes[0][1].startswith("<img onmouseover=ran()")


def test_addresses_are_seen_from_the_page_and_pictures_come_over_tls() -> None:
    links = '<a href=" /pans ">x</a><a href="HTTPS://B.example/">y</a>'
    html = f'<p>{LONG}{links}<img src="//c.example/1.png"><img src="2.png"></p>'

    (look,) = article_of(html, "https://a.example/salt/").markup
    (over_http,) = article_of(html, "http://a.example/salt/").markup

    assert re.findall('(?:href|src)="([^"]+)"', look) == [
        "https://a.example/pans",
        "https://B.example/",
        "https://c.example/1.png",
        "https://a.example/salt/2.png",
    ]
    assert "src=" not in over_http


@pytest.mark.parametrize("html", [f"<b><p>{LONG}</p><p>{LONG}</p></b>", f"<p><b>{LONG}<br><br>{LONG}</b></p>"])
def test_what_is_open_at_the_end_of_a_paragraph_goes_on_in_the_next(html: str) -> None:
    assert article_of(html).markup == (f"<p><b>{LONG}</b></p>",) * 2


def test_what_has_no_text_leaves_nothing_but_its_pictures() -> None:
    picture = '<img src="https://a.example/1.png">'

    assert article_of(f"<ul><li></li></ul><p>{LONG}</p><ul></ul>").markup == ()
    (look,) = article_of(f"<ul><li>{picture}</li></ul><p>{LONG}</p>").markup
    assert look == f'<p><img src="https://a.example/1.png" alt="">{LONG}</p>'


@pytest.mark.parametrize("html", ["<pre>x" + " " * 200_000 + "x</pre>", "<blockquote>" * 20_000, "<p>" * 20_000])
def test_long_and_deep_markup_costs_no_more_than_its_length(html: str) -> None:
    """Each took minutes, or would have: time grew with the square."""
    began = time.process_time()
    safe_markup(html)
    article_of(f"{html}<p>{LONG}</p>")

    assert time.process_time() - began < 5


def test_links_carry_nothing_that_tracks() -> None:
    (look,) = article_of(f'<p>{LONG}<a href="https://a.example/?utm_source=feed&amp;id=7">x</a></p>').markup

    assert 'href="https://a.example/?id=7"' in look


def test_nothing_hostile_is_left_in_the_look() -> None:
    for html in [*hostile.EVASIONS, *hostile.bodies(400)]:
        for look in article_of(f"<p>{LONG} <b>x</b>{html}</p>").markup:
            assert audited(look).faults == []
            assert safe_markup(look) == look


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_each_paragraph_has_its_look_with_all_of_its_words(html: str) -> None:
    body = article_of(html)

    assert body.markup == () or len(body.markup) == len(body.paragraphs)
    for text, look in zip(body.paragraphs, body.markup, strict=False):
        if look:
            said = re.sub(r"[\s•.]", "", "".join(audited(look).text))
            assert said == re.sub(r"[\s•.]", "", text)
            assert audited(look).outside == []
        assert safe_markup(look) == look


def test_an_item_keeps_it() -> None:
    given_html = article_of(f"<p>{LONG} <b>x</b></p>")
    assert given_html.markup == (f"<p>{LONG} <b>x</b></p>",)
    assert item_from_record(item_record(given_html)) == given_html
    assert parse_item(item_record(given_html)) == given_html


def test_what_is_given_as_markup_is_made_safe_and_must_be_whole() -> None:
    record = {"id": "a", "kind": "article", "title": "Salt", "paragraphs": ["One.", "Two."]}
    found = parse_item({**record, "markup": ["<p>One.</p>", "<p onclick=ran()>T<b>wo.</b></p>\ud800"]})
    assert isinstance(found, Article)
    assert [unescape(look) for look in found.markup] == ["", "<p>T<b>wo.</b></p>"]
    with pytest.raises(InvalidItemError, match=r"markup: has 1 entries for 2 paragraphs"):
        parse_item({**record, "markup": ["<p><b>One.</b></p>"]})
