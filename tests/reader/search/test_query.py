"""What was typed, and what it is taken for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.search.query import MAX_LENGTH, MAX_WORDS, Asked, Question, read_question, to_query
from reader.types_search import Sought


def plain(*words: str) -> tuple[tuple[Asked, ...], ...]:
    return tuple((Asked((word,)),) for word in words)


def test_words_all_have_to_be_there() -> None:
    assert read_question("  salt   brine ") == Question(plain("salt", "brine"))


def test_quoted_words_stand_as_they_are_written() -> None:
    question = read_question('"Salt lakes" "the"')

    assert question.all_of == ((Asked(("Salt", "lakes"), is_quoted=True),), (Asked(("the",), is_quoted=True),))
    assert to_query(question).all_of[0] == (Sought(("salt", "lakes"), as_written=True),)


@pytest.mark.parametrize("word", ["OR", "ODER", "|"])
def test_or_stands_between_two(word: str) -> None:
    groups = read_question(f"salt {word} brine {word} sea lake").all_of

    assert [[one.words[0] for one in group] for group in groups] == [["salt", "brine", "sea"], ["lake"]]


def test_a_small_or_is_a_word_like_others() -> None:
    assert read_question("salt or brine") == Question(plain("salt", "brine"), left_out=("or",))


def test_what_begins_with_a_minus_must_not_be_there() -> None:
    question = read_question('salt -sea -"dead sea"')

    assert question.all_of == plain("salt")
    assert question.none_of == (Asked(("sea",)), Asked(("dead", "sea"), is_quoted=True))


def test_a_star_lets_a_word_go_on() -> None:
    assert to_query(read_question("sol*")).all_of == ((Sought(("sol",), is_prefix=True),),)


def test_parts_of_a_word_stand_together() -> None:
    assert read_question("lithium-ion").all_of == ((Asked(("lithium", "ion")),),)


def test_a_plain_word_is_sought_in_its_forms() -> None:
    (forms,) = to_query(read_question("Häuser")).all_of

    assert {one.words[0] for one in forms} >= {"häuser", "haus"}


def test_dull_words_are_left_out_unless_there_are_no_others() -> None:
    assert read_question("the price of salt") == Question(plain("price", "salt"), left_out=("the", "of"))
    assert read_question("der die das").all_of == plain("der", "die", "das")
    assert read_question("US salt").all_of == plain("US", "salt")


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ('the "price of salt', ["price", "salt"], "quote"),
        ("OR salt", ["salt"], "or"),
        ("salt OR", ["salt"], "or"),
        ("salt OR OR brine", ["salt", "brine"], "or"),
        ("?! --", [], "marks"),
        ("a" * (MAX_LENGTH + 1), ["a" * MAX_LENGTH], "long"),
        (" ".join(f"word{number}" for number in range(MAX_WORDS + 1)), None, "long"),
    ],
)
def test_what_makes_no_sense_is_read_as_plain_words_with_a_hint(text: str, words: list[str] | None, hint: str) -> None:
    question = read_question(text)

    assert question.hints == (hint,)
    found = [one.words[0] for group in question.all_of for one in group]
    assert found == words if words is not None else len(found) == MAX_WORDS


def test_an_empty_question_asks_for_nothing() -> None:
    assert read_question(" ") == Question()
    assert read_question("-salt").none_of


@settings(max_examples=60)
@given(st.text(alphabet=st.sampled_from('ab "-*ORü()&:^\x00\ud800'), max_size=40))
def test_every_text_can_be_read(text: str) -> None:
    """Nothing raises, and all that is asked for are words."""
    question = read_question(text)
    query = to_query(question.widened())

    words = [word for group in query.all_of for one in group for word in one.words]
    assert all(word and word.isalnum() for word in words)


def test_widening_lets_plain_words_go_on_and_keeps_the_rest() -> None:
    wider = read_question('salt "dead sea" -brine').widened()

    assert wider.all_of == ((Asked(("salt",), is_prefix=True),), (Asked(("dead", "sea"), is_quoted=True),))
    assert wider.none_of == (Asked(("brine",)),)
