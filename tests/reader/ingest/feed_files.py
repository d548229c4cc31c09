"""Feeds in every dialect, about the same two articles."""

from __future__ import annotations

from typing import Any

URL = "https://lantern.example/feed"


ONE = "The salt trade built cities along the coast, and the roads between them."


TWO = "Lithium now does what salt once did, in the same deserts and for the same reason."


RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Lantern</title><link>https://lantern.example/</link><language>en-GB</language>
<item>
  <title>Salt &amp;amp; <![CDATA[<i>silver</i>]]></title>
  <link>https://lantern.example/salt</link>
  <guid isPermaLink="false">salt-1</guid>
  <pubDate>Mon, 23 Nov 2026 09:30:00 +0100</pubDate>
  <dc:creator>Ada Reed</dc:creator>
  <category>history</category><category>trade</category><category>history</category>
  <description>A teaser.</description>
  <content:encoded><![CDATA[<p>{ONE}</p><script>alert(1)</script><p onclick="x()">{TWO}</p>]]></content:encoded>
</item>
<item><description>{ONE} {TWO}</description></item>
<item><guid isPermaLink="false">empty</guid></item>
</channel></rss>"""


ATOM = f"""<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title type="html">Der &lt;b&gt;Bote&lt;/b&gt;</title>
<id>tag:bote.example,2026:feed</id><author><name>Redaktion</name></author>
<entry xml:base="https://bote.example/a/">
  <id>tag:bote.example,2026:1</id><title>Salz</title><link href="salz"/>
  <published>2026-11-20T08:00:00+01:00</published><updated>2026-11-22T08:00:00Z</updated>
  <category term="Geschichte"/>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
    <h2>Anfang</h2><p>{ONE}</p><p>{TWO}</p>
  </div></content>
</entry>
<entry><id>tag:bote.example,2026:2</id><title>Nur Text</title><updated>2026-11-21T08:00:00Z</updated>
  <author><name>Henrike Lasdorf</name></author><content type="text">{ONE}

{TWO}</content></entry>
</feed>"""


RDF = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="{URL}"><title>Old News</title><link>https://old.example/</link><description/></channel>
<item rdf:about="https://old.example/1"><title>Salt</title><link>https://old.example/1</link>
<description>{ONE}</description><dc:date>2026-11-20T08:00:00Z</dc:date><dc:creator>Ada</dc:creator>
<dc:subject>history</dc:subject></item></rdf:RDF>"""


JSON_1_1: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "The Lantern",
    "language": "en-US",
    "authors": [{"name": "The Editors"}],
    "items": [
        {
            "id": "https://lantern.example/salt",
            "url": "https://lantern.example/salt",
            "title": "Salt",
            "content_html": f"<p>{ONE}</p><script>no()</script><p>{TWO}</p>",
            "date_published": "2026-11-20T08:00:00-02:00",
            "tags": ["history"],
            "authors": [{"name": "Ada Reed"}, {"name": "Tom Holt"}],
        },
        {"id": 7, "content_text": f"{ONE}\n\n{TWO}", "date_published": "long ago"},
    ],
}


MEDIA = """<?xml version="1.0"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>Clips</title>
<item><guid>https://clips.example/1</guid><title>Waves</title><link>https://clips.example/1</link>
  <author>tom@clips.example (Tom Holt)</author><description>The &lt;b&gt;sea&lt;/b&gt; at night.</description>
  <media:group><media:content url="https://clips.example/1.mp4" type="video/mp4" duration="12.4"/></media:group>
  <media:thumbnail url="https://clips.example/1.jpg"/><category>sea</category></item>
<item><guid>https://clips.example/2</guid><title>Dunes</title>
  <enclosure url="https://clips.example/2.webm" type="video/webm" length="1"/>
  <itunes:duration>1:02</itunes:duration></item>
<item><guid>https://clips.example/3</guid><title>A podcast</title>
  <enclosure url="https://clips.example/3.mp3" type="audio/mpeg" length="1"/></item>
<item><guid>https://clips.example/4</guid><title>Bad media</title>
  <enclosure url="javascript:alert(1)" type="video/mp4" length="1"/></item>
</channel></rss>"""


YOUTUBE = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://www.youtube.com/xml/schemas/2015"
 xmlns:media="http://search.yahoo.com/mrss/"><title>Sea Channel</title>
<entry><id>yt:video:abc</id><yt:videoId>abc</yt:videoId><title>Waves</title><author><name>Sea Channel</name></author>
<link rel="alternate" href="https://www.youtube.com/watch?v=abc"/><published>2026-11-20T08:00:00+00:00</published>
<media:group><media:content url="https://www.youtube.com/v/abc" type="application/x-shockwave-flash"/>
<media:thumbnail url="https://i.ytimg.com/vi/abc/hq.jpg"/><media:description>The sea.</media:description></media:group>
</entry></feed>"""
