"""The table of docs/configuration.md, from the settings there are.

`make tables` writes it between its markers; `tests/test_configuration_docs.py` fails where it is not current.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from webapp.configuration import shipped

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"
BEGIN, END = "<!-- table: configuration -->\n", "<!-- end of table -->"


def table() -> Iterator[str]:
    """Yield a row for every setting."""
    yield "| setting | variable | default | unit | meaning |"
    yield "| --- | --- | --- | --- | --- |"
    for row in shipped():
        cells = (f"`{row.name}`", f"`{row.variable}`", _written(row.default), row.unit, row.text)
        yield "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def current(page: str) -> str:
    """Return the page with the table as it should be. ValueError if a marker is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(
            f"docs/configuration.md: {BEGIN.strip()!r} or {END!r} is missing; put it where the table belongs"
        )
    return "".join([before, begin, *(f"{line}\n" for line in table()), end, after])


def _written(value: Any) -> str:
    """Write a default as the environment takes it."""
    if isinstance(value, bool):
        return "`on`" if value else "`off`"
    if isinstance(value, tuple):
        return f"`{json.dumps(value)}`"
    return f"`{value}`" if value != "" else ""


if __name__ == "__main__":
    PAGE.write_text(current(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
