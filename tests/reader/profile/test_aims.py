"""What a "less like this" speaks against."""

from __future__ import annotations

import pytest

from reader.profile.aims import aim_of
from reader.types import Hide, Target
from tests.builders import START

TRAITS = (("topic", "space"), ("source", "Gazette"), ("author", "Ada"), ("language", "en"))


def hide(reason: str = "", target: Target | None = None) -> Hide:
    return Hide(id="e", type="hide", at=START, user="ann", item="a", reason=reason, target=target)


@pytest.mark.parametrize(
    ("event", "features"),
    [
        (hide("seen"), []),
        (hide("bait"), [("source", "Gazette"), ("author", "Ada")]),
        (hide("keyword", Target("keyword", "moon")), [("keyword", "moon")]),
        (hide("bait", Target("author", "Ada")), [("author", "Ada")]),
    ],
)
def test_a_reason_narrows_it(event: Hide, features: list[tuple[str, str]]) -> None:
    aim = aim_of(event)

    assert aim is not None
    assert [(feature, share) for feature, _, share in aim.shares(TRAITS)] == [(each, 1.0) for each in features]  # type: ignore[arg-type]  # kinds


def test_without_a_known_reason_it_is_the_whole_item() -> None:
    assert aim_of(hide()) is None
    assert aim_of(hide("I am tired of it")) is None
