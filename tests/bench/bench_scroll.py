"""What scroll-backs find, with and without the correction: `python -m tests.bench.bench_scroll [DATA]`.

The signals of the reading phase rank the paragraphs of a text; what the same reader did later, in the question phase,
says which paragraph mattered. Readers come one after the other, so that the expected return knows only earlier ones.
Variants of the correction are chosen on the readers of one half (by a hash of the name) and reported on the other.
Method and figures in words: docs/evaluation.md.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import click
import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from reader.behaviour.returns import ExpectedReturn, Place
from reader.behaviour.signals import ParagraphSignal
from reader.replay.metrics import auc, bootstrap_ci95, bootstrap_statistic_ci95, is_scorable
from tests.bench.scroll_cases import SETTINGS, Case, Floats, load_cases

DEFAULT_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SEED = 2
# Fewer other readers of a text say too little about what is usual for it.
OTHERS = 3


def add_targets(cases: Sequence[Case]) -> None:
    """Note on each case which of its paragraphs mattered; a target that a case leaves open is missing."""
    by_item: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        case.targets["holds an answer"] = case.answers
        # Without a second scroll event the question phase is one screen and tells paragraphs apart by length alone.
        if case.question_s.sum() > 0:
            by_item[case.item].append(case)
            case.targets["longest in questions"] = first_of(case.question_s)
            case.targets["longest, with last screen"] = first_of(case.question_all_s)
    for group in by_item.values():
        for case in group if len(group) > OTHERS else ():
            usual = np.mean([share(other.question_s) for other in group if other is not case], axis=0)
            case.targets["longer than others did"] = first_of(share(case.question_s) - usual)


def first_of(values: Floats) -> Floats:
    """Return 1 for the greatest value, 0 for the others."""
    firsts: Floats = (values == values.max()).astype(float)
    return firsts


def share(values: Floats) -> Floats:
    """Return the values as shares of their sum."""
    shares: Floats = values / values.sum()
    return shares


Score = Callable[[Case], Floats]


def aucs(cases: Sequence[Case], target: str, score: Score) -> dict[str, list[float]]:
    """Return reader -> the AUC of each of their readings for which the target is known."""
    found: dict[str, list[float]] = defaultdict(list)
    for case in cases:
        labels = case.targets.get(target)
        if labels is not None and is_scorable(labels):
            found[case.user].append(auc(labels, score(case)))
    return dict(found)


def between_readers(cases: Sequence[Case], score: Score) -> dict[str, Any]:
    """Return the AUC between readers of one paragraph: who re-reads it more, is it sooner their longest in questions?

    Place, length and difficulty are the same for both, so nothing but the reader tells them apart. Pairs are pooled
    over paragraphs; the interval resamples readers, a pair counting as often as both its readers were drawn.
    """
    by_paragraph: dict[tuple[str, int], list[tuple[str, float, float]]] = defaultdict(list)
    for case in cases:
        labels = case.targets.get("longest in questions", ())
        for index, (label, value) in enumerate(zip(labels, score(case), strict=False)):
            by_paragraph[case.item, index].append((case.user, label, value))
    users = {user: index for index, user in enumerate(sorted({case.user for case in cases}))}
    pairs = [
        (users[a], users[b], 1.0 if x > y else 0.5 if x == y else 0.0)
        for group in by_paragraph.values()
        for (a, first, x), (b, second, y) in product(group, group)
        if first > second
    ]
    one, other, right = (np.array(column) for column in zip(*pairs, strict=True))

    def pooled(drawn: NDArray[np.intp]) -> float:
        times = np.bincount(drawn, minlength=len(users))
        weights = times[one.astype(int)] * times[other.astype(int)]
        return float(np.average(right, weights=weights)) if weights.any() else math.nan

    interval = bootstrap_statistic_ci95(len(users), pooled, SEED)
    return {"mean": float(right.mean()), "ci95": list(interval), "readings": len(pairs)}


def mean_with_interval(values: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """Return the mean over readings, its 95 % interval over readers, and the number of readings."""
    flat = [value for own in values.values() for value in own]
    return {"mean": float(np.mean(flat)), "ci95": list(bootstrap_ci95(values, SEED)), "readings": len(flat)}


def difference(first: Mapping[str, Sequence[float]], second: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Return reader -> first - second, reading by reading."""
    return {user: [a - b for a, b in zip(own, second[user], strict=True)] for user, own in first.items()}


