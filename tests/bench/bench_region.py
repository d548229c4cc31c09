"""How visible time and screen share tell a block that was really read: `python -m tests.bench.bench_region [DATA]`.

One row is a story of a newsletter in one session, labelled by eye tracker: 0 skipped, 1 skimmed, 2 read in detail. The
log's screen share is a sum over the seconds (it never exceeds the visible seconds), so it is already time x mean share.
What is fitted is the weight of the mean share against time: score = seconds x mean share ^ weight, the weight chosen on
the other readers (leave one reader out); and the same as a logistic regression. The single cues, which need no fitting,
are judged on the same rows. Intervals resample sessions.
"""

from __future__ import annotations

import csv
import json
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from reader.behaviour.speed import Speed, expected_s, words_per_min
from reader.replay.metrics import auc, bootstrap_statistic_ci95, is_scorable
from reader.settings import ReadingSettings

DEFAULT_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILE = Path("reading_region") / "session_feature_labeled.csv"
SEED = 2
# What the publisher's repository gives for the single cues over its whole set of 1,200 rows.
WHOLE_SET = {"screen share": 0.817, "visible seconds": 0.783}
LEVELS = {"detail": 2.0, "read at all": 1.0}
WEIGHTS = np.round(np.arange(0, 2.01, 0.05), 2)
# Added before a logarithm: a tenth of a second, a thousandth of the screen.
LEAST_S = 0.1
LEAST_SHARE = 0.001
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """The labelled rows as columns. share_s: share of the screen, summed over the seconds; visible_s, expected_s."""

    user: NDArray[np.str_]
    session: NDArray[np.str_]
    share_s: Floats
    visible_s: Floats
    expected_s: Floats
    level: Floats

    @property
    def mean_share(self) -> Floats:
        """Share of the screen while visible, 0 to 1; 0 for what never was."""
        return np.divide(self.share_s, self.visible_s, out=np.zeros_like(self.share_s), where=self.visible_s > 0)

    @property
    def logs(self) -> Floats:
        """(n, 2) logarithms of visible seconds and mean share."""
        return np.column_stack([np.log(self.visible_s + LEAST_S), np.log(self.mean_share + LEAST_SHARE)])


