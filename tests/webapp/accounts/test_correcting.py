"""A guardian's address, or name, that the child mistyped, and corrects on the page that it waits on."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.guardians import Guardians
from reader.accounts.registry import Accounts
from reader.accounts.verifiers import is_signed
from reader.clock import ManualClock
from reader.errors import InvalidInputError, NotFoundError
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from tests.webapp.accounts.family import ask, text
from tests.webapp.accounts.forms import send, token_in
from tests.webapp.accounts.verifying import PNG, SECRET, SITE, Parcel, Post, answer, link_in, make_account, upload
from tests.webapp.conftest import NOW


@pytest.fixture
def settings(reaching: Settings) -> Settings:
    return reaching


def correct(client: FlaskClient, waiting: str, contact: str) -> Any:
    return send(client, waiting, f"{waiting}/guardian", contact=contact)


def test_a_mistyped_address_can_be_corrected(
    app: Flask,
    young: tuple[FlaskClient, str],
    post: Post,
    clock: ManualClock,
    recommender: Recommender,
    accounts: Accounts,
    guardians: Guardians,
) -> None:
    """The page shows what was typed; a new mail goes out, the old link is dead, and the record tells of it."""
    client, path = young
    waiting = ask(client, path, "ann@exmaple.org", "email")
    assert "ann@exmaple.org has been asked" in text(client.get(waiting))
    clock.at = NOW + timedelta(days=2)

    assert correct(client, waiting, "ann@example.org").status_code == 303

    (to, mail), stranger, parent = post.mails[1], app.test_client(), app.test_client()
    old, new = link_in(post.mails[0][1]), link_in(mail)
    assert to == ["ann@example.org"]
    assert "ann@example.org has been asked" in text(client.get(waiting))
    assert (stranger.get(old).status_code, stranger.get(f"{old}/export").status_code) == (404, 404)
    (request,) = recommender.storage.guardian_requests()
    assert (request.contact, request.created_at, request.named_at) == ("ann@example.org", NOW, clock.at)
    assert send(parent, new, new, answer="kept").status_code == 303
    clock.at = NOW + timedelta(days=4)
    assert guardians.take_due_steps(clock()) == 1
    assert (post.mails[2][0], link_in(post.mails[2][1])) == (to, new)
    assert make_account(client, waiting).status_code == 303
    (noted,) = recommender.storage.audited(accounts.find("Kim").id)
    assert (noted.act, noted.at) == ("name-guardian-anew", NOW + timedelta(days=2))
    assert re.search(r": You: <code>name-guardian-anew", text(client.get("/me/account")))
    assert "name-guardian-anew</code> (You)" in text(client.get("/me/records"))
    assert "Kim" in text(parent.get(new))


def test_a_link_that_was_replaced_takes_no_answer(
    app: Flask, young: tuple[FlaskClient, str], post: Post, recommender: Recommender
) -> None:
    """Neither yes nor no, from a page that stood open when the child corrected the address."""
    client, path = young
    waiting = ask(client, path, "ben@example.org", "email")
    old, stranger = link_in(post.mails[0][1]), app.test_client()
    page = text(stranger.get(old))
    correct(client, waiting, "ann@example.org")

    for said in ("kept", "none"):
        assert stranger.post(old, data={"csrf_token": token_in(page), "answer": said}).status_code == 404

    (request,) = recommender.storage.guardian_requests()
    assert (request.state, request.contact) == ("asked", "ann@example.org")


def test_a_yes_that_crosses_a_correction_is_none(
    young: tuple[FlaskClient, str], post: Post, recommender: Recommender, guardians: Guardians
) -> None:
    """Whoever of the two is second finds the request changed; the same yes twice is one."""
    client, path = young
    ask(client, path, "ann@example.org", "email")
    (seen,) = recommender.storage.guardian_requests()
    changed = guardians.name_another(seen, "ben@example.org")

    with pytest.raises(NotFoundError):
        guardians.agree(seen, "guardian")
    assert recommender.storage.guardian_requests() == [changed]
    with pytest.raises(InvalidInputError, match="cannot be changed any more"):
        guardians.name_another(seen, "cleo@example.org")
    assert len(post.mails) == 2
    agreed = guardians.agree(changed, "guardian")
    assert guardians.agree(changed, "guardian") == agreed
    with pytest.raises(InvalidInputError, match="cannot be changed any more"):
        guardians.name_another(changed, "cleo@example.org")


def test_after_the_yes_the_address_stays(app: Flask, young: tuple[FlaskClient, str], post: Post) -> None:
    client, path = young
    waiting = ask(client, path, "ann@example.org", "email")
    page, link = text(client.get(waiting)), link_in(post.mails[0][1])
    assert f'action="{waiting}/guardian"' in page
    send(app.test_client(), link, link, answer="kept")

    assert f'action="{waiting}/guardian"' not in text(client.get(waiting))
    late = client.post(f"{waiting}/guardian", data={"csrf_token": token_in(page), "contact": "ben@example.org"})
    assert late.status_code == 422
    assert len(post.mails) == 1


def test_so_many_messages_go_out_and_no_more(
    young: tuple[FlaskClient, str], post: Post, recommender: Recommender
) -> None:
    """Five for an invitation, so that nobody's mailbox is flooded; what is no address takes none away."""
    client, path = young
    waiting = ask(client, path, "a0@example.org", "email")
    assert correct(client, waiting, "a1@").status_code == 422
    for count in (1, 2, 3, 4):
        page = text(client.get(waiting))
        assert f"{5 - count} more message{'s' if count < 4 else ''} can go out." in page
        assert correct(client, waiting, "a0@example.org").status_code == 303

    refused = client.post(f"{waiting}/guardian", data={"csrf_token": token_in(page), "contact": "b@example.org"})

    assert refused.status_code == 422
    assert "No more messages go out" in text(refused)
    assert [to for to, _ in post.mails] == [["a0@example.org"]] * 5
    assert len({link_in(mail) for _, mail in post.mails}) == 5
    assert recommender.storage.guardian_requests()[0].contact == "a0@example.org"