def correlations(cases: Sequence[Case], score: Score) -> dict[str, float]:
    """Return Spearman's correlation of a signal with place, middle, length and LIX over all paragraphs."""
    places = [place for case in cases for place in case.places]
    values = np.concatenate([score(case) for case in cases])
    against: dict[str, Sequence[float]] = {
        "place": [place.position for place in places],
        "middle": [1 - abs(2 * place.position - 1) for place in places],
        "words": [place.words for place in places],
        "difficulty": [place.difficulty for place in places],
    }
    return {name: float(np.corrcoef(rankdata(values), rankdata(other))[0, 1]) for name, other in against.items()}


# What the surplus of a return over its expected length started from: 0.1, and 0.2 in the middle.
SURPLUS_PRIOR = np.array([0.1, 0.4, -0.4, 0.0, 0.0])


class Correction(Protocol):
    """A way to correct, with what it has learned so far."""

    def correct(self, place: Place, signal: ParagraphSignal) -> float:
        """Return what of a paragraph's re-reading is taken for interest."""

    def learn(self, case: Case) -> None:
        """Take in a reading."""


class Share:
    """As the product does: re-reading x the share that place, length and difficulty leave to interest."""

    def __init__(self, prior_weight: float = SETTINGS.return_prior_weight) -> None:
        self._expected = ExpectedReturn(prior_weight)

    def correct(self, place: Place, signal: ParagraphSignal) -> float:
        """See `Correction`."""
        return signal.reread * self._expected.interest_share(place)

    def learn(self, case: Case) -> None:
        """See `Correction`."""
        case.teach(self._expected)


class Surplus:
    """As the product did before: re-reading less what a return to such a paragraph amounts to.

    returned_only: on average over returns, else over all paragraphs; first: a feature for the first paragraph, where
    all ways up end.
    """

    def __init__(self, prior_weight: float, *, returned_only: bool, first: bool = False) -> None:
        prior = np.append(SURPLUS_PRIOR, 0.0) if first else SURPLUS_PRIOR
        self._precision, self._moment = np.eye(len(prior)) * prior_weight, prior * prior_weight
        self._returned_only, self._first = returned_only, first

    def _features(self, place: Place) -> Floats:
        own = place.features()
        return np.append(own, float(place.position == 0)) if self._first else own

    def correct(self, place: Place, signal: ParagraphSignal) -> float:
        """See `Correction`."""
        expected = float(self._features(place) @ np.linalg.solve(self._precision, self._moment))
        return max(0.0, signal.reread - max(0.0, expected)) if signal.returns else 0.0

    def learn(self, case: Case) -> None:
        """See `Correction`."""
        if case.reading.scroll_backs:
            for place, found in zip(case.places, case.reading.paragraphs, strict=True):
                if found.returns or not self._returned_only:
                    features = self._features(place)
                    self._precision = self._precision + np.outer(features, features)
                    self._moment = self._moment + found.reread * features


VARIANTS: dict[str, Callable[[], Correction]] = {
    "as built": Share,
    "prior 3": lambda: Share(3.0),
    "surplus, returned only, prior 3": lambda: Surplus(3.0, returned_only=True),
    "surplus, returned only, prior 3, first": lambda: Surplus(3.0, returned_only=True, first=True),
    "surplus, all paragraphs, prior 30": lambda: Surplus(30.0, returned_only=False),
    "surplus, all paragraphs, prior 3": lambda: Surplus(3.0, returned_only=False),
}


def apply_variant(name: str, correction: Correction, cases: Sequence[Case]) -> None:
    """Add the variant's signal to each case, learning from earlier readers as the product does."""
    waiting: list[Case] = []
    for before, case in zip([None, *cases], cases, strict=False):
        if before is not None and before.user != case.user:
            for settled in waiting:
                correction.learn(settled)
            waiting = []
        pairs = zip(case.places, case.reading.paragraphs, strict=True)
        case.signals[name] = np.array([correction.correct(place, signal) for place, signal in pairs])
        waiting.append(case)


TARGETS = ("longest in questions", "longest, with last screen", "longer than others did", "holds an answer")


def signal(name: str) -> Score:
    """Return what reads a signal from a case."""
    return lambda case: case.signals[name]


