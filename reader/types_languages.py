"""The languages that Reread speaks to its readers. What is read may be in any other."""

from __future__ import annotations

from typing import Final, Literal, get_args

Language = Literal["en", "de"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
# Of the sources; what has no translation is said in it.
ORIGINAL: Final[Language] = "en"
