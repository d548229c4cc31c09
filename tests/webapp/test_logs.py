"""Logs for programs: one JSON object a line, with what an operator needs and nothing of what somebody reads."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask, request

from reader.recommend.recommender import Recommender
from reader.settings import Settings
from webapp.app import create_app
from webapp.logs import configure_logs


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key="a key for tests", server={"log": "json"})  # type: ignore[arg-type]  # as a file has it


@pytest.fixture(autouse=True)
def usual_logs() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_one_line_without_its_contents(
    recommender: Recommender, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("json")
    client = create_app(recommender).test_client()

    client.get("/a/food-1?view=v9", headers={"User-Agent": "Somebody's browser"})

    (line,) = lines(capsys)
    assert line.keys() == {
        "event", "level", "timestamp", "method", "route", "status", "duration_ms", "length_bytes",
    }  # fmt: skip
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["duration_ms"] > 0
    assert "food-1" not in json.dumps(line)
    assert "<" in line["route"]


def test_an_error_is_one_line_with_its_traceback(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    """The values of variables are left out: they may be what somebody reads."""
    configure_logs("json")

    def fails() -> str:
        title = request.args["title"]
        raise RuntimeError(f"{len(title)} letters")

    app.add_url_rule("/broken", view_func=fails)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    app.test_client().get("/broken?title=lithium")

    written = lines(capsys)
    (failed,) = [line for line in written if line["level"] == "error"]
    assert "RuntimeError: 7 letters" in failed["exception"]
    assert "lithium" not in json.dumps(written)
    assert [line["status"] for line in written if line["event"] == "request"] == [500]


def test_what_the_web_server_logs_is_a_line_like_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """Once, however often logs were set up; and without the address that it was asked for."""
    configure_logs("json")
    configure_logs("json")

    logging.getLogger("waitress.queue").warning("Task queue depth is %d", 3)
    logging.getLogger("waitress").error("Exception while serving %s", "/a/food-1")

    depth, failed = lines(capsys)
    assert depth.keys() == {"event", "level", "timestamp", "logger"}
    assert (depth["event"], depth["level"], depth["logger"]) == ("Task queue depth is 3", "warning", "waitress.queue")
    assert (failed["event"], failed["level"]) == ("Exception while serving …", "error")
