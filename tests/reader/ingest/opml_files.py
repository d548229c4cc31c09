"""OPML as other readers lay it out; the feeds are made up."""

from __future__ import annotations

# Miniflux: one level of categories; title and text alike, no type.
MINIFLUX = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
    <head>
        <title>Miniflux</title>
        <dateCreated>Tue, 24 Nov 2026 08:00:00 UTC</dateCreated>
    </head>
    <body>
        <outline text="All">
            <outline title="The Lantern" text="The Lantern" xmlUrl="https://lantern.example/feed.xml"
              htmlUrl="https://lantern.example/" description="Light &amp; dark"></outline>
        </outline>
        <outline text="Science">
            <outline title="Salt" text="Salt" xmlUrl="https://salt.example/rss?a=1&amp;b=2"
              htmlUrl="https://salt.example"></outline>
            <outline title="Zoë’s „Wetter“" text="Zoë’s „Wetter“" xmlUrl="https://wetter.example/atom"
              htmlUrl="https://wetter.example/"></outline>
        </outline>
    </body>
</opml>
"""

# FreshRSS: attributes of its own in a namespace, on feeds and on categories (dynamic OPML), and types of its own.
FRESHRSS = """<?xml version="1.0" encoding="UTF-8"?>
<opml xmlns:frss="https://freshrss.org/opml" version="2.0">
  <head>
    <title>FreshRSS</title>
    <dateCreated>Tue, 24 Nov 2026 08:00:00 +0000</dateCreated>
  </head>
  <body>
    <outline text="Uncategorized">
      <outline text="The Lantern" type="rss" xmlUrl="https://lantern.example/feed.xml"
        htmlUrl="https://lantern.example/"
        description="Light &amp; dark" frss:priority="important" frss:cssFullContent="article .body"
          frss:cssContentFilter=".ad"/>
    </outline>
    <outline text="Elsewhere" frss:opmlUrl="https://list.example/shared.opml">
      <outline text="A page without a feed" type="HTML+XPath" xmlUrl="https://page.example/news"
        htmlUrl="https://page.example/"
        description="" frss:xPathItem="//div[@class=&quot;item&quot;]" frss:xPathItemTitle="descendant::h2"/>
      <outline text="Numbers" type="JSONFeed" xmlUrl="https://numbers.example/feed.json"
        htmlUrl="https://numbers.example/"
        description="" frss:filtersActionRead="intitle:advertisement&#10;author:robot"/>
    </outline>
  </body>
</opml>
"""

# NewsBlur: folders in folders, feeds between them, one feed in two folders, an empty folder.
NEWSBLUR = """<?xml version='1.0' encoding='UTF-8'?>
<opml version="1.1">
  <head>
    <title>NewsBlur Feeds</title>
    <dateCreated>2026-11-24 08:00:00.000000</dateCreated>
    <dateModified>2026-11-24 08:00:00.000000</dateModified>
  </head>
  <body>
    <outline htmlUrl="https://top.example/" text="At the top" title="At the top" type="rss"
      version="RSS" xmlUrl="https://top.example/feed"/>
    <outline text="News" title="News">
      <outline text="World" title="World">
        <outline htmlUrl="https://world.example/" text="World in brief" title="World in brief" type="rss"
          version="RSS" xmlUrl="https://world.example/feed"/>
        <outline htmlUrl="https://lantern.example/" text="The Lantern" title="The Lantern" type="rss"
          version="RSS" xmlUrl="https://lantern.example/feed.xml"/>
      </outline>
      <outline htmlUrl="https://lantern.example/" text="The Lantern" title="The Lantern" type="rss"
        version="RSS" xmlUrl="https://lantern.example/feed.xml"/>
      <outline text="Nothing yet" title="Nothing yet"/>
    </outline>
    <outline htmlUrl="https://last.example/" text="The last" title="The last" type="rss"
      version="RSS" xmlUrl="https://last.example/feed"/>
  </body>
</opml>
"""
LAYOUTS = {"Miniflux": MINIFLUX, "FreshRSS": FRESHRSS, "NewsBlur": NEWSBLUR}
