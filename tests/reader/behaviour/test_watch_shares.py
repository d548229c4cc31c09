"""Quantiles within a length: none wins by being long, none by being short."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reader.behaviour.watch_shares import BUCKETS_S, WatchShares, bucket_of
from reader.settings import WatchSettings

SETTINGS = WatchSettings()
LENGTHS_S = (4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 240.0, 500.0, 1_000.0)


def test_before_anything_is_known_time_decides_and_of_ties_the_middle() -> None:
    """The prior by hand: who leaves at a constant rate is gone after 15 s with chance 1 - e^(-15/30)."""
    shares = WatchShares(SETTINGS)

    assert shares.quantile(60.0, 0.25) == pytest.approx(1 - math.exp(-0.5))
    assert shares.quantile(60.0, 1.0) == pytest.approx(1 - math.exp(-2) / 2)
    assert shares.finishing(60.0) == pytest.approx(math.exp(-2))
    assert shares.quantile_of_time(15.0) == pytest.approx(1 - math.exp(-0.5))


def test_counts_take_over_from_the_prior_one_by_one() -> None:
    shares = WatchShares(SETTINGS)
    for share in (0.1, 0.2, 1.0, 1.0):
        shares.learn(30.0, share)

    # 10 watches of the prior, which end after 30 s; of four observed ones, 69 s in all, two ended before the clip did.
    mean_s = (10 * 30 + 69) / (10 + 2)
    assert shares.mean_s == pytest.approx(mean_s)
    # Two were shorter than the whole, and two tie.
    assert shares.quantile(30.0, 1.0) == pytest.approx((10 * (1 - math.exp(-30 / mean_s) / 2) + 2 + 1) / 14)
    assert shares.quantile(30.0, 0.5) == pytest.approx((10 * (1 - math.exp(-15 / mean_s)) + 2) / 14)
    assert shares.finishing(30.0) == pytest.approx((10 * math.exp(-30 / mean_s) + 2) / 14)
    assert shares.observed == 4
    assert shares.quantile(100.0, 0.5) == pytest.approx(1 - math.exp(-50 / mean_s))


def test_what_is_known_of_some_lengths_keeps_the_others_even() -> None:
    """Readers leave sooner than expected, as is seen of clips of 15 s. Of long clips none was watched yet."""
    rng = np.random.default_rng(6)
    shares = WatchShares(SETTINGS)
    for seconds in rng.exponential(8.0, 200):
        shares.learn(15.0, min(1.0, float(seconds) / 15.0))

    watched = rng.exponential(8.0, 1_000) / 200.0
    valid, by_first_guess = (
        np.mean([known.quantile(200.0, float(share)) >= SETTINGS.valid_quantile for share in watched])
        for known in (shares, WatchShares(SETTINGS))
    )

    assert valid == pytest.approx(0.5, abs=0.08)
    assert by_first_guess < 0.15


@pytest.mark.parametrize("mean_s", [8.0, 60.0])
def test_at_every_length_the_mean_quantile_is_a_half_whatever_readers_do(mean_s: float) -> None:
    """Readers who leave sooner or later than the prior says: once that is learned, no length is worth more."""
    rng = np.random.default_rng(3)
    shares = WatchShares(SETTINGS)
    watched = {length: np.minimum(1.0, rng.exponential(mean_s, 2_000) / length) for length in LENGTHS_S}
    for length, own in watched.items():
        for share in own[:1_000]:
            shares.learn(length, float(share))

    means = {s: np.mean([shares.quantile(s, float(share)) for share in own[1_000:]]) for s, own in watched.items()}

    assert list(means.values()) == pytest.approx([0.5] * len(means), abs=0.05)
    seconds = {length: float(np.mean(own) * length) for length, own in watched.items()}
    assert seconds[1_000.0] > 1.5 * seconds[8.0]
    assert np.mean(watched[8.0]) > 4 * np.mean(watched[1_000.0])


def test_watches_of_clips_of_unknown_length_are_held_against_each_other() -> None:
    """By hand: 10 watches of the prior; of four observed ones, 49 s in all, two were shorter than 6 s, and one ties."""
    shares = WatchShares(SETTINGS)
    for seconds in (1.0, 2.0, 6.0, 40.0):
        shares.learn_time(seconds)

    mean_s = (10 * 30 + 49) / (10 + 4)
    assert shares.quantile_of_time(6.0) == pytest.approx((10 * (1 - math.exp(-6 / mean_s)) + 2 + 0.5) / 14)
    assert shares.observed == 4
    assert shares.quantile(30.0, 0.5) == pytest.approx(1 - math.exp(-15 / mean_s))


@pytest.mark.parametrize("mean_s", [8.0, 60.0])
def test_clips_of_unknown_length_are_worth_no_more_and_no_less(mean_s: float) -> None:
    """Else a learner would find that clips which do not tell their length are liked less, or more, than all others."""
    watched = np.random.default_rng(4).exponential(mean_s, 1_000)
    shares = WatchShares(SETTINGS)
    for seconds in watched:
        shares.learn_time(float(seconds))

    quantiles = np.array([shares.quantile_of_time(float(seconds)) for seconds in watched])

    assert quantiles.mean() == pytest.approx(0.5, abs=0.02)
    assert np.mean(quantiles >= SETTINGS.valid_quantile) == pytest.approx(0.5, abs=0.03)
    by_prior = np.array([WatchShares(SETTINGS).quantile_of_time(float(seconds)) for seconds in watched])
    assert abs(by_prior.mean() - 0.5) > 0.1


@pytest.mark.parametrize("leave_by", ["seconds", "share"])
def test_within_a_bucket_neither_the_shorter_nor_the_longer_clips_win(leave_by: str) -> None:
    """Whether readers leave after some time or after some part of a clip; compared by share or by seconds one would."""
    short_s, long_s = BUCKETS_S[6], BUCKETS_S[7] - 0.1
    rng = np.random.default_rng(5)
    draws = rng.exponential(1.0, (2, 4_000)) / 3
    lengths = np.array([[short_s], [long_s]])
    watched = np.minimum(1.0, draws * (long_s / lengths if leave_by == "seconds" else 1.0))
    shares = WatchShares(SETTINGS)
    for length, own in zip((short_s, long_s), watched, strict=True):
        for share in own:
            shares.learn(length, float(share))

    means = [
        float(np.mean([shares.quantile(length, float(share)) for share in own]))
        for length, own in zip((short_s, long_s), watched, strict=True)
    ]

    assert bucket_of(short_s) == bucket_of(long_s)
    assert abs(means[0] - means[1]) < 0.06
    naive = watched if leave_by == "seconds" else watched * lengths
    assert abs(_chance_to_be_less(naive[0], naive[1]) - 0.5) > 0.06


def _chance_to_be_less(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Mann-Whitney, ties half."""
    pairs = one[:, None] - other[None, :]
    return float(np.mean(pairs < 0) + np.mean(pairs == 0) / 2)


@given(st.floats(0.5, 2_000), st.lists(st.floats(0, 1), max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_more_watched_is_never_worth_less(length: float, learned: list[float], one: float, other: float) -> None:
    shares = WatchShares(SETTINGS)
    for share in learned:
        shares.learn(length, share)

    low, high = sorted((one, other))

    assert 0.0 <= shares.quantile(length, low) <= shares.quantile(length, high) + 1e-9 <= 1.0 + 1e-9


def test_each_bound_begins_the_next_bucket() -> None:
    assert [bucket_of(bound) for bound in BUCKETS_S] == list(range(1, len(BUCKETS_S) + 1))
    assert [bucket_of(bound - 0.001) for bound in BUCKETS_S] == list(range(len(BUCKETS_S)))
