"""The catalogues of texts: what the sources say, against what is translated.

`make catalogues` brings the files up to date: new texts come in without a translation, texts that are said no more go.
`tests/webapp/language/test_catalogues.py` fails until each text has its translation.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from reader.types_languages import LANGUAGES, ORIGINAL
from webapp.language.catalogue import catalogue_path
from webapp.language.given import given_texts

WEBAPP: Final = Path(__file__).parents[1] / "webapp"
METHODS: Final = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS: Final = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TRANSLATED: Final = tuple(language for language in LANGUAGES if language != ORIGINAL)
# A text as catalogues know it: its context, and the text or its two forms by number.
Key = tuple[str | None, str | tuple[str, ...]]


def said() -> set[Key]:
    """Return all texts of the sources."""
    found = extract_from_dir(WEBAPP, METHODS, OPTIONS, KEYWORDS)
    return {(context, text) for _, _, text, _, context in found} | {(None, text) for text in given_texts() if text}


def load(language: str) -> Catalog:
    """Return a catalogue as it lies in the repository."""
    with catalogue_path(language).open("rb") as file:  # type: ignore[arg-type]  # one of TRANSLATED
        return read_po(file, locale=language)


def key_of(message: Message) -> Key:
    """Return by what a text is looked up."""
    return message.context, tuple(message.id) if isinstance(message.id, list | tuple) else message.id


def texts_of(catalogue: Catalog) -> Iterator[Message]:
    """Yield the texts, without the head of the file."""
    return (message for message in catalogue if message.id)


def updated(old: Catalog, keys: Iterable[Key]) -> Catalog:
    """Return a catalogue of just these texts, translated as far as the old one goes."""
    known = {key_of(message): message for message in texts_of(old)}
    new = Catalog(locale=old.locale, project="Reread", fuzzy=False)
    for key in keys:
        message, (context, text) = known.get(key), key
        translated = message.string if message else None
        new.add(text, translated, context=context, user_comments=message.user_comments if message else ())
    return new


def written(catalogue: Catalog) -> bytes:
    """Write a catalogue so that two who add texts meet seldom: by the alphabet, without places, dates and versions."""
    body = BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    head = [
        'msgid ""',
        'msgstr ""',
        f'"Language: {catalogue.locale}\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Plural-Forms: {catalogue.plural_forms}\\n"',
    ]
    return "\n".join([*head, "", ""]).encode() + body.getvalue().rstrip(b"\n") + b"\n"


def main() -> None:
    """Bring all catalogues up to date, and say what is to be translated."""
    for language in TRANSLATED:
        new = updated(load(language), said())
        catalogue_path(language).write_bytes(written(new))
        missing = [str(message.id) for message in texts_of(new) if not is_translated(message)]
        sys.stdout.write(f"{language}: {len(list(texts_of(new)))} texts, {len(missing)} without a translation\n")
        sys.stdout.writelines(f"  {text}\n" for text in missing)


def is_translated(message: Message) -> bool:
    """Tell whether a text has its translation, in all forms."""
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(forms) and all(forms)


if __name__ == "__main__":
    main()
