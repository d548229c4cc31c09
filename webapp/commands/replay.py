"""import-log and replay: published logs, and what the ranking would have made of them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.common import emit, end_in_part, json_option, note, progress_bar

if TYPE_CHECKING:
    from reader.replay.log import Log
    from reader.replay.truth import Truth
    from reader.types import AnyItem
    from reader.wiring import ReplayMaker

# Lines that are shown of what an import skipped; the count is always told.
SKIPPED_SHOWN = 20
# A log shorter than this is done before a second process has started.
EVENTS_WORTH_A_PROCESS = 2_000
input_path = click.Path(exists=True, path_type=Path)
input_file = click.Path(exists=True, dir_okay=False, path_type=Path)


class OutputFile(click.Path):
    """A file to be written, whose folder is there: better said before the work than after."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path; a wrong call if its folder is not there."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.parent.is_dir():
            self.fail(f"{path}: there is no folder {path.parent}; make it first", param, ctx)
        return path


output_file = OutputFile()


@click.command("import-log")
@json_option
@click.argument("format")
@click.argument("paths", nargs=-1, required=True, type=input_path, metavar="PATH...")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where to write.")
def import_log(as_json: bool, format: str, paths: tuple[Path, ...], out: Path) -> None:
    """Turn a published log into items.jsonl and events.jsonl. FORMAT: mind, ebnerd, deskdrop, kuairand or
    scroll-readability.
    """
    from reader.replay import importers

    with progress_bar("Rows read", None) as progress:
        imported = importers.import_log(format, paths, out, progress=progress)
    for line in imported.notes:
        note(f"note: {line}")
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
@click.argument("events", type=input_file)
@click.option("--items", "items", type=input_file, multiple=True, required=True, help="May be given several times.")
@click.option(
    "--policy", "policies", multiple=True, default=("profile", "latest", "popular", "random"), show_default=True
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--json", "out", type=output_file, help="Where to write the figures; else they are printed.")
@click.option("--report", type=output_file, help="Where to write a page to read, one HTML file.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes; as many as processors if not given.")
@click.option("--analyses", type=output_file, help="Keep the text analyses here for the next time.")
@click.option(
    "--truth", type=input_file, help="What a simulator knows; a truth.jsonl beside EVENTS is taken if not given."
)
def replay(
    events: Path,
    items: tuple[Path, ...],
    policies: tuple[str, ...],
    seed: int,
    out: Path | None,
    report: Path | None,
    workers: int | None,
    analyses: Path | None,
    truth: Path | None,
) -> None:
    """Score each POLICY on the log EVENTS: every list with what was known before it, then learned from.

    The first POLICY is compared with the others.
    """
    from reader.replay.log import read_log
    from reader.replay.policies import policy
    from reader.replay.result import replay as run
    from reader.settings import Settings
    from reader.wiring import ReplayMaker

    for name in policies:
        policy(name)
    with tempfile.TemporaryDirectory(prefix="reread-replay-") as name:
        folder = Path(name)
        log = read_log(events, items, folder)
        make = ReplayMaker(Settings(seed=seed), analyses or folder / "analyses.db", folder)
        analyse_missing(make, log.items, workers)
        shards = workers or min(_processors(), 1 + log.events // EVENTS_WORTH_A_PROCESS)
        known = truth_beside(events, log.items, truth)
        with progress_bar("Replaying", log.events, rate=True) as progress:
            result = run(log, policies, make, seed=seed, workers=shards, truth=known, progress=progress)
    say_left_out(result["problems"], log)
    _say_what_was_found(result)
    _write(result, out, report)
    _show_figures(result["policies"])
    if result["problems"] or not _is_scored(result):
        end_in_part()


def analyse_missing(make: ReplayMaker, items: Sequence[AnyItem], workers: int | None) -> None:
    """Have the texts analysed that are not yet. workers: processes, as many as processors if None."""
    from reader.replay.workers import analyse_in_processes

    missing = make.missing(items)
    with progress_bar("Analysing", len(missing), rate=True) as progress:
        analyse_in_processes(missing, make.analyse, workers or _processors(), progress)


def truth_beside(events: Path, items: Sequence[AnyItem], named: Path | None = None) -> Truth | None:
    """Return what a simulator knows: in the file that is named, or lies beside the log; None if there is none."""
    from reader.replay.truth import read_truth

    path = named or events.with_name("truth.jsonl")
    return read_truth(path, items) if named or path.is_file() else None


def _processors() -> int:
    return len(os.sched_getaffinity(0))


def say_left_out(problems: Mapping[str, int], log: Log) -> None:
    """Tell what of a log was left out, and the first line of each kind. problems: counts by kind."""
    for kind, count in problems.items():
        first = log.examples.get(kind)
        note(f"left out: {kind}: {count}" + (f" (first {first})" if first else ""))


def _is_scored(result: dict[str, Any]) -> bool:
    return any(figures["impressions"] + figures["catalogue_opens"] for figures in result["policies"].values())


def _say_what_was_found(result: dict[str, Any]) -> None:
    for kind, count in result["notices"].items():
        note(f"noticed: {kind}: {count}")
    if not _is_scored(result):
        note("nothing could be scored: no list with something opened and something not, and no opening from no list")


def _show_figures(policies: Mapping[str, Mapping[str, Any]]) -> None:
    """Show the few figures that one looks for first; the result has all, with their intervals."""
    width = max(map(len, ("policy", *policies)))
    note(f"{'policy':<{width}}  lists     AUC  nDCG@10     MRR")
    for name, figures in policies.items():
        auc, ndcg, mrr = (f"{figures[key]:.3f}" if key in figures else "-" for key in ("auc", "ndcg@10", "mrr"))
        note(f"{name:<{width}}  {figures['impressions']:>5}  {auc:>6}  {ndcg:>7}  {mrr:>6}")


def _write(result: dict[str, Any], out: Path | None, report: Path | None) -> None:
    if report is not None:
        from reader.replay.report import write_report

        write_report(result, report)
    # Sorted keys: the same log and seed give the same bytes.
    text = json.dumps(result, sort_keys=True, indent=1)
    if out is not None:
        out.write_text(text + "\n", encoding="utf-8")
    elif report is None:
        click.echo(text)
