"""Ways in which a guardian says yes without an account here: by e-mail, on a signed form, through a provider."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.guardians import Guardians
from reader.accounts.registry import Accounts
from reader.accounts.verifiers import SIGNATURE_HEADER, is_signed, make_verifiers, sign
from reader.clock import ManualClock
from reader.errors import InvalidInputError
from reader.privacy.texts import version_of
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.settings_family import FamilySettings
from reader.types import Account
from tests.webapp.accounts.conftest import PASSWORD
from tests.webapp.accounts.family import ask, text
from tests.webapp.accounts.forms import send
from tests.webapp.accounts.verifying import PNG, SECRET, SITE, Parcel, Post, answer, link_in, make_account, upload
from tests.webapp.conftest import NOW


@pytest.fixture
def settings(reaching: Settings) -> Settings:
    return reaching


# By e-mail


def test_a_yes_by_mail_counts_after_the_second_mail(
    app: Flask,
    young: tuple[FlaskClient, str],
    post: Post,
    clock: ManualClock,
    recommender: Recommender,
    accounts: Accounts,
    guardians: Guardians,
) -> None:
    """Asked, said yes, told once more a day later: then the child goes on; the link is the guardian's from then on."""
    client, path = young
    waiting = ask(client, path, "ann@example.org", "email")
    (to, first), parent = post.mails[0], app.test_client()
    assert to == ["ann@example.org"]
    link = link_in(first)
    assert "May this child have an account here?" in text(parent.get(link))

    assert send(parent, link, link, answer="kept").status_code == 303
    clock.at = NOW + timedelta(hours=23, minutes=59)
    assert "One more message" in text(client.get(waiting))
    assert make_account_refused(client, waiting)
    assert len(post.mails) == 1
    clock.at = NOW + timedelta(hours=24)
    assert guardians.take_due_steps(clock()) == 1
    assert guardians.take_due_steps(clock()) == 0

    assert link_in(post.mails[1][1]) == link
    assert make_account(client, waiting).status_code == 303
    child = accounts.find("Kim")
    (consent,) = recommender.storage.consents(child.id)
    assert (consent.actor, consent.at, consent.text_version) == ("guardian", NOW, version_of("account"))
    assert "Kim" in text(parent.get(link))
    assert parent.get(f"{link}/export?format=json").get_json()["user"] == child.id
    assert b"ann@example.org" not in recommender.storage.path.read_bytes()  # type: ignore[attr-defined]  # it is a file
    deleted = send(parent, link, link, act="revoke")
    assert "Deleted" in text(deleted)
    assert client.get("/").status_code == 303
    assert parent.get(link).status_code == 404


def make_account_refused(client: FlaskClient, waiting: str) -> bool:
    """Send the form of a page that does not have it yet."""
    with client.session_transaction() as session:
        session.setdefault("csrf_token", "x")
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(waiting, data={"nickname": "Kim", "password": PASSWORD, "again": PASSWORD})
    client.application.config["WTF_CSRF_ENABLED"] = True
    return answer.status_code == 404


def test_looking_at_the_page_sends_no_mail(
    app: Flask, young: tuple[FlaskClient, str], post: Post, clock: ManualClock, guardians: Guardians
) -> None:
    """Not this child's, and not another's: whoever reloads a page must not write to anybody."""
    client, path = young
    waiting = ask(client, path, "ann@example.org", "email")
    link = link_in(post.mails[0][1])
    send(app.test_client(), link, link, answer="kept")
    clock.at = NOW + timedelta(hours=25)

    assert "One more message" in text(client.get(waiting))
    assert len(post.mails) == 1
    assert guardians.take_due_steps(clock()) == 1
    assert "Your guardian said yes" in text(client.get(waiting))


def test_a_second_mail_that_fails_is_sent_again(
    app: Flask, young: tuple[FlaskClient, str], post: Post, clock: ManualClock, guardians: Guardians
) -> None:
    client, path = young
    ask(client, path, "ann@example.org", "email")
    link = link_in(post.mails[0][1])
    send(app.test_client(), link, link, answer="kept")
    clock.at = NOW + timedelta(hours=25)
    post.is_broken = True
    assert guardians.take_due_steps(clock()) == 0
    post.is_broken = False

    assert guardians.take_due_steps(clock()) == 1


