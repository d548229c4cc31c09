"""Where settings come from: what the caller gives, then the environment, then a file, then the defaults.

What belongs here: reading these sources, and saying what in them is no setting or no value for one. What does not: the
settings themselves.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from pydantic import BaseModel, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from reader.errors import InvalidInputError

PREFIX: Final = "REREAD_"
# Parts the names of a section and of what is in it.
NESTING: Final = "__"
CONFIG_VARIABLE: Final = "REREAD_CONFIG"
# Variables that are no settings: the file's place, and what tests take (CONTRIBUTING.md).
NO_SETTINGS: Final = (CONFIG_VARIABLE, "REREAD_TEST_DATA", "REREAD_SCREENSHOTS", "REREAD_RECORDINGS")
# Values of settings whose names end so are never shown.
_SECRET: Final = ("_key", "_secret", "_password")


class SourcedSettings(BaseSettings):
    """Settings that read the environment and the file that REREAD_CONFIG names; the environment comes first."""

    # Partial update: what a source leaves out of a section keeps the default that this section has here, which may be
    # another than that of its class.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTING,
        nested_model_default_partial_update=True,
        frozen=True,
        extra="ignore",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the file behind the environment. InvalidInputError if it cannot be read or names no setting."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, file_values(settings_cls))


def config_path() -> Path | None:
    """Return the file that REREAD_CONFIG names; None: there is none."""
    named = os.environ.get(CONFIG_VARIABLE)
    return Path(named) if named else None


def file_values(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the file says, by section; empty without a file."""
    path = config_path()
    if path is None:
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        detail = f"{path}: {error.strerror}"
        raise InvalidInputError(CONFIG_VARIABLE, detail, "name a file that can be read, or leave it out") from error
    except ValueError as error:
        raise InvalidInputError(
            str(path), f"no TOML: {error}", "see docs/configuration.md for what it may hold"
        ) from error
    for name in unknown_names(model, found):
        raise InvalidInputError(str(path), f"{name} is no setting", _instead(name, leaf_names(model)))
    return found


def environment_values(model: type[BaseSettings]) -> dict[str, Any]:
    """Return what the environment says, by section, as it was read."""
    return EnvSettingsSource(model)()


def leaf_names(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield the name of every setting, with dots: `learning.choice.limit`."""
    for name, section in _fields(model):
        if section is None:
            yield prefix + name
        else:
            yield from leaf_names(section, f"{prefix}{name}.")


def leaf_values(values: Mapping[str, Any], model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield name and value of what a source says about settings."""
    for name, section in _fields(model):
        if name in values and section is None:
            yield prefix + name, values[name]
        elif isinstance(values.get(name), Mapping) and section is not None:
            yield from leaf_values(values[name], section, f"{prefix}{name}.")


def unknown_names(model: type[BaseModel], values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield what `values` names and the model does not have."""
    fields = dict(_fields(model))
    for name, value in values.items():
        section = fields.get(name)
        if name not in fields:
            yield prefix + name
        elif section is not None and isinstance(value, Mapping):
            yield from unknown_names(section, value, f"{prefix}{name}.")


def variable_of(name: str) -> str:
    """Return the variable of a setting.

    >>> variable_of("learning.choice.limit")
    'REREAD_LEARNING__CHOICE__LIMIT'
    """
    return PREFIX + name.replace(".", NESTING).upper()


def check_variables(model: type[BaseModel], names: Iterable[str]) -> None:
    """InvalidInputError for a variable that begins like those of settings and is none: a slip that would go unseen."""
    variables = {variable_of(name): name for name in (*leaf_names(model), *section_names(model))}
    for name in sorted(names):
        upper = name.upper()
        if upper.startswith(PREFIX) and upper not in variables and upper not in NO_SETTINGS:
            raise InvalidInputError(
                name, "the environment has it, and no setting is called so", _instead(upper, variables)
            )


def section_names(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield the names of sections, which the environment may give as one JSON object."""
    for name, section in _fields(model):
        if section is not None:
            yield prefix + name
            yield from section_names(section, f"{prefix}{name}.")


def explain(error: ValidationError | SettingsError) -> InvalidInputError:
    """Return the error in the words of whoever set the value: which setting, what it was, what it may be."""
    if isinstance(error, SettingsError):
        return InvalidInputError("environment", str(error), 'lists and sections are JSON: ["a", "b"]')
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"] if isinstance(part, str))
    value = "(a secret)" if is_secret(name) else f"{first['input']!r:.80}"
    wanted = first["msg"][:1].lower() + first["msg"][1:]
    return InvalidInputError(name, f"{value}: {wanted}", f"set {variable_of(name)}, or {name} in the file")


def is_secret(name: str) -> bool:
    """Tell whether the value of a setting must not be shown.

    >>> is_secret("secret_key"), is_secret("login.longest_h")
    (True, False)
    """
    return name.endswith(_SECRET)


def _instead(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]}?" if near else "`reread config` lists all there are"


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel] | None]]:
    """Yield the fields of a model, each with the model of its section; None: it is a value."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        is_section = isinstance(kind, type) and issubclass(kind, BaseModel)
        yield name, cast(type[BaseModel], kind) if is_section else None
