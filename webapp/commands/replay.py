"""import-log and replay: published logs, and what the ranking would have made of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.common import emit, end_in_part, json_option, note, progress_bar

if TYPE_CHECKING:
    from reader.clock import ManualClock
    from reader.recommend.recommender import Recommender

# Lines that are shown of what an import skipped; the count is always told.
SKIPPED_SHOWN = 20
input_path = click.Path(exists=True, path_type=Path)


@click.command("import-log")
@json_option
@click.argument("format")
@click.argument("paths", nargs=-1, required=True, type=input_path, metavar="PATH...")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where to write.")
def import_log(as_json: bool, format: str, paths: tuple[Path, ...], out: Path) -> None:
    """Turn a published log into items.jsonl and events.jsonl. FORMAT: mind or scroll-readability."""
    from reader.replay import importers

    with progress_bar("Rows read", None) as progress:
        imported = importers.import_log(format, paths, out, progress=progress)
    for line in imported.skipped[:SKIPPED_SHOWN]:
        note(f"skipped: {line}")
    if as_json:
        emit(asdict(imported))
    else:
        note(f"{imported.items} items, {imported.events} events of {imported.users} readers in {out}; "
             f"{len(imported.skipped)} rows skipped")  # fmt: skip
    if imported.skipped:
        end_in_part()


@click.command()
@click.argument("events", type=input_path)
@click.option("--items", "items", type=input_path, multiple=True, required=True, help="May be given several times.")
@click.option(
    "--policy", "policies", multiple=True, default=("profile", "latest", "popular", "random"), show_default=True
)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write; else printed.")
def replay(events: Path, items: tuple[Path, ...], policies: tuple[str, ...], seed: int, out: Path | None) -> None:
    """Score each POLICY on the log EVENTS: every list with what was known before it, then learned from."""
    from reader.replay.log import read_log
    from reader.replay.run import replay as run

    log = read_log(events, items)
    with progress_bar("Replaying", len(log.events)) as progress:
        result = run(log, policies, lambda clock: _empty(clock, seed), progress=progress)
    for problem, count in result["problems"].items():
        note(f"left out: {problem}: {count}")
    _write(result, out)
    if any(result["problems"].values()):
        end_in_part()


def _empty(clock: ManualClock, seed: int) -> Recommender:
    from reader.settings import Settings
    from reader.wiring import make_recommender

    return make_recommender(settings=Settings(seed=seed), clock=clock)


def _write(result: dict[str, Any], out: Path | None) -> None:
    # Sorted keys: the same log and seed give the same bytes.
    text = json.dumps(result, sort_keys=True, indent=1)
    if out is None:
        click.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")
