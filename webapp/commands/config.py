"""config: which settings are in force, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from webapp.commands.common import emit, json_option

if TYPE_CHECKING:
    from webapp.configuration import Configured


@click.command()
@click.option("--changed", is_flag=True, help="Only what is not at its default.")
@click.option("--toml", "as_toml", is_flag=True, help="As a file of settings, defaults as comments.")
@json_option
def config(changed: bool, as_toml: bool, as_json: bool) -> None:
    """Print the settings in force, and where each comes from: a variable, a file, or the default.

    Secrets are not printed.
    """
    from reader.settings import Settings
    from webapp.configuration import configured, example_file

    rows = [row for row in configured(Settings()) if not changed or row.origin != "default"]
    if as_json:
        emit([_record(row) for row in rows])
    elif as_toml:
        click.echo("\n".join(example_file(rows)).rstrip())
    else:
        width = max((len(row.name) for row in rows), default=0)
        for row in rows:
            click.echo(f"{row.name:<{width}}  {_said(row.shown)}  [{row.origin}]")


def _record(row: Configured) -> dict[str, Any]:
    return {
        "name": row.name,
        "variable": row.variable,
        "value": row.shown,
        "default": row.default,
        "from": row.origin,
        "unit": row.unit,
        "text": row.text,
    }


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value) or "empty"
