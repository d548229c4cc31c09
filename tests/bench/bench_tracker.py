"""What the trackers of articles and of the feed of clips weigh on the wire, with the modules that they import."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from tests.bench.measuring import Budget, Row
from tests.bench.world import World

WEIGHT = Budget(4.0)
NONE = Budget(0.0)
KB = 1000
STATIC = Path(__file__).resolve().parents[2] / "webapp" / "static"
_IMPORT = re.compile(r"""^import\b[^;]*?["']([^"']+)["']""", re.MULTILINE)
_ADDRESS = re.compile(r"""["'`](?:https?:)?//[^"'`]+""")


def bench_tracker(world: World) -> list[Row]:
    """Weigh the tracker, each file compressed for itself as a server would send it."""
    files, of_feed = modules(STATIC / "attention.js"), modules(STATIC / "view.js")
    total = sum(map(gzipped_kb, files))
    both = {*files, *of_feed}
    foreign = sum(len(_ADDRESS.findall(file.read_text(encoding="utf-8"))) for file in both)
    outside = sum(not file.is_relative_to(STATIC) for file in both)
    return [
        Row("attention.js, gzipped", gzipped_kb(files[0]), "kB", budget=WEIGHT),
        Row(f"attention.js with what it imports ({names(files)})", total, "kB", budget=WEIGHT),
        Row(f"view.js with what it imports ({names(of_feed)})", sum(map(gzipped_kb, of_feed)), "kB", budget=WEIGHT),
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


def gzipped_kb(path: Path) -> float:
    """Return the size of a file after gzip -9, in kB of 1,000 bytes."""
    return len(gzip.compress(path.read_bytes(), 9, mtime=0)) / KB
