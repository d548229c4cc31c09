"""Errors of `reader` in the language of the present request.

They are written in English where they arise, with their values in them. `sentences` has those that pages show, as texts
with values; one that is not among them stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from flask import Flask

from reader.accounts.throttle import TooManyAttemptsError
from reader.errors import InvalidInputError
from reader.types_languages import ORIGINAL
from webapp.language.choice import language
from webapp.language.saying import _, said_plainly
from webapp.language.sentences import FIELDS, SAID_VALUES, SENTENCES

# Longer texts have long values, such as whole addresses, and are not looked through: ours.
_MOST_LETTERS: Final = 600
_OF_FIELD: Final = re.compile(r"(?P<field>[\w.]+): (?P<detail>.+)", re.DOTALL)
_NUMBER: Final = re.compile(r"\d{1,3}(,\d{3})+")


def said_error(error: Exception) -> str:
    """Say an error in the language of the request."""
    if language() == ORIGINAL:
        return str(error)
    if isinstance(error, TooManyAttemptsError):
        return _("Too many wrong logins; try again in %(seconds)s s.", seconds=error.wait_s)
    if not isinstance(error, InvalidInputError):
        return said_part(str(error))
    return f"{said_field(error.field)}: {said_parts(error)}"


def speak_of_errors(app: Flask) -> None:
    """Give templates `error`, which says an error that has become a text."""
    app.jinja_env.filters["error"] = said_text


def said_text(text: str) -> str:
    """Say an error that has become a text: one sentence, or a field with what is wrong and what to do."""
    found = _OF_FIELD.fullmatch(text)
    if language() == ORIGINAL or found is None:
        return said_part(text)
    detail = said_part(found["detail"])
    if detail == found["detail"]:
        detail = "; ".join(map(said_part, detail.split("; ")))
    return f"{said_field(found['field'])}: {detail}"


def said_field(field: str) -> str:
    """Say what forms call a field; one without a name of its own stays as it is."""
    return said_plainly(FIELDS.get(field, field))


def said_parts(error: InvalidInputError) -> str:
    """Say what is wrong and what to do, without the name of the field."""
    return "; ".join(said_part(part) for part in (error.detail, error.remedy) if part)


def said_part(text: str) -> str:
    """Say one of SENTENCES with the values that stand in it; any other text as the catalogues have it, or as it is."""
    found = _found(text) if len(text) <= _MOST_LETTERS else None
    if found is None:
        return said_plainly(text)
    sentence, values = found
    return _(sentence, **{name: _said_value(value) for name, value in values.items()})


def _found(text: str) -> tuple[str, dict[str, str]] | None:
    matches = ((sentence, _pattern(sentence).fullmatch(text)) for sentence in SENTENCES)
    return next(((sentence, match.groupdict()) for sentence, match in matches if match), None)


def _said_value(value: str) -> str | int:
    """Return a value as the language writes it, if it is a whole number or one of ours."""
    if _NUMBER.fullmatch(value):
        return int(value.replace(",", ""))
    return said_plainly(value) if value in SAID_VALUES else value


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    """Return what finds the values in a sentence.

    >>> _pattern("%(name)s is taken").fullmatch("'Ann' is taken").groupdict()
    {'name': "'Ann'"}
    """
    parts = re.split(r"%\((\w+)\)s", sentence)
    return re.compile("".join(f"(?P<{part}>.+)" if odd % 2 else re.escape(part) for odd, part in enumerate(parts)))
