"""simulate: a log of readers of our own making, and the truth about them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from webapp.commands.common import Command, emit, end_in_part, json_option, note, progress_bar

if TYPE_CHECKING:
    from reader.replay.simulator import Simulation, WatchSimulation
    from reader.types import AnyItem

# Bad lines that are shown; the count is always told.
BAD_LINES_SHOWN = 20
LOGGING = ("uniform", "mixed")
# What means something for a feed of clips, too.
WATCH_ARGUMENTS = ("readers", "days", "lists_a_day", "candidates")
SCROLL_BACKS = ("interest", "difficulty", "both", "none")
input_path = click.Path(exists=True, dir_okay=False, path_type=Path)


def _option(name: str, type: Any, default: Any, help: str) -> Callable[[Command], Command]:
    return click.option(name, type=type, default=default, show_default=True, help=help)


@click.command("simulate")
@json_option
@click.option("--items", "paths", type=input_path, multiple=True, help="A catalogue; may be given several times.")
@_option("--generated", click.IntRange(min=0), 0, "Instead: so many made-up articles.")
@_option("--roundups-share", float, 0.0, "Share of made-up articles of which every paragraph is about something else.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where to write.")
@_option("--readers", int, 100, "How many readers.")
@_option("--days", int, 14, "For how long.")
@_option("--lists-a-day", float, 3.0, "Lists that a reader sees a day, on average.")
@_option("--candidates", int, 20, "Items of a list.")
@_option("--seed", int, 0, "The same arguments and seed give the same bytes.")
@_option("--logging", click.Choice(LOGGING), "uniform", "Order of a list: by chance, or newest first with exploration.")
@_option("--exploration", float, 0.3, "Share of lists in random order, for mixed logging.")
@_option("--scroll-backs", click.Choice(SCROLL_BACKS), "both", "Why readers go back.")
@_option("--changes-share", float, 0.5, "Share of readers who take up new topics.")
@_option("--changes", int, 1, "How many each of them takes up.")
@_option("--hot-share", float, 0.0, "Share of items that nearly everybody opens.")
@_option("--clickbait-share", float, 0.0, "Share of sources whose titles promise more than the texts hold.")
@_option("--position-bias", float, 0.7, "A place is looked at with chance 1 / place^bias.")
@_option("--interplay", float, 0.0, "Logits by which what is short is liked while new, and what is long once old.")
@click.option("--watch", is_flag=True, help="Sessions of a feed of clips, in place of lists to choose from.")
def simulate(
    as_json: bool,
    paths: tuple[Path, ...],
    generated: int,
    roundups_share: float,
    out: Path,
    seed: int,
    watch: bool,
    **arguments: Any,
) -> None:
    """Write a log of simulated readers on a catalogue: events.jsonl, items.jsonl and truth.jsonl.

    Figures from it say whether the machinery works, never how good it is for people (docs/simulator.md).
    """
    from reader.replay.simulator import generate_items, write_simulation

    if bool(paths) == bool(generated):
        raise click.UsageError("give either --items FILE or --generated N: the readers need one catalogue")
    if watch:
        _refuse(arguments.keys() - WATCH_ARGUMENTS)
    if paths and roundups_share:
        raise click.UsageError("--roundups-share is about made-up articles; leave it out with --items")
    made_up = partial(generate_items, generated, seed, roundups_share=roundups_share)
    items, bad_lines = _read(paths) if paths else (list(made_up()), 0)
    simulation = _prepare(items, arguments, seed, watch=watch)
    with progress_bar("Readers", simulation.settings.readers) as progress:
        written = write_simulation(simulation, out, progress=progress)
    if as_json:
        emit(asdict(written))
    else:
        note(
            f"simulated: {written.readers} readers, {written.lists} lists, {written.opens} openings, "
            f"{written.scroll_backs} scroll-backs; {written.events} events, {written.items} items in {out}"
        )
    if bad_lines:
        end_in_part()


def _refuse(names: Collection[str]) -> None:
    """Refuse options that were given and mean nothing for a feed."""
    source = click.get_current_context().get_parameter_source
    given = [name for name in sorted(names) if source(name) is ParameterSource.COMMANDLINE]
    if given:
        option = f"--{given[0].replace('_', '-')}"
        raise click.UsageError(f"{option} is about lists to choose from; leave it out with --watch")


def _prepare(
    items: Sequence[AnyItem], arguments: Mapping[str, Any], seed: int, *, watch: bool
) -> Simulation | WatchSimulation:
    from reader.replay.simulator import SimulationSettings, WatchSimulationSettings, simulate_watching
    from reader.replay.simulator import simulate as simulate_reading
    from reader.replay.simulator.settings import TasteSettings

    if watch:
        own = {name: arguments[name] for name in WATCH_ARGUMENTS}
        return simulate_watching(items, WatchSimulationSettings(**own), seed)
    own = {name: value for name, value in arguments.items() if name != "interplay"}
    taste = TasteSettings(interplay_weight=arguments["interplay"])
    return simulate_reading(items, SimulationSettings(**own, taste=taste), seed)


def _read(paths: tuple[Path, ...]) -> tuple[list[AnyItem], int]:
    """Return the items, and how many lines gave none; those are told."""
    from reader.ingest.jsonl import BadLine, read_items

    items: list[AnyItem] = []
    bad_lines = 0
    for found in (found for path in paths for found in read_items(path)):
        if isinstance(found, BadLine):
            bad_lines += 1
            if bad_lines <= BAD_LINES_SHOWN:
                note(f"skipped: {found}")
        else:
            items.append(found)
    if bad_lines > BAD_LINES_SHOWN:
        note(f"skipped: {bad_lines} lines in all")
    return items, bad_lines
