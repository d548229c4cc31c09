"""What goes wrong is said in German on German pages, and in English to programs."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.errors import StorageError
from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.settings_limits import LimitSettings, RateSettings
from reader.types_consent import Terms
from reader.types_feeds import Feed
from tests.webapp.language.raised import ROOT, VALUE, raised_in
from webapp.language.catalogue import texts_in
from webapp.language.errors import said_error, said_part, said_text
from webapp.language.sentences import SENTENCES

GERMAN = {"Accept-Language": "de"}
# Where errors arise that pages show.
SOURCES = (
    *("reader/accounts/*.py", "reader/privacy/consents.py", "reader/privacy/grants.py"),
    *("reader/ingest/discovery.py", "reader/ingest/subscriptions.py", "reader/ingest/opml.py"),
    *("reader/recommend/looking.py", "reader/recommend/recommender.py", "reader/recommend/admission.py"),
    *("webapp/archive.py", "webapp/restoring.py", "webapp/feed_desk.py"),
    *("webapp/accounts/*.py", "webapp/granting/desk.py", "webapp/pages/*.py"),
)
# What comes of the settings, of the command line or of programs alone; and what is put together, with a test below.
ELSEWHERE = {
    f"the verifier {VALUE} needs it",
    "give the SHA-256 of your words in hex",
    "an account for a child needs a guardian's consent: who opens a link of yours is asked for their age",
    f"{VALUE} {VALUE}: no clip is of it",
    f"interests {VALUE}",
}
MakeEvent = Callable[..., dict[str, Any]]


@pytest.fixture
def german(app: Flask, client: FlaskClient) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    return client


def test_every_sentence_that_a_page_can_show_has_its_german() -> None:
    """If this fails: add it to webapp/language/sentences.py, and translate it."""
    raised = list(raised_in(path for pattern in SOURCES for path in sorted(ROOT.glob(pattern))))
    known = [re.compile(re.sub(r"%\\?\(\w+\\?\)s", ".+", re.escape(sentence))) for sentence in SENTENCES]

    assert len(raised) > 100
    assert [
        one for one in raised if not any(each.fullmatch(one.text) for each in known) and one.text not in ELSEWHERE
    ] == []


def test_sentences_are_found_in_sources(tmp_path: Path) -> None:
    source = ROOT / "webapp" / "feed_desk.py"

    assert [(one.field, one.text) for one in raised_in(iter([source]))] == [
        *(("opml", "is not what the page sent"), ("opml", "choose the file again")),
        *(("found", "is not what the page sent"), ("found", "look for the feed again")),
    ]


def test_no_general_sentence_hides_another(app: Flask) -> None:
    """Each is said by its own German, with its values written as German writes them."""
    texts = {sentence: re.sub(r"%\(\w+\)s", "1,007", sentence) for sentence in SENTENCES}
    with app.test_request_context(headers=GERMAN):
        found = {sentence: said_part(text) for sentence, text in texts.items()}

    catalogue = texts_in("de")
    assert found == {sentence: re.sub(r"%\(\w+\)s", "1.007", catalogue.gettext(sentence)) for sentence in SENTENCES}
    with app.test_request_context():
        assert {sentence: said_part(text) for sentence, text in texts.items()} == texts


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"recipient": ""}, "An wen: hat 0 Zeichen; gib 1 bis 200 an"),
        ({"price": "much"}, "Preis: &#39;much&#39;; gib free an, oder einen Betrag"),
        ({"ends": ""}, "Letzter Tag der Freigabe: fehlt; wähle den letzten Tag"),
        ({"ends": "soon"}, "&#39;soon&#39; ist kein Tag; schreib ihn wie 2027-01-31"),
        ({"ends": "2026-11-01"}, "gib eine Zeit an, die noch kommt, innerhalb von"),
        (
            {"class": "interests", "from": "2026-11-01"},
            "Interessen kommen aus allem und haben keine Zeit; lass sie weg",
        ),
        ({"class": ""}, "Was hinausgeht: &#39;&#39;; wähle aus"),
    ],
)
def test_grants(german: FlaskClient, form: dict[str, str], words: str) -> None:
    whole = {"recipient": "A", "contact": "a@b.example", "purpose": "x", "ends": "2026-12-31", "class": "feedback"}

    page = german.post("/me/privacy/grants", data=whole | {"price": "free", "way": "file"} | form)

    assert page.status_code == 422
    assert words in page.text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/topic/salt", "Thema &#39;salt&#39;: Dazu gibt es nichts"),
        ("/a/none", "&#39;none&#39;: Unter dieser Kennung gibt es hier nichts"),
        ("/creator/none", "&#39;none&#39;: Von dort gibt es keinen Clip"),
        ("/me/privacy/grants/g0", "Datenfreigabe &#39;g0&#39;: Eine solche hast du nicht"),
    ],
)
def test_what_is_not_there(german: FlaskClient, path: str, words: str) -> None:
    page = german.get(path)

    assert (page.status_code, words in page.text) == (404, True)
    assert 'lang="de"' in page.text


def test_addresses_feeds_and_files(german: FlaskClient) -> None:
    address = german.post("/me/addresses", data={"what": "saved", "name": "x" * 101})
    feed = german.post("/feeds", data={"url": "mailto:ann@example.org"})
    trial = german.post("/feeds/try", data={"feed": "https://none.example/"})
    file = german.post("/feeds/import", data={"file": (io.BytesIO(b"<x/>"), "x.opml")})

    assert "Name: hat 101 Zeichen; gib höchstens 100 an." in address.text
    assert "ist keine Adresse im Web; gib eine an wie https://example.org" in feed.text
    assert "Feed &#39;https://none.example/&#39;: Du folgst ihm nicht" in trial.text
    assert "ist keine OPML-Datei; nimm die Datei" in file.text


def test_why_a_site_could_not_be_asked(german: FlaskClient, recommender: Recommender) -> None:
    own = Subscriptions(recommender.storage, recommender.clock)
    url = own.follow("local", "https://salt.example/feed").feed.url
    recommender.storage.put_feed(Feed(url, failures=2, trouble="not found", error="the server answered 404 Not Found"))

    page = german.post("/feeds", data={"url": "http://127.0.0.1:1/feed"})
    health = german.get("/feeds/health")

    assert "127.0.0.1 führt zu 127.0.0.1, " in page.text
    assert "<span>der Server hat mit 404 Not Found geantwortet</span>" in health.text


def test_what_is_wrong_with_a_list_of_feeds(german: FlaskClient) -> None:
    nested = b"<outline text='x'>" * 30 + b"</outline>" * 30
    content = b"<opml><body><outline type='rss' text='A' xmlUrl=''/><outline text='B' xmlUrl='ftp://b.example/'/>"
    page = german.post("/feeds/import", data={"file": (io.BytesIO(content + nested + b"<a></body></opml>"), "x.opml")})

    for words in ("ftp://b.example/ ist keine http(s)-Adresse", "Ordner tief, werden genommen", "ist beschädigt ("):
        assert words in page.text


def test_what_was_refused_of_what_was_done(german: FlaskClient) -> None:
    german.post("/me/consent", data={"purpose": "feedback", "answer": "none"})

    page = german.post("/act", data={"act": "like", "item": "energy-0"})

    assert page.status_code == 403
    assert "Nicht gespeichert: Du hast Nein dazu gesagt, dass behalten wird, was du sagst." in page.text


def test_why_events_are_refused(app: Flask) -> None:
    for terms in (Terms(is_closed=True), Terms(is_child=True), Terms()):
        for act in ("like", "open", "paragraph_visit"):
            with app.test_request_context(headers=GERMAN):
                said = said_text(f"consent: {terms.refusal(act)}")

            assert said.startswith(f"Zustimmung: {act}")
            assert re.search("Ja gesagt haben|deine Eltern nicht erlaubt|wird nie|hast du Nein gesagt", said)


class TestLimits:
    @pytest.fixture
    def settings(self) -> Settings:
        rate = RateSettings(per_minute=6, burst=1)
        return Settings(secret_key="a key for tests", accounts=True, limits=LimitSettings(address=rate))

    def test_too_much_is_said_to_people_in_their_language_and_to_programs_in_english(self, german: FlaskClient) -> None:
        german.get("/login")

        assert (
            "Zu viele Anfragen von dieser Adresse; komm in 10\xa0s wieder. Wer sich um diesen Server kümmert, "
            "stellt die Grenze mit REREAD_LIMITS__ADDRESS__PER_MINUTE ein."
        ) in german.get("/login").text
        assert "Too many requests from this address" in german.get("/api/v1/items/x").get_json()["detail"]


def test_programs_hear_english_whatever_they_ask_for(german: FlaskClient) -> None:
    answer = german.get("/api/v1/items/none").get_json()

    assert answer["detail"] == "item 'none': there is none of that id"


def test_a_store_that_is_busy(app: Flask) -> None:
    error = StorageError("/x/reread.db: locked for 5 s by another thread; try again later")
    with app.test_request_context(headers=GERMAN):
        assert (
            said_error(error)
            == "/x/reread.db: seit 5\xa0s von einem anderen Vorgang belegt; versuch es später noch einmal"
        )


def test_long_values_are_not_searched_through(app: Flask) -> None:
    """A list that is named by a whole page costs no time."""
    text = "list '" + ": made at " * 20_000 + "'"
    with app.test_request_context(headers=GERMAN):
        assert said_part(text) == text
