"""Errors of `reader` in the language of the present request.

They are written in English where they arise, with their values in them. Here stand the sentences that forms show, as
texts with values; one that is not among them stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from reader.accounts.throttle import TooManyAttemptsError
from reader.errors import InvalidInputError
from reader.types_languages import ORIGINAL
from webapp.language.catalogue import N_
from webapp.language.choice import language
from webapp.language.saying import _, said_plainly

FIELDS: Final = {
    "password": N_("Password"),
    "nickname": N_("Nickname"),
    "month": N_("Month"),
    "year": N_("Year"),
    "contact": N_("Contact"),
    "form": N_("Form"),
    "account": N_("Account"),
    "scope": N_("What it may do"),
    "name": N_("Name"),
    "address": N_("Address"),
    "file": N_("File"),
    "until": N_("Until when"),
    "weight": N_("Weight"),
}
# The first that fits is taken, so what has more words in it stands before what has fewer.
SENTENCES: Final = (
    N_("has only %(count)s different characters"),
    N_("has %(count)s characters"),
    N_("give at least %(count)s; a few words do well"),
    N_("give at most %(count)s"),
    N_("take a few words"),
    N_("is the nickname"),
    N_("choose another"),
    N_("is not the same twice"),
    N_("type it again"),
    N_("is not the present one"),
    N_("give the password that you log in with"),
    N_("give 1 to %(count)s printable characters"),
    N_("give up to %(count)s printable characters"),
    N_("give an e-mail address, as in ann@example.org"),
    N_("give a month from 1 to 12"),
    N_("give the year in four digits"),
    N_("is missing"),
    N_("give some of %(names)s"),
    N_("is no PDF, PNG or JPEG"),
    N_("scan or photograph the signed page"),
    N_("is not answered"),
    N_("choose one of each"),
    N_("%(name)s is the only admin"),
    N_("make another one first"),
    N_("%(name)s is taken"),
)


def said_error(error: Exception) -> str:
    """Say an error in the language of the request."""
    if language() == ORIGINAL:
        return str(error)
    if isinstance(error, TooManyAttemptsError):
        return _("Too many wrong logins; try again in %(seconds)s s.", seconds=error.wait_s)
    if not isinstance(error, InvalidInputError):
        return str(error)
    field = said_plainly(FIELDS.get(error.field, error.field))
    return f"{field}: {said_parts(error)}"


def said_parts(error: InvalidInputError) -> str:
    """Say what is wrong and what to do, without the name of the field."""
    return "; ".join(said_part(part) for part in (error.detail, error.remedy) if part)


def said_part(text: str) -> str:
    """Say one of SENTENCES with the values that stand in it; any other text stays as it is."""
    for sentence in SENTENCES:
        if found := _pattern(sentence).fullmatch(text):
            return _(sentence, **found.groupdict())
    return text


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    """Return what finds the values in a sentence.

    >>> _pattern("%(name)s is taken").fullmatch("'Ann' is taken").groupdict()
    {'name': "'Ann'"}
    """
    parts = re.split(r"%\((\w+)\)s", sentence)
    return re.compile("".join(f"(?P<{part}>.+)" if odd % 2 else re.escape(part) for odd, part in enumerate(parts)))
