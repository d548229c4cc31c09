"""Where in a text a question is answered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.search.marking import EXCERPT_LENGTH, Marker, Piece
from reader.search.query import read_question


def hits(question: str, text: str, language: str = "") -> list[str]:
    return [piece.text for piece in Marker(read_question(question), language).mark(text) if piece.is_hit]


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("haus", "Alte Häuser, ein Haus.", ["Häuser", "Haus"]),
        ("haeuser", "Das Haus und die Häuser", ["Haus", "Häuser"]),
        ("munchen", "In München", ["München"]),
        ("strasse", "Die STRASSE, die Straßen", ["STRASSE", "Straßen"]),
        ("battery", "Batteries and a battery's life", ["Batteries", "battery"]),
        ("sol*", "Solar soles, also", ["Solar", "soles"]),
        ('"salt lakes"', "salt lake, Salt Lakes and lakes of salt", ["Salt Lakes"]),
        ("lithium-ion", "A lithium-ion cell, an ion", ["lithium-ion"]),
        ("salt -sea", "The sea and its salt", ["salt"]),
        ("the salt", "The salt", ["salt"]),
        ("nothing", "Salt", []),
    ],
)
def test_what_the_index_finds_is_what_is_marked(question: str, text: str, found: list[str]) -> None:
    assert hits(question, text) == found


def test_the_language_of_the_text_says_what_a_base_form_is() -> None:
    assert hits("gehen", "ging", "de") == ["ging"]
    assert hits("gehen", "ging", "en-GB") == []


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(["salt", "Salz", "<b>", "&amp;", "sea", "\n", "…", "é"]), max_size=80).map(" ".join),
    st.sampled_from(["salt", "sa*", '"sea salt"', "b", "é -sea"]),
)
def test_pieces_make_the_text_again(text: str, question: str) -> None:
    marker = Marker(read_question(question), "en")

    assert "".join(piece.text for piece in marker.mark(text)) == text
    shown = marker.excerpt([text])
    bare = "".join(piece.text for piece in shown)
    assert bare.removeprefix("… ").removesuffix(" …") in text
    assert bool(shown) == any(piece.is_hit for piece in marker.mark(text)) == any(piece.is_hit for piece in shown)


def test_the_excerpt_has_most_of_what_was_asked_for() -> None:
    filler = "and so on " * 60
    text = f"Salt here. {filler} Brine there. {filler} Here salt and brine together. {filler}"

    shown = Marker(read_question("salt brine"), "en").excerpt(["No hit at all.", text])

    assert [piece.text for piece in shown if piece.is_hit] == ["salt", "brine"]
    assert shown[0] == Piece("… ")
    assert shown[-1] == Piece(" …")
    assert len("".join(piece.text for piece in shown)) < EXCERPT_LENGTH + 20


def test_without_a_hit_there_is_no_excerpt() -> None:
    assert Marker(read_question("salt"), "en").excerpt(["Sea", ""]) == ()
