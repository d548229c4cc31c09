"""How long a clip is, and one that does not tell: it is no short clip."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest

from reader.recommend.factors.affinity import AffinityFamily
from reader.recommend.factors.intrinsic import IntrinsicFamily
from reader.recommend.factors.spec import FactorFamily, Moment
from reader.recommend.factors.video import VideoFamily
from reader.types import AnyItem, Article, Video
from tests.builders import act
from tests.reader.conftest import NOW, MakeRecommender
from tests.reader.recommend.factors.worlds import moment_of


def clip(id: str, duration_s: float | None) -> Video:
    return Video(id=id, title="A clip", published_at=NOW - timedelta(days=1), language="en", duration_s=duration_s)


ITEMS: tuple[AnyItem, ...] = (
    clip("six", 6.0),
    clip("fifteen", 15.0),
    clip("untold", None),
    Article(id="text", title="A text", published_at=NOW - timedelta(days=1), language="en"),
)
IDS = [item.id for item in ITEMS]


@pytest.fixture
def moment(make: MakeRecommender) -> Moment:
    """Zoe before all four; she has opened the clip of six seconds."""
    recommender = make(items=ITEMS)
    recommender.observe([act("open", "six", user="zoe", at=NOW, view="v")])
    return moment_of(recommender, "zoe", NOW, recommender.catalogue.rows_of(IDS))


def factor(family: FactorFamily, name: str, moment: Moment) -> dict[str, float]:
    out = np.full((len(family.specs), len(IDS)), np.nan, dtype=np.float32)
    family.fill(moment, out)
    (row,) = np.flatnonzero([spec.name == name for spec in family.specs])
    return dict(zip(IDS, out[row].tolist(), strict=True))


def test_bumps_of_length_are_of_clips_that_tell(moment: Moment) -> None:
    near = factor(VideoFamily(), "video.length.6s", moment)

    assert near == pytest.approx({"six": 1.0, "fifteen": math.exp(-0.5), "untold": 0.0, "text": 0.0})


def test_not_to_tell_is_a_factor_of_its_own(moment: Moment) -> None:
    untold = factor(VideoFamily(), "video.length.unknown", moment)

    assert untold == {"six": 0.0, "fifteen": 0.0, "untold": 1.0, "text": 0.0}


def test_on_the_scale_of_lengths_a_clip_that_does_not_tell_stands_in_the_middle(moment: Moment) -> None:
    duration = factor(IntrinsicFamily(), "intrinsic.duration", moment)

    assert duration == pytest.approx({"six": 0.1, "fifteen": 0.25, "untold": 0.5, "text": 0.0})


def test_who_opens_short_clips_has_opened_nothing_like_one_that_does_not_tell(moment: Moment) -> None:
    opened = factor(AffinityFamily(), "affinity.length.opened5", moment)

    assert opened["six"] == 1.0
    assert opened["untold"] == 0.0
