"""Texts with values, numbers and days, in both languages and in templates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask, render_template_string

from webapp.language.formats import say_day, say_moment, say_number, say_percent
from webapp.language.saying import gettext, ngettext

AT = datetime(2026, 3, 5, 9, 7, tzinfo=UTC)


def in_german(app: Flask) -> object:
    return app.test_request_context(headers={"Accept-Language": "de"})


def test_outside_of_a_request_it_is_english() -> None:
    assert (gettext("Saved"), say_number(1234.5), say_day(AT)) == ("Saved", "1,234.5", "5 March 2026")


@pytest.mark.parametrize(
    ("english", "german", "say"),
    [
        ("5 March 2026", "5. März 2026", lambda: say_day(AT)),
        ("March 2026", "März 2026", lambda: say_day(AT, "month")),
        ("5 Mar 2026, 09:07", "5. März 2026, 09:07", lambda: say_moment(AT)),
        ("5 Mar, 09:07", "5. März, 09:07", lambda: say_moment(AT, year=False)),
        ("1,234,567", "1.234.567", lambda: say_number(1_234_567)),
        ("−1,234.50", "−1.234,50", lambda: say_number(-1234.5, 2)),
        ("46%", "46\xa0%", lambda: say_percent(0.46)),
        ("1 record of it is still kept.", "1 Eintrag darüber ist noch gespeichert.", lambda: records(1)),
        ("1,200 records of it are still kept.", "1.200 Einträge darüber sind noch gespeichert.", lambda: records(1200)),
        ("0 records of it are still kept.", "0 Einträge darüber sind noch gespeichert.", lambda: records(0)),
    ],
)
def test_both_languages(app: Flask, english: str, german: str, say: object) -> None:
    assert callable(say)
    with app.test_request_context():
        assert say() == english
    with in_german(app):  # type: ignore[attr-defined]
        assert say() == german


def records(count: int) -> str:
    return ngettext("%(num)s record of it is still kept.", "%(num)s records of it are still kept.", count)


def test_values_are_escaped_in_templates_and_markup_of_ours_is_not(app: Flask) -> None:
    app.jinja_env.autoescape = True
    text = "{% trans name=n %}<em>{{ name }}</em> 100%{% endtrans %} {{ _('%(n)s of', n=n) }}{{ _('50%%') }}"
    with app.test_request_context():
        shown = render_template_string(text, n="<b>")

    assert shown == "<em>&lt;b&gt;</em> 100% &lt;b&gt; of50%"
