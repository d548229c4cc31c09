"""Feeds of videos: every field of every dialect, and what broken ones cost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from reader.clock import ManualClock
from reader.ingest.feeds import ParsedFeed, parse_feed
from reader.types import Video
from tests.reader.ingest.conftest import NOW

YOUTUBE = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns="http://www.w3.org/2005/Atom">
<link rel="self" href="http://www.youtube.com/feeds/videos.xml?channel_id=UCsaltsaltsaltsaltsalt00"/>
<id>yt:channel:saltsaltsaltsaltsalt00</id><yt:channelId>saltsaltsaltsaltsalt00</yt:channelId><title>Salt Works</title>
<author><name>Salt Works</name><uri>https://www.youtube.com/channel/UCsaltsaltsaltsaltsalt00</uri></author>
<entry><id>yt:video:pan-of_brine</id><yt:videoId>pan-of_brine</yt:videoId>
 <yt:channelId>UCsaltsaltsaltsaltsalt00</yt:channelId><title>A pan of brine</title>
 <link rel="alternate" href="https://www.youtube.com/watch?v=pan-of_brine"/>
 <author><name>Salt Works</name><uri>https://www.youtube.com/channel/UCsaltsaltsaltsaltsalt00</uri></author>
 <published>2026-11-20T08:00:00+00:00</published><updated>2026-11-21T08:00:00+00:00</updated>
 <media:group><media:title>A pan of brine</media:title>
  <media:content url="https://www.youtube.com/v/pan-of_brine?version=3" type="application/x-shockwave-flash"/>
  <media:thumbnail url="https://i1.ytimg.com/vi/pan-of_brine/hqdefault.jpg" width="480" height="360"/>
  <media:description>How the sun dries it.

Filmed in a single day.</media:description>
  <media:community><media:starRating count="3" average="5.00" min="1" max="5"/></media:community></media:group></entry>
<entry><id>yt:video:short1</id><yt:videoId>short1</yt:videoId><title>Rake</title>
 <link rel="alternate" href="https://www.youtube.com/shorts/short1"/>
 <published>2026-11-19T08:00:00+00:00</published></entry>
</feed>"""

PEERTUBE = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:podcast="https://podcastindex.org/namespace/1.0">
<channel><title>Sea Lab</title><link>https://tube.example/c/sea/videos</link>
<generator>PeerTube - https://tube.example</generator>
<item><title><![CDATA[Waves at night]]></title><link>https://tube.example/w/kkGMgK9Z</link>
 <guid>https://tube.example/w/kkGMgK9Z</guid><pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate>
 <description><![CDATA[They glow where algae are stirred.]]></description><dc:creator>Sea Lab</dc:creator>
 <enclosure length="900" type="video/mp4" url="https://tube.example/download/1080.mp4"/>
 <media:category scheme="http://search.yahoo.com/mrss/category_schema" label="Science">Science</media:category>
 <media:keywords>algae, bioluminescence</media:keywords>
 <media:embed url="https://tube.example/videos/embed/kkGMgK9Z"/>
 <media:subTitle href="https://tube.example/captions/kk-en.vtt" type="text/vtt" lang="en"/>
 <media:player url="https://tube.example/w/kkGMgK9Z"/>
 <media:group>
  <media:peerLink type="application/x-bittorrent" href="https://tube.example/t.torrent" isDefault="false"/>
  <media:content type="video/mp4" medium="video" height="1080" fileSize="900" url="https://tube.example/1080.mp4"
   framerate="30" duration="95" isDefault="true"/>
  <media:content type="video/mp4" medium="video" height="720" url="https://tube.example/720.mp4" duration="95"/>
  <media:content type="video/mp4" medium="video" height="480" url="https://tube.example/480.mp4" duration="95"/>
  <media:content type="application/x-mpegURL" medium="video" height="720" url="https://tube.example/a.m3u8"/>
 </media:group>
 <media:thumbnail url="https://tube.example/small.jpg" height="122" width="223"/>
 <media:thumbnail url="https://tube.example/large.jpg" height="480" width="850"/></item>
