"""Sites, their keys, and the origins that may use them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.clock import ManualClock
from reader.errors import InvalidInputError, NotFoundError
from reader.origins import origin_of, parse_origin
from reader.sites.registry import Sites, user_of
from reader.storage.memory import MemoryStorage

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
READER = "0123456789abcdef" * 2


@pytest.fixture
def sites() -> Sites:
    return Sites(MemoryStorage(), ManualClock(NOW))


def test_a_site_answers_its_own_origins_alone(sites: Sites) -> None:
    news = sites.add("news", ["https://news.example", "https://www.news.example/"])
    blog = sites.add("blog", ["https://blog.example"])

    assert sites.answering(news.key, "https://www.news.example") == news
    assert sites.answering(news.key, "https://blog.example") is None
    assert sites.answering(blog.key, "https://news.example") is None
    assert sites.answering("rk_unknown", "https://news.example") is None


@pytest.mark.parametrize(
    "near",
    [
        "http://news.example",
        "https://news.example:8443",
        "https://sub.news.example",
        "https://news.example.evil.example",
        "https://newsXexample",
        "https://NEWS.example",
        "https://news.example/",
        "null",
        "",
    ],
)
def test_an_origin_is_compared_whole(sites: Sites, near: str) -> None:
    """Browsers send it in one form only, so nothing that is merely alike can be from them."""
    news = sites.add("news", ["https://news.example"])

    assert sites.answering(news.key, near) is None
    assert not sites.knows(near)


def test_a_rotated_key_is_void_and_the_readers_stay(sites: Sites) -> None:
    old = sites.add("news", ["https://news.example"])

    new = sites.rotate_key("news")

    assert sites.answering(old.key, "https://news.example") is None
    assert sites.answering(new.key, "https://news.example") == new
    assert user_of(old, READER) == user_of(new, READER)


def test_one_reader_id_is_another_reader_on_another_site(sites: Sites) -> None:
    news, blog = sites.add("news", ["https://news.example"]), sites.add("blog", ["https://blog.example"])

    assert user_of(news, READER) != user_of(blog, READER)
    assert READER not in user_of(news, READER)


@pytest.mark.parametrize("reader", ["", "local", READER[:-1], READER.upper(), READER + "0", "../" + READER])
def test_a_reader_id_is_what_a_browser_made(sites: Sites, reader: str) -> None:
    with pytest.raises(InvalidInputError, match="32 hex digits"):
        user_of(sites.add("news", ["https://news.example"]), reader)


def test_origins_can_be_replaced_and_a_site_removed(sites: Sites) -> None:
    news = sites.add("news", ["https://news.example"])

    sites.allow("news", ["https://new.example"])

    assert sites.answering(news.key, "https://news.example") is None
    assert sites.knows("https://new.example")
    assert sites.remove("news").id == news.id
    with pytest.raises(NotFoundError, match="site list"):
        sites.find("news")


@pytest.mark.parametrize("name", ["", "News", "a/b", "-a", "a" * 41, "a b"])
def test_a_name_fits_into_commands(sites: Sites, name: str) -> None:
    with pytest.raises(InvalidInputError, match="small letters"):
        sites.add(name, ["https://news.example"])


def test_a_name_is_given_once(sites: Sites) -> None:
    sites.add("news", ["https://news.example"])

    with pytest.raises(InvalidInputError, match="taken"):
        sites.add("news", ["https://other.example"])


@pytest.mark.parametrize(
    "text",
    [
        "news.example",
        "ftp://news.example",
        "https://news.example/path",
        "https://news.example?q",
        "https://user:secret@news.example",
        "https://*.news.example",
        "https://",
        "https://news.example:99999",
        "http://news.example",
        "null",
        "*",
        "https://a b.example",
    ],
)
def test_what_is_no_secure_origin_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_origin(text)


@given(st.text(max_size=60))
def test_any_text_has_an_origin_or_none(text: str) -> None:
    """What comes out goes in again unchanged."""
    found = origin_of(text)

    assert found == "" or origin_of(found) == found
