"""What pages and documents say of the ranking is what there is: every factor, every setting, whatever its value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from reader.profile.axes import SIGNALS
from reader.recommend.describing import PLAIN, SCALES, SECTIONS, describe_families, describe_settings, what_is_off
from reader.recommend.factors.registry import default_registry
from reader.settings import InterestSettings, LearningSettings, RankingSettings, Settings

REGISTRY = default_registry(Settings().ranking)
FAMILIES = describe_families(REGISTRY.specs)


def test_every_factor_is_in_one_form_of_its_family() -> None:
    assert [family.name for family in FAMILIES] == list(REGISTRY.family_rows)
    for family in FAMILIES:
        assert family.count == len(REGISTRY.family_rows[family.name])
        assert family.weighing == sum(spec.weight != 0 for spec in REGISTRY.specs if spec.family == family.name)
    assert sum(family.count for family in FAMILIES) == len(REGISTRY.specs)


def test_a_form_says_formula_unit_range_and_source_of_its_factors() -> None:
    """With the values of its axes put in, a form gives the formulas of its factors, all of them."""
    for family in FAMILIES:
        specs = [spec for spec in REGISTRY.specs if spec.family == family.name and "scale" not in spec.axes]
        made = {formula for form in family.forms for formula in filled(form.formula, form.axes)}
        assert {spec.formula for spec in specs} <= made
        for attribute in ("unit", "source", "low", "high"):
            assert {getattr(spec, attribute) for spec in specs} == {getattr(form, attribute) for form in family.forms}
        weights = sorted(spec.weight for spec in REGISTRY.specs if spec.family == family.name and spec.weight)
        assert sorted(weight for form in family.forms for weight in form.weights) == weights


def filled(formula: str, axes: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the formula with each combination of values for the axes that it names."""
    named = next((axis for axis in axes if f"<{axis}>" in formula), None)
    if named is None:
        yield formula
        return
    for value in axes[named]:
        yield from filled(formula.replace(f"<{named}>", value), axes)


def test_forms_are_few() -> None:
    """That is the point of them: a table that can be read."""
    assert sum(len(family.forms) for family in FAMILIES) < 100
    interest = next(family for family in FAMILIES if family.name == "interest.keyword")
    (form,) = interest.forms
    assert form.scales == {PLAIN: 40, "z": 40, "max": 40}
    assert form.axes["signal"] == SIGNALS


def test_every_scale_has_words() -> None:
    used = {scale for family in FAMILIES for form in family.forms for scale in form.scales}

    assert used == {PLAIN, *SCALES}


def leaves(settings: BaseModel, prefix: str) -> Iterator[tuple[str, Any]]:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from leaves(value, f"{prefix}.{name}")
        else:
            yield f"{prefix}.{name}", value


@pytest.mark.parametrize(
    "settings", [InterestSettings(), RankingSettings(), LearningSettings()], ids=lambda each: type(each).__name__
)
def test_every_setting_is_described_with_its_value(settings: BaseModel) -> None:
    described = {each.name: each.value for each in describe_settings(settings, "x")}

    assert described == dict(leaves(settings, "x"))
    assert all(each.value == each.default for each in describe_settings(settings, "x"))


def test_a_changed_setting_is_described_as_changed() -> None:
    described = {each.name: each for each in describe_settings(RankingSettings(list_length=7), "ranking")}

    assert (described["ranking.list_length"].value, described["ranking.list_length"].default) == (7, 60)


def test_the_text_of_a_setting_is_the_comment_above_it() -> None:
    """Also where the field is inherited, or the comment has several lines."""
    described = {each.name: each.text for each in describe_settings(LearningSettings(), "learning")}

    assert described["learning.choice.learning_rate"].startswith("Its alpha, beta and regularisation; the paper")
    assert described["learning.calibration.learning_rate"].startswith("Of 0.1, 0.3, 0.5")
    assert described["learning.calibration.beta"] == ""
    assert "  " not in described["learning.values.bounce"]
    assert described["learning.values.bounce"].count(".") >= 2


def test_nothing_is_off_as_shipped() -> None:
    assert what_is_off(Settings()) == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"interests": {"signals_off": ("reread",)}}, "signal reread"),
        ({"ranking": {"exploring_every": 1000}}, "ranking.exploring_every"),
        ({"ranking": {"diversity_weight": 0.0}}, "ranking.diversity_weight"),
        ({"ranking": {"candidates_semantic": 0}}, "ranking.candidates_semantic"),
    ],
)
def test_what_is_switched_off_is_named(changed: dict[str, Any], named: str) -> None:
    (words,) = what_is_off(Settings(**changed))

    assert named in words


@pytest.mark.parametrize(
    "name",
    [
        each.name
        for section in SECTIONS
        for each in describe_settings(getattr(Settings(), section), section)
        if each.default is True
    ],
)
def test_every_switch_is_named_when_it_is_off(name: str) -> None:
    changed: Any = False
    for part in reversed(name.split(".")):
        changed = {part: changed}

    (words,) = what_is_off(Settings(**changed))

    assert f"(`{name}`)" in words
    assert not words.startswith("Off")
