"""The age screen: asked before anything else of whoever opens a link, and answered once in a browser's session.

The month of birth is not kept: the cookie holds whether its reader decides alone, or from which month on.
"""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from reader.accounts.ages import consent_age, month_of, parse_born
from reader.errors import InvalidInputError
from webapp.accounts.blueprint import accounts, all_accounts, all_guardians
from webapp.language.errors import said_error
from webapp.language.formats import month_names
from webapp.services import now

# In the session: "" for who decides alone, else the first month in which they will.
AGE = "age"


def known_age() -> str | None:
    """Return what the age screen found out in this session, None if it was not answered."""
    found = session.get(AGE)
    return None if found is None else str(found)


def age_page(secret: str, wrong: str = "") -> str:
    """Ask for month and year, without a hint at what depends on them."""
    return render_template("age.html", secret=secret, wrong=wrong, months=month_names())


@accounts.post("/join/<secret>/age")
def send_age(secret: str) -> ResponseReturnValue:
    """Take the answer; the first one in a session counts."""
    all_accounts().invitation_for_new(secret)
    if known_age() is None:
        try:
            born = parse_born(request.form.get("year", "").strip(), request.form.get("month", ""), now())
        except InvalidInputError as error:
            return age_page(secret, said_error(error)), 422
        of_age = born.comes_of(consent_age(all_guardians().settings.country))
        session[AGE] = of_age if month_of(now()) < of_age else ""
    return redirect(url_for("accounts.join", secret=secret), 303)


def guardian_page(secret: str, wrong: str = "") -> str:
    """Ask how a guardian can be reached."""
    return render_template("guardian_asked.html", secret=secret, wrong=wrong, verifiers=all_guardians().verifiers)
