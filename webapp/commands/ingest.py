"""ingest and refresh: items from files, feeds and pages into the store. A running server takes them up by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.commands.common import db_option, emit, end_in_part, json_option, note, open_recommender, progress_bar

if TYPE_CHECKING:
    from datetime import datetime

    from reader.ingest.sources import Loaded, Problem
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
    """Fetch all known feeds again, due or not; those without news cost a question only."""
    from reader.wiring import make_refresher

    recommender = open_recommender(db)
    feeds = recommender.storage.feeds()
    with progress_bar("Fetching", len(feeds)) as progress:
        done = make_refresher(recommender).refresh(feeds, progress=progress)
    _tell(done.problems, done.items, done.unchanged, as_json)
    recommender.storage.close()


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
    fetched = [(part.feed, part) for part in parts if part.feed is not None]
    # Who brought an item before the item: else it would be everybody's for a moment.
    for feed, part in fetched:
        _know(recommender, feed.url)
        recommender.storage.bring(feed.url, _published(recommender, part))
    with progress_bar("Analysing", len(items)) as progress:
        recommender.add_items(items, progress=progress)
    # The feed after its items: if this process dies in between, the next fetch brings them again.
    for feed, part in fetched:
        recommender.storage.put_fetched(feed.url, feed, [item.id for item in part.items], recommender.clock())
    problems = [problem for part in parts for problem in part.problems]
    _tell(problems, len(items), sum(part.unchanged for part in parts), as_json)
    recommender.storage.close()


def _know(recommender: Recommender, url: str) -> None:
    """Keep a feed: the local reader follows it; with accounts it is the installation's, for all readers."""
    from reader.ingest.subscriptions import Subscriptions
    from reader.types_feeds import Feed

    storage, settings = recommender.storage, recommender.settings
    if settings.accounts:
        if not storage.share_feed(url, True):
            storage.put_feed(Feed(url, shared=True))
    elif storage.subscription(settings.local_user, url) is None:
        Subscriptions(storage, recommender.clock).follow(settings.local_user, url)


def _published(recommender: Recommender, part: Loaded) -> dict[str, datetime]:
    now = recommender.clock()
    return {item.id: min(item.published_at or now, now) for item in part.items}


def _tell(problems: Sequence[Problem], count: int, unchanged: int, as_json: bool) -> None:
    for problem in problems:
        note(str(problem))
    if as_json:
        emit({"items": count, "unchanged": unchanged, "problems": [asdict(problem) for problem in problems]})
    else:
        note(f"{count} items taken, {len(problems)} problems")
    if problems:
        end_in_part()
