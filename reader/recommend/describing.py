"""The ranking in force, described: its families of factors with their formulas, and its settings. For people to read.

Pages, documents and the command line take their tables from here, so that they say what is there and not what once was.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from reader.recommend.factors.spec import FactorSpec
from reader.recommend.families import Family, family
from reader.settings import Settings

# The scale of a factor as it is; the others are relative to the list.
PLAIN: Final = "plain"
SCALES: Final = {
    "z": "the same less its mean over the candidates, in standard deviations",
    "max": "its share of the greatest absolute value among them",
    "rank": "the share of the others with less, ties half, less 1/2",
    "sure": "z, the less the fewer openings of the reader are known",
}
# Sections of the settings that bear on a list, with what they are about.
SECTIONS: Final = {
    "reading": "What counts as read, skimmed, gone back to",
    "watching": "What counts as watched",
    "interests": "How acts become interests",
    "ranking": "How a list is made",
    "learning": "How weights follow what is opened",
    "challenger": "Trees beside the weights, if they have won",
}
# What it means that a setting is off.
OFF: Final = {
    "learning.enabled": "Weights do not learn from lists",
    "reading.return_correction": "Going back counts whole, whatever draws readers back at that place",
    "interests.hot_discount": "Items that many open count as much as others",
    "interests.fading": "Credit does not fade",
    "ranking.exploring_every": "No place is given by chance",
    "ranking.diversity_weight": "Likeness to items above costs nothing",
    "ranking.candidates_lexical": "No candidates by words",
    "ranking.candidates_semantic": "No candidates by meaning",
    "ranking.candidates_fresh": "No candidates for being new",
    "ranking.candidates_popular": "No candidates for being opened by many",
}


@dataclass(frozen=True, slots=True)
class Form:
    """Factors of one formula. In it, `<axis>` stands for what differs from factor to factor.

    low, high, unit: of the factors as they are; axes: the values of what differs; scales: how many there are on each
    scale; weights: the hand-set ones that are not 0, ascending.
    """

    formula: str
    axes: dict[str, tuple[str, ...]]
    unit: str
    low: float
    high: float
    source: str
    scales: dict[str, int]
    weights: tuple[float, ...]

    @property
    def count(self) -> int:
        """How many factors have it."""
        return sum(self.scales.values())


@dataclass(frozen=True, slots=True)
class FamilyTable:
    """One family: its name, its words and its formulas."""

    name: str
    words: Family
    forms: tuple[Form, ...]

    @property
    def count(self) -> int:
        """How many factors it has."""
        return sum(form.count for form in self.forms)

    @property
    def weighing(self) -> int:
        """How many of them weigh something before anything is learned."""
        return sum(len(form.weights) for form in self.forms)


def describe_families(specs: Sequence[FactorSpec]) -> tuple[FamilyTable, ...]:
    """Return the families of some factors in their order."""
    names = dict.fromkeys(spec.family for spec in specs)
    return tuple(
        FamilyTable(name, family(name), tuple(_forms([spec for spec in specs if spec.family == name])))
        for name in names
    )


def _forms(specs: list[FactorSpec]) -> Iterator[Form]:
    """Group factors of one family by the formula of each as it is, not relative to the list."""
    plain = {spec.name: spec for spec in specs if "scale" not in spec.axes}
    formulas = general_formulas(list(plain.values()))
    groups: dict[tuple[str, tuple[str, float, float, str]], list[FactorSpec]] = {}
    for spec in specs:
        own = plain[_plain_name(spec)]
        groups.setdefault((formulas[own.name], _measure(own)), []).append(spec)
    for (formula, (unit, low, high, source)), alike in groups.items():
        scales = Counter(spec.axes.get("scale", PLAIN) for spec in alike)
        weights = sorted(spec.weight for spec in alike if spec.weight)
        yield Form(formula, _differing(alike), unit, low, high, source, dict(scales), tuple(weights))


def _differing(specs: list[FactorSpec]) -> dict[str, tuple[str, ...]]:
    """Return the axes in which factors differ, with their values in order."""
    values: dict[str, dict[str, None]] = {}
    for spec in specs:
        for axis, value in _axes(spec).items():
            values.setdefault(axis, {})[value] = None
    return {axis: tuple(own) for axis, own in values.items() if len(own) > 1}


def _axes(spec: FactorSpec) -> dict[str, str]:
    return {axis: value for axis, value in spec.axes.items() if axis != "scale"}


def _measure(spec: FactorSpec) -> tuple[str, float, float, str]:
    return spec.unit, spec.low, spec.high, spec.source


def _plain_name(spec: FactorSpec) -> str:
    parts = spec.name.split(".")
    if "scale" in spec.axes:
        parts.remove(spec.axes["scale"])
    return ".".join(parts)


def general_formulas(specs: Sequence[FactorSpec]) -> dict[str, str]:
    """Return by name the formula of each factor, with `<axis>` for a value in which it differs from its like.

    >>> def spec(measure, count):
    ...     formula, axes = f"{measure} cosine to the last {count} of 20", {"measure": measure, "count": str(count)}
    ...     return FactorSpec(f"a.{measure}.{count}", "a", "cosine", -1, 1, formula, "ours", axes=axes)
    >>> general_formulas([spec("mean", 5), spec("mean", 50)])
    {'a.mean.5': 'mean cosine to the last <count> of 20', 'a.mean.50': 'mean cosine to the last <count> of 20'}
    """
    alike: dict[tuple[object, ...], list[FactorSpec]] = {}
    for spec in specs:
        alike.setdefault((_with_axes(spec, spec.axes), *_measure(spec)), []).append(spec)
    found: dict[str, str] = {}
    for own in alike.values():
        varying = [axis for axis in own[0].axes if len({spec.axes.get(axis, "") for spec in own}) > 1]
        found |= {spec.name: _with_axes(spec, varying) for spec in own}
    return found


def _with_axes(spec: FactorSpec, axes: Iterable[str]) -> str:
    formula = spec.formula
    for axis in (axis for axis in axes if axis in spec.axes):
        formula = re.sub(rf"(?<![\w.]){re.escape(spec.axes[axis])}(?![\w.])", f"<{axis}>", formula)
    return formula


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force. name: with dots, as in `learning.choice.limit`; text: what the source says of it."""

    name: str
    value: Any
    default: Any
    text: str


