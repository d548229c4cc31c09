"""Plain words for lengths of time that the pages show, in the language of the request."""

from __future__ import annotations

from typing import Final

from webapp.language.formats import say_number
from webapp.language.saying import npgettext

# "after" is the form that stands after in, before and after: in 3 Tagen.
_UNITS_S: Final = (86_400, 3_600, 60, 1)


def say_duration(seconds: float, *, dative: bool = False) -> str:
    """Say a duration in its greatest whole unit. dative: as after in, ago and after, which German tells apart.

    >>> say_duration(1200), say_duration(259200), say_duration(3600)
    ('20 minutes', '3 days', '1 hour')
    """
    unit_s = next((unit_s for unit_s in _UNITS_S if seconds >= unit_s), 1)
    return say_units(round(seconds / unit_s), unit_s, dative=dative)


def say_units(count: float, unit_s: int, *, dative: bool = False) -> str:
    """Say a number of days, hours, minutes or seconds; a part of one is written with up to three digits."""
    values = {"count": say_number(count)}
    # Each by itself, so that the catalogues find them.
    if unit_s == 86_400 and dative:
        return npgettext("in, ago, after", "%(count)s day", "%(count)s days", count, **values)
    if unit_s == 86_400:
        return npgettext("long", "%(count)s day", "%(count)s days", count, **values)
    if unit_s == 3_600:
        return npgettext("long", "%(count)s hour", "%(count)s hours", count, **values)
    if unit_s == 60:
        return npgettext("long", "%(count)s minute", "%(count)s minutes", count, **values)
    return npgettext("long", "%(count)s second", "%(count)s seconds", count, **values)
