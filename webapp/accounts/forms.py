"""Signed forms, as administrators look at them: each once, and then it is gone."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import InvalidInputError, NotFoundError
from webapp.accounts.blueprint import accounts, all_guardians, own_account
from webapp.language.saying import _
from webapp.services import services


@accounts.get("/admin/forms")
def forms() -> ResponseReturnValue:
    """List the forms that wait."""
    return render_template("forms.html", forms=all_guardians().requests_with_form(), link="")


@accounts.get("/admin/forms/<digest>")
def form(digest: str) -> ResponseReturnValue:
    """Send a form as a file: what somebody uploaded is not shown on a page of ours."""
    found = services().recommender.storage.form(digest)
    if found is None:
        raise NotFoundError(_("This form is not there any more."))
    ending = found.media_type.rpartition("/")[2]
    headers = {"Content-Disposition": f'attachment; filename="form.{ending}"', "Cache-Control": "no-store"}
    return Response(found.content, headers=headers, content_type=found.media_type)


@accounts.post("/admin/forms")
def answer_form() -> ResponseReturnValue:
    """Say whether the form is a guardian's yes. Either way it is deleted; a yes gives a link for the guardian."""
    found = all_guardians().request_of(request.form.get("request", ""))
    answer = request.form.get("answer", "")
    if answer not in ("kept", "none") or found.method != "form":
        raise InvalidInputError("answer", f"{answer!r:.20}", "give kept or none, for a form")
    if answer == "none":
        all_guardians().refuse(found)
        flash(_("Refused; nothing of the request is kept."))
        return redirect(url_for("accounts.forms"), 303)
    agreed = all_guardians().agree(found, own_account().id)
    key = all_guardians().give_key(agreed)
    link = url_for("accounts.guardian", key=key, _external=True)
    return render_template("forms.html", forms=all_guardians().requests_with_form(), link=link)