def describe_settings(settings: BaseModel, prefix: str) -> Iterator[Setting]:
    """Go through settings and those within them; what stands in the comment above a field is its text."""
    texts = comments_of(type(settings))
    for name, field in type(settings).model_fields.items():
        value, full = getattr(settings, name), f"{prefix}.{name}"
        if isinstance(value, BaseModel):
            yield from describe_settings(value, full)
        else:
            yield Setting(full, value, field.get_default(call_default_factory=True), texts.get(name, ""))


@cache
def comments_of(model: type[BaseModel]) -> dict[str, str]:
    """Return the comment above each field, on one line; of fields that a class inherits, too."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base in (BaseModel, object) or not issubclass(base, BaseModel):
            continue
        comment: list[str] = []
        for line in inspect.getsource(base).splitlines():
            stripped = line.strip()
            if stripped.startswith("#"):
                comment.append(stripped.removeprefix("#").strip())
                continue
            if named := re.match(r"(\w+): ", stripped):
                found[named[1]] = " ".join(comment) or found.get(named[1], "")
            comment = []
    return found


def what_is_off(settings: Settings) -> list[str]:
    """Return what these settings switch off, in words with the name of the setting; nothing for the usual ones."""
    ranking = settings.ranking
    off = {
        "ranking.exploring_every": ranking.exploring_every > ranking.list_length,
        "ranking.diversity_weight": ranking.diversity_weight == 0,
        "ranking.candidates_lexical": ranking.candidates_lexical == 0,
        "ranking.candidates_semantic": ranking.candidates_semantic == 0,
        "ranking.candidates_fresh": ranking.candidates_fresh == 0,
        "ranking.candidates_popular": ranking.candidates_popular == 0,
    }
    for section in SECTIONS:
        described = describe_settings(getattr(settings, section), section)
        # What is off as shipped is a way of use, as in replay, and not a part that is missing.
        off |= {each.name: not each.value for each in described if each.default is True}
    said = [f"{OFF.get(name, 'Off')} (`{name}`)" for name, is_off in off.items() if is_off]
    return said + [
        f"The signal {each} teaches nothing (`interests.signals_off`)" for each in settings.interests.signals_off
    ]
