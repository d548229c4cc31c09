"""What guardians do: answer requests, see what is kept of a child, export, erase, pause, take the yes back.

A guardian with an account comes by Family; one without by the link that they were given. Both get the same pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.accounts.guardians import BY_LINK
from reader.errors import InvalidInputError, NotFoundError
from reader.privacy.texts import text_of, version_of
from reader.records import EVENT_CLASSES
from reader.types_family import Child
from webapp.accounts.blueprint import accounts, all_accounts, all_guardians, own_account
from webapp.accounts.kept import kept_of
from webapp.exporting import send_export
from webapp.language.choice import language
from webapp.language.saying import N_, _, ngettext
from webapp.services import services

_ACTS = (
    *("allow-feedback", "end-feedback", "allow-embeds", "end-embeds", "pause", "resume", "erase", "revoke"),
)  # fmt: skip
_NO_LINK = N_("This link is not valid (any more).")


@dataclass(frozen=True, slots=True)
class _Guarded:
    """A child as its guardian comes to it. here: the page; actor: who acts."""

    child: Child
    here: str
    export_url: str
    actor: str


@accounts.get("/family")
def family() -> ResponseReturnValue:
    """Show one's children, and who asks to be one."""
    guardian, storage = own_account(), services().recommender.storage
    children = [(child, storage.account(child.user)) for child in storage.children(guardian.id)]
    asked = {"requests": all_guardians().requests_for(guardian), "agreed": all_guardians().agreed_by(guardian)}
    return render_template("family.html", children=children, text=text_of("account", language()), **asked)


@accounts.post("/family")
def answer_request() -> ResponseReturnValue:
    """Say yes or no to a child that named this guardian; a yes can be taken back until there is an account."""
    guardian, digest = own_account(), request.form.get("request", "")
    asked, agreed = all_guardians().requests_for(guardian), all_guardians().agreed_by(guardian)
    found = next((one for one in (*asked, *agreed) if one.digest == digest), None)
    if found is None:
        raise NotFoundError(_("This request is not there any more."))
    if _answer() == "kept":
        all_guardians().agree(found, guardian.id, text_version=version_of("account", language()))
        flash(_("You said yes: the child can make the account now, on the page that it waits on."))
    else:
        all_guardians().refuse(found)
        flash(_("You said no: nothing of the request is kept."))
    return redirect(url_for("accounts.family"), 303)


def _answer() -> str:
    answer = request.form.get("answer", "")
    if answer not in ("kept", "none"):
        raise InvalidInputError("answer", f"{answer!r:.20}", "give kept or none")
    return answer


# --- by an account --------------------------------------------------------------------------------


def _own(user: str) -> _Guarded:
    child = all_guardians().child_of(own_account(), user)
    here = url_for("accounts.child", user=user)
    return _Guarded(child, here, url_for("accounts.export_child", user=user), own_account().id)


@accounts.get("/family/<user>")
def child(user: str) -> ResponseReturnValue:
    """Show what is kept of a child."""
    return _child_page(_own(user))


@accounts.post("/family/<user>")
def change_child(user: str) -> ResponseReturnValue:
    """Change what a child may do, or delete what is kept."""
    return _changed(_own(user), url_for("accounts.family"))


@accounts.get("/family/<user>/export")
def export_child(user: str) -> ResponseReturnValue:
    """Send everything that is kept of a child."""
    return _exported(_own(user))


# --- by a link ------------------------------------------------------------------------------------


def _linked(key: str) -> _Guarded:
    found = all_guardians().child_by_key(key)
    if found is None:
        raise NotFoundError(_(_NO_LINK))
    here = url_for("accounts.guardian", key=key)
    return _Guarded(found, here, url_for("accounts.export_by_link", key=key), BY_LINK)


@accounts.get("/guardian/<key>")
def guardian(key: str) -> ResponseReturnValue:
    """Ask a guardian for their answer; once there is an account, show what is kept of it."""
    asked = all_guardians().request_by_key(key)
    if asked is None:
        return _child_page(_linked(key))
    return render_template("guardian.html", text=text_of("account", language()), asked=asked)


@accounts.post("/guardian/<key>")
def send_guardian(key: str) -> ResponseReturnValue:
    """Take a guardian's answer, or what they change."""
    asked = all_guardians().request_by_key(key)
    if asked is None:
        return _changed(_linked(key), url_for("accounts.guardian", key=key))
    if _answer() == "none":
        all_guardians().refuse(asked)
        return render_template("guardian_done.html", revoked=True)
    # A provider's link is for looking; its answer comes signed.
    if asked.method == "external":
        raise InvalidInputError("answer", "is taken by the service alone", "answer there")
    all_guardians().agree(asked, BY_LINK, text_version=version_of("account", language()))
    return redirect(url_for("accounts.guardian", key=key), 303)


@accounts.get("/guardian/<key>/export")
def export_by_link(key: str) -> ResponseReturnValue:
    """Send everything that is kept of a child."""
    return _exported(_linked(key))


# --- both -----------------------------------------------------------------------------------------


def _child_page(guarded: _Guarded) -> str:
    recommender, user = services().recommender, guarded.child.user
    return render_template(
        "child.html",
        child=guarded.child,
        reader=recommender.storage.account(user),
        here=guarded.here,
        export_url=guarded.export_url,
        kept=kept_of(recommender.storage, user),
        interests=recommender.interests(user),
        terms=services().consents.terms(user),
        consents=recommender.storage.consents(user),
    )


def _exported(guarded: _Guarded) -> Response:
    user = guarded.child.user
    all_accounts().note(user, guarded.actor, "export")
    return send_export(user, "reread-child")


def _changed(guarded: _Guarded, after: str) -> ResponseReturnValue:
    act = request.form.get("act", "")
    if act not in _ACTS:
        raise InvalidInputError("act", f"{act!r:.40}", f"give one of {', '.join(_ACTS)}")
    if act == "revoke":
        services().recommender.erase(guarded.child.user)
        if guarded.actor == BY_LINK:
            return render_template("guardian_done.html", revoked=True)
        flash(_("You took your yes back. The account and all that was kept of it are deleted."))
        return redirect(after, 303)
    flash(_act(guarded, act))
    return redirect(guarded.here, 303)


def _act(guarded: _Guarded, act: str) -> str:
    guardians, child, actor = all_guardians(), guarded.child, guarded.actor
    if act in ("allow-feedback", "end-feedback"):
        granted = act == "allow-feedback"
        guardians.consent(child, "feedback", granted, version_of("feedback", language()), actor)
        return _("Likes and follows are kept from now on.") if granted else _("Likes and follows are off.")
    if act in ("allow-embeds", "end-embeds"):
        guardians.allow_embeds(child, act == "allow-embeds", actor)
        allowed = act == "allow-embeds"
        return _("Players of other sites can be loaded.") if allowed else _("Nothing of other sites is loaded.")
    if act in ("pause", "resume"):
        guardians.pause(child, act == "pause", actor)
        return _("Paused: nobody can log in.") if act == "pause" else _("Open again.")
    count = services().recommender.forget_events(child.user, sorted(EVENT_CLASSES))
    all_accounts().note(child.user, actor, "erase")
    return ngettext(
        "Deleted: %(num)s record, and what was learned from it. The account stays.",
        "Deleted: %(num)s records, and what was learned from them. The account stays.",
        count,
    )
