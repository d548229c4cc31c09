"""Answers are compressed where the client takes it, and are the same after it."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/latest", "/api/v1/recommendations", "/openapi.json", "/nowhere"])
def test_what_is_text_is_compressed(client: FlaskClient, path: str) -> None:
    packed = client.get(path, headers=GZIP)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data).lstrip()[:1] in (b"<", b"{")


def test_whoever_takes_none_gets_the_same_plain(client: FlaskClient) -> None:
    plain, packed = client.get("/openapi.json"), client.get("/openapi.json", headers=GZIP)

    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("path", ["/healthz", "/static/app.css", "/me/export"])
def test_what_is_short_or_packed_already_is_left_alone(client: FlaskClient, path: str) -> None:
    sent = client.get(path, headers=GZIP)
    once = gzip.decompress(sent.data) if "Content-Encoding" in sent.headers else sent.data

    assert not once.startswith(b"\x1f\x8b")
    assert ("Content-Encoding" in sent.headers) == (path == "/static/app.css")