def summarise(cases: Sequence[Case]) -> dict[str, Any]:
    """Return all figures of docs/evaluation.md."""
    back = [case for case in cases if case.reading.scroll_backs]
    names = list(back[0].signals)
    for name, make in VARIANTS.items():
        apply_variant(name, make(), cases)
    return {
        "how often": {
            level: frequency([c for c in cases if level in ("all", c.level)]) for level in ("all", "ele", "adv")
        },
        "by place": by_place(back),
        "auc": {t: {n: mean_with_interval(aucs(back, t, signal(n))) for n in names} for t in TARGETS},
        "corrected less uncorrected": {
            t: mean_with_interval(difference(aucs(back, t, signal("reread_interest")), aucs(back, t, signal("reread"))))
            for t in TARGETS
        },
        "between readers of one paragraph": {n: between_readers(back, signal(n)) for n in names[:5]},
        "correlation": {name: correlations(back, signal(name)) for name in names},
        "variants": {
            half: {name: judge_variant([c for c in back if c.half == half], name) for name in VARIANTS}
            for half in ("tune", "report")
        },
    }


def frequency(cases: Sequence[Case]) -> dict[str, float]:
    """Return how often readers go back at all."""
    backs = [len(case.reading.scroll_backs) for case in cases]
    outcomes = [back.outcome for case in cases for back in case.reading.scroll_backs]
    return {
        "readings": len(cases),
        "with re-entry": float(np.mean([case.signals["re-entries"].sum() > 0 for case in cases])),
        "with scroll-back": float(np.mean([count > 0 for count in backs])),
        "with reread_interest": float(np.mean([case.signals["reread_interest"].sum() > 0 for case in cases])),
        "scroll-backs a reading": float(np.mean(backs)),
        "of them full": outcomes.count("full") / max(1, len(outcomes)),
    }


def by_place(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """Return the mean of each signal in five fifths of the text."""
    names = ("re-entries", "scroll-backs", "reread", "expected return", "reread_interest")
    fifths = np.concatenate([np.minimum(4, np.linspace(0, 5, len(case.shape.words)).astype(int)) for case in cases])
    values = {name: np.concatenate([case.signals[name] for case in cases]) for name in names}
    return {f"fifth {f + 1}": {n: float(v[fifths == f].mean()) for n, v in values.items()} for f in range(5)}


def judge_variant(cases: Sequence[Case], name: str) -> dict[str, Any]:
    """Return the AUC for each target, and how far the signal still follows place, length and difficulty."""
    left = correlations(cases, signal(name))
    found = {target: mean_with_interval(aucs(cases, target, signal(name))) for target in TARGETS[:3]}
    return {**found, "correlation": left, "mean correlation": float(np.mean([abs(value) for value in left.values()]))}


def table(figures: Mapping[str, Any]) -> Iterator[str]:
    """Yield the figures as lines to read."""
    for level, row in figures["how often"].items():
        yield f"{level:4}" + "".join(f"  {name} {value:.3f}" for name, value in row.items())
    for place, row in figures["by place"].items():
        yield f"{place:8}" + "".join(f"  {name} {value:.3f}" for name, value in row.items())
    more = ("corrected less uncorrected", "between readers of one paragraph")
    for target, rows in (*figures["auc"].items(), *((name, figures[name]) for name in more)):
        yield f"\n{target}"
        yield from (f"  {name:26} {_interval(row)}" for name, row in rows.items())
    yield "\ncorrelation"
    yield from (f"  {name:26}{_pairs(row)}" for name, row in figures["correlation"].items())
    for half, rows in figures["variants"].items():
        yield f"\nvariants, half {half}"
        for name, row in rows.items():
            scores = "  ".join(_interval(row[target]) for target in TARGETS[:3])
            yield f"  {name:26} {scores}  |r| {row['mean correlation']:.3f}{_pairs(row['correlation'])}"


def _interval(row: Mapping[str, Any]) -> str:
    return f"{row['mean']:+.3f} [{row['ci95'][0]:+.3f}, {row['ci95'][1]:+.3f}] n {row['readings']}"


def _pairs(row: Mapping[str, float]) -> str:
    return "".join(f"  {name} {value:+.3f}" for name, value in row.items())


def main(path: Path = DEFAULT_DATA) -> None:
    """Measure; the table goes to standard error, JSON to standard output. path: the folder of the data sets."""
    cases = load_cases(path)
    add_targets(cases)
    figures = summarise(cases)
    click.echo("\n".join(table(figures)), err=True)
    click.echo(json.dumps(rounded(figures), indent=1))


def rounded(value: Any) -> Any:
    """Return the figures with four digits; more mean nothing here."""
    if isinstance(value, dict):
        return {name: rounded(part) for name, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return round(value, 4) if isinstance(value, float) and math.isfinite(value) else value


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
