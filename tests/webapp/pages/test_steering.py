"""Less like this with a reason, mutes with a count first, what is hidden and why, saved and history."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.types import Hide, Target
from tests.webapp.pages.test_interests import undo_of
from tests.webapp.pages.test_pages import events_of, send, text_of


def items_of(page: str) -> list[str]:
    return re.findall(r'data-item="([^"]+)"', page)


def buttons_of(page: str, item: str) -> dict[str, str]:
    """Return the buttons of one card: what is on them -> what they send."""
    found = re.findall(rf'name="do" value="([^"]* {item})"[^>]*>([^<]+)<', page)
    return {html.unescape(text): html.unescape(value) for value, text in found}


def test_a_card_can_be_saved_and_liked_where_it_stands(client: FlaskClient, recommender: Recommender) -> None:
    page = text_of(client, "/")
    first = items_of(page)[0]
    here = here_of(page)

    send(client, "/act", do=buttons_of(page, first)["Save"], next=here, list="l1")

    (event,) = events_of(recommender, "save")
    assert (event.item, event.position) == (first, 1)
    again = text_of(client, here)
    assert items_of(again) == items_of(page)
    assert "Saved" in buttons_of(again, first)
    assert items_of(text_of(client, "/saved")) == [first]


def here_of(page: str) -> str:
    """Return where the form of the cards leads back to."""
    found = re.search(r'id="acts".*?name="next" value="([^"]+)"', page, re.S)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.parametrize(
    ("text", "reason", "target"),
    [
        ("Less about energy", "topic", Target("topic", "energy")),
        ("Less from Paper 0", "source", Target("source", "Paper 0")),
        ("Less by Ada", "author", Target("author", "Ada")),
        ("Seen it already", "seen", None),
        ("Promises too much", "bait", None),
        ("Just not this", "", None),
    ],
)
def test_less_has_a_reason(
    client: FlaskClient, recommender: Recommender, text: str, reason: str, target: Target | None
) -> None:
    link = re.search(r'class="less" href="(/less/energy-0[^"]+)"', text_of(client, "/latest"))
    assert link is not None
    form = text_of(client, html.unescape(link[1])).split('class="row less"')[1].split("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    value = re.search(rf'name="reason" value="(\w*)">{text}<', form)
    assert value is not None

    answer = send(client, "/act", **{**fields, "reason": value[1], "csrf_token": fields["csrf_token"]})

    (event,) = events_of(recommender, "hide")
    assert isinstance(event, Hide)
    assert (event.reason, event.target, event.list, event.position) == (reason, target, fields["list"], 1)
    back = client.get(answer.headers["Location"], follow_redirects=True).get_data(as_text=True)
    assert "<h1>Latest" in back
    assert "energy-0" not in items_of(back)


def test_less_on_a_keyword_from_the_page_of_the_item(client: FlaskClient, recommender: Recommender) -> None:
    keyword = re.findall(r'<option value="([^"]+)"', text_of(client, "/a/energy-0"))[0]

    send(client, "/act", act="hide", item="energy-0", reason="keyword", keyword=html.unescape(keyword))

    (event,) = events_of(recommender, "hide")
    assert isinstance(event, Hide)
    assert event.target == Target("keyword", html.unescape(keyword))


def test_what_is_hidden_goes_from_the_list_at_hand_and_comes_back_by_undo(client: FlaskClient) -> None:
    page = text_of(client, "/")
    here = here_of(page)
    second = items_of(page)[1]

    answer = send(client, "/act", act="hide", item=second, next=here)
    after = text_of(client, answer.headers["Location"])
    send(client, "/me/undo", **undo_of(after))

    assert items_of(after) == [item for item in items_of(page) if item != second]
    assert items_of(text_of(client, here)) == items_of(page)


def test_a_mute_tells_first_what_it_would_hide(client: FlaskClient) -> None:
    page = text_of(client, "/me/mute?kind=topic&value=space")

    assert "would hide 8 of the 42 newest" in page
    assert "A telescope on the Moon, part 0" in page
    send(client, "/me/interests", act="mute", kind="topic", value="space", days="7")
    assert len(re.findall("A telescope on the Moon", text_of(client, "/latest"))) == 0
    assert "would hide 0 of the 34 newest" in text_of(client, "/me/mute?kind=topic&value=space")


@pytest.mark.parametrize("text", ["batteries", "Battery", "Atacama", "salt flats"])
def test_a_muted_keyword_is_found_in_any_form_and_anywhere_in_the_text(client: FlaskClient, text: str) -> None:
    page = text_of(client, f"/me/mute?kind=keyword&value={text}")
    value = re.search(r'name="value" value="([^"]+)"', page)

    assert "would hide 8 of the 42 newest" in page
    assert value is not None
    send(client, "/me/interests", act="mute", kind="keyword", value=html.unescape(value[1]))
    assert "energy-0" not in items_of(text_of(client, "/latest"))
    assert "space-0" in items_of(text_of(client, "/latest"))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example/", "https://evil.example/"])
def test_the_way_back_from_a_mute_stays_here(client: FlaskClient, address: str) -> None:
    page = text_of(client, f"/me/mute?kind=topic&value=space&next={address}")

    assert "evil.example" not in page
    assert "javascript:" not in page


def test_under_a_prefix_forms_lead_back_to_where_they_stood(client: FlaskClient) -> None:
    page = client.get("/", base_url="http://localhost/news").get_data(as_text=True)

    assert 'href="/news/less/' in page
    assert here_of(page).startswith("/?list=")


def test_a_mute_that_is_over_hides_nothing(client: FlaskClient, clock: ManualClock) -> None:
    send(client, "/me/interests", act="mute", kind="topic", value="space", days="1")
    hidden = items_of(text_of(client, "/latest"))
    clock.at += timedelta(days=2)

    assert "space-0" not in hidden
    assert "space-0" in items_of(text_of(client, "/latest"))
    assert "None of the 42 newest" in text_of(client, "/me/hidden")


def test_the_drawer_counts_and_names_what_is_hidden(client: FlaskClient) -> None:
    assert "Hidden (" not in text_of(client, "/latest")
    send(client, "/me/interests", act="mute", kind="topic", value="space")
    send(client, "/act", act="hide", item="food-0")

    for path in ("/", "/latest"):
        page = text_of(client, path)
        assert "Hidden (9) and why" in page
        assert "8: you muted the topic “space”" in page
        assert "1: hidden by you" in page
    page = text_of(client, "/me/hidden")
    assert "9 of the 42 newest" in page
    assert "Bread without haste, part 0" in page


def test_a_hidden_item_is_shown_again(client: FlaskClient, recommender: Recommender) -> None:
    before = recommender.interests("local")
    send(client, "/act", act="hide", item="food-0")
    value = re.search(r'name="do" value="(unhide[^"]+)"', text_of(client, "/me/hidden"))
    assert value is not None

    send(client, "/act", do=value[1])

    assert "food-0" in items_of(text_of(client, "/latest"))
    assert recommender.interests("local") == before


def test_what_is_marked_as_read_leaves_the_list_and_teaches_nothing(
    client: FlaskClient, recommender: Recommender
) -> None:
    page = text_of(client, "/")
    first = items_of(page)[0]

    answer = send(client, "/act", act="mark_read", item=first, next="/")
    marked = text_of(client, answer.headers["Location"])
    send(client, "/me/undo", **undo_of(marked))

    assert first not in items_of(marked)
    assert first in items_of(text_of(client, "/"))
    assert recommender.interests("local") == ()


def test_unread_brings_back_what_was_opened(client: FlaskClient) -> None:
    client.get("/a/energy-0")
    gone = text_of(client, "/") + text_of(client, "/")
    send(client, "/act", act="mark_unread", item="energy-0")

    assert "energy-0" not in items_of(gone)
    kept = re.search(r'href="(/\?list=[^"]+)">Load more', text_of(client, "/"))
    assert kept is not None
    listed = items_of(text_of(client, "/")) + items_of(text_of(client, html.unescape(kept[1])))
    assert "energy-0" in listed


def test_history_is_in_order_and_by_day(client: FlaskClient, clock: ManualClock) -> None:
    client.get("/a/energy-0")
    clock.at += timedelta(days=1)
    client.get("/a/food-1")
    clock.at += timedelta(minutes=1)
    client.get("/a/space-2")

    page = text_of(client, "/history")

    assert items_of(page) == ["space-2", "food-1", "energy-0"]
    assert len(re.findall('class="daymark"', page)) == 2


def test_long_histories_have_pages(client: FlaskClient, clock: ManualClock) -> None:
    for number in range(8):
        for topic in ("energy", "food", "space"):
            client.get(f"/a/{topic}-{number}")
            clock.at += timedelta(minutes=1)

    first, second = text_of(client, "/history"), text_of(client, "/history?from=20")

    assert len(items_of(first)) == 20
    assert len(items_of(second)) == 4
    assert not set(items_of(first)) & set(items_of(second))
    assert "That is all you opened" in second


@pytest.mark.parametrize("path", ["/", "/latest"])
def test_a_list_ends(client: FlaskClient, path: str) -> None:
    page = text_of(client, path)
    while more := re.search(r'href="([^"]+)">Load more', page):
        page = text_of(client, html.unescape(more[1]))

    assert "That is all for now" in page
