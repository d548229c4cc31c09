"""The settings as a table: what each is called, means and may be, what is in force, and where that comes from.

`reread config`, docs/configuration.md and the example file take their rows from here.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reader.recommend.describing import comments_of
from reader.settings import Settings
from reader.settings_sources import (
    config_path,
    environment_values,
    file_values,
    is_secret,
    leaf_values,
    variable_of,
)

HIDDEN: Final = "(a secret)"
# How a name ends -> its unit; the first that fits counts.
_UNITS: Final = (
    (r"words_per_min_\w+$", "words/min"),
    (r"_kib$", "KiB"),
    (r"_bytes$", "bytes"),
    (r"_ms$", "ms"),
    (r"_s$", "s"),
    (r"_min$", "min"),
    (r"_h$", "h"),
    (r"_days$", "days"),
    (r"(_share|_coverage|_quantile|_depth)$", "share"),
    (r"_lists$|^lists_", "lists"),
    (r"_places$", "places"),
)
_LIMITS: Final = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}


@dataclass(frozen=True, slots=True)
class Configured:
    """One setting. name: with dots; origin: `default`, a variable, or the file that says so; text: what it means."""

    name: str
    value: Any
    default: Any
    origin: str
    unit: str
    text: str

    @property
    def variable(self) -> str:
        """The variable that sets it."""
        return variable_of(self.name)

    @property
    def shown(self) -> Any:
        """The value, unless it is a secret that somebody has set."""
        return HIDDEN if is_secret(self.name) and self.value else self.value


def configured(settings: Settings) -> list[Configured]:
    """Return every setting with what is in force. InvalidInputError if the file cannot be read."""
    origins = dict.fromkeys(dict(leaf_values(file_values(Settings), Settings)), str(config_path()))
    origins |= {name: variable_of(name) for name, _ in leaf_values(environment_values(Settings), Settings)}
    return list(_rows(settings, Settings.model_construct(), origins))


def shipped() -> list[Configured]:
    """Return every setting with its default, whatever environment and file say."""
    defaults = Settings.model_construct()
    return list(_rows(defaults, defaults, {}))


def _rows(
    settings: BaseModel, defaults: BaseModel, origins: dict[str, str], prefix: str = "", about_section: str = ""
) -> Iterator[Configured]:
    model = type(settings)
    texts, told, about_sections = comments_of(model), "", ""
    for field, about in model.model_fields.items():
        name, value, default = prefix + field, getattr(settings, field), getattr(defaults, field)
        if isinstance(value, BaseModel):
            about_sections = texts.get(field) or about_sections
            yield from _rows(value, default, origins, f"{name}.", about_sections)
            continue
        text = texts.get(field) or (f"See `{told}`." if told else f"{about_section} {_first_line(model)}".strip())
        # A comment is about the fields below it, too, up to the next one.
        told = name if texts.get(field) else told
        yield Configured(name, value, default, origins.get(name, "default"), _unit(field, about), text)


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def _unit(name: str, about: FieldInfo) -> str:
    kind: Any = about.annotation
    if kind is bool:
        return "on or off"
    if get_origin(kind) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(kind))
    if kind is str:
        return "text"
    if kind not in (int, float):
        return "list"
    named = next((unit for ending, unit in _UNITS if re.search(ending, name)), "number")
    limits = [
        f"{sign} {getattr(each, key):g}"
        for each in about.metadata
        for key, sign in _LIMITS.items()
        if hasattr(each, key)
    ]
    return ", ".join((named, *limits))


def example_file(rows: list[Configured]) -> Iterator[str]:
    """Yield the lines of a file of settings: what is at its default stands there as a comment."""
    # In TOML a section stands in one piece, and what is of none comes first.
    for section, group in groupby(sorted(rows, key=_section), key=_section):
        if section:
            yield f"[{section}]"
        for row in group:
            yield from (f"# {line}" for line in textwrap.wrap(f"{row.text} ({row.unit})", 110))
            mark = "# " if row.origin == "default" or row.shown == HIDDEN else ""
            yield f"{mark}{row.name.rpartition('.')[2]} = {_toml(row.shown)}"
        yield ""


def _section(row: Configured) -> str:
    return row.name.rpartition(".")[0]


def _toml(value: Any) -> str:
    """Write a value of a setting: JSON's texts, numbers, lists of texts and true and false are TOML's, too."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
