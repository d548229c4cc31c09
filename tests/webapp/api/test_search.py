"""GET /search, and the command that does the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from reader.recommend.recommender import Recommender
from tests.webapp.conftest import NOW
from webapp.api.search_schemas import SearchOut
from webapp.cli import main


def search(client: FlaskClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/search", query_string=query)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.get_json()
    return body


def test_what_is_found_comes_with_its_place_in_the_text(client: FlaskClient) -> None:
    found = search(client, q="lithium lake", kind="article", limit=3)

    assert found["count"] == 8
    assert found["next_offset"] == 3
    first = found["items"][0]
    assert {item["id"].partition("-")[0] for item in found["items"]} == {"energy"}
    assert [piece["text"] for piece in first["title_pieces"] if piece["hit"]] == ["lakes"]
    assert [piece["text"] for piece in first["excerpt"] if piece["hit"]] == ["Lithium"]
    assert SearchOut.model_validate(found)


def test_filters_and_pages(client: FlaskClient) -> None:
    first, rest = search(client, q="eels", limit=5), search(client, q="eels", limit=5, offset=5)

    assert len({item["id"] for item in first["items"] + rest["items"]}) == 8
    assert rest["next_offset"] is None
    assert search(client, q="oven", kind="video")["count"] == 1
    assert search(client, q="eels", source="paper 0")["count"] == 2
    assert search(client, q="eels", since=NOW.date().isoformat())["count"] == 2
    assert search(client, q="eels", reading="read")["count"] == 0
    assert search(client, q="eels", folder="Nowhere")["count"] == 0


def test_no_syntax_is_an_error(client: FlaskClient) -> None:
    found = search(client, q='"eels OR -(the')

    assert found["hints"] == ["quote"]
    assert found["left_out"] == []


@pytest.mark.parametrize(("name", "value"), [("kind", "book"), ("since", "May"), ("limit", 0), ("reading", "half")])
def test_a_wrong_filter_is_one(client: FlaskClient, name: str, value: object) -> None:
    assert client.get("/api/v1/search", query_string={name: value}).status_code == 422


def test_the_words_of_a_search_are_kept_nowhere(
    client: FlaskClient, recommender: Recommender, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """In no table, in no file, in no log."""
    before = recommender.storage.last_event_seq()
    secret = "Quetschkommode"

    search(client, q=secret)

    assert recommender.storage.last_event_seq() == before
    recommender.storage.close()
    left = [path for path in tmp_path.iterdir() if secret.lower().encode() in path.read_bytes().lower()]
    assert left == []
    assert secret.lower() not in "".join(capfd.readouterr()).lower()


def test_the_command_prints_the_same(recommender: Recommender, client: FlaskClient, tmp_path: Path) -> None:
    by_api = search(client, q="eels -sourdough", limit=4)
    recommender.storage.close()

    ran = CliRunner().invoke(
        main, ["search", "--db", str(tmp_path / "reread.db"), "--limit", "4", "--json", "eels -sourdough"]
    )

    assert ran.exit_code == 0
    assert json.loads(ran.stdout) == by_api


def test_the_command_wants_something_to_look_for_and_mends_the_index(recommender: Recommender, tmp_path: Path) -> None:
    db = ["--db", str(tmp_path / "reread.db")]
    recommender.storage.close()

    assert CliRunner().invoke(main, ["search", *db]).exit_code == 2
    ran = CliRunner().invoke(main, ["search", *db, "--rebuild"])

    assert (ran.exit_code, ran.stdout) == (0, "")
    assert recommender.storage.check_search() == []
