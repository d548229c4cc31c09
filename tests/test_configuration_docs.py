"""docs/configuration.md has every setting there is, and none that there is not; what it says of a variable is true."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from reader.settings import Settings
from reader.settings_sources import NO_SETTINGS
from tests.configuration_tables import PAGE, current
from webapp.configuration import Configured, shipped

TEXT = PAGE.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([\w.]+)` \| `(REREAD_\w+)` \|", TEXT, re.MULTILINE)


def leaves(model: type[BaseModel], prefix: str = "") -> set[str]:
    """The names of all settings, found otherwise than the table finds them: in the JSON schema."""
    schema = model.model_json_schema()

    def walk(part: dict[str, Any], before: str) -> set[str]:
        found: set[str] = set()
        for name, about in part["properties"].items():
            reference = about.get("$ref") or next((one["$ref"] for one in about.get("allOf", ())), None)
            section = schema["$defs"][reference.rpartition("/")[2]] if reference else about
            found |= walk(section, f"{before}{name}.") if "properties" in section else {before + name}
        return found

    return walk(schema, prefix)


def in_force(settings: BaseModel, name: str) -> Any:
    value: Any = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value


def test_the_table_is_current() -> None:
    assert current(TEXT) == TEXT, "run `make tables`"


def test_every_setting_is_in_the_table_and_nothing_else() -> None:
    assert [name for name, _ in ROWS] == list(dict.fromkeys(name for name, _ in ROWS))
    assert {name for name, _ in ROWS} == leaves(Settings)


@pytest.mark.parametrize("row", shipped(), ids=lambda row: row.name)
def test_the_variable_of_the_table_sets_the_setting(row: Configured, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text arrives as it is; what is no text is refused by the name of the setting, so that it was this one."""
    variable = dict(ROWS)[row.name]
    if isinstance(row.default, tuple):
        monkeypatch.setenv(variable, '["one", "two"]')
        assert in_force(Settings(), row.name) == ("one", "two")
        return
    monkeypatch.setenv(variable, "no such value")
    if isinstance(row.default, str) and not row.unit.startswith("`"):
        assert in_force(Settings(), row.name) == "no such value"
        return
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert ".".join(map(str, refused.value.errors()[0]["loc"])) == row.name


def test_every_setting_says_what_it_means() -> None:
    assert [row.name for row in shipped() if len(row.text) < 5] == []


def test_variables_that_are_no_settings_are_told() -> None:
    assert [
        name for name in NO_SETTINGS if f"`{name}`" not in TEXT.partition("Variables that are no settings")[2]
    ] == []
