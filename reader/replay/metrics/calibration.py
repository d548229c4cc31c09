"""Whether scores can be read as chances: Platt's scaling, and how far the scaled ones are from what was opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.replay.metrics.ranking import Labels, Scores, checked, pooled

_Floats = NDArray[np.float64]

# Newton's steps: from the start it takes about ten; more are only needed where scores differ by many powers of ten.
_NEWTON_STEPS: Final = 100
# The largest slope of the mean loss that counts as none, with scores scaled to [0, 1].
_FLAT: Final = 1e-10
# Scores whose spread is below this share of the largest differ by rounding alone.
_ROUNDING: Final = 1e-12
# A step is taken if it wins this share of what the slope promises: Lin, Lin & Weng 2007.
_SUFFICIENT_DECREASE: Final = 1e-4


def expected_calibration_error(labels: Labels, probabilities: Scores, bins: int = 10) -> float:
    """Return the mean over bins, by their size, of |share opened - mean probability|; 0 to 1.

    Bins are of equal mass: opens are rare, most probabilities small, and with equal widths nearly all would fall into
    the first bin, where too high and too low cancel. Equal probabilities share a bin, so the order given says nothing.
    ValueError for no label, a probability outside [0, 1], or no bin.
    Sources: Naeini et al., AAAI 2015; Guo et al., ICML 2017 (both with equal widths); Nixon et al., CVPR workshops
    2019 (why equal mass).

    >>> round(expected_calibration_error([0, 1, 1, 1], [0.1, 0.1, 0.9, 0.9], bins=2), 3)  # (0.4 + 0.1) / 2
    0.25
    """
    opened, values = checked(labels, probabilities)
    if not len(values) or bins < 1:
        raise ValueError("a calibration error needs at least one label and one bin")
    if values.min() < 0 or values.max() > 1:
        raise ValueError("probabilities must be between 0 and 1")
    # By the number of smaller probabilities: the same for equal ones.
    bin_of = np.sort(values).searchsorted(values, "left") * bins // len(values)
    return float(np.abs(np.bincount(bin_of, opened - values)).sum()) / len(values)


def scale_scores(labels: Labels, scores: Scores) -> tuple[float, float]:
    """Return (slope, intercept) such that 1 / (1 + exp(-(slope * score + intercept))) is the chance of an open.

    The logistic fit of maximum likelihood to softened targets, (p + 1) / (p + 2) for the p opened and 1 / (n + 2) for
    the n others, which keeps it finite where the scores part the two. Scores that are all the same have slope 0.
    ValueError without an open or without another.
    Sources: Platt, Probabilistic Outputs for Support Vector Machines, 1999; Newton's method with backtracking as in
    Lin, Lin & Weng, Machine Learning 68, 2007.
    """
    opened, values = checked(labels, scores)
    positives, negatives = int(opened.sum()), int((~opened).sum())
    if not positives or not negatives:
        raise ValueError("scaling needs at least one open and one other")
    targets = np.where(opened, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    lowest, spread = float(values.min()), float(np.ptp(values))
    if spread <= max(_ROUNDING * float(np.abs(values).max()), 1e-300):
        return 0.0, _logit(float(targets.mean()))
    slope, intercept = _fit((values - lowest) / spread, targets)
    return slope / spread, intercept - slope * lowest / spread


def calibration_error(lists: Sequence[tuple[Labels, Scores]]) -> float:
    """Return the expected calibration error of scores that were scaled on earlier lists; 0 to 1.

    lists: (labels, scores) in order of time. Platt's scaling is fitted to the first half of them and judged on the
    other, so a score that drifts is found out. ValueError where the first half leaves the scaling undefined, or there
    is no second one.
    """
    half = len(lists) // 2
    slope, intercept = scale_scores(*pooled(lists[:half]))
    labels, scores = pooled(lists[half:])
    return expected_calibration_error(labels, _sigmoid(slope * scores + intercept))


def _fit(scores: _Floats, targets: _Floats) -> tuple[float, float]:
    """Return the slope and the intercept of the lowest mean logistic loss. scores: (n,), spanning [0, 1]."""
    inputs = np.stack([scores, np.ones_like(scores)])
    weights = np.array([0.0, _logit(float(targets.mean()))])
    for _ in range(_NEWTON_STEPS):
        chances = _sigmoid(weights @ inputs)
        gradient = inputs @ (chances - targets) / len(targets)
        if np.abs(gradient).max() < _FLAT:
            break
        curvature = (inputs * (chances * (1 - chances))) @ inputs.T / len(targets)
        # A thread of ridge, as Lin, Lin & Weng have it, for scores so uneven that the curvature has no inverse.
        step = np.asarray(np.linalg.solve(curvature + 1e-12 * np.eye(2), -gradient), dtype=np.float64)
        length = _step_length(weights, step, float(gradient @ step), inputs, targets)
        if not length:
            break
        weights = weights + length * step
    return float(weights[0]), float(weights[1])


def _step_length(weights: _Floats, step: _Floats, promised: float, inputs: _Floats, targets: _Floats) -> float:
    """Return the first of 1, 1/2, 1/4, … that lowers the loss as promised; 0.0 if rounding hides all of them."""
    before = _loss(weights @ inputs, targets)
    for length in 0.5 ** np.arange(40):
        if _loss((weights + length * step) @ inputs, targets) < before + _SUFFICIENT_DECREASE * length * promised:
            return float(length)
    return 0.0


def _loss(logits: _Floats, targets: _Floats) -> float:
    return float((np.logaddexp(0, logits) - targets * logits).mean())


def _sigmoid(logits: _Floats) -> _Floats:
    chances: _Floats = np.exp(-np.logaddexp(0, -logits))
    return chances


def _logit(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))
