"""Index terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.terms import index_terms
from nlp.words import key


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("", "en", []),
        ("The cities and the city", "en", ["city", "city"]),
        ("Die Häuser am Fluss", "de", ["haus", "fluss"]),
        ("Tesla’s cars don't fly", "en", ["tesla", "car", "fly"]),
        ("The US and the UN met us", "en", ["us", "un", "meet"]),
        ("BREAKING NEWS FROM THE US", "en", ["break", "news"]),
        ("l'eau minérale", "fr", ["eau", "minéral"]),
        ("COVID-19 in 2020", "en", ["covid", "19", "2020"]),
        ("東京都", "ja", ["東京", "京都"]),
        ("Zzz qqq", "und", ["zzz", "qqq"]),
    ],
)
def test_terms_are_lemmas_without_stop_words(text: str, language: str, terms: list[str]) -> None:
    assert index_terms(text, language) == terms


@given(st.text(max_size=80), st.sampled_from(["en", "de", "ja", "und"]))
def test_terms_are_lower_case_without_spaces_and_the_same_again(text: str, language: str) -> None:
    terms = index_terms(text, language)

    assert all(term and term == term.lower() and not term.isspace() for term in terms)
    assert index_terms(text, language) == terms


@pytest.mark.parametrize("phrase", ["lithium-ion batteries", "Nobel Prizes", "offshore wind farms"])
def test_words_of_a_keyword_are_index_terms(phrase: str) -> None:
    """A profile's keywords can be sent to the index as they are."""
    assert key(phrase, "en").split() == index_terms(phrase, "en")
