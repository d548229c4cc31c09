"""The feed of clips as pages: one clip each, with the way on and back, without any script."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.types import Caption, Consent, Video
from tests.builders import WatchStory
from tests.webapp.conftest import NOW
from tests.webapp.pages.test_pages import events_of, send, text_of

PLAYER = "https://www.youtube-nocookie.com/embed/abc"


def clip(number: int, **fields: Any) -> Video:
    """Return a short clip; each has a creator of its own unless told otherwise."""
    values = {
        "title": f"Clip {number}",
        "language": "en",
        "creator": f"Maker {number}",
        "media_url": f"/media/demo/{number}.webm",
        "published_at": NOW - timedelta(hours=3 + number),
    }
    return Video(id=f"c{number}", **{**values, **fields})


def add(recommender: Recommender, *clips: Video) -> None:
    recommender.add_items(clips)


def fields(page: str) -> dict[str, str]:
    """Return the data of the article."""
    article = re.search(r'<article class="(?:clip|end)"([^>]*)>', page, re.DOTALL)
    assert article is not None
    return {name: unescape(value) for name, value in re.findall(r'data-([a-z]+)="([^"]*)"', article[1])}


def walk(client: FlaskClient, path: str = "/watch") -> list[str]:
    """Follow the links to the next clip until the end; return the items in order."""
    seen: list[str] = []
    for _ in range(80):
        page = text_of(client, path)
        if "all caught up" in page:
            return seen
        seen.append(fields(page)["item"])
        link = re.search(r'<a class="button" rel="next" href="([^"]+)"', page)
        assert link is not None
        path = unescape(link[1])
    raise AssertionError(f"no end after {seen}")


def test_the_feed_shows_every_clip_once_and_ends(client: FlaskClient, recommender: Recommender) -> None:
    add(recommender, *(clip(number) for number in range(23)))

    seen = walk(client)

    assert sorted(seen) == sorted(["clip-Oven", "clip-Waves", *(f"c{number}" for number in range(23))])


def test_the_feed_goes_by_one_list(client: FlaskClient, recommender: Recommender) -> None:
    add(recommender, *(clip(number) for number in range(5)))
    first = fields(text_of(client, "/watch"))
    made = recommender.made_list(first["list"], "local")

    assert made.kinds == ("video",)
    assert walk(client, first["here"]) == [place.item for place in made.items]


def test_the_way_back_leads_to_the_clip_before(client: FlaskClient) -> None:
    first = fields(text_of(client, "/watch"))
    second = fields(text_of(client, first["next"]))

    assert "previous" not in first
    assert fields(text_of(client, second["previous"]))["item"] == first["item"]


def test_the_end_leads_back_to_the_last_clip(client: FlaskClient) -> None:
    second = fields(text_of(client, fields(text_of(client, "/watch"))["next"]))
    end = fields(text_of(client, second["next"]))

    assert "next" not in end
    assert fields(text_of(client, end["previous"]))["item"] == second["item"]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_clip_asked_for_by_name_comes_first_and_once(
    client: FlaskClient, recommender: Recommender, answer: str
) -> None:
    send(client, "/me/consent", answer=answer)
    add(recommender, *(clip(number) for number in range(4)))

    seen = walk(client, "/watch?item=c3")

    assert seen[0] == "c3"
    assert len(seen) == len(set(seen)) == 6


def test_a_clip_asked_for_by_name_can_be_gone_back_to(client: FlaskClient) -> None:
    second = fields(text_of(client, fields(text_of(client, "/watch?item=clip-Oven"))["next"]))

    first = fields(text_of(client, second["previous"]))

    assert first["item"] == "clip-Oven"
    assert first["next"] == second["here"]


@pytest.mark.parametrize("first", ["none", "energy-0"])
def test_what_is_no_clip_stands_before_no_feed(client: FlaskClient, first: str) -> None:
    made = fields(text_of(client, "/watch"))["list"]

    shown = fields(text_of(client, f"/watch?list={made}&position=0&first={first}"))

    assert shown["position"] == "1"
    assert "previous" not in shown


def test_the_opening_of_a_card_is_of_its_list(client: FlaskClient, recommender: Recommender) -> None:
    client.get("/watch?item=clip-Oven&list=l1&position=7")

    (opened,) = events_of(recommender, "open")
    assert (opened.item, opened.list, opened.position) == ("clip-Oven", "l1", 7)


def test_cards_of_clips_lead_to_the_feed(client: FlaskClient) -> None:
    page = text_of(client, "/")
    link = re.search(r'href="(/watch\?item=clip-Oven[^"]*)"', page)
    assert link is not None

    assert re.fullmatch(r"/watch\?item=clip-Oven&list=l[0-9a-f]+&position=\d+", unescape(link[1]))


def test_an_article_asked_for_as_a_clip_is_shown_as_an_article(client: FlaskClient) -> None:
    answer = client.get("/watch?item=energy-0")

    assert (answer.status_code, answer.location) == (302, "/a/energy-0")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/watch?item=none", 404),
        ("/watch?position=x", 422),
        ("/watch?position=-1", 422),
        ("/captions/energy-0", 404),
        ("/captions/clip-Oven", 404),
        ("/player/clip-Oven", 404),
        ("/creator/nobody", 404),
        ("/sound/none", 404),
    ],
)
def test_what_is_not_there_is_said_so(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize("list_id", ["none", "articles"])
def test_a_list_that_is_no_feed_is_replaced(client: FlaskClient, clock: ManualClock, list_id: str) -> None:
    found = re.search(r'data-list="([^"]+)"', text_of(client, "/"))
    assert found is not None
    clock.at += timedelta(seconds=1)
    asked = found[1] if list_id == "articles" else list_id

    answer = client.get(f"/watch?list={asked}&position=1", follow_redirects=True)

    assert "no longer kept" in answer.get_data(as_text=True)
    assert fields(answer.get_data(as_text=True))["list"] != asked


def test_an_old_feed_is_replaced(client: FlaskClient, clock: ManualClock) -> None:
    first = fields(text_of(client, "/watch"))
    clock.at += timedelta(hours=2)

    assert client.get(first["next"]).location == "/watch"


def test_impressions_come_in_batches_and_once(client: FlaskClient, recommender: Recommender) -> None:
    add(recommender, *(clip(number) for number in range(23)))
    feed = fields(text_of(client, "/watch"))["here"]
    walk(client, feed)
    walk(client, feed)

    shown = [len(event.items) for event in events_of(recommender, "impression")]  # type: ignore[attr-defined]  # impressions have
    assert shown == [10, 10, 5]


def test_to_be_shown_a_clip_is_not_to_open_it(client: FlaskClient, recommender: Recommender) -> None:
    """Nothing is known of whether the reader looked at it; and they have not asked for this one."""
    walk(client)

    assert events_of(recommender, "open") == []


def test_a_look_ahead_opens_nothing(client: FlaskClient, recommender: Recommender) -> None:
    client.get("/watch?item=clip-Oven", headers={"Purpose": "prefetch"})

    assert events_of(recommender, "open") == []


def test_with_tracking_the_page_leaves_the_opening_to_the_tracker(
    client: FlaskClient, recommender: Recommender
) -> None:
    send(client, "/me/consent", answer="yes")

    assert "data-tracked" in text_of(client, "/watch?item=clip-Oven")
    assert events_of(recommender, "open") == []


@pytest.mark.parametrize("answer", [None, "no"])
def test_without_a_yes_the_player_is_told_not_to_track(client: FlaskClient, answer: str | None) -> None:
    if answer:
        send(client, "/me/consent", answer=answer)

    page = text_of(client, "/watch")

    assert re.findall(r'<script[^>]*src="[^"]+/([^/"]+)"', page) == ["feed.js", "keep.js"]
    assert "data-tracked" not in page


@pytest.mark.parametrize("kind", ["creator", "sound"])
def test_what_is_muted_meanwhile_is_left_out(client: FlaskClient, recommender: Recommender, kind: str) -> None:
    makers = {"creator": "Loud", "sound": "Horn"}
    add(recommender, *(clip(number, **({kind: makers[kind]} if number % 2 else {})) for number in range(6)))
    first = fields(text_of(client, "/watch"))
    send(client, "/me/interests", act="mute", kind=kind, value=makers[kind])

    seen = walk(client, first["here"])

    assert {"c1", "c3", "c5"} & set(seen) == set()
    assert {"c0", "c2", "c4"} <= set(seen)


def test_what_is_hidden_is_not_come_back_to(client: FlaskClient) -> None:
    first = fields(text_of(client, "/watch"))
    send(client, "/act", act="hide", item=first["item"])

    assert "previous" not in fields(text_of(client, first["next"]))


def test_an_act_leads_back_to_the_same_clip(client: FlaskClient) -> None:
    page = text_of(client, "/watch")
    here = fields(page)["here"]

    assert len(re.findall(f'name="next" value="{re.escape(here.replace("&", "&amp;"))}"', page)) == 2


def test_a_clip_says_why_it_is_there(client: FlaskClient) -> None:
    """What sets it apart from the other one; where nothing is known of the reader, nothing does."""
    send(client, "/me/interests", act="follow", kind="topic", value="oceans")
    link = re.search(r'<p class="reason">(.*?)</p>', text_of(client, "/watch"), re.DOTALL)

    assert link is not None
    why = re.search(r'href="(/why/[^"]+)"', link[1])
    assert why is not None
    assert client.get(why[1]).status_code == 200


def test_without_clips_the_page_says_so(client: FlaskClient, recommender: Recommender) -> None:
    for name in ("clip-Oven", "clip-Waves"):
        send(client, "/act", act="hide", item=name)

    assert "You are all caught up" in text_of(client, "/watch")


def test_captions_of_an_item_are_sent_as_webvtt(client: FlaskClient, recommender: Recommender) -> None:
    add(recommender, clip(1, captions=(Caption(0.0, 1.25, "Salt & <b>sea</b>"),)))

    assert '<track kind="captions" src="/captions/c1"' in text_of(client, "/watch?item=c1")
    answer = client.get("/captions/c1")
    assert answer.mimetype == "text/vtt"
    assert answer.get_data(as_text=True) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.250\nSalt &amp; &lt;b&gt;sea&lt;/b&gt;\n"
    )


def test_captions_of_another_host_ask_for_its_leave(client: FlaskClient, recommender: Recommender) -> None:
    add(recommender, clip(1, captions_url="https://a.example/1.vtt"), clip(2, captions_url="/media/demo/2.vtt"))

    assert 'crossorigin="anonymous"' in text_of(client, "/watch?item=c1")
    assert 'crossorigin="anonymous"' not in text_of(client, "/watch?item=c2")


def embedded(number: int, **more: Any) -> Video:
    poster = "https://i.ytimg.com/vi/abc/hq.jpg"
    return clip(number, media_url="", embed_url=PLAYER, provider="youtube", poster_url=poster, **more)


@pytest.mark.parametrize("path", ["/watch?item=c1", "/a/c1", "/", "/creator/Maker%201"])
def test_no_page_asks_anything_of_a_player_by_itself(client: FlaskClient, recommender: Recommender, path: str) -> None:
    add(recommender, embedded(1))

    page = text_of(client, path)

    assert "c1" in page
    assert not re.search(r'(src|poster|href)="https://(www\.youtube|i\.ytimg)', page)
    assert "frame-src" not in client.get(path).headers["Content-Security-Policy"]


def test_the_page_of_a_player_may_frame_that_player_alone(client: FlaskClient, recommender: Recommender) -> None:
    add(recommender, embedded(1))

    answer = client.get("/player/c1")

    assert f'<iframe src="{PLAYER}"' in answer.get_data(as_text=True)
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["frame-src"] == "https://www.youtube-nocookie.com"
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"


def test_a_creator_has_a_page_with_their_clips_newest_first(client: FlaskClient, recommender: Recommender) -> None:
    add(recommender, *(clip(number, creator="Ann & Co", creator_id="a.example/ann") for number in (3, 1, 2)))

    page = text_of(client, "/creator/a.example/ann")

    assert "<h1>Ann &amp; Co</h1>" in page
    assert re.findall(r'data-item="([^"]+)"', page) == ["c1", "c2", "c3"]
    assert 'href="/watch?item=c1"' in page


def test_cards_and_feed_link_creator_and_sound(client: FlaskClient) -> None:
    for path in ("/", "/watch", "/a/clip-Oven"):
        assert 'href="/creator/Studio"' in text_of(client, path)
    assert 'href="/sound/Hum"' in text_of(client, "/watch")


@pytest.mark.parametrize("kind", ["creator", "sound"])
def test_creators_and_sounds_can_be_followed_and_muted(client: FlaskClient, kind: str) -> None:
    path, value = {"creator": ("/creator/Studio", "Studio"), "sound": ("/sound/Hum", "Hum")}[kind]
    assert 'value="follow" aria-pressed="false"' in text_of(client, path)

    send(client, "/me/interests", act="follow", kind=kind, value=value)
    assert 'value="unfollow" aria-pressed="true"' in text_of(client, path)

    send(client, "/me/interests", act="mute", kind=kind, value=value)
    assert f"You muted this {kind}" in text_of(client, path)
    assert 'value="unmute"' in text_of(client, path)


def test_a_mute_of_a_creator_is_called_by_name(client: FlaskClient, recommender: Recommender) -> None:
    add(recommender, clip(1, creator="Ann", creator_id="a.example/ann"))
    found = re.search(r'href="(/why/[^"]+/c1)"', text_of(client, "/?")) or re.search(
        r'href="(/why/[^"]+/c1)"', text_of(client, "/watch")
    )
    assert found is not None

    page = text_of(client, found[1])

    assert re.search(r'<p>Ann<span class="tag">creator</span></p>', page)
    assert 'name="value" value="a.example/ann"' in page


def test_who_has_left_clips_at_once_gets_them_again(client: FlaskClient, recommender: Recommender) -> None:
    """The page that ends the feed says so; what was watched does not come again."""
    recommender.storage.put_consent(Consent("local", "attention", True, NOW, "x", "kept"))
    seen = walk(client)
    made = events_of(recommender, "impression")[-1].list
    for number, item in enumerate(seen):
        story = WatchStory(item, user="local", view=f"f{number}", at=NOW).play(0, 9 if number else 0.5).close()
        recommender.observe([replace(event, list=made) for event in story])

    assert walk(client) == seen[:1]
    link = re.search(r'href="(/watch[?]again=1)"', text_of(client, "/watch?position=99"))
    assert link is not None
    assert sorted(walk(client, link[1])) == sorted(seen)
    assert "Those that you left at once come again" in text_of(client, "/watch?position=99")
