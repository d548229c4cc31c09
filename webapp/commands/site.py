"""site: publishers' sites that embed Reread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.common import (
    db_option,
    emit,
    end_in_part,
    json_option,
    note,
    open_recommender,
    open_storage,
    progress_bar,
)
from webapp.paths import site_db

if TYPE_CHECKING:
    from reader.ingest.sources import Problem
    from reader.recommend.recommender import Recommender
    from reader.sites.registry import Sites
    from reader.types import AnyItem
    from reader.types_sites import Site

origin_option = click.option(
    "--origin", "origins", multiple=True, required=True, metavar="URL", help="Scheme and host of its pages."
)


@click.group()
def site() -> None:
    """Publishers' sites that embed Reread."""


@site.command("add")
@db_option
@json_option
@click.argument("name")
@origin_option
def add_site(db: Path, as_json: bool, name: str, origins: tuple[str, ...]) -> None:
    """Let pages of the --origin addresses embed Reread as the site NAME; prints its key."""
    with _opened(db) as sites:
        _tell(db, sites.add(name, origins), as_json)


@site.command("list")
@db_option
@json_option
def list_sites(db: Path, as_json: bool) -> None:
    """Show all sites."""
    with _opened(db) as sites:
        known = sites.all()
    if as_json:
        emit([_record(db, one) for one in known])
        return
    for one in known:
        click.echo(f"{one.name}  {one.key}  {' '.join(one.origins)}")


@site.command("allow")
@db_option
@json_option
@click.argument("name")
@origin_option
def allow_origins(db: Path, as_json: bool, name: str, origins: tuple[str, ...]) -> None:
    """Let pages of these origins use the site NAME, and no others."""
    with _opened(db) as sites:
        _tell(db, sites.allow(name, origins), as_json)


@site.command("rotate-key")
@db_option
@json_option
@click.argument("name")
def rotate_key(db: Path, as_json: bool, name: str) -> None:
    """Give the site NAME a new key; pages with the old one get nothing from now on."""
    with _opened(db) as sites:
        _tell(db, sites.rotate_key(name), as_json)


@site.command("ingest")
@db_option
@json_option
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="Pages to fetch at most.")
@click.option("--again", is_flag=True, help="Fetch pages that are known, too.")
@click.argument("name")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
def ingest_site(db: Path, as_json: bool, limit: int, again: bool, name: str, sources: tuple[str, ...]) -> None:
    """Take items of the site NAME from each SOURCE: its feed, sitemap or page; /sitemap.xml if none is given.

    Exit status 1 if something could not be taken; standard error says what.
    """
    with _opened(db) as sites:
        found = sites.find(name)
    recommender = open_recommender(site_db(db, found.id))
    items, problems = _load(
        recommender, found, sources or [f"{one}/sitemap.xml" for one in found.origins], limit, again
    )
    with progress_bar("Analysing", len(items)) as progress:
        recommender.add_items(items, progress=progress)
    recommender.storage.close()
    for problem in problems:
        note(str(problem))
    if as_json:
        emit({"items": len(items), "problems": [asdict(problem) for problem in problems]})
    else:
        note(f"{name}: {len(items)} items taken, {len(problems)} problems")
    if problems:
        end_in_part()


def _load(
    recommender: Recommender, site: Site, sources: Sequence[str], limit: int, again: bool
) -> tuple[list[AnyItem], list[Problem]]:
    from reader.ingest.fetch import Fetcher
    from reader.ingest.site_sources import SiteSources
    from reader.ingest.sources import Problem

    fetcher = Fetcher(recommender.settings, clock=recommender.clock)
    reading = SiteSources(site.origins, fetcher, recommender.storage.items, recommender.clock, again)
    items: dict[str, AnyItem] = {}
    problems: list[Problem] = []
    with progress_bar("Reading", None) as progress:
        for source in sources:
            for found in reading.load(source, limit):
                if isinstance(found, Problem):
                    problems.append(found)
                else:
                    items[found.id] = found
                progress(len(items))
    return list(items.values()), problems


@site.command("prune")
@db_option
@json_option
@click.option("--unseen-days", type=click.IntRange(1), default=180, show_default=True, help="Without an event so long.")
@click.argument("name")
def prune_site(db: Path, as_json: bool, unseen_days: int, name: str) -> None:
    """Delete all that is kept about readers of the site NAME who have not come for long."""
    from reader.clock import system_clock
    from reader.sites.registry import unseen_since

    with _opened(db) as sites:
        store = site_db(db, sites.find(name).id)
    with open_storage(store) as storage:
        gone = unseen_since(storage, system_clock() - timedelta(days=unseen_days))
        for reader in gone:
            storage.erase_user(reader)
    if as_json:
        emit({"erased": len(gone)})
    else:
        note(f"{name}: {len(gone)} readers deleted")


@site.command("remove")
@db_option
@json_option
@click.argument("name")
@click.confirmation_option(prompt="Delete the site with its items and all that is kept about its readers?")
def remove_site(db: Path, as_json: bool, name: str) -> None:
    """Delete the site NAME, its items and all that is kept about its readers."""
    with _opened(db) as sites:
        removed = sites.remove(name)
    files = _files_of(site_db(db, removed.id))
    for file in files:
        file.unlink(missing_ok=True)
    if as_json:
        emit({"removed": removed.name, "files": len(files)})
    else:
        note(f"{removed.name}: removed; a running server should be started anew.")


def _files_of(store: Path) -> Sequence[Path]:
    """Return the store and what lies beside it: the write-ahead log, what was learned."""
    return sorted(store.parent.glob(f"{store.name}*")) if store.parent.is_dir() else []


@contextmanager
def _opened(db: Path) -> Iterator[Sites]:
    from reader.clock import system_clock
    from reader.sites.registry import Sites

    with open_storage(db) as storage:
        yield Sites(storage, system_clock)


def _tell(db: Path, site: Site, as_json: bool) -> None:
    if as_json:
        emit(_record(db, site))
    else:
        click.echo(site.key)
        note(f"{site.name}: {', '.join(site.origins)}. docs/embedding.md says what goes into its pages.")


def _record(db: Path, site: Site) -> dict[str, Any]:
    from reader.records import format_time

    return {
        "id": site.id,
        "name": site.name,
        "key": site.key,
        "origins": list(site.origins),
        "created_at": format_time(site.created_at),
        "store": str(site_db(db, site.id)),
    }
