"""`reread simulate`: files in, files out, and sentences where the call is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webapp.cli import main

ITEMS = [
    {"id": f"a{number}", "kind": "article", "title": f"Story {number}", "topics": ["space" if number % 2 else "food"]}
    for number in range(12)
]


@pytest.fixture
def items(tmp_path: Path) -> Path:
    path = tmp_path / "items.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in ITEMS), encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["simulate", *map(str, arguments)])


def test_a_log_and_its_truth_are_written(items: Path, tmp_path: Path) -> None:
    """JSON alone on standard output; the counts are those of the files."""
    out = tmp_path / "out"

    result = run("--items", items, "--out", out, "--readers", "3", "--days", "2", "--json")
    counts = json.loads(result.stdout)
    events = [json.loads(line) for line in (out / "events.jsonl").read_text(encoding="utf-8").splitlines()]

    assert result.exit_code == 0
    assert counts["readers"] == 3
    assert counts["items"] == 12
    assert counts["events"] == len(events)
    assert counts["lists"] == sum(event["type"] == "impression" for event in events) > 0
    assert counts["opens"] == sum(event["type"] == "open" for event in events)
    assert sorted(path.name for path in out.iterdir()) == ["events.jsonl", "items.jsonl", "truth.jsonl"]


def test_arguments_reach_the_simulation(items: Path, tmp_path: Path) -> None:
    arguments = ["--logging", "mixed", "--exploration", "0.5", "--scroll-backs", "none", "--position-bias", "0"]
    arguments += ["--interplay", "1.5"]
    out = tmp_path / "out"

    result = run("--items", items, "--out", out, "--candidates", "4", "--seed", "9", "--readers", "2", *arguments)
    lines = [json.loads(line) for line in (out / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    settings = lines[0]["settings"]

    assert "simulated: 2 readers" in result.stderr
    assert lines[0]["seed"] == 9
    assert settings["taste"]["interplay_weight"] == 1.5
    assert (settings["logging"], settings["exploration"], settings["scroll_backs"]) == ("mixed", 0.5, "none")
    assert next(line for line in lines if line["type"] == "list")["examination"] == [1, 1, 1, 1]


def test_a_bad_line_is_told_and_the_rest_is_taken(items: Path, tmp_path: Path) -> None:
    with items.open("a", encoding="utf-8") as file:
        file.write('{"id": "x", "kind": "article"}\n')

    result = run("--items", items, "--out", tmp_path / "out", "--readers", "1", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["items"] == 12
    assert f"{items}:13: title: is missing" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--readers", "-1"), "readers: -1"),
        (("--days", "0"), "days: 0"),
        (("--lists-a-day", "nan"), "lists_a_day: nan"),
        (("--exploration", "2"), "exploration: 2.0"),
        (("--position-bias", "-0.5"), "position_bias: -0.5"),
        (("--logging", "greedy"), "'greedy'"),
        (("--scroll-backs", "some"), "'some'"),
        (("--seed", "x"), "'x'"),
    ],
)
def test_a_wrong_argument_is_named(items: Path, tmp_path: Path, arguments: tuple[str, str], named: str) -> None:
    result = run("--items", items, "--out", tmp_path / "out", *arguments)

    assert result.exit_code == 2
    assert named in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_catalogue_without_items_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()

    result = run("--items", empty, "--out", tmp_path / "out")
    missing = run("--items", tmp_path / "none.jsonl", "--out", tmp_path / "out")

    assert result.exit_code == missing.exit_code == 2
    assert "items: there are none" in result.stderr
    assert "none.jsonl" in missing.stderr


def test_a_feed_of_clips_is_watched_on_request(tmp_path: Path) -> None:
    path, out = tmp_path / "clips.jsonl", tmp_path / "out"
    clips = [{"id": f"v{n}", "kind": "video", "title": f"Video {n}", "tags": [f"t{n % 3}"]} for n in range(30)]
    path.write_text("".join(json.dumps(clip) + "\n" for clip in clips), encoding="utf-8")

    result = run(
        "--watch", "--items", path, "--out", out, "--readers", "2", "--days", "2", "--candidates", "5", "--json"
    )
    events = [json.loads(line) for line in (out / "events.jsonl").read_text(encoding="utf-8").splitlines()]

    assert result.exit_code == 0
    counts = json.loads(result.stdout)
    assert (counts["readers"], counts["items"], counts["scroll_backs"]) == (2, 30, 0)
    assert {tuple(event["kinds"]) for event in events if event["type"] == "impression"} == {("video",)}
    assert any(event["type"] == "watch" for event in events)


def test_what_a_feed_does_not_know_is_refused(items: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    wrong_option = run("--watch", "--items", items, "--out", out, "--scroll-backs", "none")
    no_clips = run("--watch", "--items", items, "--out", out)

    assert wrong_option.exit_code == 2
    assert "--scroll-backs is about lists to choose from; leave it out with --watch" in wrong_option.stderr
    assert no_clips.exit_code == 2
    assert "there is no clip among them; give a catalogue with videos" in no_clips.stderr
