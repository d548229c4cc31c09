"""The house: imports run one way, and some libraries live in one room only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("nlp", "reader", "webapp")
# What a stage may import of its own package: the stages before it, and what stands below all of them, where types and
# settings of one subject have files of their own.
GROUND: tuple[str, ...] = ("types", "errors", "clock", "settings", "records", "origins")
GROUND += tuple(path.stem for kind in ("types", "settings") for path in (ROOT / "reader").glob(f"{kind}_*.py"))
STAGES = ("ingest", "behaviour", "profile", "recommend", "search", "replay")
ROOMS = {
    "flask": "webapp",
    "apiflask": "webapp",
    "spacy": "nlp",
    "sentence_transformers": "nlp",
    "sqlite3": "reader/storage",
    "lightgbm": "reader/recommend/challenger",
}
ROOMS |= {"sqlite_utils": "reader/storage"}


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def asks_the_time(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def allowed(importer: str, imported: str) -> bool:
    """Whether one room of the house may use another; rooms are given as reader.storage, nlp, webapp.

    >>> allowed("reader.profile", "reader.behaviour"), allowed("reader.behaviour", "reader.profile")
    (True, False)
    """
    if PACKAGES.index(importer.split(".")[0]) != PACKAGES.index(imported.split(".")[0]):
        return PACKAGES.index(imported.split(".")[0]) < PACKAGES.index(importer.split(".")[0])
    if not importer.startswith("reader.") or importer == imported:
        return True
    _, source = importer.split(".")
    target = imported.split(".")[1] if "." in imported else ""
    return _allowed_within_reader(source, target)


def _allowed_within_reader(source: str, target: str) -> bool:
    if source == "wiring":
        return True
    if source in GROUND:
        return target in GROUND
    if target in GROUND:
        return True
    if source == "storage":
        return False
    if target == "storage":
        return True
    return source in STAGES and target in STAGES and STAGES.index(target) < STAGES.index(source)


def room(module: str) -> str:
    return ".".join(module.split(".")[:2]) if module.startswith("reader.") else module.split(".")[0]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    """webapp -> reader -> nlp, and within reader along the flow of data."""
    own = room(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if own in ("reader.__init__", "reader"):
        return  # the package root offers what wiring makes

    wrong = [name for name in imports(path) if name.split(".")[0] in PACKAGES and not allowed(own, room(name))]

    assert wrong == []


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_libraries_stay_in_their_room(path: Path) -> None:
    """Flask only in webapp, spaCy and sentence-transformers only in nlp, SQL only in storage."""
    relative = path.relative_to(ROOT).as_posix()

    wrong = [name for name in imports(path) if not relative.startswith(ROOMS.get(name.split(".")[0], ""))]

    assert wrong == []


def test_only_the_clock_reads_the_time() -> None:
    """Replay depends on it: time is an argument."""
    readers = [path for path in sources() if any(asks_the_time(node) for node in ast.walk(parsed(path)))]

    assert [path.relative_to(ROOT).as_posix() for path in readers] == ["reader/clock.py"]


def test_no_file_has_grown_into_a_house() -> None:
    """400 lines is the limit; about 150 is the aim."""
    long = [path for path in sources() if len(path.read_text(encoding="utf-8").splitlines()) > 400]

    assert long == []