<item><title>Live from the pier</title><link>https://tube.example/w/live1</link>
 <guid>https://tube.example/w/live1</guid><dc:creator>Sea Lab</dc:creator>
 <media:embed url="https://tube.example/videos/embed/live1"/>
 <media:group><media:content type="application/x-mpegURL" medium="video" height="0" duration="0"
  url="https://tube.example/live.m3u8"/></media:group></item>
</channel></rss>"""

MEDIA = """<?xml version="1.0"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:podcast="https://podcastindex.org/namespace/1.0">
<channel><title>Clips</title><language>en</language>
<item><guid>https://clips.example/1</guid><title>Dunes</title><link>https://clips.example/1</link>
 <author>tom@clips.example (Tom Holt)</author><description>Sand moves.</description>
 <podcast:person href="https://www.clips.example/people/tom/">Tom Holt</podcast:person>
 <media:content url="https://clips.example/1.flv" type="video/x-flv" duration="31"/>
 <media:content url="https://clips.example/1.webm" type="video/webm; codecs=vp9" duration="30.5"/>
 <media:credit role="music" scheme="urn:ebu">Glass Harp Drift</media:credit>
 <media:credit role="producer" scheme="urn:ebu">Holt &amp; Sons</media:credit>
 <media:keywords>sand, wind</media:keywords></item>
<item><guid>https://clips.example/2</guid><title>Rakes</title><itunes:author>Ann Reed</itunes:author>
 <enclosure url="/2.m4v" length="9"/><itunes:duration>1:02</itunes:duration>
 <itunes:image href="https://clips.example/2.jpg"/></item>
<item><guid>https://clips.example/3</guid><title>Pans</title>
 <enclosure url="https://clips.example/3.mp4" type="video/mp4" length="9"/>
 <itunes:duration>PT2M5S</itunes:duration></item>
<item><guid>https://clips.example/4</guid><title>An article</title><description>Words alone.</description>
 <enclosure url="https://clips.example/4.mp3" type="audio/mpeg" length="9"/></item>
