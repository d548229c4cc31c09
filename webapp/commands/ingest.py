"""ingest and refresh: items from files, feeds and pages into the store. A running server takes them up by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.commands.common import db_option, emit, end_in_part, json_option, note, open_recommender, progress_bar

if TYPE_CHECKING:
    from reader.ingest.sources import Loaded
    from reader.recommend.recommender import Recommender


@click.command()
@db_option
@json_option
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
def ingest(db: Path, as_json: bool, sources: tuple[str, ...]) -> None:
    """Add items from each SOURCE: a feed or page URL, or a file or folder of JSON Lines, feeds or pages.

    Exit status 1 if something could not be taken; standard error says what.
    """
    recommender = open_recommender(db)
    _store(recommender, load_all(recommender, sources), as_json)


@click.command()
@db_option
@json_option
def refresh(db: Path, as_json: bool) -> None:
    """Fetch all known feeds again; those without news cost a question only."""
    recommender = open_recommender(db)
    _store(recommender, load_all(recommender, [feed.url for feed in recommender.storage.feeds()]), as_json)


def load_all(recommender: Recommender, sources: Sequence[str]) -> list[Loaded]:
    """Read all sources, one after the other."""
    from reader.ingest.fetch import Fetcher
    from reader.ingest.sources import load_source

    fetcher = Fetcher(recommender.settings, clock=recommender.clock)
    found = []
    with progress_bar("Reading", len(sources)) as progress:
        for count, source in enumerate(sources, start=1):
            found.append(load_source(source, fetcher, recommender.storage.feeds, clock=recommender.clock))
            progress(count)
    return found


def _store(recommender: Recommender, found: Iterable[Loaded], as_json: bool) -> None:
    parts = list(found)
    items = [item for part in parts for item in part.items]
    with progress_bar("Analysing", len(items)) as progress:
        recommender.add_items(items, progress=progress)
    # The feed after its items: if this process dies in between, the next fetch brings them again.
    for part in parts:
        if part.feed is not None:
            recommender.storage.put_feed(part.feed)
    _tell(parts, len(items), as_json)
    recommender.storage.close()


def _tell(parts: Sequence[Loaded], count: int, as_json: bool) -> None:
    problems = [problem for part in parts for problem in part.problems]
    for problem in problems:
        note(str(problem))
    if as_json:
        unchanged = sum(part.unchanged for part in parts)
        emit({"items": count, "unchanged": unchanged, "problems": [asdict(problem) for problem in problems]})
    else:
        note(f"{count} items taken, {len(problems)} problems")
    if problems:
        end_in_part()
