"""What the trackers of articles, cards and clips weigh on the wire, with the modules that they import."""

from __future__ import annotations

import re
from pathlib import Path

from tests.bench.measuring import Budget, Row
from tests.bench.world import World
from webapp.slim import compressed, slim

WEIGHT = Budget(4.0)
NONE = Budget(0.0)
KB = 1000
STATIC = Path(__file__).resolve().parents[2] / "webapp" / "static"
_IMPORT = re.compile(r"""^import\b[^;]*?["']([^"']+)["']""", re.MULTILINE)
_ADDRESS = re.compile(r"""["'`](?:https?:)?//[^"'`]+""")


# What measures on each page, and how it is called in the table.
ENTRIES = {
    "attention.js": "articles",
    "clip.js": "articles with a clip",
    "cards.js": "lists",
    "view.js": "feed of clips",
}


def bench_tracker(world: World) -> list[Row]:
    """Weigh the trackers, each file compressed for itself, as they are served."""
    loaded = {entry: modules(STATIC / entry) for entry in ENTRIES}
    every = {file for files in loaded.values() for file in files}
    foreign = sum(len(_ADDRESS.findall(file.read_text(encoding="utf-8"))) for file in every)
    outside = sum(not file.is_relative_to(STATIC) for file in every)
    weights = [
        Row(f"{pages}: {entry} with what it imports ({names(files)})", sum(map(served_kb, files)), "kB", budget=WEIGHT)
        for (entry, files), pages in zip(loaded.items(), ENTRIES.values(), strict=True)
    ]
    return [
        *weights,
        Row("watch.js, which an article loads when its clip is played", served_kb(STATIC / "watch.js"), "kB"),
        Row("addresses of other hosts and imports from outside in them", float(foreign + outside), "", budget=NONE),
    ]


def names(files: list[Path]) -> str:
    """Return what the first of some files imports."""
    return ", ".join(file.name for file in files[1:])


def modules(entry: Path) -> list[Path]:
    """Return a script and, each once, the scripts that it imports."""
    found = [entry]
    for path in found:
        names = _IMPORT.findall(path.read_text(encoding="utf-8"))
        found += [other for name in names if (other := (path.parent / name).resolve()) not in found]
    return found


def served_kb(path: Path) -> float:
    """Return the size of a script as it is served, in kB of 1,000 bytes."""
    return len(compressed(slim(path.read_text(encoding="utf-8")))) / KB
