"""Weights of factors: known ones are found again, two other implementations agree, the unknown stays at its prior."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from reader.recommend.learning.choice import Choice
from reader.settings import ChoiceSettings

Vector = NDArray[np.float64]
FAST = ChoiceSettings(learning_rate=0.3, l2=0.0)


class Shown(NamedTuple):
    """A list with what was chosen from it."""

    factors: NDArray[np.float32]
    gains: Vector


def simulate(truth: Vector, lists: int, *, places: int = 12, seed: int = 0, units: Vector | None = None) -> list[Shown]:
    """Draw lists whose readers choose one place by the conditional logit of the true weights."""
    rng = np.random.default_rng(seed)
    units = np.ones(len(truth)) if units is None else units
    drawn = []
    for _ in range(lists):
        factors = (rng.normal(size=(len(truth), places)) * units[:, None]).astype(np.float32)
        gains = np.zeros(places)
        gains[rng.choice(places, p=softmax(truth @ factors.astype(np.float64)))] = 1.0
        drawn.append(Shown(factors, gains))
    return drawn


def taught(learner: Choice, lists: list[Shown], passes: int = 1) -> Choice:
    for _ in range(passes):
        for shown in lists:
            learner.learn(shown.factors, shown.gains)
    return learner


def loss(weights: Vector, lists: list[Shown]) -> float:
    return -sum(float(shown.gains @ log_softmax(weights @ shown.factors)) for shown in lists)


class ScalarFtrl:
    """The same in plain Python, one number at a time, after the paper."""

    def __init__(self, priors: list[float], rates: list[float], numbers: ChoiceSettings) -> None:
        self.priors, self.rates, self.numbers = priors, rates, numbers
        self.z = [0.0] * len(priors)
        self.n = [0.0] * len(priors)
        self.variances: list[list[float]] = [[] for _ in priors]

    def scale(self, factor: int) -> float:
        seen = self.variances[factor]
        doubt = self.numbers.spread_doubt_lists
        return math.sqrt(sum(seen) / len(seen) * (1 + doubt / len(seen))) if seen else 0.0

    def step(self, factor: int) -> float:
        z, numbers = self.z[factor], self.numbers
        if abs(z) <= numbers.l1:
            return 0.0
        alpha = numbers.learning_rate * self.rates[factor]
        return -(z - math.copysign(numbers.l1, z)) / ((numbers.beta + math.sqrt(self.n[factor])) / alpha + numbers.l2)

    def weight(self, factor: int) -> float:
        scale = self.scale(factor)
        return self.priors[factor] + (self.step(factor) / scale if scale else 0.0)

    def learn(self, factors: list[list[float]], gains: list[float], offset: list[float]) -> None:
        places = range(len(gains))
        weights = [self.weight(factor) for factor in range(len(factors))]
        scores = [
            sum(w * row[place] for w, row in zip(weights, factors, strict=True)) + offset[place] for place in places
        ]
        odds = [math.exp(score) for score in scores]
        surprise = [odds[place] / sum(odds) - gains[place] / sum(gains) for place in places]
        for factor, row in enumerate(factors):
            self._learn_factor(factor, row, surprise)

    def _learn_factor(self, factor: int, row: list[float], surprise: list[float]) -> None:
        mean = sum(row) / len(row)
        variance = sum((value - mean) ** 2 for value in row) / len(row)
        if variance <= 1e-12 * mean**2:
            return
        self.variances[factor].append(variance)
        scale, limit, step = self.scale(factor), self.numbers.limit, self.step(factor)
        gradient = sum(
            max(-limit, min(limit, (value - mean) / scale)) * wrong for value, wrong in zip(row, surprise, strict=True)
        )
        alpha = self.numbers.learning_rate * self.rates[factor]
        sigma = (math.sqrt(self.n[factor] + gradient**2) - math.sqrt(self.n[factor])) / alpha
        self.z[factor] += gradient - sigma * step
        self.n[factor] += gradient**2


@pytest.mark.parametrize("limit", [8.0, 1.0], ids=["no value is odd", "odd values are clipped"])
def test_equals_a_loop_over_single_numbers(limit: float) -> None:
    numbers = ChoiceSettings(learning_rate=0.2, beta=0.5, l1=0.3, l2=0.5, limit=limit, spread_doubt_lists=3.0)
    rng = np.random.default_rng(4)
    priors, rates = rng.normal(size=6), rng.uniform(0.1, 2.0, size=6)
    ours = Choice(priors, numbers, rates)
    oracle = ScalarFtrl(priors.tolist(), rates.tolist(), numbers)

    for _ in range(60):
        places = int(rng.integers(2, 9))
        factors = rng.normal(size=(6, places)).astype(np.float32)
        factors[rng.integers(6)] = 0.1
        gains = np.append(rng.choice([0.0, 0.25, 1.0, 2.0], size=places - 2), [0.0, 1.0])
        offset = rng.normal(size=places)
        ours.learn(factors, gains, offset)
        oracle.learn(factors.tolist(), gains.tolist(), offset.tolist())

    assert ours.weights == pytest.approx([oracle.weight(factor) for factor in range(6)], rel=1e-9)
    assert not np.allclose(ours.weights, priors, atol=0.01)


def test_several_passes_reach_the_maximum_of_the_likelihood() -> None:
    """scipy minimises the same loss over all lists at once."""
    lists = simulate(np.array([1.0, -0.7, 0.3, 0.0]), 250, places=8, seed=1)
    batch = minimize(loss, np.zeros(4), args=(lists,), method="BFGS").x

    ours = taught(Choice(np.zeros(4), FAST), lists, passes=25).weights

    assert ours == pytest.approx(batch, abs=0.02)


def test_finds_the_weights_of_simulated_readers_in_any_unit() -> None:
    units = np.array([1e-4, 1.0, 1e5, 10.0, 0.1])
    truth = np.array([1.0, -1.0, 0.5, 0.0, 0.8]) / units

    found = taught(Choice(np.zeros(5), FAST), simulate(truth, 3_000, units=units)).weights

    assert found * units == pytest.approx(truth * units, abs=0.12)


def test_an_offset_explains_what_the_factors_need_not() -> None:
    """Of a place that is looked at more often no more is learned than its examination leaves over."""
    rng = np.random.default_rng(5)
    examination = np.log(1 / np.arange(1.0, 9.0))
    told, untold = Choice(np.zeros(1), FAST), Choice(np.zeros(1), FAST)
    for _ in range(1_500):
        # The log of the place, as if it were a factor of the item.
        factors = np.log(np.arange(1, 9, dtype=np.float32))[None, :]
        gains = np.zeros(8)
        gains[rng.choice(8, p=softmax(examination))] = 1.0
        told.learn(factors, gains, examination)
        untold.learn(factors, gains)

    assert told.weights[0] == pytest.approx(0.0, abs=0.15)
    assert untold.weights[0] == pytest.approx(-1.0, abs=0.15)


def test_without_data_the_weights_are_the_priors() -> None:
    priors = np.array([0.1, -3.0, 1e-9, 0.0])

    assert (Choice(priors, FAST).weights == priors).all()


@pytest.mark.parametrize(
    "gains", [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [1.0, 2.0, 0.5], []], ids=["none", "all", "all, unlike", "no place"]
)
def test_a_list_without_a_choice_changes_nothing(gains: list[float]) -> None:
    learner = taught(Choice(np.array([0.3, 0.2]), FAST), simulate(np.array([1.0, 0.5]), 5))
    before, weights = learner.state, learner.weights

    assert not learner.learn(np.ones((2, len(gains)), dtype=np.float32), np.array(gains))
    assert learner.state.proximal is before.proximal
    assert learner.state.spread is before.spread
    assert (learner.weights == weights).all()


def test_factors_that_never_vary_keep_their_prior_exactly() -> None:
    """Nor do those that vary by a rounding of float32, which must not be taken for a spread."""
    learner = Choice(np.array([0.3, 0.7, -0.2]), FAST)
    for shown in simulate(np.array([1.0]), 50, places=7):
        constants = np.full((2, 7), [[0.1], [1e7]], dtype=np.float32)
        constants[:, int(shown.gains.argmax())] = np.nextafter(constants[:, 0], np.float32(np.inf))
        learner.learn(np.concatenate([constants, shown.factors]), shown.gains)

    assert learner.weights[:2].tolist() == [0.3, 0.7]
    assert learner.weights[2] > 0.3


def test_l1_keeps_useless_factors_at_their_priors_and_l2_holds_back_all() -> None:
    truth = np.append([1.5, -1.0], np.zeros(30))
    lists = simulate(truth, 400)
    priors = np.full(32, 0.05)

    free = taught(Choice(priors, FAST), lists).weights
    sparse = taught(Choice(priors, ChoiceSettings(learning_rate=0.3, l1=25.0, l2=0.0)), lists).weights
    ridge = taught(Choice(priors, ChoiceSettings(learning_rate=0.3, l2=1e6)), lists).weights

    assert (free[2:] != 0.05).all()
    assert (sparse[2:] == 0.05).sum() >= 25
    assert sparse[0] > 0.5 > -0.3 > sparse[1]
    assert ridge == pytest.approx(priors, abs=1e-3)


@given(st.integers(0, 2**32 - 1), st.integers(-20, 20))
@settings(max_examples=30, deadline=None)
def test_the_unit_of_a_factor_does_not_matter(seed: int, power: int) -> None:
    """A power of two, so that the scaled factors are the same floats but for their exponent."""
    unit = 2.0**power
    priors = np.array([0.4, -0.2, 0.1])
    rescaled = priors / [unit, 1.0, 1.0]
    ours, other = Choice(priors, FAST), Choice(rescaled, FAST)
    lists = simulate(np.array([1.0, 0.5, 0.0]), 20, places=6, seed=seed)
    units = np.array([[unit], [1.0], [1.0]], dtype=np.float32)
    for shown in lists:
        ours.learn(shown.factors, shown.gains)
        other.learn(shown.factors * units, shown.gains)

    factors = lists[0].factors.astype(np.float64)
    assert other.weights @ (factors * units) == pytest.approx(ours.weights @ factors, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("unit", [1e-30, 1e-9, 1e-4])
def test_what_spreads_less_than_the_least_teaches_next_to_nothing(unit: float) -> None:
    """Else one list in which it is of its usual size would be ranked by it alone."""
    lists = simulate(np.array([1.0 / unit, 1.0]), 40, units=np.array([unit, 1.0]))
    least = np.array([0.01, 0.01])

    learner = taught(Choice(np.zeros(2), ChoiceSettings(), least=least), lists)
    alone = taught(Choice(np.zeros(2), ChoiceSettings()), lists)

    assert abs(learner.weights[0]) < 1
    assert alone.weights[0] > 0.1 / unit
    assert learner.weights[1] == pytest.approx(alone.weights[1], rel=0.2)


def test_a_factor_in_thousandths_gives_the_same_scores() -> None:
    """To the precision of float32, in which the factors come."""
    lists = simulate(np.array([1.0, 0.5]), 300)
    units = np.array([[1000.0], [1.0]], dtype=np.float32)
    ours = taught(Choice(np.array([0.4, 0.1]), FAST), lists).weights
    thousandths = [Shown(shown.factors * units, shown.gains) for shown in lists]
    other = taught(Choice(np.array([0.4e-3, 0.1]), FAST), thousandths).weights

    assert other @ thousandths[0].factors == pytest.approx(ours @ lists[0].factors, rel=1e-5, abs=1e-5)


@given(st.integers(0, 2**32 - 1), st.permutations(range(6)))
@settings(max_examples=50, deadline=None)
def test_the_order_of_places_does_not_matter(seed: int, order: list[int]) -> None:
    lists = simulate(np.array([1.0, -0.5, 0.2]), 10, places=6, seed=seed)
    ours = taught(Choice(np.zeros(3), FAST), lists)
    other = taught(Choice(np.zeros(3), FAST), [Shown(shown.factors[:, order], shown.gains[order]) for shown in lists])

    assert other.weights == pytest.approx(ours.weights, rel=1e-9, abs=1e-12)


@given(
    st.lists(
        st.lists(st.floats(width=32, allow_nan=True, allow_infinity=True), min_size=8, max_size=8),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=150, deadline=None)
def test_no_value_whatever_makes_a_weight_that_is_no_number(rows: list[list[float]]) -> None:
    learner = Choice(np.array([0.5, -0.5]), FAST)
    for row in rows:
        learner.learn(np.array(row, dtype=np.float32).reshape(2, 4), np.array([0.0, 1.0, 0.0, 2.0]))

    assert np.isfinite(learner.weights).all()


def test_one_odd_value_moves_a_weight_no_further_than_the_limit() -> None:
    lists = simulate(np.array([1.0]), 200)
    odd = Shown(lists[0].factors.copy(), lists[0].gains)
    odd.factors[0, int(odd.gains.argmin())] = 1e6
    learner = taught(Choice(np.zeros(1), FAST), lists)
    before = learner.weights[0]

    learner.learn(odd.factors, odd.gains)

    assert abs(learner.weights[0]) <= abs(before) + 0.3 * FAST.limit


def test_a_factor_that_is_broken_in_one_place_sits_out_the_list() -> None:
    shown = simulate(np.array([1.0, 1.0]), 1)[0]
    broken = shown.factors.copy()
    broken[1, 3] = math.inf
    without = shown.factors.copy()
    without[1] = 0.0
    ours, other = Choice(np.full(2, 0.2), FAST), Choice(np.full(2, 0.2), FAST)

    assert ours.learn(broken, shown.gains)
    other.learn(without, shown.gains)

    assert (ours.weights == other.weights).all()
    assert ours.weights[1] == 0.2 != ours.weights[0]


def test_rates_slow_down_single_factors() -> None:
    lists = simulate(np.array([1.0, 1.0]), 30)

    fast, slow = taught(Choice(np.zeros(2), FAST, np.array([1.0, 0.01])), lists).weights

    assert 0 < slow < 0.1 * fast


def test_a_list_of_less_weight_teaches_less_and_of_none_nothing() -> None:
    shown = simulate(np.array([1.0]), 1, seed=2)[0]
    moved = []
    for weight in (0.0, 0.25, 1.0):
        learner = Choice(np.zeros(1), FAST)
        learner.learn(shown.factors, shown.gains, weight=weight)
        moved.append(abs(learner.weights[0]))

    assert 0.0 == moved[0] < moved[1] < moved[2]


def test_a_learner_goes_on_from_its_state_as_if_it_had_not_stopped() -> None:
    lists = simulate(np.array([1.0, -0.5]), 20)
    whole = taught(Choice(np.full(2, 0.1), FAST), lists)
    half = taught(Choice(np.full(2, 0.1), FAST), lists[:10])

    resumed = taught(Choice(np.full(2, 0.1), FAST, state=half.state), lists[10:])

    assert (resumed.weights == whole.weights).all()


@pytest.mark.parametrize(
    ("factors", "gains", "offset", "weight", "named"),
    [
        (np.ones((3, 2)), [0.0, 1.0], [0.0, 0.0], 1.0, "factors"),
        (np.ones((2, 2)), [0.0, 1.0, 0.0], [0.0, 0.0], 1.0, "factors"),
        (np.ones((2, 2)), [0.0, 1.0], [0.0], 1.0, "offset"),
        (np.ones((2, 2)), [-1.0, 1.0], [0.0, 0.0], 1.0, "gains"),
        (np.ones((2, 2)), [math.nan, 1.0], [0.0, 0.0], 1.0, "gains"),
        (np.ones((2, 2)), [0.0, 1.0], [-math.inf, 0.0], 1.0, "offset"),
        (np.ones((2, 2)), [0.0, 1.0], [0.0, 0.0], math.nan, "weight"),
    ],
)
def test_what_fits_no_list_is_refused(
    factors: Vector, gains: list[float], offset: list[float], weight: float, named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        Choice(np.zeros(2), FAST).learn(factors, np.array(gains), np.array(offset), weight=weight)


@pytest.mark.parametrize(("priors", "rates"), [([math.nan], [1.0]), ([0.0], [0.0]), ([0.0], [math.inf])])
def test_priors_and_rates_are_finite_and_rates_above_zero(priors: list[float], rates: list[float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        Choice(np.array(priors), FAST, np.array(rates))


def test_a_state_of_other_factors_is_refused() -> None:
    with pytest.raises(ValueError, match="2 coordinates were learned, 3 have rates"):
        Choice(np.zeros(3), FAST, state=Choice(np.zeros(2), FAST).state)