def test_a_correction_that_cannot_be_sent_changes_nothing(
    app: Flask, young: tuple[FlaskClient, str], post: Post, recommender: Recommender
) -> None:
    """The first link lives on; what a broken server may have let through to the other address leads nowhere later."""
    client, path = young
    waiting = ask(client, path, "ann@example.org", "email")
    before = recommender.storage.guardian_requests()
    post.is_broken = True

    answer = correct(client, waiting, "anna@example.org")

    assert answer.status_code == 503
    assert "nothing was changed" in text(answer)
    assert 'value="anna@example.org"' in text(answer)
    assert recommender.storage.guardian_requests() == before
    assert app.test_client().get(link_in(post.mails[0][1])).status_code == 200


def test_whether_there_is_a_mailbox_is_not_said(
    young: tuple[FlaskClient, str], post: Post, recommender: Recommender
) -> None:
    """A mail server may know; its word goes no further, when asked first and when corrected."""
    client, path = young
    post.unknown |= {"nobody@example.org", "none@example.org"}

    waiting = ask(client, path, "nobody@example.org", "email")
    unknown = correct(client, waiting, "none@example.org")
    said = text(client.get(waiting))
    known = correct(client, waiting, "ann@example.org")

    assert (unknown.status_code, unknown.location) == (known.status_code, known.location)
    assert "none@example.org has been asked" in said
    assert [to for to, _ in post.mails] == [["ann@example.org"]]


def test_a_mistyped_name_is_corrected_until_the_form_is_there(
    young: tuple[FlaskClient, str], recommender: Recommender
) -> None:
    client, path = young
    waiting = ask(client, path, "Ann Exmaple", "form")
    assert "You named Ann Exmaple." in text(client.get(waiting))

    assert correct(client, waiting, "Ann Example").status_code == 303

    page = text(client.get(waiting))
    assert "You named Ann Example." in page
    upload(client, waiting, PNG)
    late = client.post(f"{waiting}/guardian", data={"csrf_token": token_in(page), "contact": "Ben"})
    assert late.status_code == 422
    assert recommender.storage.guardian_requests()[0].contact == "Ann Example"


def test_a_provider_is_asked_anew_under_another_name(
    app: Flask,
    young: tuple[FlaskClient, str],
    provider: tuple[list[Parcel], int],
    recommender: Recommender,
    clock: ManualClock,
) -> None:
    """So that its answer to the first request, to whoever was meant there, is none; and signed as of now."""
    client, path = young
    waiting = ask(client, path, "ann@exmaple.org", "external")
    clock.at = NOW + timedelta(days=1)

    assert correct(client, waiting, "ann@example.org").status_code == 303

    first, (_, body, signature) = json.loads(provider[0][0][1]), provider[0][1]
    second = json.loads(body)
    assert is_signed(signature, body, clock.at, SECRET, 1.0)
    assert second["contact"] == "ann@example.org"
    assert answer(app, clock.at, request=first["request"], granted=True).status_code == 404
    assert answer(app, clock.at, request=first["request"], granted=False).status_code == 404
    assert app.test_client().get(first["guardian_url"].removeprefix(SITE)).status_code == 404
    assert app.test_client().get(second["guardian_url"].removeprefix(SITE)).status_code == 200
    assert answer(app, clock.at, request=second["request"], granted=True).status_code == 204
    assert make_account(client, waiting).status_code == 303
