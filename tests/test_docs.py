"""The documents keep up with the code: every command, event type and field is named, and no link leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from reader.accounts.roles import SCOPES
from reader.records import EVENT_CLASSES
from reader.types import Article, Shown, Target, Video
from webapp.cli import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
# Pictures are made by the browser test and not looked for here.
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?://)([^)#\s]+)")


def coded(page: str) -> set[str]:
    """Return all that stands in backquotes on a page, cut into words."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return {word for code in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"[\w:-]+", code)}


def command_names(commands: Iterator[click.Command]) -> Iterator[str]:
    for command in commands:
        yield command.name or ""
        if isinstance(command, click.Group):
            yield from command_names(iter(command.commands.values()))


def test_every_command_is_documented() -> None:
    assert set(command_names(iter(COMMANDS))) - coded("cli.md") == set()


def test_every_event_type_and_field_is_documented() -> None:
    classes = {*EVENT_CLASSES.values(), Shown, Target}
    names = {field.name for each in classes for field in fields(each)}

    assert (names | EVENT_CLASSES.keys()) - coded("events.md") == set()


def test_every_item_field_is_documented() -> None:
    names = {field.name for each in (Article, Video) for field in fields(each)}

    assert names - coded("items.md") == set()


def test_every_scope_is_documented() -> None:
    assert set(SCOPES) - coded("api.md") == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_no_table_is_broken_by_an_empty_line() -> None:
    """Rows behind one would be shown as text."""
    wrong = []
    for page in PAGES:
        lines = ["", *page.read_text(encoding="utf-8").splitlines(), ""]
        heads = [place for place in range(1, len(lines) - 1) if lines[place].startswith("|") and not lines[place - 1]]
        wrong += [lines[place] for place in heads if not re.fullmatch(r"\|( ?:?-+:? ?\|)+", lines[place + 1])]

    assert wrong == []
