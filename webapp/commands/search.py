"""search: items by their words, and the index made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click

from reader.types import ItemKind
from webapp.commands.common import (
    Refusal,
    db_option,
    emit,
    json_option,
    known_reader,
    note,
    note_operator,
    open_recommender,
    open_storage,
)

MAX_LIMIT = 100
READINGS = ("any", "saved", "unread", "read")


@click.command()
@db_option
@json_option
@click.argument("words", nargs=-1)
@click.option("--user", default="", help="Who searches; the local reader if not given.")
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), default=20, show_default=True)
@click.option("--kind", type=click.Choice(get_args(ItemKind)), help="All if not given.")
@click.option("--source", default="", help="Of this source alone.")
@click.option("--language", default="", help="Such as en or de.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Published on this day (UTC) or later.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Published on this day (UTC) or before.")
@click.option("--reading", type=click.Choice(READINGS), default="any", show_default=True)
@click.option("--folder", default="", help="Brought by a feed of this folder, as News/World; a / in a name as \\/.")
@click.option("--newest", is_flag=True, help="Newest first; else the best match.")
@click.option("--muted", is_flag=True, help="Also what the reader has muted or hidden.")
@click.option("--rebuild", is_flag=True, help="Make the index anew before, if `reread doctor` finds it damaged.")
def search(db: Path, as_json: bool, words: tuple[str, ...], user: str, limit: int, rebuild: bool, **given: Any) -> None:
    """Look for items by their WORDS: 'solar OR wind -"nuclear power" panel*'. Nothing about a search is kept."""
    text = " ".join(words)
    narrowing = {name: value for name, value in given.items() if value and (name, value) != ("reading", "any")}
    if not text and not narrowing and not rebuild:
        raise Refusal("WORDS: none are given; say what to look for, or give an option such as --source")
    if rebuild:
        _rebuild(db)
    if text or narrowing:
        _search(db, as_json, text, user, limit, narrowing)


def _rebuild(db: Path) -> None:
    with open_storage(db) as storage:
        storage.rebuild_search()
    # Base forms come with the catalogue.
    open_recommender(db).storage.close()
    note("The index of words was made anew.")


def _search(db: Path, as_json: bool, text: str, user: str, limit: int, given: dict[str, Any]) -> None:
    from reader.ingest.subscriptions import Subscriptions
    from reader.search.searching import Searcher
    from webapp.api.search_schemas import SearchOut
    from webapp.searching import HINTS, Asked, found_record, wish_of

    recommender = open_recommender(db)
    reader = known_reader(recommender.storage, user) if user else recommender.settings.local_user
    note_operator(recommender.storage, reader, "search")
    days = {name: given.pop(name).date().isoformat() for name in ("since", "until") if name in given}
    flags = {
        "order": "newest" if given.pop("newest", False) else "",
        "muted": "show" if given.pop("muted", False) else "",
    }
    asked = Asked(q=text, **given, **days, **flags)
    wish = wish_of(asked, Subscriptions(recommender.storage, recommender.clock), reader)
    found = Searcher(recommender).find(reader, wish, count=limit)
    record = found_record(found, recommender, reader, slice(0, limit))
    if as_json:
        emit(SearchOut.model_validate(record).model_dump(mode="json"))
        return
    for name in record["hints"]:
        note(HINTS[name])
    for item in record["items"]:
        click.echo(f"{item['id']}  {item['title']}  [{item['source']}]")
    note(f"{found.count:,} found" + (f", {found.refused:,} more muted or hidden" if found.refused else ""))
