"""The tables of docs/ranking.md that follow from the code, as Markdown.

`make tables` writes them between their markers; `tests/test_ranking_docs.py` fails where they are not current.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

from reader.profile.axes import FEATURE_KINDS, HALF_LIFE_WEIGHTS, HALF_LIVES_S, SIGNAL_WEIGHTS, SIGNALS
from reader.recommend.describing import PLAIN, SECTIONS, Form, Setting, describe_families, describe_settings
from reader.recommend.factors.interest import KIND_WEIGHTS
from reader.recommend.factors.registry import default_registry
from reader.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "ranking.md"
DESCRIBED = describe_families(default_registry(Settings().ranking).specs)
# Values of an axis that are named one by one; of more, the ends.
_NAMED = 12


def families() -> Iterator[str]:
    """Yield the families with their classes and counts."""
    yield from _head("family", "is", "class", "factors", "weigh")
    for one in DESCRIBED:
        is_ = f"{one.words.label}: {_lower(one.words.description)}"
        yield _row(f"`{one.name}`", is_, one.words.factor_class, one.count, one.weighing)
    yield _row("all", "", "", sum(one.count for one in DESCRIBED), sum(one.weighing for one in DESCRIBED))


def formulas() -> Iterator[str]:
    """Yield every formula. Families that have the same ones, those of interest, share a row."""
    yield from _head("family", "formula", "factors", "unit, range", "source", "weights")
    for _, group in groupby(DESCRIBED, key=lambda one: [(form.formula, form.unit, form.source) for form in one.forms]):
        alike = list(group)
        names = f"`{alike[0].name}`" + (f" to `{alike[-1].name}`, each" if len(alike) > 1 else "")
        for number, forms in enumerate(zip(*(one.forms for one in alike), strict=True)):
            yield _formula_row("" if number else names, forms)


def _formula_row(names: str, alike: Sequence[Form]) -> str:
    form = alike[0]
    axes = "; ".join(f"{axis}: {_named(values)}" for axis, values in form.axes.items())
    counts = ", ".join(f"{count}{'' if scale == PLAIN else f' {scale}'}" for scale, count in form.scales.items())
    weights = sorted(weight for each in alike for weight in each.weights)
    formula = f"`{form.formula}`" + (f" ({axes})" if axes else "")
    return _row(names, formula, counts, f"{form.unit}, {form.low:g} to {form.high:g}", form.source, _span(weights))


def interest_weights() -> Iterator[str]:
    """Yield the factors of the hand-set weights of interest."""
    yield from _head("kind", "", "signal", "", "half-life", "")
    kinds = [(kind, f"{KIND_WEIGHTS[kind]:g}") for kind in FEATURE_KINDS]
    signals = [(signal, f"{weight:g}") for signal, weight in zip(SIGNALS, SIGNAL_WEIGHTS.tolist(), strict=True)]
    lives = [(name, f"{weight:g}") for name, weight in zip(HALF_LIVES_S, HALF_LIFE_WEIGHTS.tolist(), strict=True)]
    for own in zip_longest(kinds, signals, lives, fillvalue=("", "")):
        yield _row(*(cell for pair in own for cell in pair))


def settings() -> Iterator[str]:
    """Yield every setting that bears on a list, with its default."""
    yield from _head("setting", "default", "")
    shipped = Settings()
    for section in SECTIONS:
        for each in describe_settings(getattr(shipped, section), section):
            yield _row(f"`{each.name}`", _value(each), each.text)


BLOCKS = {
    "families": families,
    "formulas": formulas,
    "interest weights": interest_weights,
    "settings": settings,
}


def current(page: str) -> str:
    """Return the page with every table as it should be. ValueError if a marker is missing."""
    for name, table in BLOCKS.items():
        begin, end = f"<!-- table: {name} -->\n", "<!-- end of table -->"
        if begin not in page:
            raise ValueError(f"docs/ranking.md: {begin.strip()!r} is missing; put it where the table belongs")
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = "".join([before, begin, *(f"{line}\n" for line in table()), end, after])
    return page


def _head(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield _row(*("---" for _ in names))


def _row(*cells: Any) -> str:
    return "| " + " | ".join(re.sub(r"(?<!\\)\|", r"\\|", str(cell)) for cell in cells) + " |"


def _named(values: tuple[str, ...]) -> str:
    return f"{values[0]} to {values[-1]}" if len(values) > _NAMED else ", ".join(values)


def _span(weights: list[float]) -> str:
    if not weights:
        return "0"
    low, high = f"{weights[0]:.3g}", f"{weights[-1]:.3g}"
    return f"{len(weights)}: {low}" + (f" to {high}" if high != low else "")


def _value(setting: Setting) -> str:
    value = setting.default
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Iterable):
        return ", ".join(value) or "none"
    return f"{value:g}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


if __name__ == "__main__":
    PAGE.write_text(current(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
