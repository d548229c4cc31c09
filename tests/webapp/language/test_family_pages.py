"""The pages on which accounts are made and guardians answer: nothing on them goes past the catalogues, and the yes of a
guardian is kept with the words that they were shown."""

from __future__ import annotations

import pytest
from babel.dates import get_month_names
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.registry import Accounts
from reader.privacy.texts import SAID, version_of
from reader.settings import Settings
from reader.types_consent import PURPOSES
from tests.reader.accounts.conftest import CHEAP
from tests.webapp.language.brackets import Brackets, words_outside
from webapp.language.catalogue import texts_in
from webapp.services import EXTENSION

GERMAN = {"Accept-Language": "de"}
PASSWORD = "salt lakes of Chile"
MONTHS = get_month_names("wide", locale="de").values()
NAMES = ("Reread", "English", "Deutsch", "Ann", "Kim")


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key="a key for tests", accounts=True, login=CHEAP)


@pytest.fixture
def accounts(app: Flask) -> Accounts:
    app.config["WTF_CSRF_ENABLED"] = False
    found = app.extensions[EXTENSION].accounts
    assert isinstance(found, Accounts)
    return found


@pytest.fixture
def guardian(app: Flask, accounts: Accounts) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["login"] = accounts.logins.begin(accounts.create("Ann", PASSWORD, "admin"))
    return client


def consent_words() -> list[str]:
    """What is asked: whole sentences of `reader`, with a language and a digest of their own."""
    texts = [text for texts in SAID.values() for text in texts.values()]
    parts = [part for text in texts for part in (text.title, *text.lines)]
    return parts + [part for text in texts for _, label, meaning in text.choices for part in (meaning, label)]


def left_over(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path, headers=GERMAN)
    assert answer.status_code == 200, path
    return list(words_outside(answer.get_data(as_text=True), [*NAMES, *MONTHS, *consent_words()]))


def test_from_the_invitation_to_the_childs_account(
    app: Flask, accounts: Accounts, guardian: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, link = app.test_client(), f"/join/{accounts.invite('adult')}"
    monkeypatch.setattr("webapp.language.saying.texts_in", lambda language: Brackets())
    found = {"age": left_over(child, link), "login": left_over(app.test_client(), "/login")}
    child.post(f"{link}/age", data={"month": "4", "year": "2015"})
    found["ask"] = left_over(child, link)
    waiting = child.post(f"{link}/guardian", data={"method": "guardian", "contact": "Ann"}).headers["Location"]
    found["wait"], found["form"] = left_over(child, waiting), left_over(child, f"{waiting}/form")
    found["family asked"] = left_over(guardian, "/family")
    (request,) = accounts.storage.guardian_requests()

    guardian.post("/family", data={"request": request.digest, "answer": "kept"}, headers=GERMAN)
    found["may"] = left_over(child, waiting)
    made = {"nickname": "Kim", "password": PASSWORD, "again": PASSWORD}
    child.post(waiting, data=made, headers=GERMAN)
    user = accounts.find("Kim").id
    found |= {"child": left_over(guardian, f"/family/{user}"), "family": left_over(guardian, "/family")}
    found |= {path: left_over(child, path) for path in ("/me/privacy", "/me/of-age", "/me/account")}
    found["join"] = left_over(guardian, "/admin/accounts")

    assert {page: words for page, words in found.items() if words} == {}
    (said,) = [one for one in accounts.storage.consents(user) if one.purpose == "account"]
    assert said.text_version == version_of("account", "de") != version_of("account", "en")


def test_errors_of_forms_are_said_in_german(app: Flask, accounts: Accounts) -> None:
    path, client = f"/join/{accounts.invite('adult')}", app.test_client()
    client.post(f"{path}/age", data={"month": "4", "year": "1980"})
    wrong = [
        ({"nickname": "Kim", "password": PASSWORD, "again": "x"}, "Passwort: ist nicht zweimal dasselbe; gib es noch"),
        ({"nickname": "Kim", "password": "short", "again": "short"}, "Passwort: hat 5 Zeichen; nimm mindestens"),
        ({"nickname": "", "password": PASSWORD, "again": PASSWORD}, "Spitzname: &#39;&#39;; gib 1 bis"),
    ]
    for form, words in wrong:
        assert words in client.post(path, data=form, headers=GERMAN).get_data(as_text=True)
    form = {"nickname": "Nobody", "password": "x"}
    answer = app.test_client().post("/login", data=form, headers=GERMAN).get_data(as_text=True)
    assert "Spitzname und Passwort passen nicht zusammen." in answer


@pytest.mark.parametrize("language", SAID)
def test_an_answer_is_kept_with_the_words_of_the_page(guardian: FlaskClient, accounts: Accounts, language: str) -> None:
    """All that the digest is of is on the page in that language, and no word of the other."""
    headers = {"Accept-Language": language}
    page = guardian.get("/me/privacy", headers=headers).get_data(as_text=True)
    for purpose in PURPOSES:
        for spoken, texts in SAID.items():
            text = texts[purpose]
            assert all((line in page) is (spoken == language) for line in (text.title, *text.lines)), (purpose, spoken)
        guardian.post("/me/consent", data={"purpose": purpose, "answer": "none"}, headers=headers)

    ann = accounts.find("Ann").id
    kept = {one.purpose: one.text_version for one in accounts.storage.consents(ann)}
    assert kept == {purpose: version_of(purpose, language) for purpose in PURPOSES}  # type: ignore[arg-type]
    assert texts_in("de").gettext("The words were others then.") not in guardian.get(
        "/me/privacy", headers={"Accept-Language": "de"}
    ).get_data(as_text=True)
