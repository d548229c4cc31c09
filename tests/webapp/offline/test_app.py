"""The manifest, the service worker and the page without a connection: open, about nobody, at home under any prefix."""

from __future__ import annotations

import json
import re
import struct
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import webapp
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from webapp.extension import Reread
from webapp.offline.app import PAPER, WORKER_POLICY
from webapp.services import EXTENSION

STATIC = Path(webapp.__file__).parent / "static"


@pytest.fixture
def hosted(recommender: Recommender) -> FlaskClient:
    """A browser at somebody's application that nobody is logged in to."""
    host = Flask("host")
    Reread(host, reader=lambda: None, recommender=recommender)
    return host.test_client()


def test_a_manifest_names_what_there_is(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    manifest: dict[str, Any] = json.loads(answer.text)

    assert answer.mimetype == "application/manifest+json"
    assert (manifest["id"], manifest["scope"], manifest["start_url"]) == ("/", "/", "/")
    assert [each["url"] for each in manifest["shortcuts"]] == ["/", "/watch", "/saved"]
    assert {"any", "maskable"} == {each["purpose"] for each in manifest["icons"]}
    for icon in manifest["icons"]:
        sent = client.get(icon["src"])
        assert sent.mimetype == icon["type"]
        if icon["type"] == "image/png":
            assert "{}x{}".format(*struct.unpack(">II", sent.data[16:24])) == icon["sizes"]


def test_the_colours_are_those_of_the_sheet(client: FlaskClient) -> None:
    sheet, page = (STATIC / "app.css").read_text(encoding="utf-8"), client.get("/").text

    assert f"--paper: light-dark({PAPER['light']}, {PAPER['dark']})" in sheet
    for scheme, colour in PAPER.items():
        assert f'<meta name="theme-color" content="{colour}" media="(prefers-color-scheme: {scheme})">' in page


def test_under_a_prefix_all_of_it_is_under_the_prefix(hosted: FlaskClient) -> None:
    manifest = json.loads(hosted.get("/reader/manifest.webmanifest").text)
    worker = hosted.get("/reader/sw.js").text

    addresses = [manifest["id"], manifest["scope"], manifest["start_url"]]
    addresses += [each["url"] for each in manifest["shortcuts"]] + [each["src"] for each in manifest["icons"]]
    addresses += json.loads(re.findall(r"^const SHELL = (.*);$", worker, re.MULTILINE)[0])
    assert all(address.startswith("/reader/") for address in addresses)
    assert len(addresses) > 15


def test_the_worker_may_ask_this_server_and_load_pictures(client: FlaskClient) -> None:
    answer = client.get("/sw.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Content-Security-Policy"] == WORKER_POLICY
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_all_that_the_worker_puts_by_is_there(client: FlaskClient) -> None:
    """One that is missing, and no browser would install it. What measures is not of it."""
    shell = json.loads(re.findall(r"^const SHELL = (.*);$", client.get("/sw.js").text, re.MULTILINE)[0])

    assert [client.get(path).status_code for path in shell] == [200] * len(shell)
    assert not [path for path in shell if re.search("attention|events|cards|watch|clip", path)]


def test_another_theme_is_another_worker_and_another_hour_is_none(client: FlaskClient, clock: ManualClock) -> None:
    """Else the page without a connection would stay as it was."""
    before = client.get("/sw.js").text
    clock.at += timedelta(hours=1)
    assert client.get("/sw.js").text == before
    client.set_cookie("look", "theme-dark")

    assert client.get("/sw.js").text != before


def test_the_page_without_a_connection_is_about_nobody(app: Flask, hosted: FlaskClient) -> None:
    """Whoever is logged in, and with what there is to say to them."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_flashes"] = [("message", "Saved.")]

    page = client.get("/offline").text

    assert "Saved.</p>" not in page
    assert "data-keep" not in page
    assert "csrf_token" not in page
    assert hosted.get("/reader/offline").status_code == 200
    assert "Saved.</p>" in client.get("/saved").text, "the message waits for a page that is looked at"
    assert app.extensions[EXTENSION].accounts is None
