"""One feed of three entries in every dialect, written for the tests. The entries are the same where a dialect can."""

from __future__ import annotations

import json
from dataclasses import dataclass

TITLES = ("Salt roads", "Brine & light", "Größe der Meere")
LINKS = tuple(f"https://salt.example/{number}" for number in (1, 2, 3))
TEXTS = (
    "The salt roads of the Alps carried more than salt, as the ledgers of the tolls show.",
    "Brine is pumped from the flats, and lithium stays when the water has gone.",
    "Die Größe der Meere ändert sich, wenn das Eis der Pole schmilzt.",
)
_ESCAPED = tuple(title.replace("&", "&amp;") for title in TITLES)
_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:atom="http://www.w3.org/2005/Atom"'
)


@dataclass(frozen=True)
class Dialect:
    """document: the feed; dated, authored: whether its entries have a date, an author; texted: a text."""

    document: str
    dated: bool = True
    authored: bool = False
    texted: bool = True


def _each(template: str) -> str:
    return "".join(
        template.format(title=title, link=link, text=text, day=20 - number, id=f"tag:salt.example,2026:{number}")
        for number, (title, link, text) in enumerate(zip(_ESCAPED, LINKS, TEXTS, strict=True))
    )


_RSS_ITEM = "<item><title>{title}</title><link>{link}</link><description>{text}</description>"
_DATE = "<pubDate>Fri, {day} Nov 2026 08:00:00 GMT</pubDate>"
_CHANNEL = "<title>Salt</title><link>https://salt.example/</link><description>All on salt</description>"

DIALECTS = {
    "RSS 0.91": Dialect(
        f"<?xml version='1.0'?><rss version='0.91'><channel>{_CHANNEL}<language>en</language>"
        f"{_each(_RSS_ITEM + '</item>')}</channel></rss>",
        dated=False,
    ),
    "RSS 0.92": Dialect(
        f"<?xml version='1.0'?><rss version='0.92'><channel>{_CHANNEL}"
        f"{_each(_RSS_ITEM + '<category>salt</category></item>')}</channel></rss>",
        dated=False,
    ),
    "RSS 1.0": Dialect(
        "<?xml version='1.0'?><rdf:RDF xmlns='http://purl.org/rss/1.0/' "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        f"<channel rdf:about='https://salt.example/'>{_CHANNEL}</channel>"
        + _each(
            "<item rdf:about='{link}'><title>{title}</title><link>{link}</link><description>{text}</description>"
            "<dc:creator>Ada</dc:creator><dc:date>2026-11-{day}T08:00:00Z</dc:date></item>"
        )
        + "</rdf:RDF>",
        authored=True,
    ),
    "RSS 2.0": Dialect(
        f"<?xml version='1.0'?><rss version='2.0'><channel>{_CHANNEL}"
        + _each(_RSS_ITEM + _DATE + "<author>ada@salt.example (Ada)</author><guid>{link}</guid></item>")
        + "</channel></rss>",
        authored=True,
    ),
    "RSS 2.0 with namespaces": Dialect(
        f"<?xml version='1.0'?><rss version='2.0' {_NAMESPACES}><channel>{_CHANNEL}"
        "<atom:link href='https://salt.example/feed' rel='self' type='application/rss+xml'/>"
        "<itunes:author>Nobody</itunes:author><itunes:explicit>no</itunes:explicit>"
        + _each(
            "<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{id}</guid>"
            "<dc:creator><![CDATA[Ada]]></dc:creator><description>A teaser.</description>"
            "<content:encoded><![CDATA[<p>{text}</p><img src='https://pixel.example/x.gif'>]]></content:encoded>"
            "<media:thumbnail url='https://salt.example/x.jpg'/><georss:point>46.5 7.9</georss:point>"
            + _DATE
            + "</item>"
        )
        + "</channel></rss>",
        authored=True,
    ),
    "Atom 0.3": Dialect(
        "<?xml version='1.0'?><feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>Salt</title>"
        "<link rel='alternate' type='text/html' href='https://salt.example/'/><modified>2026-11-20T08:00:00Z</modified>"
        + _each(
            "<entry><title>{title}</title><link rel='alternate' type='text/html' href='{link}'/><id>{id}</id>"
            "<author><name>Ada</name></author><issued>2026-11-{day}T08:00:00Z</issued>"
            "<modified>2026-11-{day}T08:00:00Z</modified>"
            "<content type='text/plain' mode='escaped'>{text}</content></entry>"
        )
        + "</feed>",
        authored=True,
    ),
    "Atom 1.0": Dialect(
        "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><title type='text'>Salt</title>"
        "<id>tag:salt.example,2026:feed</id><updated>2026-11-20T08:00:00Z</updated>"
        "<link href='https://salt.example/'/><link rel='self' href='https://salt.example/atom'/>"
        "<author><name>Ada</name></author>"
        + _each(
            "<entry><title>{title}</title><link href='{link}'/><id>{id}</id><updated>2026-11-{day}T08:00:00Z</updated>"
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{text}</p></div></content></entry>"
        )
        + "</feed>",
        authored=True,
    ),
    "JSON Feed 1.0": Dialect(""),
    "JSON Feed 1.1": Dialect(""),
}


def _json(version: str, author: str) -> str:
    entries = [
        {
            "id": f"tag:salt.example,2026:{number}",
            "url": link,
            "title": title,
            "content_html": f"<p>{text}</p>",
            "date_published": f"2026-11-{20 - number}T08:00:00Z",
            **json.loads(author),
        }
        for number, (title, link, text) in enumerate(zip(TITLES, LINKS, TEXTS, strict=True))
    ]
    feed = {"version": version, "title": "Salt", "home_page_url": "https://salt.example/", "items": entries}
    return json.dumps(feed, ensure_ascii=False)


DIALECTS["JSON Feed 1.0"] = Dialect(
    _json("https://jsonfeed.org/version/1", '{"author": {"name": "Ada"}}'), authored=True
)
DIALECTS["JSON Feed 1.1"] = Dialect(
    _json("https://jsonfeed.org/version/1.1", '{"authors": [{"name": "Ada"}]}'), authored=True
)
