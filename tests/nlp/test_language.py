"""The language of a text, with and without a hint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.language import CODES, UNDETERMINED, detect_language

GERMAN = (
    "Der Stadtrat hat am Montag über den Haushalt beraten und wird in der kommenden Woche entscheiden, wie viel Geld "
    "die Schulen für neue Räume und Geräte bekommen sollen."
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The council of the city met on Monday to talk about schools.", "en"),
        (GERMAN, "de"),
        ("Le conseil municipal se réunit lundi soir pour parler des écoles.", "fr"),
        ("Городской совет обсудил бюджет школ на следующий год.", "ru"),
        ("市議会は月曜日に来年度の予算について話し合った。", "ja"),
        ("THE COUNCIL OF THE CITY MET ON MONDAY TO TALK ABOUT SCHOOLS.", "en"),
    ],
)
def test_clear_texts_are_recognised(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    "text", ["", "  ", "Hm.", "12345 67890 12345", "Bayern Munich beat Dortmund 3-1", "\ud800\x00"]
)
def test_short_or_unclear_texts_are_undetermined(text: str) -> None:
    assert detect_language(text) == UNDETERMINED


@pytest.mark.parametrize("hint", ["en-GB", "EN", "en_US", " en "])
def test_a_hint_wins_over_a_short_text(hint: str) -> None:
    assert detect_language("Berlin Mitte", hint=hint) == "en"


def test_a_hint_loses_against_a_long_clear_text() -> None:
    assert detect_language(GERMAN, hint="en") == "de"


@pytest.mark.parametrize("hint", ["xx-YY", "english", "-", ""])
def test_an_unknown_hint_is_ignored(hint: str) -> None:
    assert detect_language("Berlin", hint=hint) == UNDETERMINED


@given(st.text(max_size=200), st.text(max_size=6))
def test_the_answer_is_always_a_known_code_or_undetermined(text: str, hint: str) -> None:
    assert detect_language(text, hint=hint) in CODES | {UNDETERMINED}
