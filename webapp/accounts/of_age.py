"""Coming of age: what a guardian decided so far is asked anew, and nothing is on before it is answered."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import InvalidInputError
from reader.privacy.texts import text_of, version_of
from reader.types_consent import LEVELS, PURPOSES
from webapp.accounts.blueprint import accounts, all_guardians, own_account
from webapp.language.choice import language
from webapp.language.errors import said_error
from webapp.language.saying import _
from webapp.services import services


@accounts.get("/me/of-age")
def of_age() -> ResponseReturnValue:
    """Ask, for each purpose, in the reader's own name."""
    return _page()


def _page(wrong: str = "") -> str:
    child = services().recommender.storage.child(own_account().id)
    grown = child is not None and all_guardians().is_grown(child)
    texts = [
        (purpose, text_of(purpose, language())) for purpose in PURPOSES
    ]  # the reader's; the account is theirs already
    return render_template("of_age.html", wrong=wrong, grown=grown, child=child, texts=texts)


@accounts.post("/me/of-age")
def send_of_age() -> ResponseReturnValue:
    """Take all answers at once, and end the guardian's part."""
    account = own_account()
    levels = {purpose: request.form.get(purpose, "") for purpose in PURPOSES}
    missing = [purpose for purpose, level in levels.items() if level not in LEVELS[purpose]]
    try:
        if missing:
            raise InvalidInputError(", ".join(missing), "is not answered", "choose one of each")
        all_guardians().become_adult(account)
    except InvalidInputError as error:
        return _page(said_error(error)), 422
    for purpose, level in levels.items():
        services().consents.answer(account.id, purpose, level, text_version=version_of(purpose, language()))
    flash(_("From now on you decide alone."))
    return redirect(url_for("pages.privacy"), 303)