def load_rows(path: Path) -> tuple[Rows, int]:
    """Return the labelled rows, and how many rows there are in all."""
    with (path / FILE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labelled = [row for row in rows if row["read_level"]]
    settings = ReadingSettings()
    speed = words_per_min(Speed(), "en", settings)

    def column(name: str) -> Floats:
        return np.array([float(row[name]) for row in labelled])

    return Rows(
        user=np.array([row["userId"] for row in labelled]),
        session=np.array([f"{row['userId']} {row['postId']}" for row in labelled]),
        share_s=column("MSG_sh"),
        visible_s=column("MSG_svt"),
        expected_s=np.array([expected_s(int(words), speed, settings) for words in column("n_word")]),
        level=column("read_level"),
    ), len(rows)


SINGLE_CUES: Mapping[str, Callable[[Rows], Floats]] = {
    "screen share": lambda rows: rows.share_s,
    "visible seconds": lambda rows: rows.visible_s,
    "mean share": lambda rows: rows.mean_share,
    "screen share / expected": lambda rows: rows.share_s / rows.expected_s,
    "visible seconds / expected": lambda rows: rows.visible_s / rows.expected_s,
}


def mix(logs: Floats, weight: float) -> Floats:
    """Return log(seconds x mean share ^ weight)."""
    scores: Floats = logs @ np.array([1.0, weight])
    return scores


def best_weight(logs: Floats, labels: NDArray[np.bool_]) -> float:
    """Return the weight of WEIGHTS with the greatest AUC, the smallest of equals."""
    return float(max(WEIGHTS, key=lambda weight: auc(labels, mix(logs, weight))))


def fit(logs: Floats, labels: NDArray[np.bool_]) -> Any:
    """Fit the regression. Both classes count alike: one reader has most of what was read in detail."""
    return LogisticRegression(class_weight="balanced").fit(logs, labels)


def held_out(rows: Rows, labels: NDArray[np.bool_]) -> dict[str, Floats]:
    """Return a score for each row from weights fitted without its reader."""
    mixed, regressed = np.empty(len(labels)), np.empty(len(labels))
    for user in np.unique(rows.user):
        own = rows.user == user
        mixed[own] = mix(rows.logs[own], best_weight(rows.logs[~own], labels[~own]))
        regressed[own] = fit(rows.logs[~own], labels[~own]).decision_function(rows.logs[own])
    return {"fitted: seconds x mean share ^ w": mixed, "fitted: logistic regression": regressed}


def within_readers(rows: Rows, labels: NDArray[np.bool_], scores: Floats, chosen: NDArray[np.intp]) -> float:
    """Return the AUC over pairs of rows of one reader each, among the chosen rows; NaN if there is no such pair."""
    own = [chosen[rows.user[chosen] == user] for user in np.unique(rows.user[chosen])]
    known = [part for part in own if is_scorable(labels[part])]
    pairs = [int(labels[part].sum()) * int((~labels[part]).sum()) for part in known]
    return float(np.average([auc(labels[p], scores[p]) for p in known], weights=pairs)) if known else float("nan")


def judge(rows: Rows, labels: NDArray[np.bool_], scores: Floats, reference: Floats) -> dict[str, Any]:
    """Return the AUC over all rows and within readers, the gain on `reference` within readers, and each reader's AUC.

    What counts for fitted scores is the one within readers: each reader's come from other weights, so that across
    readers their scales differ, and one reader has two thirds of what was read in detail.
    """
    sessions, number = np.unique(rows.session, return_inverse=True)
    members = [np.flatnonzero(number == index) for index in range(len(sessions))]

    def pooled(chosen: NDArray[np.intp]) -> float:
        return auc(labels[chosen], scores[chosen]) if is_scorable(labels[chosen]) else float("nan")

    def within(chosen: NDArray[np.intp]) -> float:
        return within_readers(rows, labels, scores, chosen)

    def gain(chosen: NDArray[np.intp]) -> float:
        return within(chosen) - within_readers(rows, labels, reference, chosen)

    def estimate(value: Callable[[NDArray[np.intp]], float]) -> dict[str, Any]:
        def resampled(drawn: NDArray[np.intp]) -> float:
            return value(np.concatenate([members[index] for index in drawn]))

        ends = bootstrap_statistic_ci95(len(sessions), resampled, SEED)
        return {"value": value(np.arange(len(labels))), "ci95": list(ends)}

    by_reader = {str(user): np.flatnonzero(rows.user == user) for user in np.unique(rows.user)}
    return {
        "all rows": estimate(pooled),
        "within readers": estimate(within),
        "gain on screen share": estimate(gain),
        "by reader": {user: pooled(own) for user, own in by_reader.items()},
    }


def summarise(rows: Rows, total: int) -> dict[str, Any]:
    """Return all figures of docs/evaluation.md."""
    figures: dict[str, Any] = {
        "rows": total,
        "labelled": len(rows.level),
        "readers": len(np.unique(rows.user)),
        "sessions": len(np.unique(rows.session)),
        "whole published set": WHOLE_SET,
    }
    for target, level in LEVELS.items():
        labels = rows.level >= level
        scores = {name: cue(rows) for name, cue in SINGLE_CUES.items()} | held_out(rows, labels)
        figures[target] = {
            "positive rows": int(labels.sum()),
            "models": {name: judge(rows, labels, own, scores["screen share"]) for name, own in scores.items()},
            "weights": weights(rows, labels),
        }
    return figures


def weights(rows: Rows, labels: NDArray[np.bool_]) -> dict[str, dict[str, float]]:
    """Return the weight of mean share against time, of both models, fitted on all readers and on all but each one."""
    kept = {"all": rows.user != "", **{f"without {user}": rows.user != user for user in np.unique(rows.user)}}
    return {name: _weights(rows.logs[chosen], labels[chosen]) for name, chosen in kept.items()}


def _weights(logs: Floats, labels: NDArray[np.bool_]) -> dict[str, float]:
    time, mean_share = fit(logs, labels).coef_[0]
    return {"mix": best_weight(logs, labels), "regression": float(mean_share / time)}


def lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """Yield the figures as lines to read."""
    yield f"{figures['labelled']} labelled of {figures['rows']} rows, {figures['sessions']} sessions"
    for target in LEVELS:
        yield f"\n{target}: {figures[target]['positive rows']} rows"
        for name, row in figures[target]["models"].items():
            by_reader = " ".join(f"{user} {value:.3f}" for user, value in row["by reader"].items())
            parts = ("all rows", "within readers", "gain on screen share")
            yield f"  {name:33} " + "  ".join(f"{part} {_estimate(row[part])}" for part in parts) + f"  {by_reader}"
        for name, fitted in figures[target]["weights"].items():
            yield f"  weight of mean share, {name:11} " + "  ".join(f"{n} {v:.2f}" for n, v in fitted.items())


def _estimate(row: Mapping[str, Any]) -> str:
    return f"{row['value']:.3f} [{row['ci95'][0]:.3f}, {row['ci95'][1]:.3f}]"


def main(path: Path = DEFAULT_DATA) -> None:
    """Measure; the table goes to standard error, JSON to standard output. path: the folder of the data sets."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures = summarise(*load_rows(path))
    click.echo("\n".join(lines(figures)), err=True)
    click.echo(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
