"""Files of the app: slim, compressed, under addresses that change with their content and are kept for good."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import webapp
from webapp.files import send_files, version_of
from webapp.slim import slim, slim_sheet

STATIC = Path(webapp.__file__).parent / "static"


@pytest.mark.parametrize(("name", "made"), [("attention.js", slim), ("app.css", slim_sheet)])
def test_a_file_is_sent_slim_and_compressed(client: FlaskClient, name: str, made: Callable[[str], str]) -> None:
    source = (STATIC / name).read_text(encoding="utf-8")

    plain = client.get(f"/static/{name}", headers={"Accept-Encoding": "identity"})
    packed = client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})

    assert plain.text == made(source)
    assert gzip.decompress(packed.data).decode() == plain.text
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.mimetype == {"js": "text/javascript", "css": "text/css"}[name.rpartition(".")[2]]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(source) / 3


def test_what_the_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    sent = client.get("/static/attention.js")

    assert client.get("/static/attention.js", headers={"If-None-Match": sent.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["none.js", "../app.py", "..%2fapp.py", "none.css", "", "v-00000000/../app.py"])
def test_what_is_not_there_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_pages_name_a_version_that_may_be_kept_for_good(client: FlaskClient) -> None:
    sheet = re.findall(r'href="(/static/[^"]+/app[.]css)"', client.get("/").text)[0]

    assert sheet == f"/static/{version_of(STATIC)}/app.css"
    assert client.get(sheet).headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/static/app.css", "/static/v-00000000/app.css"])
def test_without_the_present_version_the_browser_asks_again(client: FlaskClient, path: str) -> None:
    """A page that was open while the app was renewed still finds its files."""
    sent = client.get(path)

    assert sent.status_code == 200
    assert sent.headers["Cache-Control"] == "no-cache"


def test_another_file_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("one")
    before = version_of(tmp_path)
    (tmp_path / "a.js").write_text("two")

    assert version_of(tmp_path) != before


def test_a_picture_is_sent_as_it_is(tmp_path: Path) -> None:
    noise = bytes(range(256)) * 4
    (tmp_path / "icon.png").write_bytes(noise)
    app = Flask("app", static_folder=str(tmp_path), static_url_path="/static")
    send_files(app)

    sent = app.test_client().get("/static/icon.png", headers={"Accept-Encoding": "identity"})

    assert (sent.data, sent.mimetype) == (noise, "image/png")
