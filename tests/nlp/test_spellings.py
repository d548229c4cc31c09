"""In what other ways a word may be written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.spellings import fold, spellings


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("Häuser", {"haus", "haeuser"}),
        ("häuser", {"haus"}),
        ("haeuser", {"häuser", "haus"}),
        ("Muenchen", {"münchen"}),
        ("München", {"muenchen"}),
        ("Straßen", {"strasse", "strassen"}),
        ("strasse", {"straße"}),
        ("ging", {"gehen"}),
        ("batteries", {"battery"}),
        ("mice", {"mouse"}),
        ("went", {"go"}),
    ],
)
def test_base_forms_and_german_letters_of_both_languages(word: str, others: set[str]) -> None:
    assert others <= set(spellings(word))


@pytest.mark.parametrize("word", ["blue", "poet", "shoes", "fuel", "Israel", "neue", "Quelle"])
def test_two_vowels_are_no_umlaut_where_that_makes_no_german_word(word: str) -> None:
    assert not {"ä", "ö", "ü"} & set("".join(spellings(word)))


@settings(max_examples=30)
@given(st.text(max_size=12))
def test_the_word_itself_comes_first_and_none_comes_twice(word: str) -> None:
    found = spellings(word)

    assert found[0] == word.lower()
    assert len(set(found)) == len(found)


@settings(max_examples=30)
@given(st.text(max_size=12))
def test_folding_twice_changes_nothing_more(word: str) -> None:
    assert fold(fold(word)) == fold(word)


def test_case_accents_and_sharp_s_do_not_count() -> None:
    assert fold("ÄPFEL") == fold("äpfel") == "apfel"
    assert fold("Straße") == fold("STRASSE") == "strasse"
