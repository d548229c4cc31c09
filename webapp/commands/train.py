"""train: trees that challenge the learner, and whether they serve beside it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.common import Refusal, db_option, emit, json_option, note, open_storage, progress_bar
from webapp.commands.replay import analyse_missing, input_file, output_file, say_left_out, truth_beside

if TYPE_CHECKING:
    from reader.replay.challenge import Challenged
    from reader.replay.log import Log

METRICS = {"ndcg@10": "nDCG@10", "auc": "AUC"}


@click.command()
@db_option
@json_option
@click.option("--report", type=output_file, help="Where to write a page to read, one HTML file.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--events", type=input_file, help="A log to try it on instead; then nothing is put into service.")
@click.option("--items", type=input_file, multiple=True, help="Its items. May be given several times.")
@click.option("--analyses", type=output_file, help="Keep the text analyses of that log here for the next time.")
@click.option("--off", is_flag=True, help="Put what serves out of service instead.")
@click.option("--show", is_flag=True, help="Print what the last training came to instead.")
def train(
    db: Path,
    as_json: bool,
    report: Path | None,
    seed: int,
    events: Path | None,
    items: tuple[Path, ...],
    analyses: Path | None,
    off: bool,
    show: bool,
) -> None:
    """Fit trees to the log of the store, and have them serve beside the learner if they win on its newest lists.

    A running server takes the result up with its next list.
    """
    if bool(events) != bool(items):
        raise Refusal("--events and --items go together: give both to try it on a log, neither to train on the store")
    if off or show:
        _tell(_put_off(db) if off else _read(db), as_json)
        return
    # Before the log is read: what is erased meanwhile must not serve.
    erasures = _erasures(db)
    with tempfile.TemporaryDirectory(prefix="reread-train-") as name:
        found = _challenge(db, events, items, analyses, seed, Path(name))
    record = _record(found)
    if events is None:
        _keep(db, found, record, erasures)
    else:
        note("tried on a log: nothing is put into service")
    if report is not None:
        from reader.replay.report import write_report

        write_report(found.result, report)
    _tell({"serves": found.verdict.serves, **record}, as_json)


def _challenge(
    db: Path, events: Path | None, items: tuple[Path, ...], analyses: Path | None, seed: int, folder: Path
) -> Challenged:
    from reader.recommend.challenger.trees import load_lightgbm
    from reader.replay.challenge import challenge
    from reader.replay.log import read_log
    from reader.settings import Settings
    from reader.wiring import ReplayMaker

    settings = Settings(seed=seed)
    if not settings.learning.enabled:
        raise Refusal("learning.enabled is off: trees stand on what the learner has learned; switch it on first")
    load_lightgbm()
    log = _stored_log(db, folder) if events is None else read_log(events, items, folder)
    say_left_out(log.problems, log)
    make = ReplayMaker(settings, db if events is None else analyses or folder / "analyses.db", folder)
    analyse_missing(make, log.items, workers=None)
    truth = None if events is None else truth_beside(events, log.items)
    with progress_bar("Replaying", log.events, rate=True) as progress:
        return challenge(log, make, settings.challenger, seed=seed, truth=truth, progress=progress)


def _stored_log(db: Path, folder: Path) -> Log:
    from reader.replay.log import prepare

    if not db.exists():
        raise Refusal(f"--db {db}: there is no store to learn from; name another, or give --events and --items")
    with open_storage(db) as storage:
        return prepare([item for _, item in storage.items_after(0)], storage.iter_events(), folder)


def _record(found: Challenged) -> dict[str, Any]:
    from reader.clock import system_clock

    return found.record(system_clock())


def _erasures(db: Path) -> int:
    if not db.exists():
        return 0
    with open_storage(db) as storage:
        return storage.erasures()


def _keep(db: Path, found: Challenged, record: dict[str, Any], erasures: int) -> None:
    from reader.recommend.challenger.saving import Kept, save
    from reader.wiring import challenger_path

    serves = found.verdict.serves
    save(challenger_path(db), Kept.new(found.trees, found.layout, record, serves=serves, erasures=erasures))


def _read(db: Path) -> dict[str, Any]:
    from reader.recommend.challenger.saving import read
    from reader.wiring import challenger_path

    kept = read(challenger_path(db))
    return {"serves": kept.serves, **kept.record}


def _put_off(db: Path) -> dict[str, Any]:
    from dataclasses import replace

    from reader.recommend.challenger.saving import read, save
    from reader.wiring import challenger_path

    path = challenger_path(db)
    kept = read(path)
    if kept.serves:
        kept = replace(kept, serves=False, record={**kept.record, "why": ["put out of service by hand"]})
        save(path, kept)
    return {"serves": kept.serves, **kept.record}


def _tell(record: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit(record)
        return
    click.echo("The trees serve beside the learner." if record["serves"] else "The learner serves alone.")
    for sentence in record["why"]:
        click.echo(f"  {sentence}")
    for name, label in METRICS.items():
        if name in record["figures"]:
            click.echo(f"  {label}: {_in_words(record['figures'][name])}")
    if "judged" in record["figures"]:
        judged = record["figures"]["judged"]
        click.echo(f"  compared on {judged['lists']} lists, resampled by {judged['resampled']} ({judged['clusters']})")


def _in_words(figure: dict[str, Any]) -> str:
    from reader.replay.verdict import say

    return f"{figure['challenger']:.4f} with trees, {figure['champion']:.4f} without: {say(figure)}"
