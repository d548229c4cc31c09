"""A publisher's site on an origin of its own, with a strict content security policy, that embeds Reread."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape

from flask import Flask, Response

from reader.types import Article
from tests.browser.live import serving

# What a publisher's visitor sees before a yes; the list is part of the page from the start.
_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>{title}</title>
  <link rel="canonical" href="{url}">
  <link rel="stylesheet" href="/site.css">
  <script type="application/ld+json">{declared}</script>
  <script src="/consent.js"></script>
  <script type="module" src="{reread}/embed.js" data-site="{key}" data-consent="askReader"></script>
</head>
<body>
  <nav><a href="/">Front page</a></nav>
  <main>
    <article>
      <h1>{title}</h1>
      {text}
    </article>
    <aside>
      <reread-list limit="{limit}" heading="Read on"><p><a href="/latest">The latest news</a></p></reread-list>
    </aside>
    <p id="foot">Imprint</p>
  </main>
</body>
</html>"""
# The publisher's own consent tool: it remembers the answer and tells of changes.
_CONSENT = """
let tell = () => {};
globalThis.askReader = (teller) => { tell = teller; tell(localStorage.getItem("answer") === "yes"); };
globalThis.answer = (yes) => { localStorage.setItem("answer", yes ? "yes" : "no"); tell(yes); };
"""
_STYLE = """
:root { color-scheme: light dark; font: 18px/1.5 sans-serif; background: #fff; color: #222; }
a { color: #0645ad; }
@media (prefers-color-scheme: dark) { :root { background: #161616; color: #ddd; } a { color: #9cc4ff; } }
body { margin: 0 auto; max-width: 40rem; padding: 1rem; }
reread-list { display: block; min-height: 35rem; }
"""


class Publisher:
    """A running site. reread: where its pages load the script from, and under which key."""

    def __init__(self) -> None:
        self.url = ""
        self.reread = ""
        self.key = ""
        self.limit = 5
        self.articles: dict[str, Article] = {}

    def address(self, article: str) -> str:
        return f"{self.url}/a/{article}"

    def show(self, article: Article) -> Response:
        declared = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": article.title}
        text = "\n".join(
            # Tags, entities and spaces differ from what the server knows.
            f'<p id="p{number}"><b>{escape(text[:9])}</b>{escape(text[9:])}\n</p>'
            for number, text in enumerate(article.paragraphs)
        )
        page = _PAGE.format(
            title=escape(article.title),
            url=self.address(article.id),
            reread=self.reread,
            key=self.key,
            limit=self.limit,
            declared=json.dumps(declared),
            text=text,
        )
        return self.protected(page, "text/html")

    def protected(self, body: str, mimetype: str) -> Response:
        policy = (
            f"default-src 'none'; script-src 'self' {self.reread}; connect-src {self.reread}; style-src 'self'; "
            "require-trusted-types-for 'script'"
        )
        return Response(body, mimetype=mimetype, headers={"Content-Security-Policy": policy})


@contextmanager
def publish(articles: Sequence[Article]) -> Iterator[Publisher]:
    """Run a publisher's site in a thread of its own."""
    publisher = Publisher()
    publisher.articles = {article.id: article for article in articles}
    app = Flask("publisher")
    app.add_url_rule("/a/<name>", "article", lambda name: publisher.show(publisher.articles[name]))
    app.add_url_rule("/consent.js", "consent", lambda: publisher.protected(_CONSENT, "text/javascript"))
    app.add_url_rule("/site.css", "style", lambda: publisher.protected(_STYLE, "text/css"))
    app.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
    with serving(app) as publisher.url:
        yield publisher
