"""Days, times and numbers as the language of the present request writes them. Times are UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Literal

from babel.dates import format_date, format_datetime, get_month_names
from babel.numbers import format_decimal, format_percent
from flask import Flask

from reader.types_languages import Language
from webapp.language.choice import language

DayForm = Literal["day", "month", "short"]
# Patterns of CLDR. English writes the day first, as in Britain.
_DAYS: Final[dict[Language, dict[DayForm, str]]] = {
    "en": {"day": "d MMMM y", "month": "MMMM y", "short": "d MMM y"},
    "de": {"day": "d. MMMM y", "month": "MMMM y", "short": "d. MMM y"},
}
_MOMENTS: Final[dict[Language, str]] = {"en": "d MMM y, HH:mm", "de": "d. MMM y, HH:mm"}
_HOURS: Final[dict[Language, str]] = {"en": "d MMM, HH:mm", "de": "d. MMM, HH:mm"}


def say_day(at: date, form: DayForm = "day") -> str:
    """Write a day: 23 November 2026, or 23. November 2026; without it (month), or with a short month."""
    return format_date(at, _DAYS[language()][form], language())


def month_names() -> list[str]:
    """Return the twelve months."""
    return list(get_month_names("wide", locale=language()).values())


def say_month(text: str) -> str:
    """Write a month that was kept as year and month: 2031-04 is April 2031."""
    return say_day(date.fromisoformat(f"{text}-01"), "month")


def say_moment(at: datetime, *, year: bool = True) -> str:
    """Write a day with its time: 23 Nov 2026, 12:00."""
    return format_datetime(at, (_MOMENTS if year else _HOURS)[language()], locale=language())


def say_number(value: float, digits: int | None = None) -> str:
    """Write a number: 1,234.5 or 1.234,5. digits: after the point; None: none for whole numbers, else up to three.

    A minus is one, and no hyphen.
    """
    pattern = "#,##0.###" if digits is None else "#,##0." + "0" * digits if digits else "#,##0"
    return format_decimal(value, pattern, language()).replace("-", "−")


def say_percent(share: float, digits: int = 0) -> str:
    """Write a share: 46% or, with a space that does not break, 46 %."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + ("\xa0%" if language() == "de" else "%")
    return format_percent(share, pattern, language()).replace("-", "−")


def format_in_templates(app: Flask) -> None:
    """Give all templates these as filters: day, moment, number, percent."""
    filters = {"day": say_day, "moment": say_moment, "month": say_month, "number": say_number, "percent": say_percent}
    app.jinja_env.filters.update(filters)
