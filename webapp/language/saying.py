"""Texts for readers, in the language of the present request: `_` and its like, for views and templates.

    _("Saved.")                                      a text
    _("Hidden until %(day)s", day=day)               with values; a % that is none is written %%
    ngettext("%(num)s item", "%(num)s items", count)  by a number, which is `num` in the text
    pgettext("button", "Less")                       where one English word is two German ones
    N_("Saved.")                                     marks a text that is kept now and said later, with _(kept)

Whole numbers among the values are written as the language does (1,234 and 1.234); years come as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from webapp.language.catalogue import N_, texts_in
from webapp.language.choice import language
from webapp.language.formats import say_number


def gettext(text: str, /, **values: Any) -> str:
    """Say a text in the language of the request, with its values."""
    return texts_in(language()).gettext(text) % _said(values)


def ngettext(one: str, many: str, count: int, /, **values: Any) -> str:
    """Say a text that goes by a number, `num` in it."""
    return texts_in(language()).ngettext(one, many, count) % _said({"num": count} | values)


def npgettext(context: str, one: str, many: str, count: float, /, **values: Any) -> str:
    """Say a text that goes by a number and means something else elsewhere; a part of one counts as many."""
    whole = int(count) if count == int(count) else 2
    return texts_in(language()).npgettext(context, one, many, whole) % _said({"num": whole} | values)


def pgettext(context: str, text: str, /, **values: Any) -> str:
    """Say a text that means something else elsewhere."""
    return texts_in(language()).pgettext(context, text) % _said(values)


_ = gettext


def said_plainly(text: str) -> str:
    """Say a text that comes whole from `reader` (`webapp.language.given`), where a % is a %."""
    return texts_in(language()).gettext(text) if text else ""


def speak(app: Flask) -> None:
    """Give all templates `_`, `ngettext`, `pgettext` and `{% trans %}`; white space in texts counts as one space."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    # Ours are called with values, as Jinja's "newstyle" has it, and write numbers besides.
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]  # set by the extension
    ours = {"gettext": _in_template, "ngettext": _by_number_in_template, "pgettext": _meant_in_template}
    app.jinja_env.globals.update(ours | {"_": _in_template})
    app.jinja_env.filters["given"] = said_plainly


@pass_eval_context
def _in_template(context: EvalContext, text: str, /, **values: Any) -> str:
    return _escaping(context, texts_in(language()).gettext(text)) % _said(values)


@pass_eval_context
def _by_number_in_template(context: EvalContext, one: str, many: str, count: int, /, **values: Any) -> str:
    return _escaping(context, texts_in(language()).ngettext(one, many, count)) % _said({"num": count} | values)


@pass_eval_context
def _meant_in_template(context: EvalContext, meaning: str, text: str, /, **values: Any) -> str:
    return _escaping(context, texts_in(language()).pgettext(meaning, text)) % _said(values)


def _escaping(context: EvalContext, text: str) -> str:
    # Our texts may hold markup; the values that are put into it are escaped.
    return Markup(text) if context.autoescape else text


def _said(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: say_number(value) if type(value) is int else value for name, value in values.items()}


__all__ = ["N_", "_", "gettext", "ngettext", "npgettext", "pgettext", "said_plainly", "speak"]
