"""Features by row, against plain dictionaries."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reader.recommend.factors.moment import TraitEntries
from reader.recommend.filed_keywords import FiledKeywords, number_of, numbers_of
from reader.recommend.forward import Forward, RowEntries

TERMS = "abcdefgh"
rows_of_terms = st.lists(
    st.dictionaries(st.sampled_from(TERMS), st.floats(0.125, 1, width=32), max_size=5), min_size=1, max_size=12
)


@given(rows_of_terms, st.lists(st.sampled_from([*TERMS, "never"]), unique=True), st.data())
def test_amounts_and_rows_are_those_filed(rows: list[dict[str, float]], asked: list[str], data: st.DataObject) -> None:
    """Asked in between, too: what was sorted then is merged with what came later."""
    keywords = FiledKeywords()
    for row in rows:
        keywords.append(list(row.items()))
        if data.draw(st.booleans()):
            keywords.catch_up()
            keywords.rows(("keyword", "a"))
    chosen = data.draw(st.lists(st.sampled_from(range(len(rows))), unique=True))
    found = np.zeros((len(asked), len(chosen)), dtype=np.float32)

    numbers = numbers_of(tuple(("keyword", term) for term in asked))
    keywords.fill_amounts(numbers, np.array(chosen, dtype=np.int64), found)

    having = [[row for row, terms in enumerate(rows) if term in terms] for term in asked]
    assert found.tolist() == [[rows[row].get(term, 0.0) for row in chosen] for term in asked]
    assert [keywords.rows(("keyword", term)).tolist() for term in asked] == having
    assert keywords.frequencies(numbers).tolist() == [len(own) for own in having]


def test_frequencies_follow_what_is_filed() -> None:
    keywords = FiledKeywords()
    keywords.append([("salt", 0.5)])
    before = keywords.frequency(("keyword", "salt"))
    keywords.append([("salt", 0.25), ("sea", 1.0)])

    assert (before, keywords.frequency(("keyword", "salt"))) == (1, 2)


def test_a_retired_row_counts_no_more_in_frequencies() -> None:
    keywords = FiledKeywords()
    for terms in (["salt", "sea"], ["salt"]):
        keywords.append([(term, 1.0) for term in terms])
    before = keywords.frequency(("keyword", "salt"))

    keywords.retire(0)

    assert (before, *keywords.frequencies(numbers_of((("keyword", "salt"), ("keyword", "sea"))))) == (2, 1, 0)


def test_the_number_of_a_keyword_is_the_same_in_every_process() -> None:
    """What is filed is not kept, but the same hashes make the same lists everywhere."""
    assert number_of("salt lake") == 7249944398983843480
    assert number_of("salt") != number_of("Salt")


def test_numbers_that_share_their_lowest_bits_are_told_apart() -> None:
    """More numbers than the table of `fill_amounts` has places."""
    entries = RowEntries("i")
    entries.append(range(70_000), (float(number % 1000) for number in range(70_000)))
    found = np.zeros((2, 1), dtype=np.float32)

    entries.fill_amounts(np.array([65_537, 2]), np.array([0]), found)

    assert found.tolist() == [[537.0], [2.0]]


@given(st.lists(st.lists(st.sampled_from(TERMS), unique=True, max_size=4), min_size=1, max_size=9))
def test_traits_by_row_and_rows_by_trait(rows: list[list[str]]) -> None:
    traits = Forward(("topic", "source"))
    for row in rows:
        traits.append(("source" if name < "d" else "topic", name) for name in row)
    entries = traits.entries(np.arange(len(rows))[::-1])

    assert np.bincount(entries.places, minlength=len(rows)).tolist() == [len(row) for row in rows[::-1]]
    assert traits.kinds_of(entries.features).tolist() == [int(name < "d") for row in rows[::-1] for name in row]
    for name in TERMS:
        trait = ("source" if name < "d" else "topic", name)
        assert traits.rows(trait).tolist() == [number for number, row in enumerate(rows) if name in row]
        assert traits.numbers([trait])[0] in ([-1] if not any(name in row for row in rows) else range(len(traits)))


@given(
    st.lists(st.lists(st.sampled_from(TERMS), unique=True, max_size=4), max_size=9),
    st.lists(st.sampled_from([*TERMS, "never", "neither"]), unique=True),
)
def test_candidates_are_marked_by_their_traits(rows: list[list[str]], asked: list[str]) -> None:
    """Also where none has a trait that is asked for, or nobody any."""
    traits = Forward(("topic",))
    for row in rows:
        traits.append(("topic", name) for name in row)
    entries = traits.entries(np.arange(len(rows)))
    marks = np.full((len(asked), len(rows)), np.nan, dtype=np.float32)

    TraitEntries(entries, traits.kinds_of(entries.features), len(rows)).mark(
        traits.numbers(("topic", name) for name in asked), marks
    )

    assert marks.tolist() == [[float(name in row) for row in rows] for name in asked]
