"""LIX, worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.readability import difficulty


@pytest.mark.parametrize(
    ("text", "lix"),
    [
        ("", 0.0),
        ("...", 0.0),
        ("The cat sat.", 3.0),
        ("The cat sat. The dog ran.", 3.0),
        # Seven letters are long, six are not: 4 words in one sentence, one long.
        ("kitten sat monster far", 4 + 100 / 4),
        ("It cost 2.5 km in the U.S today.", 8.0),
        ("„Wirklich?“ Ja!", 1 + 100 / 2),
    ],
)
def test_lix_is_sentence_length_plus_share_of_long_words(text: str, lix: float) -> None:
    assert difficulty(text) == pytest.approx(lix)


@given(st.text(max_size=200))
def test_lix_is_never_negative(text: str) -> None:
    assert difficulty(text) >= 0


def test_a_law_is_harder_than_a_story() -> None:
    story = "The dog saw the cat. It ran up a tree. The dog sat down and waited."
    law = "Notwithstanding paragraph three, competent authorities may temporarily suspend individual obligations."

    assert difficulty(law) > difficulty(story) + 30
