"""Numbers of items in all forms, and the choice of a page, for all inputs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from webapp.greader.entries import Choice, Entry, choose
from webapp.greader.names import READING_LIST, long_id, number_of, parse_id

START = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.text())
def test_every_form_of_a_number_is_read_back(item: str) -> None:
    number = number_of(item)

    assert 0 <= number < 2**63
    assert parse_id(str(number)) == parse_id(long_id(number)) == number
    assert parse_id(long_id(number).upper().replace("TAG:GOOGLE.COM,2005:READER/ITEM/", long_id(0)[:-16])) == number


@given(st.text(max_size=40))
def test_what_is_no_number_is_none_or_one_of_64_bits(text: str) -> None:
    found = parse_id(text)

    assert found is None or 0 <= found < 10**19


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=40), st.integers(1, 7), st.booleans())
def test_pages_are_the_stream_in_order(marks: list[tuple[int, bool]], count: int, oldest_first: bool) -> None:
    """Also where many are of the same moment."""
    entries = [
        Entry(f"i{number}", START + timedelta(minutes=minute), ("f",), frozenset(), is_read, False)
        for number, (minute, is_read) in enumerate(marks)
    ]
    unread = ("user/-/state/com.google/read",)
    found: list[Entry] = []
    more: str | None = ""
    while more is not None:
        choice = Choice(READING_LIST, count, without=unread, oldest_first=oldest_first, after=more)
        page, more = choose(entries, choice)
        assert len(page) <= count
        found += page

    wanted = [entry for entry in entries if not entry.is_read]
    assert found == sorted(wanted, key=lambda one: (one.usec, one.number), reverse=not oldest_first)
