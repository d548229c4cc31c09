"""What all commands share: options, output, progress, exit statuses.

Standard output is for answers (with --json: JSON alone); progress, notes and complaints go to standard error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from reader.errors import RereadError
from webapp.paths import DB_VARIABLE, default_db

if TYPE_CHECKING:
    from reader.recommend.recommender import Recommender
    from reader.storage.sqlite import SqliteStorage

# Exit statuses: 0 done, 1 done in part, 2 wrong call.
IN_PART = 1
WRONG_CALL = 2

Command = TypeVar("Command", bound=Callable[..., Any])
Progress = Callable[[int], None]


class Refusal(click.ClickException):
    """A call that cannot be carried out; names the thing, the value and the remedy."""

    exit_code = WRONG_CALL


class Commands(click.Group):
    """A group whose commands end with a sentence, not a traceback, when the input is wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors that a caller can mend become refusals."""
        try:
            return super().invoke(ctx)
        except RereadError as error:
            raise Refusal(str(error)) from error


def db_option(command: Command) -> Command:
    """Add --db."""
    option = click.option(
        "--db",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar=DB_VARIABLE,
        default=default_db,
        show_default="in the user's data directory",
        help="The database.",
    )
    return option(command)


def json_option(command: Command) -> Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(command)


def emit(answer: Any) -> None:
    """Print one JSON value on standard output."""
    click.echo(json.dumps(answer, ensure_ascii=False))


def note(text: str) -> None:
    """Say something on standard error."""
    click.echo(text, err=True)


def end_in_part() -> NoReturn:
    """End with the status that says: done, but not all of it."""
    raise click.exceptions.Exit(IN_PART)


@contextmanager
def progress_bar(text: str, total: int | None, *, rate: bool = False) -> Iterator[Progress]:
    """Show a bar on standard error; call what it yields with the number done so far. total None: not known.

    rate: tell how many a second and how long it will take, too.
    """
    from rich import progress
    from rich.console import Console

    columns = [progress.TextColumn("{task.description}"), progress.BarColumn(), progress.MofNCompleteColumn()]
    if rate:
        columns += [progress.TextColumn("{task.fields[rate]}"), progress.TimeRemainingColumn()]
    with progress.Progress(*columns, progress.TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(text, total=total, rate="")

        def tell(done: int) -> None:
            bar.update(task, completed=done)
            bar.update(task, rate=f"{bar.tasks[0].speed or 0:.0f}/s")

        yield tell


def open_recommender(db: Path) -> Recommender:
    """Open the store with everything around it; what is wrong with the kept model is said."""
    from reader.wiring import make_recommender

    recommender = make_recommender(db)
    if recommender.learned_notice:
        note(f"Warning: {recommender.learned_notice}")
    return recommender


@contextmanager
def open_storage(db: Path) -> Iterator[SqliteStorage]:
    """Open the store alone, which is quick."""
    from reader.storage.sqlite import SqliteStorage

    storage = SqliteStorage(db)
    try:
        yield storage
    finally:
        storage.close()
