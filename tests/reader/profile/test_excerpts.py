"""Which words belong to a part of a clip."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.profile.excerpts import spoken_in, spoken_paragraph
from reader.types import Caption, Video

WORDS = "zero one two three four five six seven eight nine"


def clip(**fields: Any) -> Video:
    return Video(id="v1", title="Count", **{"duration_s": 10.0, "transcript": WORDS, **fields})


def test_without_captions_words_are_where_they_would_be_said_evenly() -> None:
    assert spoken_in(clip(), (4.0, 6.0), 0.0) == "four five"
    assert spoken_in(clip(), (4.0, 6.0), 1.0) == "three four five six"
    assert spoken_in(clip(), (0.0, 0.5), 0.0) == "zero"
    assert spoken_in(clip(), (9.5, 10.0), 2.0) == "seven eight nine"


def test_captions_tell_when_it_is_said() -> None:
    captions = (Caption(0.0, 1.0, "zero to six"), Caption(1.0, 9.0, "seven"), Caption(9.0, 10.0, "eight and nine"))

    assert spoken_in(clip(captions=captions), (1.0, 8.0), 1.0) == "seven"
    assert spoken_in(clip(captions=captions), (0.5, 8.0), 1.0) == "zero to six seven"


@pytest.mark.parametrize(
    ("fields", "said", "paragraph"),
    [
        ({"duration_s": None}, WORDS, 0),
        ({"transcript": "", "description": "Numbers."}, "Numbers.", 0),
        ({"description": "Numbers."}, "four five", 1),
        ({"transcript": ""}, "", None),
    ],
)
def test_what_stands_in_where_less_is_known(fields: dict[str, Any], said: str, paragraph: int | None) -> None:
    assert spoken_in(clip(**fields), (4.0, 6.0), 0.0) == said
    assert spoken_paragraph(clip(**fields)) == paragraph


@given(st.floats(0, 12), st.floats(0, 12), st.floats(0, 3))
def test_a_part_has_a_run_of_the_words_and_a_longer_one_no_fewer(start: float, stop: float, around: float) -> None:
    start, stop = sorted((start, stop))

    said = spoken_in(clip(), (start, stop), around)

    assert said in WORDS
    assert len(said) <= len(spoken_in(clip(), (start, stop + 1), around))
