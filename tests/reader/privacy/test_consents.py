"""Answers: what they say, whose they are, which words they were given to."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.clock import ManualClock
from reader.errors import InvalidInputError
from reader.privacy.consents import Consents, is_of_these_words, level_of
from reader.privacy.text import Text
from reader.privacy.texts import SAID, TEXTS, text_of, version_of
from reader.records import EVENT_CLASSES
from reader.storage.memory import MemoryStorage
from reader.types import Consent
from reader.types_consent import ATTENTION_TYPES, FEEDBACK_TYPES, LEVELS, PURPOSES, USE_TYPES, Terms
from reader.types_languages import Language

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
# To take back and to forget what was said.
TAKING_BACK = {"unlike", "unsave", "unfollow", "unmute", "unweigh", "forget", "forget_paragraph", "reset", "undo"}


@pytest.fixture
def consents() -> Consents:
    return Consents(MemoryStorage(), ManualClock(NOW))


@pytest.mark.parametrize(("purpose", "level"), [(purpose, level) for purpose in PURPOSES for level in LEVELS[purpose]])
def test_an_answer_is_kept_with_words_time_and_actor(consents: Consents, purpose: str, level: str) -> None:
    given = consents.answer("ada", purpose, level, actor="u1")

    assert consents.newest("ada") == {purpose: given}
    assert given == Consent("ada", purpose, level != "none", NOW, version_of(purpose), level, "u1")
    assert is_of_these_words(given)


def test_the_version_is_the_digest_of_all_that_is_shown() -> None:
    """Worked out apart: title, lines, and level, button and meaning of each choice."""
    text = Text("May we?", ("A line.", "Another."), (("kept", "Yes", "It is kept."), ("none", "No", "It is not.")))
    shown = "May we?\0A line.\0Another.\0kept\0Yes\0It is kept.\0none\0No\0It is not."

    assert text.version == hashlib.sha256(shown.encode()).hexdigest()


def test_every_purpose_has_its_own_words_for_each_of_its_levels() -> None:
    assert len({text.version for text in TEXTS.values()}) == len(TEXTS)
    for purpose, text in TEXTS.items():
        assert {level for level, _, _ in text.choices} == set(LEVELS[purpose])


@pytest.mark.parametrize(
    ("purpose", "level", "version"),
    [
        ("advertising", "kept", ""),
        ("account", "kept", ""),
        ("attention", "yes", ""),
        ("feedback", "session", ""),
        ("attention", "kept", "2026"),
    ],
)
def test_what_cannot_be_answered_is_refused(consents: Consents, purpose: str, level: str, version: str) -> None:
    with pytest.raises(InvalidInputError):
        consents.answer("ada", purpose, level, text_version=version)

    assert consents.newest("ada") == {}


def test_a_program_answers_with_the_digest_of_its_own_words(consents: Consents) -> None:
    given = consents.answer("ada", "attention", "kept", text_version="ab" * 32)

    assert given.text_version == "ab" * 32
    assert not is_of_these_words(given)


def test_answers_of_before_there_were_levels_still_hold() -> None:
    assert [level_of(Consent("ada", "attention", granted, NOW, "2026-11-26")) for granted in (True, False)] == [
        "kept",
        "none",
    ]


def test_nothing_answered_leaves_attention_unasked_and_feedback_on(consents: Consents) -> None:
    assert consents.terms("ada") == Terms(attention=None, feedback=True)


# The signal of the browser


def test_the_signal_turns_attention_off_once(consents: Consents) -> None:
    """Whatever was said before it; what the reader says after it counts, however often the signal comes."""
    consents.answer("ada", "attention", "kept")

    assert consents.heed_signal("ada")
    assert consents.terms("ada").attention == "none"
    consents.answer("ada", "attention", "kept")

    assert not consents.heed_signal("ada")
    assert consents.terms("ada").attention == "kept"
    assert [answer.actor for answer in consents._storage.consents("ada")] == ["reader", "gpc", "reader"]


def test_the_signal_touches_no_other_purpose_and_no_other_reader(consents: Consents) -> None:
    consents.heed_signal("ada")

    assert consents.terms("ada") == Terms(attention="none", feedback=True)
    assert consents.terms("bob") == Terms()


# What may be taken


def test_every_type_of_event_serves_one_purpose() -> None:
    """A new type must be given one: else it would be taken from everybody."""
    assert EVENT_CLASSES.keys() == ATTENTION_TYPES | FEEDBACK_TYPES | USE_TYPES | TAKING_BACK
    assert len(ATTENTION_TYPES) + len(FEEDBACK_TYPES) + len(USE_TYPES) + len(TAKING_BACK) == len(EVENT_CLASSES)


@given(
    terms=st.builds(Terms, st.sampled_from([None, "none", "session", "kept"]), *[st.booleans()] * 3),
    kind=st.sampled_from(sorted(EVENT_CLASSES)),
)
def test_no_terms_let_through_what_was_said_no_to(terms: Terms, kind: str) -> None:
    """Over all terms there can be; each refusal says what to do or why never."""
    handling = terms.handling(kind)

    if terms.is_closed:
        assert handling == "refuse"
    if kind in ATTENTION_TYPES and (terms.is_child or terms.attention == "none"):
        assert handling == "refuse"
    if kind in FEEDBACK_TYPES and not terms.feedback:
        assert handling == "refuse"
    if handling == "hold":
        assert (terms.attention, kind in ATTENTION_TYPES) == ("session", True)
    if kind in TAKING_BACK and not terms.is_closed and not (terms.is_child and not terms.feedback):
        assert handling == "keep"
    assert terms.refusal(kind).startswith(f"{kind} ") or terms.is_closed


def test_the_questions_are_the_same_in_each_language() -> None:
    """With the same levels in the same order, each said in its own words."""
    for purpose, text in TEXTS.items():
        versions = {texts[purpose].version for texts in SAID.values()}
        assert len(versions) == len(SAID), purpose
        for texts in SAID.values():
            assert [level for level, _, _ in texts[purpose].choices] == [level for level, _, _ in text.choices]
            assert len(texts[purpose].lines) == len(text.lines)


@pytest.mark.parametrize("language", SAID)
def test_an_answer_to_the_words_of_any_language_is_one_to_the_present_words(
    consents: Consents, language: Language
) -> None:
    given = consents.answer("ada", "attention", "kept", text_version=version_of("attention", language))

    assert is_of_these_words(given)
    assert given.text_version == text_of("attention", language).version
