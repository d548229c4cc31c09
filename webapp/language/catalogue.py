"""The catalogues of texts: gettext's .po files, read when a language is first spoken.

No .mo files: they would be a second copy to keep in step, and a catalogue is compiled in memory within 0.1 s.
"""

from __future__ import annotations

import gettext
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from reader.types_languages import ORIGINAL, Language

FOLDER: Final = Path(__file__).parents[1] / "translations"


def N_(text: str) -> str:
    """Return a text as it is, marked for the catalogues: it is said later, by `webapp.language.saying`."""
    return text


def catalogue_path(language: Language) -> Path:
    """Return where the texts of a language are; of the original there is no file."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


@lru_cache
def texts_in(language: Language) -> gettext.NullTranslations:
    """Return the texts of a language; those of the original are what is asked for."""
    if language == ORIGINAL:
        return gettext.NullTranslations()
    # Reading .po files takes a moment to import, which a server of English readers need not wait for.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with catalogue_path(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