def test_a_no_by_mail_deletes_the_address(
    app: Flask, young: tuple[FlaskClient, str], post: Post, recommender: Recommender
) -> None:
    client, path = young
    waiting = ask(client, path, "ann@example.org", "email")
    link = link_in(post.mails[0][1])

    assert "Deleted" in text(send(app.test_client(), link, link, answer="none"))

    assert recommender.storage.guardian_requests() == []
    assert client.get(waiting).status_code == 404
    assert app.test_client().get(link).status_code == 404


def test_a_mail_that_cannot_be_sent_leaves_the_link(
    young: tuple[FlaskClient, str], post: Post, recommender: Recommender
) -> None:
    client, path = young
    post.is_broken = True

    answer = send(client, path, f"{path}/guardian", method="email", contact="ann@example.org")

    assert answer.status_code == 503
    assert "127.0.0.1" not in text(answer)
    assert recommender.storage.guardian_requests() == []
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["ann", "ann@", "@example.org", "a@b@c", "ann@example.org, ben@example.org", "ann@exämple.org", "a\nb@c.d"],
)
def test_what_is_no_address_gets_no_mail(young: tuple[FlaskClient, str], post: Post, address: str) -> None:
    client, path = young

    assert send(client, path, f"{path}/guardian", method="email", contact=address).status_code == 422
    assert post.mails == []


# On a signed form


def test_a_signed_form_is_looked_at_once(
    app: Flask,
    young: tuple[FlaskClient, str],
    accounts: Accounts,
    recommender: Recommender,
    make_account: Callable[..., Account],
    browser_of: Callable[[Account], FlaskClient],
) -> None:
    """Printed, signed, sent; an administrator downloads it, says yes, and it is gone; the guardian gets a link."""
    client, path = young
    waiting = ask(client, path, "Ann Example", "form")
    assert "Signature" in text(client.get(f"{waiting}/form"))
    upload(client, waiting, PNG)
    root = browser_of(make_account("Root", "admin"))
    (request,) = recommender.storage.guardian_requests()

    page, form = text(root.get("/admin/forms")), root.get(f"/admin/forms/{request.digest}")
    answered = send(root, "/admin/forms", "/admin/forms", request=request.digest, answer="kept")

    assert "Ann Example" in page
    assert form.data == PNG
    assert (form.mimetype, form.headers["Content-Disposition"]) == ("image/png", 'attachment; filename="form.png"')
    assert recommender.storage.form(request.digest) is None
    assert root.get(f"/admin/forms/{request.digest}").status_code == 404
    joined = send(client, waiting, waiting, nickname="Kim", password=PASSWORD, again=PASSWORD)
    assert joined.status_code == 303
    found = re.search(r"http://localhost(/guardian/\w+)", text(answered))
    assert found is not None
    assert "Kim" in text(app.test_client().get(found[1]))
    child = recommender.storage.child(accounts.find("Kim").id)
    assert child is not None
    assert child.guardian == ""
    assert root.get(f"/family/{child.user}").status_code == 404


def test_a_refused_form_leaves_nothing(
    young: tuple[FlaskClient, str],
    recommender: Recommender,
    make_account: Callable[..., Account],
    browser_of: Callable[[Account], FlaskClient],
) -> None:
    client, path = young
    waiting = ask(client, path, "Ann Example", "form")
    upload(client, waiting, PNG)
    (request,) = recommender.storage.guardian_requests()

    send(
        browser_of(make_account("Root", "admin")), "/admin/forms", "/admin/forms", request=request.digest, answer="none"
    )

    assert recommender.storage.guardian_requests() == []
    assert recommender.storage.form(request.digest) is None
    assert client.get(waiting).status_code == 404


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<svg/onload=alert(1)>", 422),
        (b"", 422),
        (PNG, 303),
        # More than other forms may hold: a photo is.
        (PNG + b"x" * 200_000, 303),
        (PNG + b"x" * 300_000, 422),
        (PNG + b"x" * 500_000, 413),
    ],
)
def test_only_small_pictures_of_forms_are_taken(
    young: tuple[FlaskClient, str], recommender: Recommender, content: bytes, status: int
) -> None:
    client, path = young
    waiting = ask(client, path, "Ann Example", "form")
    (request,) = recommender.storage.guardian_requests()

    assert upload(client, waiting, content).status_code == status
    assert (recommender.storage.form(request.digest) is not None) == (status == 303)


