"""Weighing phrases against a catalogue, and what every extractor owes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.keywords import Phrase, extract, make_extractor, weigh_phrases
from nlp.salience import MAX_PHRASES

PARAGRAPHS = {
    "en": "The new climate law was discussed in Berlin. Angela Merkel praised the climate law and offshore wind farms.",
    "de": "Der Bundestag in Berlin beriet das strenge Klimagesetz: Angela Merkel lobte das Klimagesetz und Windparks.",
    "fr": "Le Parlement discute la loi climat à Paris. Selon Jean Dupont, la loi climat aide les parcs éoliens.",
    "ja": "日本の首相は月曜日にアメリカを訪問した。",
    "und": "Zzyzx qoph Abracadabra zzyzx lorem.",
}

words = st.sampled_from(["sea", "wind", "farm", "sun", "ice"])
phrases = st.lists(
    st.builds(
        lambda parts, score: Phrase(" ".join(parts), " ".join(parts).upper(), "word", score),
        st.lists(words, min_size=1, max_size=3),
        st.floats(0.001, 1),
    ),
    max_size=8,
    unique_by=lambda phrase: phrase.term,
)


def word(term: str, score: float) -> Phrase:
    """A phrase written as its key."""
    return Phrase(term, term, "word", score)


def unknown(term: str) -> int:
    """An empty catalogue's document frequency."""
    return 0


@given(phrases, st.integers(0, 1000), st.integers(1, 12))
def test_weights_are_in_bounds_and_sorted(found: list[Phrase], documents: int, limit: int) -> None:
    keywords = weigh_phrases(found, lambda term: len(term) * documents // 5, documents, limit=limit)

    assert len(keywords) <= limit
    assert all(0 < keyword.weight <= 1 for keyword in keywords)
    assert keywords == sorted(keywords, key=lambda keyword: (-keyword.weight, keyword.term))


@given(phrases)
def test_order_of_the_phrases_does_not_matter(found: list[Phrase]) -> None:
    assert weigh_phrases(found, unknown, 10) == weigh_phrases(found[::-1], unknown, 10)


def test_without_a_catalogue_the_salience_is_the_weight() -> None:
    keywords = weigh_phrases([word("sea", 0.5), word("wind", 1.0)], unknown, 0)

    assert [(keyword.term, keyword.weight) for keyword in keywords] == [("wind", 1.0), ("sea", 0.5)]


def test_a_word_that_the_whole_catalogue_has_weighs_next_to_nothing() -> None:
    frequency = {"year": 100, "lithium": 1}

    lithium, year = weigh_phrases([word("year", 1.0), word("lithium", 0.5)], frequency.__getitem__, 100)

    assert (lithium.term, year.term) == ("lithium", "year")
    assert year.weight < 0.01


def test_a_part_gives_way_to_the_whole_unless_it_weighs_more() -> None:
    whole = word("offshore wind farm", 0.6)

    assert [k.term for k in weigh_phrases([whole, word("wind farm", 0.6)], unknown, 0)] == ["offshore wind farm"]
    assert len(weigh_phrases([whole, word("wind farm", 0.8)], unknown, 0)) == 2


def test_phrases_of_several_paragraphs_are_one_keyword_each() -> None:
    keywords = weigh_phrases([word("sea", 0.5), word("wind", 0.6), word("sea", 0.9)], unknown, 0)

    assert [(keyword.term, keyword.weight) for keyword in keywords] == [("sea", 0.9), ("wind", 0.6)]


def test_a_part_is_a_matter_of_words_not_of_letters() -> None:
    assert len(weigh_phrases([word("ice age", 0.9), word("ice", 0.1), word("age limit", 0.1)], unknown, 0)) == 2


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_every_language_gives_phrases_as_promised(language: str) -> None:
    text = PARAGRAPHS[language]

    found, nothing, dots = extract([text, "", "… 12 345 …"], language)

    assert found
    assert (nothing, dots) == ([], [])
    assert found == sorted(found, key=lambda phrase: (-phrase.score, phrase.term))
    assert found[0].score == 1.0
    assert all(0 < phrase.score <= 1 and phrase.label in text for phrase in found)
    assert len({phrase.term for phrase in found}) == len(found)


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_the_same_paragraph_gives_the_same_phrases_in_any_batch(language: str) -> None:
    text = PARAGRAPHS[language]

    assert extract([text], language)[0] == extract(["x", text, "Berlin."], language)[1]


def test_english_finds_names_and_noun_phrases() -> None:
    kinds = {phrase.term: phrase.kind for phrase in extract([PARAGRAPHS["en"]], "en")[0]}

    assert kinds["angela merkel"] == "entity"
    assert kinds["berlin"] == "entity"
    assert kinds["offshore wind farm"] == "noun_phrase"
    assert "climate law" in " ".join(kinds)


def test_german_finds_names_compounds_and_adjectives_with_their_noun() -> None:
    kinds = {phrase.term: phrase.kind for phrase in extract([PARAGRAPHS["de"]], "de")[0]}

    assert kinds["angela merkel"] == "entity"
    assert kinds["klimagesetz"] == "word"
    assert kinds["streng klimagesetz"] == "noun_phrase"


def test_counting_finds_repeated_phrases_and_names() -> None:
    terms = [phrase.term for phrase in extract([PARAGRAPHS["fr"]], "fr")[0]]

    assert {"loi climat", "jean dupont", "paris"} <= set(terms)
    assert not {"la", "les", "à"} & set(terms)


def test_forms_of_a_word_are_one_phrase() -> None:
    found = extract(["Wind farms are built. A wind farm was closed. The wind farm reopened."], "en")[0]

    assert [phrase.label for phrase in found if phrase.term == "wind farm"] == ["Wind farms"]


def test_a_general_noun_stands_behind_a_telling_one() -> None:
    terms = [phrase.term for phrase in extract(["The problem is lithium."], "en")[0]]

    assert terms == ["lithium", "problem"]


def test_a_very_long_paragraph_is_read_from_its_start() -> None:
    text = "Lithium batteries. " + "Copper wires corrode. " * 2000 + "Zanzibar."

    terms = [phrase.term for phrase in extract([text], "en")[0]]

    assert "lithium battery" in terms
    assert "zanzibar" not in terms


def test_a_page_of_names_gives_no_more_than_the_limit() -> None:
    text = ", ".join(f"Anna{chr(97 + i)}{chr(97 + j)} Berg" for i in range(10) for j in range(10))

    assert len(extract([text], "und")[0]) == MAX_PHRASES


def test_an_extractor_is_made_once() -> None:
    assert make_extractor("de") is make_extractor("de")
