"""Words, lemmas, keys, stop words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.words import clean, find_words, is_stop_word, key, lemma, stop_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  – … !", []),
        ("It's a co-op.", ["It's", "a", "co-op"]),
        ("2.5 km, 1,000 m", ["2.5", "km", "1", "000", "m"]),
        ("L’eau d'Évian", ["L’eau", "d'Évian"]),
        ("snake_case", ["snake", "case"]),
        ("東京へ go", ["東", "京", "へ", "go"]),
    ],
)
def test_words_are_found(text: str, words: list[str]) -> None:
    assert find_words(text) == words


@pytest.mark.parametrize(
    ("word", "language", "base"),
    [
        ("studies", "en", "study"),
        ("Zinssätze", "de", "zinssatz"),
        ("US", "en", "us"),
        ("Zzyzx", "xx", "zzyzx"),
        ("Ä", "de", "ä"),
    ],
)
def test_lemma_is_lower_case_base_form(word: str, language: str, base: str) -> None:
    assert lemma(word, language) == base


def test_forms_of_a_phrase_share_one_key() -> None:
    forms = ["Lithium-ion batteries", "lithium-ion battery", "LITHIUM ion Battery’s"]

    assert {key(form.replace("LITHIUM", "lithium"), "en") for form in forms} == {"lithium ion battery"}


def test_stop_words_are_those_of_the_language() -> None:
    assert is_stop_word("The", "en")
    assert not is_stop_word("The", "de")
    assert is_stop_word("Und", "de")


@pytest.mark.parametrize("language", ["und", "", "../en", "xx"])
def test_unknown_language_has_no_stop_words(language: str) -> None:
    assert stop_words(language) == frozenset()


@given(st.text(alphabet=st.characters(), max_size=60))
def test_clean_text_can_be_encoded_and_has_no_control_characters(text: str) -> None:
    cleaned = clean(text)

    cleaned.encode("utf-8")
    assert not any(ord(character) < 32 and character not in "\t\n\v\f\r" for character in cleaned)


@given(st.text(max_size=60), st.sampled_from(["en", "de", "und"]))
def test_key_has_single_spaces_and_no_capitals(text: str, language: str) -> None:
    found = key(text, language)

    assert found == " ".join(found.split())
    assert found == found.lower()