# Through a provider


def test_a_provider_is_asked_and_answers(
    app: Flask, young: tuple[FlaskClient, str], provider: tuple[list[Parcel], int], recommender: Recommender
) -> None:
    """Both signed; the guardian's link is in the request, and shows what is kept once there is an account."""
    client, path = young
    waiting = ask(client, path, "ann@example.org", "external")
    ((sent_to, body, signature),) = provider[0]
    asked = json.loads(body)
    link = asked["guardian_url"].removeprefix(SITE)

    assert sent_to == "/verify"
    assert is_signed(signature, body, NOW, SECRET, 1.0)
    assert (asked["contact"], asked["callback_url"]) == ("ann@example.org", f"{SITE}/guardian-answers")
    assert "Answer where you were asked" in text(app.test_client().get(link))
    assert send(app.test_client(), link, link, answer="kept").status_code == 422
    assert answer(app, NOW, request=asked["request"], granted=True).status_code == 204
    assert make_account(client, waiting).status_code == 303
    assert "Kim" in text(app.test_client().get(link))
    assert answer(app, NOW, request=asked["request"], granted=False).status_code == 404


def test_a_provider_says_no(
    app: Flask, young: tuple[FlaskClient, str], provider: tuple[list[Parcel], int], recommender: Recommender
) -> None:
    client, path = young
    ask(client, path, "ann@example.org", "external")
    request = json.loads(provider[0][0][1])["request"]

    assert answer(app, NOW, request=request, granted=False).status_code == 204
    assert recommender.storage.guardian_requests() == []


@pytest.mark.parametrize("late_s", [-301, 301])
def test_an_answer_that_is_not_signed_now_is_refused(
    app: Flask,
    young: tuple[FlaskClient, str],
    provider: tuple[list[Parcel], int],
    recommender: Recommender,
    late_s: int,
) -> None:
    """By another, for another body, or recorded and played again."""
    client, path = young
    ask(client, path, "ann@example.org", "external")
    body = {"request": json.loads(provider[0][0][1])["request"], "granted": True}

    assert answer(app, NOW, "another secret", **body).status_code == 401
    assert answer(app, NOW - timedelta(seconds=late_s), **body).status_code == 401
    signed = sign(b"{}", int(NOW.timestamp()), SECRET)
    for header in (signed, "", "t=1,v1=", "nonsense"):
        found = app.test_client().post("/guardian-answers", json=body, headers={SIGNATURE_HEADER: header})
        assert found.status_code == 401
    assert recommender.storage.guardian_requests()[0].state == "asked"
    assert answer(app, NOW, request="0" * 64, granted=True).status_code == 404
    assert answer(app, NOW, granted=True).status_code == 422


def test_a_local_request_is_not_answered_by_a_provider(
    app: Flask, young: tuple[FlaskClient, str], recommender: Recommender
) -> None:
    client, path = young
    ask(client, path, "Ann")
    (request,) = recommender.storage.guardian_requests()

    assert answer(app, NOW, request=request.digest, granted=True).status_code == 404
    assert recommender.storage.guardian_requests() == [request]


def test_private_addresses_are_not_asked() -> None:
    """Unless the operator's settings allow them: the provider is reached through the guarded client."""
    from reader.errors import ForbiddenAddressError
    from reader.ingest.posting import Poster

    with pytest.raises(ForbiddenAddressError):
        Poster(Settings()).post("http://127.0.0.1:9/verify", b"{}", {})


@pytest.mark.parametrize("name", ["email", "external"])
def test_a_way_that_lacks_its_settings_is_refused_at_the_start(name: str) -> None:
    with pytest.raises(InvalidInputError, match="needs it"):
        make_verifiers(FamilySettings(verifiers=(name,)), lambda url, body, headers: None)


def test_a_way_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(InvalidInputError, match="guardian, email, form, external"):
        make_verifiers(FamilySettings(verifiers=("fax",)), lambda url, body, headers: None)
