"""Scripts are sent without comments and indentation, compressed, and whole."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import webapp
from webapp.slim import slim

SCRIPTS = sorted((Path(webapp.__file__).parent / "static").glob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_what_is_left_is_the_code_line_by_line(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    stripped = [line.strip() for line in source.splitlines()]
    code = [re.split(r"\s// ", line)[0].strip() for line in stripped if line and not line.startswith("// ")]

    assert slim(source).splitlines() == code
    assert not any(re.search(r"""(["'`]).*\s// .*\1""", line) for line in stripped), "a string would be cut"


def test_a_script_is_sent_slim_and_compressed(client: FlaskClient) -> None:
    source = next(path for path in SCRIPTS if path.name == "attention.js").read_text(encoding="utf-8")

    plain = client.get("/static/attention.js", headers={"Accept-Encoding": "identity"})
    packed = client.get("/static/attention.js", headers={"Accept-Encoding": "gzip"})

    assert plain.text == slim(source)
    assert gzip.decompress(packed.data).decode() == plain.text
    assert (packed.headers["Content-Encoding"], packed.mimetype) == ("gzip", "text/javascript")
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(source) / 3


def test_what_the_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    sent = client.get("/static/attention.js")

    assert client.get("/static/attention.js", headers={"If-None-Match": sent.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["none.js", "../app.py", "..%2fapp.js", "none.css"])
def test_what_is_not_there_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_other_files_are_sent_as_they_are(client: FlaskClient) -> None:
    sent = client.get("/static/app.css")

    assert sent.data == (SCRIPTS[0].parent / "app.css").read_bytes()