</channel></rss>"""


def parse(content: str | bytes, **more: Any) -> ParsedFeed:
    data = content.encode() if isinstance(content, str) else content
    return parse_feed(data, more.pop("url", "https://clips.example/feed"), clock=ManualClock(NOW), **more)


def videos(feed: ParsedFeed) -> list[Video]:
    return [item for item in feed.items if isinstance(item, Video)]


def test_youtube_gives_every_field() -> None:
    feed = parse(YOUTUBE)

    brine, rake = feed.items
    assert feed.skipped == ()
    assert brine == Video(
        id=brine.id,
        title="A pan of brine",
        url="https://www.youtube.com/watch?v=pan-of_brine",
        published_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
        source="Salt Works",
        description="How the sun dries it. Filmed in a single day.",
        creator="Salt Works",
        creator_id="youtube:UCsaltsaltsaltsaltsalt00",
        poster_url="https://i1.ytimg.com/vi/pan-of_brine/hqdefault.jpg",
        embed_url="https://www.youtube-nocookie.com/embed/pan-of_brine",
        provider="youtube",
    )
    assert isinstance(rake, Video)
    assert (rake.creator, rake.creator_id) == ("Salt Works", "youtube:UCsaltsaltsaltsaltsalt00")
    assert rake.embed_url == "https://www.youtube-nocookie.com/embed/short1"


def test_peertube_gives_every_field_and_the_file_that_fits_a_page() -> None:
    feed = parse(PEERTUBE, url="https://tube.example/feeds/videos.xml?videoChannelId=7")

    waves, live = feed.items
    assert feed.skipped == ()
    assert waves == Video(
        id=waves.id,
        title="Waves at night",
        url="https://tube.example/w/kkGMgK9Z",
        published_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
        source="Sea Lab",
        description="They glow where algae are stirred.",
        creator="Sea Lab",
        creator_id="peertube:sea@tube.example",
        topics=("Science", "algae", "bioluminescence"),
        tags=("Science", "algae", "bioluminescence"),
        duration_s=95.0,
        media_url="https://tube.example/720.mp4",
        poster_url="https://tube.example/large.jpg",
        embed_url="https://tube.example/videos/embed/kkGMgK9Z",
        provider="peertube",
        captions_url="https://tube.example/captions/kk-en.vtt",
    )
    assert isinstance(live, Video)
    assert (live.duration_s, live.media_url, live.provider) == (None, "", "peertube")


def test_media_rss_and_itunes_give_every_field() -> None:
    feed = parse(MEDIA)

    dunes, rakes, pans, article = feed.items
    assert feed.skipped == ()
    assert dunes == Video(
        id=dunes.id,
        title="Dunes",
        url="https://clips.example/1",
        language="en",
        source="Clips",
        description="Sand moves.",
        creator="Holt & Sons",
        creator_id="clips.example/people/tom",
        sound="Glass Harp Drift",
        topics=("sand", "wind"),
        tags=("sand", "wind"),
        duration_s=30.5,
        media_url="https://clips.example/1.webm",
    )
    assert isinstance(rakes, Video)
    assert (rakes.media_url, rakes.duration_s) == ("https://clips.example/2.m4v", 62.0)
    assert (rakes.creator, rakes.poster_url) == ("Ann Reed", "https://clips.example/2.jpg")
    assert isinstance(pans, Video)
    assert pans.duration_s == 125.0
    assert article.kind == "article"


def test_atom_enclosure_is_a_video_of_the_author_with_their_page() -> None:
    (item,) = parse("""<feed xmlns="http://www.w3.org/2005/Atom"><title>Clips</title>
    <entry><id>tag:clips.example,2026:1</id><title>Waves</title><updated>2026-11-20T08:00:00Z</updated>
    <author><name>Ann</name><uri>https://clips.example/ann/?tab=all</uri></author>
    <link rel="enclosure" type="video/webm" href="waves.webm"/></entry></feed>""").items

    assert isinstance(item, Video)
    assert (item.creator, item.creator_id, item.media_url) == (
        "Ann",
        "clips.example/ann",
        "https://clips.example/waves.webm",
    )


def test_one_channel_is_one_creator_however_it_is_reached() -> None:
    """YouTube asked by channel, by user or by playlist; PeerTube on its own server, on another, and as podcast."""
    by_user = YOUTUBE.replace("<yt:channelId>saltsaltsaltsaltsalt00</yt:channelId>", "").replace(
        "channel_id=UCsaltsaltsaltsaltsalt00", "user=saltworks"
    )
    by_atom_author = YOUTUBE.replace("<yt:channelId>UCsaltsaltsaltsaltsalt00</yt:channelId>", "").replace(
        "<yt:channelId>saltsaltsaltsaltsalt00</yt:channelId>", ""
    )
    found = [videos(parse(feed))[0].creator_id for feed in (YOUTUBE, by_user, by_atom_author)]
    assert found == ["youtube:UCsaltsaltsaltsaltsalt00"] * 3

    abroad = PEERTUBE.replace(
        "https://tube.example/c/sea/videos", "https://far.example/video-channels/sea@tube.example"
    )
    person = PEERTUBE.replace("https://tube.example/c/sea/videos", "https://tube.example").replace(
        "<dc:creator>", '<podcast:person href="https://tube.example/c/Sea">Sea Lab</podcast:person><dc:creator>'
    )
    found = [videos(parse(feed))[0].creator_id for feed in (PEERTUBE, abroad, person)]
    assert found == ["peertube:sea@tube.example"] * 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('xmlns:media="http://search.yahoo.com/mrss/"', 'xmlns:media="http://search.yahoo.com/mrss"'),
        ('xmlns:media="http://search.yahoo.com/mrss/"', 'xmlns:media="https://wrong.example/ns"'),
        ('xmlns:media="http://search.yahoo.com/mrss/"', ""),
        ('xmlns:yt="http://www.youtube.com/xml/schemas/2015"', ""),
        ('xmlns:yt="http://www.youtube.com/xml/schemas/2015"', 'xmlns:yt="https://wrong.example/ns"'),
        ("yt:", "y:"),
    ],
)
@pytest.mark.parametrize("document", [YOUTUBE, PEERTUBE])
def test_wrong_or_missing_namespace_costs_no_video(document: str, old: str, new: str) -> None:
    content = document.replace(old, new)
    if new == "y:":  # only the prefix of elements and of its declaration
        content = content.replace("<id>y:", "<id>yt:")

    feed = parse(content)

    assert [(clip.title, clip.provider) for clip in videos(feed)] == [
        (clip.title, clip.provider) for clip in videos(parse(document))
    ]


def test_youtube_entry_that_names_no_video_is_left_out_and_said() -> None:
    nameless = """<entry><yt:videoId></yt:videoId><title>Lost</title><link href="https://www.youtube.com/"/></entry>
    <entry><yt:videoId>a b</yt:videoId><title>Odd</title></entry><entry>"""

    feed = parse(YOUTUBE.replace("<entry>", nameless, 1))

    assert [item.title for item in feed.items] == ["A pan of brine", "Rake"]
    assert feed.skipped == (
        "entry 1 ('Lost'): yt:videoId: is missing, and neither id nor link names a video",
        "entry 2 ('Odd'): yt:videoId: 'a b' is no id, and neither id nor link names a video",
    )


@pytest.mark.parametrize("told", ["long", "-5", "1:2:3:4", "9999999", "NaN"])
def test_length_that_is_none_is_said_and_the_video_is_taken_without(told: str) -> None:
    feed = parse(MEDIA.replace("1:02", told))

    clips = videos(feed)
    assert [clip.duration_s for clip in clips] == [30.5, None, 125.0]
    assert feed.skipped == (f"entry 2 ('Rakes'): duration_s: '{told}' is no length of a video; taken without it",)


def test_wrong_addresses_are_said_and_cost_the_video_or_nothing() -> None:
    content = MEDIA.replace("https://clips.example/3.mp4", "javascript:alert(1)")
    content = content.replace("https://clips.example/2.jpg", "data:image/png,x")

    feed = parse(content)

    assert [item.kind for item in feed.items] == ["video", "video", "article", "article"]
    assert feed.skipped == (
        "entry 2 ('Rakes'): poster_url: 'data:image/png,x' is no http(s) address; taken without it",
        "entry 3 ('Pans'): media_url: 'javascript:alert(1)' is no http(s) address; taken without it",
    )


def test_any_page_is_not_a_player() -> None:
    content = PEERTUBE.replace("/videos/embed/", "/admin/delete/")

    waves, live = parse(content).items

    assert isinstance(waves, Video)
    assert (waves.embed_url, waves.provider) == ("", "")
    assert live.kind == "article"


@pytest.mark.parametrize("document", [YOUTUBE, PEERTUBE, MEDIA])
def test_feed_that_breaks_off_gives_what_stands_before(document: str) -> None:
    """Wherever it breaks off, the entries that are whole are taken as they are, and the damage is said."""
    end = "</entry>" if document is YOUTUBE else "</item>"
    whole = list(parse(document).items)
    first = document.index(end) + len(end)
    for stop in range(first, len(document) - 1, 37):
        complete = document[:stop].count(end)

        feed = parse(document[:stop])

        assert list(feed.items[:complete]) == whole[:complete]
        assert len(feed.items) + len(feed.skipped) > complete
        assert any("damaged" in sentence for sentence in feed.skipped)
