"""The page of search, the pages of topics, and what stands beside an article."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote, unquote

from flask.testing import FlaskClient

from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.types import Article
from tests.builders import deliver
from tests.webapp.conftest import NOW
from tests.webapp.pages.test_pages import events_of, send, text_of


def found(page: str) -> list[str]:
    return re.findall(r'<article class="card[^>]* data-item="([^"]+)"', page)


def test_without_words_there_is_the_form_alone(client: FlaskClient) -> None:
    page = text_of(client, "/search")

    assert 'name="q"' in page
    assert "autofocus" in page
    assert found(page) == []
    assert "Nothing was found" not in page
    assert 'href="/search"' in text_of(client, "/")


def test_hits_are_marked_in_title_and_text(client: FlaskClient) -> None:
    page = text_of(client, "/search?q=lithium+lake")

    assert len(found(page)) == 8
    assert "Salt <mark>lakes</mark> of Chile" in page
    assert "<mark>Lithium</mark> brine" in page
    assert 'value="lithium lake"' in page
    assert "8 items." in page


def test_nothing_of_a_text_or_a_question_becomes_markup(client: FlaskClient, recommender: Recommender) -> None:
    text = 'Marmots <script>alert(1)</script> & <img src=x onerror="x">'
    recommender.add_items([Article(id="x", title=f"{text} one", published_at=NOW, language="en", paragraphs=(text,))])

    page = text_of(client, "/search?q=marmot+script")

    assert found(page) == ["x"]
    assert "<mark>Marmots</mark> &lt;<mark>script</mark>&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>" not in text_of(client, "/search?q=%22%3E%3Cb%3E")


def test_a_folder_whose_name_holds_a_slash_is_chosen(client: FlaskClient, recommender: Recommender) -> None:
    own = Subscriptions(recommender.storage, recommender.clock)
    for number, folder in enumerate((("TV/Radio",), ("TV", "Radio"))):
        url = f"https://{number}.example/feed"
        own.follow("local", url, folder=folder)
        deliver(recommender.storage, url, {f"oceans-{number}": NOW})

    page = text_of(client, "/search?q=eels")
    offered = [unescape(value) for value in re.findall(r'<option value="(TV[^"]+)"', page)]

    assert [found(text_of(client, f"/search?q=eels&folder={quote(value)}")) for value in offered] == [
        ["oceans-1"],
        ["oceans-0"],
    ]
    assert f'value="{offered[1]}" selected' in text_of(client, f"/search?q=eels&folder={quote(offered[1])}")


def test_filters_stand_in_the_address_and_go_along_to_the_next_page(client: FlaskClient) -> None:
    page = text_of(client, "/search?kind=article&order=newest&reading=unread&source=&since=2026-11-20")
    more = re.search(r'href="(/search\?[^"]+)">Load more', page)

    assert more is not None
    address = unquote(more[1])
    assert all(
        part in address for part in ("kind=article", "order=newest", "reading=unread", "since=2026-11-20", "from=20")
    )
    rest = text_of(client, more[1].replace("&amp;", "&"))
    assert len(found(page)) == len(set(found(page)) - set(found(rest))) == 20
    assert '<option value="newest" selected>' in page


def test_no_address_ends_in_an_error(client: FlaskClient) -> None:
    page = text_of(
        client, "/search?q=%22eels+OR&kind=book&since=yesterday&reading=x&order=y&from=-3&folder=Nowhere/else"
    )

    assert "A quotation mark is not closed" in page
    assert text_of(client, "/search?q=%00%ff&from=99999999999999")
    assert len(found(text_of(client, "/search?q=eels&kind=book"))) == 8


def test_where_no_word_fits_beginnings_do_and_it_is_said(client: FlaskClient) -> None:
    page = text_of(client, "/search?q=sourd")

    assert len(found(page)) == 8
    assert "begin with them" in page
    assert "<mark>Sourdough</mark>" in page


def test_where_nothing_begins_with_it_either_no_count_is_spoken_of(client: FlaskClient) -> None:
    page = text_of(client, "/search?q=zzzzqq")

    assert "Nothing was found." in page
    assert "begin with them" not in page


def test_what_is_muted_is_counted_and_can_be_shown(client: FlaskClient) -> None:
    send(client, "/me/interests", act="mute", kind="source", value="Paper 0")

    page = text_of(client, "/search?q=eels")

    assert len(found(page)) == 6
    assert "2 more are not shown" in page
    shown = text_of(client, "/search?q=eels&muted=show")
    assert len(found(shown)) == 8
    assert "not shown" not in shown


def test_an_opening_from_a_search_has_no_list(client: FlaskClient, recommender: Recommender) -> None:
    """So it teaches nothing about places, and what was looked for is not in the log."""
    address = re.search(r'class="title"[^>]*><a href="([^"]+)"', text_of(client, "/search?q=lithium"))
    assert address is not None

    client.get(address[1])

    (event,) = events_of(recommender, "open")
    assert (event.list, event.position) == (None, None)
    assert "lithium" not in repr(event).lower()
    assert events_of(recommender, "impression") == []


def test_what_was_saved_and_opened_can_be_searched(client: FlaskClient) -> None:
    assert "Search among them" not in text_of(client, "/saved")
    send(client, "/act", act="save", item="oceans-0")
    client.get("/a/oceans-1")

    assert 'href="/search?reading=saved"' in text_of(client, "/saved")
    assert found(text_of(client, "/search?q=eels&reading=saved")) == ["oceans-0"]
    assert 'href="/search?reading=read"' in text_of(client, "/history")
    assert found(text_of(client, "/search?q=eels&reading=read")) == ["oceans-1"]


def test_a_topic_lists_what_is_on_it_and_can_be_followed_and_muted(client: FlaskClient) -> None:
    assert 'href="/topic/oceans"' in text_of(client, "/a/oceans-0")
    page = text_of(client, "/topic/oceans")

    assert found(page)[0] == "clip-Waves"
    assert len(found(page)) == 9
    send(client, "/me/interests", act="follow", kind="topic", value="oceans")
    assert "You follow this topic" in text_of(client, "/topic/oceans")
    send(client, "/me/interests", act="mute", kind="topic", value="oceans")
    muted = text_of(client, "/topic/oceans")
    assert "You muted this topic" in muted
    assert len(found(muted)) == 9


def test_a_topic_that_nothing_is_on_is_not_there(client: FlaskClient) -> None:
    assert client.get("/topic/nothing").status_code == 404


def test_other_reports_of_the_same_stand_apart_from_related(client: FlaskClient, recommender: Recommender) -> None:
    text = (
        "Marmots of the Alps wake up a month early this year, and there is nothing to eat for them yet in the snow.",
    )
    recommender.add_items(
        [
            Article(id=f"m{number}", title="Marmots wake early", source=source, published_at=NOW, paragraphs=text)
            for number, source in enumerate(("Post", "Blatt"))
        ]
    )

    page = text_of(client, "/a/m0")

    apart, related = page.split('id="related"')
    assert re.search(r'id="reports">.*href="/a/m1"', apart, re.DOTALL)
    assert "/a/m1" not in related
    assert len(found(related)) == 5
