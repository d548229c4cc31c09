"""Scripts and sheets lose comments and indentation, and nothing else. How they are sent: `test_files.py`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import webapp
from webapp.slim import slim, slim_sheet

STATIC = Path(webapp.__file__).parent / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_what_is_left_is_the_code_line_by_line(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    stripped = [line.strip() for line in source.splitlines()]
    code = [re.split(r"\s// ", line)[0].strip() for line in stripped if line and not line.startswith("// ")]

    assert slim(source).splitlines() == code
    assert not any(re.search(r"""(["'`]).*\s// .*\1""", line) for line in stripped), "a string would be cut"


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_a_sheet_loses_its_comments_alone(sheet: Path) -> None:
    source = sheet.read_text(encoding="utf-8")

    left = re.sub(r"\s+", "", slim_sheet(source))

    assert "/*" not in left
    assert left == re.sub(r"\s+|/[*].*?[*]/", "", source, flags=re.DOTALL)
    assert not re.search(r"""["'][^"'\n]*/[*]""", source), "a string would be cut"
