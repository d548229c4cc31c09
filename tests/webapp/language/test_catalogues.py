"""The catalogues of texts are complete: what the sources say is what is translated, and all of it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir

from tests.catalogues import TRANSLATED, WEBAPP, is_translated, key_of, load, said, texts_of, updated, written
from webapp.language.catalogue import catalogue_path, texts_in
from webapp.language.scripts import SCRIPT_TEXTS

PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|%|(?<!\{)\{\w+\}")
MARKUP = re.compile(r"</?\w+")
# What joins a number to its unit does not break.
LOOSE = re.compile(r"(?:\d|\)s|\}) (?:%|Min\.|Uhr|kB|MB|GB|ms|s)(?!\w)")


def forms(message: Message) -> list[tuple[str, str]]:
    """Pair each form of a text with its translation."""
    ids = list(message.id) if isinstance(message.id, list | tuple) else [message.id]
    strings = list(message.string) if isinstance(message.string, list | tuple) else [message.string or ""]
    return list(zip(map(str, ids), map(str, strings), strict=True))


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_has_the_texts_of_the_sources_and_no_others(language: str) -> None:
    """If this fails: `make catalogues`, then translate what is new."""
    assert {key_of(message) for message in texts_of(load(language))} == said()


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_text_has_its_translation(language: str) -> None:
    wrong = [message.id for message in texts_of(load(language)) if not is_translated(message) or message.fuzzy]

    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_takes_the_same_values_and_markup(language: str) -> None:
    for message in texts_of(load(language)):
        for text, translated in forms(message):
            # One of something may be said without its number.
            optional = {"%(num)s"} if isinstance(message.id, list | tuple) else set()
            assert set(PLACEHOLDER.findall(text)) ^ set(PLACEHOLDER.findall(translated)) <= optional, text
            assert sorted(MARKUP.findall(text)) == sorted(MARKUP.findall(translated)), text


def test_german_is_set_as_german_is() -> None:
    """Its own quotes, a space that does not break before a unit, no straight apostrophes, and du."""
    for message in texts_of(load("de")):
        for text, translated in forms(message):
            bare = re.sub(r"<[^>]*>", "", translated)
            assert bare.count("„") == bare.count("“"), translated
            assert not set("\"'”") & set(bare), translated
            assert "..." not in bare, translated
            assert not LOOSE.search(bare), translated
            assert not re.search(r"\b(Ihnen|Ihre?[mnrs]?)\b|(?<=[a-zäöü,] )Sie\b", bare), translated
            assert text.endswith(" ") == translated.endswith(" "), translated


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_file_is_written_as_make_catalogues_writes_it(language: str) -> None:
    """So that two who add texts change lines of their own only."""
    assert catalogue_path(language).read_bytes() == written(updated(load(language), said()))  # type: ignore[arg-type]


def test_a_text_without_translation_is_seen() -> None:
    """What the tests above go by: an empty form, and a missing one."""
    assert [is_translated(Message("a", string)) for string in ("b", "", ("b", ""), ("b", "c"))] == [
        *(True, False),
        *(False, True),
    ]


def test_scripts_say_what_is_listed_for_them() -> None:
    found = extract_from_dir(WEBAPP / "static", [("**.js", "javascript")], keywords={"text": None})

    assert {text for _, _, text, _, _ in found} == set(SCRIPT_TEXTS)


def test_catalogues_are_packed_with_the_program() -> None:
    """Hatch packs what lies in the package and is not left out by .gitignore."""
    ignored = (Path(WEBAPP).parent / ".gitignore").read_text(encoding="utf-8").split()

    assert not any(pattern.endswith((".po", "translations", "translations/")) for pattern in ignored)
    assert texts_in("de").gettext("Saved") == "Gemerkt"
    assert texts_in("en").gettext("Saved") == "Saved"
