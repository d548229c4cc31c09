"""Off-policy estimates against simulated logs whose true value is known exactly, and by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reader.replay.off_policy import (
    MIN_EFFECTIVE_SAMPLE_SIZE,
    MIN_READERS,
    Estimate,
    Places,
    Refused,
    as_json,
    doubly_robust,
    doubly_robust_difference,
    estimate,
    ips,
    replay,
    snips,
)

READERS, LISTS, ITEMS = 60, 8, 6
Estimator = Callable[[Places, int], Estimate | Refused]


@cache
def _world() -> tuple[NDArray[Any], ...]:
    """Return relevance, the log's and the policy's ranking, each (readers, lists, items), and examination (items,)."""
    rng = np.random.default_rng(99)
    relevance = rng.beta(1, 3, (READERS, LISTS, ITEMS))
    logged, chosen = (np.argsort(-(relevance + rng.normal(0, 0.3, relevance.shape)), axis=-1) for _ in range(2))
    return relevance, logged, chosen, 1 / np.sqrt(np.arange(1, ITEMS + 1))


def _true_value() -> float:
    relevance, _, chosen, examination = _world()
    return float((examination * np.take_along_axis(relevance, chosen, -1)).mean())


def _log(seed: int, *, explored: float = 1.0, model: float = 0.8) -> Places:
    """Return the places of a log that shuffles the share `explored` of its lists and sorts the others.

    model: the reward model predicts the true chance of an open times this.
    """
    rng = np.random.default_rng(seed)
    relevance, logged, chosen, examination = _world()
    shuffled = np.argsort(rng.random(relevance.shape), axis=-1)
    item = np.where(rng.random((READERS, LISTS, 1)) < explored, shuffled, logged)
    propensity = explored / ITEMS + (1 - explored) * (item == logged)
    chance = examination * np.take_along_axis(relevance, item, -1)
    return Places(
        reader=np.repeat(np.arange(READERS), LISTS * ITEMS),
        weight=((item == chosen) / propensity).ravel(),
        reward=(rng.random(chance.shape) < chance).astype(np.float64).ravel(),
        expected_logged=model * chance.ravel(),
        expected_chosen=model * (examination * np.take_along_axis(relevance, chosen, -1)).ravel(),
    )


def _given(estimator: Estimator, places: Places, seed: int = 0) -> Estimate:
    found = estimator(places, seed)
    assert isinstance(found, Estimate), found
    return found


@pytest.mark.parametrize("explored", [1.0, 0.3])
def test_ips_has_no_bias(explored: float) -> None:
    values = np.array([_given(ips, _log(seed, explored=explored)).value for seed in range(150)])

    assert values.mean() == pytest.approx(_true_value(), abs=3 * values.std() / np.sqrt(len(values)))


def test_the_doubly_robust_one_has_no_bias_with_a_wrong_model_and_less_variance_with_a_good_one() -> None:
    plain, good, wrong = (
        np.array([_given(estimator, _log(seed, model=model)).value for seed in range(100)])
        for estimator, model in ((ips, 1.0), (doubly_robust, 1.0), (doubly_robust, -2.0))
    )

    assert good.std() < 0.9 * plain.std()
    for values in (good, wrong):
        assert values.mean() == pytest.approx(_true_value(), abs=3 * values.std() / np.sqrt(len(values)))


@pytest.mark.parametrize("explored", [1.0, 0.3])
def test_intervals_cover_the_true_value_in_nine_of_ten_logs(explored: float) -> None:
    covered: dict[str, list[bool]] = {"ips": [], "snips": [], "doubly_robust": [], "replay": []}
    for seed in range(120):
        for name, found in estimate(_log(seed, explored=explored), seed).items():
            if isinstance(found, Estimate):
                covered[name].append(found.ci95[0] <= _true_value() <= found.ci95[1])

    assert {name: len(hits) >= 100 and np.mean(hits) >= 0.9 for name, hits in covered.items()} == dict.fromkeys(
        covered, True
    )


def test_snips_and_replay_shift_with_the_rewards_and_ips_does_not() -> None:
    places = _log(1)
    shifted = Places(places.reader, places.weight, places.reward + 5, places.expected_logged, places.expected_chosen)

    for estimator in (snips, replay):
        before, after = _given(estimator, places), _given(estimator, shifted)
        assert after.value == pytest.approx(before.value + 5)
        assert after.ci95 == pytest.approx((before.ci95[0] + 5, before.ci95[1] + 5))
    assert _given(ips, shifted).value != pytest.approx(_given(ips, places).value + 5, abs=1e-3)


def _by_hand(*, readers: int = 25, each: int = 8) -> Places:
    """Return 8 places a reader in turn: weight 2 and opened, 2 and not, 0 and opened, 4 and not."""
    count = readers * each // 4
    return Places(
        reader=np.repeat(np.arange(readers), each),
        weight=np.tile([2.0, 2.0, 0.0, 4.0], count),
        reward=np.tile([1.0, 0.0, 1.0, 0.0], count),
        expected_logged=np.full(readers * each, 0.5),
        expected_chosen=np.full(readers * each, 0.25),
    )


def test_worked_values() -> None:
    """Four places: IPS 2/4, SNIPS 2/8, DR 1/4 + (2*0.5 - 2*0.5 + 0 - 4*0.5)/4, ESS per four 8^2/24."""
    places = _by_hand()

    assert _given(ips, places).value == pytest.approx(0.5)
    assert _given(snips, places).value == pytest.approx(0.25)
    assert _given(doubly_robust, places).value == pytest.approx(-0.25)
    assert _given(ips, places).effective_sample_size == pytest.approx(50 * 64 / 24)


def test_replay_accepts_by_weight_and_repeats_with_its_seed() -> None:
    """All of weight 4 and about half of weight 2: about 50 + 50 of 200."""
    found = _given(replay, _by_hand(readers=250))

    assert found.effective_sample_size == pytest.approx(1000, abs=80)
    assert found.value == pytest.approx(0.25, abs=0.04)
    assert found == _given(replay, _by_hand(readers=250))
    assert found != _given(replay, _by_hand(readers=250), seed=1)


def test_the_numbering_of_readers_says_nothing() -> None:
    places = _log(2)
    other = Places(places.reader * 7 - 3, places.weight, places.reward, places.expected_logged, places.expected_chosen)

    assert estimate(places, 0) == estimate(other, 0)


def test_too_few_places_or_readers_are_refused_with_the_numbers() -> None:
    small, lone = ips(_by_hand(readers=5), 0), ips(_by_hand(readers=MIN_READERS - 1, each=40), 0)

    assert isinstance(small, Refused)
    assert "30 places" in small.reason
    assert "26.7 equally weighted" in small.reason
    assert small.effective_sample_size < MIN_EFFECTIVE_SAMPLE_SIZE
    assert isinstance(lone, Refused)
    assert "19 readers" in lone.reason


@pytest.mark.parametrize(("reward", "word"), [(0.0, "none"), (1.0, "all")])
def test_equal_rewards_are_refused_instead_of_an_interval_of_no_width(reward: float, word: str) -> None:
    places = _by_hand()
    same = Places(places.reader, places.weight, np.full(200, reward), places.expected_logged, places.expected_chosen)
    found = snips(same, 0)

    assert isinstance(found, Refused)
    assert found.reason.startswith(f"{word} of the 150")


def test_no_place_at_all_is_refused_and_has_no_logged_value() -> None:
    none = Places(np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0), np.empty(0))
    found = as_json(none, estimate(none, 0))

    assert set(found) == {"places", "ips", "snips", "doubly_robust", "replay"}
    assert found["ips"]["effective_sample_size"] == 0
    assert "worth 0.0" in found["replay"]["refused"]


def test_json_has_the_figures_rounded() -> None:
    places = _by_hand()
    found = as_json(places, estimate(places, 0))

    assert (found["places"], found["logged_value"]) == (200, 0.5)
    assert found["snips"]["value"] == 0.25
    assert found["ips"]["effective_sample_size"] == 133.333333
    assert found["ips"]["ci95"][0] <= 0.5 <= found["ips"]["ci95"][1]


@pytest.mark.parametrize(("weight", "match"), [([1.0], "shape"), ([1.0, -1.0], "negative"), ([1.0, np.nan], "finite")])
def test_places_that_do_not_fit_are_refused(weight: list[float], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        Places(np.arange(2), np.array(weight), np.ones(2), np.ones(2), np.ones(2))


def _other(places: Places, shift: float = 0.0) -> Places:
    """Return another policy on the same places: it agrees with the log at other places, and expects more or less."""
    weight = np.roll(places.weight, 1)
    chosen = places.expected_chosen + shift
    return Places(places.reader, weight, places.reward, places.expected_logged, chosen)


def test_the_difference_is_that_of_the_two_estimates() -> None:
    first, other = _log(3), _other(_log(3), 0.02)

    difference = doubly_robust_difference(first, other, 0)
    alone = [doubly_robust(places, 0) for places in (first, other)]

    assert isinstance(difference, Estimate)
    values = [found.value for found in alone if isinstance(found, Estimate)]
    assert difference.value == pytest.approx(values[0] - values[1])
    assert difference.ci95[0] < difference.value < difference.ci95[1]
    assert difference.effective_sample_size == min(found.effective_sample_size for found in alone)


def test_a_policy_does_not_differ_from_itself() -> None:
    difference = doubly_robust_difference(_log(3), _log(3), 0)

    assert isinstance(difference, Estimate)
    assert (difference.value, *difference.ci95) == (0.0, 0.0, 0.0)


def test_a_difference_is_refused_if_one_of_the_two_is() -> None:
    good = _log(3)
    bad = Places(good.reader, 0.0 * good.weight, good.reward, good.expected_logged, good.expected_chosen)

    for pair in ((good, bad), (bad, good)):
        assert isinstance(doubly_robust_difference(*pair, 0), Refused)


def test_a_difference_needs_the_same_places() -> None:
    with pytest.raises(ValueError, match="the same ones"):
        doubly_robust_difference(_log(3), _log(4), 0)
