"""recommend, keywords, factors: what the engine thinks, for programs and the curious."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import click

from reader.types import ItemKind, Mode
from webapp.commands.common import Refusal, db_option, emit, json_option, note, open_recommender

MAX_LIMIT = 100


@click.command()
@db_option
@json_option
@click.option("--user", required=True, help="For whom.")
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), default=20, show_default=True)
@click.option("--kinds", default="", help="article, video, or both with a comma; all if not given.")
@click.option("--mode", type=click.Choice(get_args(Mode)), default="profile", show_default=True)
def recommend(db: Path, as_json: bool, user: str, limit: int, kinds: str, mode: Mode) -> None:
    """Recommend items, best first. Like every list it is logged as shown."""
    from reader.recommend.requests import Request

    recommender = open_recommender(db)
    made = recommender.recommend(Request(user=user, limit=limit, kinds=parse_kinds(kinds), mode=mode))
    page = made.items[:limit]
    if as_json:
        from reader.recommend.lists import items_of
        from webapp.api.shapes import plain_list

        emit(plain_list(made, page, recommender.storage.items(items_of(page)), recommender.state(user).opened))
        return
    items = recommender.storage.items([place.item for place in page])
    for place in page:
        why = place.reasons[0].label if place.reasons else ""
        click.echo(f"{place.position:3}  {place.score:7.3f}  {items[place.item].title}  [{why}]")


def parse_kinds(text: str) -> tuple[ItemKind, ...]:
    """Return the kinds of a list like "article,video"."""
    kinds = tuple(part.strip() for part in text.split(",") if part.strip())
    for kind in kinds:
        if kind not in get_args(ItemKind):
            raise Refusal(f"--kinds {text}: {kind!r} is no kind; use {' or '.join(get_args(ItemKind))}")
    return kinds  # type: ignore[return-value]  # checked above


@click.command()
@json_option
@click.argument("file", type=click.File("rb"))
@click.option("--language", default="", help="Such as en or de; found out if not given.")
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), default=10, show_default=True, help="A paragraph.")
def keywords(as_json: bool, file: Any, language: str, limit: int) -> None:
    """Print the keywords of each paragraph of a text; blank lines part paragraphs, - reads standard input."""
    found = keyword_lists(_text(file), language, limit)
    if as_json:
        emit(found)
        return
    for number, pairs in enumerate(found, start=1):
        click.echo(f"{number}: " + ", ".join(f"{label} ({weight:.2f})" for label, weight in pairs))


def keyword_lists(text: str, language: str, limit: int) -> list[list[tuple[str, float]]]:
    """Return (keyword, weight) pairs for each paragraph, best first, weighed by the text alone."""
    from nlp.keywords import extract, weigh_phrases
    from nlp.language import detect_language
    from nlp.paragraphs import split_paragraphs
    from reader.settings import Settings

    paragraphs = split_paragraphs(text)
    found = extract(paragraphs, language or detect_language(text), spacy_en=Settings().spacy_en)
    weighed = [weigh_phrases(phrases, lambda word: 0, 0, limit=limit) for phrases in found]
    return [[(keyword.label, keyword.weight) for keyword in paragraph] for paragraph in weighed]


def _text(file: Any) -> str:
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refusal(f"{file.name}: is not UTF-8 ({error.reason} at byte {error.start}); convert it first") from error


@click.command()
@json_option
def factors(as_json: bool) -> None:
    """Print the factors that a score is the sum of."""
    from reader.recommend.factors.registry import default_registry
    from reader.settings import Settings

    specs = default_registry(Settings().ranking).specs
    if as_json:
        emit([asdict(spec) for spec in specs])
        return
    for spec in specs:
        click.echo(f"{spec.name}  [{spec.low:g}, {spec.high:g}] {spec.unit}  {spec.formula}")
    note(f"{len(specs)} factors")
