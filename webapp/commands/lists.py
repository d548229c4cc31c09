"""recommend, keywords, factors: what the engine thinks, for programs and the curious."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from reader.types import ItemKind, Mode
from webapp.commands.common import (
    Refusal,
    db_option,
    emit,
    json_option,
    known_reader,
    note,
    note_operator,
    open_recommender,
)

if TYPE_CHECKING:
    from reader.recommend.factors.spec import FactorSpec

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
    reader = known_reader(recommender.storage, user)
    note_operator(recommender.storage, reader, "recommend")
    made = recommender.recommend(Request(user=reader, limit=limit, kinds=parse_kinds(kinds), mode=mode))
    page = made.items[:limit]
    if as_json:
        from reader.recommend.lists import items_of
        from webapp.api.shapes import plain_list

        items, opened = recommender.storage.items(items_of(page)), recommender.state(reader).opened
        emit(plain_list(made, page, items, opened, recommender.why(made, page)))
        return
    items = recommender.storage.items([place.item for place in page])
    for place in page:
        why = place.reasons[0].label if place.reasons else ""
        click.echo(f"{place.position:3}  {place.score:7.3f}  {items[place.item].title}  [{why}]")
    if not page:
        note(f"Nothing to list: {db} has {recommender.storage.item_count()} items, none of them for {user!r}.")


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
@click.option("--family", "chosen", default="", help="Only those of one family, or of all whose names begin so.")
def factors(as_json: bool, chosen: str) -> None:
    """Print the factors that a score is made from."""
    from reader.recommend.factors.registry import default_registry
    from reader.settings import Settings

    specs = [spec for spec in default_registry(Settings().ranking).specs if spec.family.startswith(chosen)]
    if not specs:
        raise Refusal(f"--family {chosen}: there is none of that name; `reread factors` names them all")
    rows = [factor_row(spec) for spec in specs]
    if as_json:
        emit(rows)
        return
    click.echo(f"{'factor':<42} {'class':<13} {'weight':>8}  {'range':<10} {'unit':<28} formula")
    for row in rows:
        low, high = row["range"]
        span = f"{low:g}..{high:g}"
        head = f"{row['name']:<42} {row['class']:<13} {row['weight']:>8.3g}  {span:<10} {row['unit']:<28}"
        click.echo(f"{head} {row['formula']}")
    families = len({spec.family for spec in specs})
    note(f"{len(specs)} factors in {families} famil{'ies' if families != 1 else 'y'}")


def factor_row(spec: FactorSpec) -> dict[str, Any]:
    """Return what there is to say of a factor; weight: before anything is learned."""
    from reader.recommend.families import family

    return {
        "name": spec.name,
        "family": spec.family,
        "class": family(spec.family).factor_class,
        "axes": dict(spec.axes),
        "unit": spec.unit,
        "range": [spec.low, spec.high],
        "formula": spec.formula,
        "source": spec.source,
        "weight": spec.weight,
    }
