"""What all commands share: options, output, progress, exit statuses.

Standard output is for answers (with --json: JSON alone); progress, notes and complaints go to standard error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from reader.errors import RereadError
from webapp.paths import DB_VARIABLE, default_db, own_config

if TYPE_CHECKING:
    from reader.recommend.recommender import Recommender
    from reader.storage.accounts import AccountStorage
    from reader.storage.sqlite import SqliteStorage

CONFIG_VARIABLE = "REREAD_CONFIG"
# Exit statuses: 0 done, 1 done in part, 2 wrong call.
IN_PART = 1
WRONG_CALL = 2

Command = TypeVar("Command", bound=Callable[..., Any])
Progress = Callable[[int], None]


class Refusal(click.ClickException):
    """A call that cannot be carried out; names the thing, the value and the remedy."""

    exit_code = WRONG_CALL


class Commands(click.Group):
    """A group whose commands end with a sentence, not a traceback, when the input is wrong. Each takes --config."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, and to it the option that names the file of settings."""
        super().add_command(cmd, name)
        for each in cmd.commands.values() if isinstance(cmd, click.Group) else [cmd]:
            each.params.append(_config_option())

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors that a caller can mend become refusals."""
        try:
            return super().invoke(ctx)
        except RereadError as error:
            raise Refusal(str(error)) from error
        except ValueError as error:
            refusal = _about_settings(error)
            if refusal is None:
                raise
            raise refusal from error


def _config_option() -> click.Option:
    # Eager: other options take their defaults from the file.
    return click.Option(
        ["--config"],
        type=click.Path(dir_okay=False, path_type=Path),
        envvar=CONFIG_VARIABLE,
        default=own_config,
        show_default="in the user's configuration directory, if there is one",
        is_eager=True,
        expose_value=False,
        callback=_take_config,
        help="The file of settings (docs/configuration.md).",
    )


def _take_config(ctx: click.Context, option: click.Parameter, path: Path | None) -> None:
    """Let settings be read from this file for as long as the command runs, by processes that it starts, too."""
    from reader.settings import Settings
    from reader.settings_sources import check_variables

    check_variables(Settings, os.environ)
    if path is not None:
        _name_config(ctx, path)
    Settings()  # What is wrong is said before anything is done.


def _name_config(ctx: click.Context, path: Path) -> None:
    before = os.environ.get(CONFIG_VARIABLE)
    os.environ[CONFIG_VARIABLE] = str(path)
    # Of the root: this context is not closed if an option after this one is refused.
    ctx.find_root().call_on_close(lambda: _put_back(before))


def _put_back(before: str | None) -> None:
    if before is None:
        os.environ.pop(CONFIG_VARIABLE, None)
    else:
        os.environ[CONFIG_VARIABLE] = before


def _about_settings(error: ValueError) -> Refusal | None:
    """Return a refusal for a wrong setting; any other error is a bug: None."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from reader.settings import Settings
    from reader.settings_sources import explain

    if isinstance(error, SettingsError) or (isinstance(error, ValidationError) and error.title == Settings.__name__):
        return Refusal(str(explain(error)))
    return None


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


def reader_id(storage: AccountStorage, name: str) -> str:
    """Return the reader that a person means: the account with this nickname, else the name as it is."""
    account = storage.account_named(name)
    return account.id if account else name


def known_reader(storage: AccountStorage, name: str) -> str:
    """Return the reader that a person means; Refusal, where readers log in, if there is no account of that name."""
    from reader.settings import Settings

    reader = reader_id(storage, name)
    if Settings().accounts and storage.account(reader) is None:
        raise Refusal(f"--user {name}: there is no account of this nickname; `reread account list` shows them")
    return reader


def note_if_unknown(storage: SqliteStorage, name: str, reader: str) -> None:
    """Say so if nothing at all is kept about a reader: most likely the name is mistyped."""
    if storage.account(reader) is None and reader not in storage.names():
        note(f"Nothing is kept about {name!r}; check how it is written (`reread account list` shows who logs in).")


def note_operator(storage: AccountStorage, user: str, act: str) -> None:
    """Write down for a reader with an account what was done with their data from here."""
    from reader.accounts.registry import OPERATOR
    from reader.clock import system_clock
    from reader.types import Audited

    if storage.account(user) is not None:
        storage.add_audited(Audited(user, system_clock(), OPERATOR, act))


@contextmanager
def open_storage(db: Path) -> Iterator[SqliteStorage]:
    """Open the store alone, which is quick."""
    from reader.storage.sqlite import SqliteStorage

    storage = SqliteStorage(db)
    try:
        yield storage
    finally:
        storage.close()
