"""Paragraphs and their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.paragraphs import count_words, split_paragraphs


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("", []),
        (" \n\n \t\n", []),
        ("one\ntwo", ["one two"]),
        ("one\n\ntwo", ["one", "two"]),
        ("one\r\n\r\ntwo\r\nthree", ["one", "two three"]),
        ("one\n \t \n\n\ntwo", ["one", "two"]),
        ("a\u00a0b  c", ["a b c"]),
        ("one\u2029two", ["one", "two"]),
        ("a\x00b\ud800", ["a b"]),
    ],
)
def test_blank_lines_part_paragraphs(text: str, paragraphs: list[str]) -> None:
    assert split_paragraphs(text) == paragraphs


@given(st.text(alphabet="ab \t\r\n\u2029", max_size=50))
def test_splitting_again_changes_nothing(text: str) -> None:
    paragraphs = split_paragraphs(text)

    assert split_paragraphs("\n\n".join(paragraphs)) == paragraphs


@given(st.text(alphabet="ab \n", max_size=50))
def test_no_letter_is_lost(text: str) -> None:
    assert "".join("".join(split_paragraphs(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("– !", 0), ("a well-known word", 3), ("isn't it", 2), ("日本語の文章です", 5), ("in 東京", 2)],
)
def test_words_are_counted_as_read(text: str, words: int) -> None:
    assert count_words(text) == words
