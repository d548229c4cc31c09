from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.ingest.html import blocks, plain
from reader.ingest.markup import MAX_DEPTH
from tests import hostile
from tests.reader.ingest.auditing import audited, shown

LONG = "The salt trade built cities along the coast, and the roads between them."

# After the OWASP XSS Filter Evasion Cheat Sheet, and what came up in sanitisers since.
EVASIONS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<script/xss src=x></script>",
    "<<script>alert(1);//<</script>",
    "<script>alert(1)",
    '<img src="javascript:alert(1)">',
    "<img src=x onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src=`javascript:alert(1)`>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html;base64,PHNjcmlwdD4='></object>",
    "<embed src='//evil.example/x.swf'>",
    "<form action='javascript:alert(1)'><button formaction='javascript:alert(1)'>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style='expression(alert(1))'>x</p>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<link rel=stylesheet href='javascript:alert(1)'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href="jav\nascript:alert(1)">x</a>',
    '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="//x" onclick="alert(1)" target="_blank">x</a>',
    '<a onmouseover="alert(1)">x</a>',
    "<b/onmouseover=alert(1)>x</b>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!-- --!><script>alert(1)</script>-->",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><script>alert(1)</script></title>",
    "<xmp><script>alert(1)</script></xmp>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "<div id=x name=getElementById class=y>x</div>",
    "<p>" + "<div>" * 500 + "<script>alert(1)</script>",
    '<a title="' + "<div>" * 500 + '<script>alert(1)</script>">x</a>',
]


def test_auditor_sees_what_it_should() -> None:
    assert audited('<script>x</script><p onclick="x"><a href=" java\nscript:x">y</a><!-- z -->').faults == [
        "script",
        "p onclick",
        "href  java\nscript:x",
        "comment  z ",
    ]


@pytest.mark.parametrize("html", EVASIONS)
def test_evasion_leaves_nothing_that_acts(html: str) -> None:
    assert audited(shown(html)).faults == []


@pytest.mark.parametrize("html", EVASIONS)
def test_evasion_leaves_no_code_in_the_paragraphs(html: str) -> None:
    text = " ".join(blocks(f"<p>{LONG}</p>{html}<p>{LONG}</p>"))

    # In these the code stands outside of any tag as far as HTML goes, so that a browser shows it as text, too.
    shown = ("<scr<script>", '<img """>', "<a title=", "<![CDATA[", "<<script>")
    assert "alert(1)" not in text or html.startswith(shown)
    assert "<script" not in text.lower() or html.startswith(shown)
    assert LONG in text


@pytest.mark.parametrize("html", hostile.EVASIONS)
def test_further_evasions_leave_nothing_that_acts(html: str) -> None:
    """Those that a browser tries as well (tests/browser/test_hostile_pages.py)."""
    assert audited(shown(html)).faults == []


def test_a_thousand_random_bodies_leave_nothing_that_acts() -> None:
    """The same ones as in the browser."""
    found = hostile.bodies(1000)

    assert len(set(found)) > 990
    assert sum("ran()" in each or hostile.FOREIGN in each for each in found) > 900
    for html in found:
        assert audited(shown(html)).faults == []


@given(st.text("<>/!-'\"= abpscriptdvx&;#\x00\n[]?") | st.lists(st.sampled_from(EVASIONS)).map("".join))
def test_of_anything_nothing_is_left_that_acts(html: str) -> None:
    assert audited(shown(html)).faults == []
    assert all(block.strip() == block and block for block in blocks(html))


def test_links_are_kept_and_tell_nobody_where_the_reader_came_from() -> None:
    assert shown(f'<p>{LONG} <a href="https://a.example/" target="_blank">x</a></p>') == (
        f'<p>{LONG} <a href="https://a.example/" rel="nofollow noopener noreferrer">x</a></p>'
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        ("<p> \n </p><div></div>", []),
        (LONG, [LONG]),
        (f"<p>{LONG}</p><p>{LONG}</p>", [LONG, LONG]),
        (f"<p>{LONG}<p>{LONG}", [LONG, LONG]),
        (f"<div><div>{LONG}</div>{LONG}</div>", [LONG, LONG]),
        (f"{LONG}<br><br/> {LONG}<br>{LONG}", [LONG, f"{LONG} {LONG}"]),
        (f"<h2>Salt</h2><p>{LONG}</p>", [f"Salt. {LONG}"]),
        (f"<h2>What is salt?</h2><h3>A mineral</h3><p>{LONG}</p>", [f"What is salt? A mineral. {LONG}"]),
        (f"<p>Short one.</p><p>{LONG}</p>", [f"Short one. {LONG}"]),
        (f"<p>{LONG}</p><p>Share</p>", [f"{LONG} Share"]),
        ("<p>Yes.</p><p>No.</p>", ["Yes. No."]),
        (f"<ul><li>{LONG}</li><li><p>{LONG}</p></li></ul>", [f"{LONG} • {LONG}"]),
        (f"<ol><li>{LONG}<ul><li>{LONG}</ul><li>end</ol><p>{LONG}", [f"{LONG} • {LONG} • end", LONG]),
        (f"<blockquote>{LONG}</blockquote><pre>{LONG}\n  {LONG}</pre>", [LONG, f"{LONG} {LONG}"]),
        (f"<p>{LONG}</p><style>p {{}}</style><!-- no --><script>no()</script>", [LONG]),
        (f"<p>AT&amp;T &lt;b&gt; caf&eacute; {LONG}</p>", [f"AT&T <b> café {LONG}"]),
        (f"<p>{LONG[:30]}<b>bold</b><unknown>kept</unknown> {LONG}</p>", [f"{LONG[:30]}boldkept {LONG}"]),
        (f"<p>a\u00a0\t\n b {LONG}</p>", [f"a b {LONG}"]),
        (f"<h2>{LONG * 5}</h2><p>{LONG}</p>", [LONG * 5, LONG]),
    ],
)
def test_html_falls_into_paragraphs(html: str, expected: list[str]) -> None:
    assert blocks(html) == expected


def test_title_in_one_line() -> None:
    assert plain("<p>A &lt;b&gt;</p>\n<p>c<br>d</p>") == "A <b> c d"


def test_deep_nesting_costs_little_and_loses_no_text() -> None:
    """Unguarded, this takes the parser minutes."""
    began = time.process_time()

    assert blocks("<div>" * 50_000 + LONG) == [LONG]
    assert time.process_time() - began < 10


def test_long_flat_pages_are_not_taken_for_deep_ones() -> None:
    items = MAX_DEPTH * 3

    assert len(blocks(f"<p>{LONG}<br>" * items)) == items
    assert blocks(f"<ul>{f'<li>{LONG}' * items}</ul><div>{LONG}</div>")[1:] == [LONG]
