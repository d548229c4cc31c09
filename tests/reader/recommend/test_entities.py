"""Creators and sounds: things of their own, which several clips share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reader.errors import NotFoundError
from reader.recommend.requests import Request
from reader.types import Video
from tests.builders import act
from tests.reader.conftest import NOW, MakeRecommender


def clip(id: str, hours_ago: float = 1.0, **fields: Any) -> Video:
    return Video(id=id, title="A pan of salt", published_at=NOW - timedelta(hours=hours_ago), language="en", **fields)


CLIPS = (
    clip("old", 9, creator="Pan", creator_id="c7", sound="wind"),
    clip("new", 2, creator="Pan & Co", creator_id="c7"),
    clip("to come", -2, creator="Pan & Co", creator_id="c7", sound="wind"),
    clip("namesake", 3, creator="Pan"),
)


def test_creator_has_their_clips_newest_first_and_is_called_as_in_the_newest(make: MakeRecommender) -> None:
    """What is published later is not shown yet, and a namesake with no id is somebody else."""
    recommender = make(items=CLIPS)

    pan = recommender.entity("creator", "c7")

    assert (pan.kind, pan.id, pan.name) == ("creator", "c7", "Pan & Co")
    assert [item.id for item in pan.items] == ["new", "old"]
    assert [item.id for item in recommender.entity("creator", "c7", limit=1).items] == ["new"]
    assert [item.id for item in recommender.entity("creator", "Pan").items] == ["namesake"]
    assert recommender.entity("sound", "wind").name == "wind"


def test_what_no_clip_is_of_is_not_found(make: MakeRecommender) -> None:
    with pytest.raises(NotFoundError, match="sound 'c7': no clip is of it"):
        make(items=CLIPS).entity("sound", "c7")


def test_followed_creator_is_shown_by_name_and_muted_one_is_left_out_under_any_name(make: MakeRecommender) -> None:
    recommender = make(items=CLIPS)

    recommender.observe(
        [act("follow", target=("creator", "c7"), at=NOW), act("mute", target=("creator", "Pan"), at=NOW)]
    )

    shown = {interest.target.value: interest for interest in recommender.interests("ann")}
    assert (shown["c7"].label, shown["c7"].followed) == ("Pan & Co", True)
    assert (shown["Pan"].label, shown["Pan"].muted) == ("Pan", True)


def test_clips_of_a_followed_creator_are_found_among_many_newer_ones(make: MakeRecommender) -> None:
    """Without a word in common with anything, and older than all others."""
    others = tuple(clip(f"other {number}", 3_000 + number, creator=f"maker {number}") for number in range(200))
    recommender = make(items=(*others, clip("old", 4_000, creator="Pan", creator_id="c7")))
    assert "old" not in [place.item for place in recommender.recommend(Request("ann", kinds=("video",))).items]

    recommender.observe([act("follow", target=("creator", "c7"), at=NOW)])

    assert recommender.recommend(Request("ann", kinds=("video",))).items[0].item == "old"
