"""What watching is worth: by quantile and by how unusual it is, never by length alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reader.behaviour.views import derive_view
from reader.behaviour.watch_shares import WatchShares
from reader.behaviour.watching import derive_watching
from reader.profile.acts import Act, acts_of_opening, acts_of_watching
from reader.settings import InterestSettings, ReadingSettings, WatchSettings
from reader.types import Video
from tests.builders import WatchStory

INTERESTS, LIMITS = InterestSettings(), WatchSettings()


def clip(duration_s: float | None = 30.0, **fields: Any) -> Video:
    texts = {"description": "A pan.", "transcript": "Salt stays behind when water goes."}
    return Video(id="v1", title="Salt", duration_s=duration_s, **{**texts, **fields})


def acts(story: WatchStory, video: Video | None = None, shares: WatchShares | None = None) -> list[Act]:
    video = video or clip()
    watching = derive_watching(derive_view(story), video.duration_s or 0.0, shares or WatchShares(LIMITS), LIMITS)
    return list(acts_of_watching(watching, video, INTERESTS, LIMITS))


def amounts(found: list[Act]) -> dict[str, float]:
    return {act.signal: act.amount for act in found}


def test_watch_is_worth_its_quantile_and_a_loop_a_little_more() -> None:
    shares = WatchShares(LIMITS)

    half, loop = acts(WatchStory().play(0, 15).close()), acts(WatchStory().play(0, 30).play(0, 30).close())

    assert amounts(half) == {"open": 0.3, "watch": pytest.approx(shares.quantile(30, 0.5))}
    assert amounts(loop)["watch"] == pytest.approx(shares.quantile(30, 1.0) + 0.25)


def test_finishing_is_worth_as_much_as_it_is_unusual() -> None:
    shares = WatchShares(LIMITS)

    short = amounts(acts(WatchStory().play(0, 5).close(), clip(5.0)))
    long = amounts(acts(WatchStory().play(0, 120).close(), clip(120.0)))

    assert short["finish"] == pytest.approx(0.5 * (1 - shares.finishing(5.0)))
    assert long["finish"] == pytest.approx(0.5 * (1 - shares.finishing(120.0)))
    assert short["finish"] < 0.1 < 0.45 < long["finish"]


def test_quick_skip_is_a_minus_and_nothing_else() -> None:
    assert acts(WatchStory().play(0, 1).play(0.2, 0.9, sound_on=True).close()) == [
        Act("implicit_minus", "v1", derive_view(WatchStory()).opened_at, 0.6)
    ]


def test_replayed_part_speaks_for_its_words_and_a_little_for_the_whole() -> None:
    found = [act for act in acts(WatchStory().play(0, 20).play(12, 18).close()) if act.signal == "reread"]

    words, whole = found
    assert (words.paragraph, words.part) == (1, (12.0, 18.0))
    assert (whole.paragraph, whole.by_parts) == (None, True)
    assert (words.amount, whole.amount) == pytest.approx((6 / 4, 6 / 4 * 6 / 30))


def test_without_a_transcript_it_speaks_for_the_description_and_without_any_text_for_the_whole() -> None:
    story = WatchStory().play(0, 20).play(12, 18).close()

    described = [act for act in acts(story, clip(transcript="")) if act.signal == "reread"]
    silent = [act for act in acts(story, clip(transcript="", description="")) if act.signal == "reread"]

    assert [(act.paragraph, act.by_parts) for act in described] == [(0, False), (None, True)]
    assert [(act.paragraph, act.by_parts) for act in silent] == [(None, False)]


def test_credit_for_replays_has_an_end() -> None:
    story = WatchStory().play(0, 20)
    for _ in range(9):
        story.play(12, 18)

    found = [act.amount for act in acts(story.close()) if act.signal == "reread" and act.paragraph is not None]

    assert sum(found) == pytest.approx(LIMITS.replay_limit)


def test_sound_turned_on_speaks_for_makers_only() -> None:
    (act,) = (act for act in acts(WatchStory().play(0, 5).play(5, 9, sound_on=True)) if act.makers_only)

    assert (act.signal, act.amount) == ("watch", 0.5)


@pytest.mark.parametrize(
    ("story", "is_clip", "expected"),
    [
        (WatchStory(), True, ("open", 0.3)),
        (WatchStory().wait(2).close(), True, ("implicit_minus", 0.05)),
        (WatchStory().wait(9).close(), True, ("open", 0.3)),
        (WatchStory().wait(2).close(), False, ("implicit_minus", 0.6)),
    ],
)
def test_clip_that_never_played_is_passed_by_and_not_bounced_from(
    story: WatchStory, is_clip: bool, expected: tuple[str, float]
) -> None:
    """A player of another place tells nothing, and a reader may scroll past it."""
    (act,) = acts_of_opening(derive_view(story), INTERESTS, ReadingSettings(), is_clip=is_clip)

    assert (act.signal, act.amount) == expected


def test_no_length_earns_more_from_readers_who_do_not_care() -> None:
    """Readers who leave at a constant rate, whatever they see: once that is learned, every length earns about the same.

    Seconds would give the longest clips seven times as much as the shortest, shares the other way round.
    """
    rng = np.random.default_rng(5)
    shares = WatchShares(LIMITS)
    lengths = (4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 500.0)
    draws = {length: np.minimum(length, 2.1 + rng.exponential(20.0, 1_200)) for length in lengths}
    for length, own in draws.items():
        for seconds in own[:800]:
            shares.learn(length, float(seconds) / length)

    earned = {
        length: float(np.mean([_plus(acts(WatchStory().play(0, s).close(), clip(length), shares)) for s in own[800:]]))
        for length, own in draws.items()
    }

    assert max(earned.values()) < 1.35 * min(earned.values()), earned
    seconds = {length: float(np.mean(own)) for length, own in draws.items()}
    assert max(seconds.values()) > 5 * min(seconds.values())
    by_share = {length: mean / length for length, mean in seconds.items()}
    assert max(by_share.values()) > 20 * min(by_share.values())


def _plus(found: list[Act]) -> float:
    return sum(act.amount for act in found if act.signal in ("watch", "finish"))
