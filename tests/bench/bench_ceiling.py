"""What the truth itself would score on a simulated log: `python -m tests.bench.bench_ceiling DIR`.

No policy can do better than order each list by what its reader would do with it, and even that is seldom right list by
list: what happens is chance. So a policy's figures are to be read between those of chance and these.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import click
import numpy as np

from reader.replay.labels import digest
from reader.replay.log import Log, read_log
from reader.replay.metrics import auc, bootstrap_ci95, is_scorable, ndcg
from reader.replay.truth import Truth, read_truth
from reader.types import Impression

Values = dict[str, dict[str, list[float]]]


def measure(log: Log, truth: Truth) -> Values:
    """Return figure -> reader -> values, list by list."""
    found: Values = {name: defaultdict(list) for name in ("auc", "ndcg@10", "true_value")}
    for event in log.read():
        if not isinstance(event, Impression) or event.list is None:
            continue
        known, items = truth.lists[event.list], sorted({place.item for place in event.items})
        opened = log.labels.opened(event.list, event.user, items, event.at.timestamp())
        labels = np.array([digest(item) in opened.items for item in items])
        relevance = np.array([known.relevance[item] for item in items])
        best = [items[int(place)] for place in np.argsort(-relevance, kind="stable")]
        found["true_value"][event.user] += known.values(best)
        if is_scorable(labels):
            found["auc"][event.user].append(auc(labels, relevance))
            found["ndcg@10"][event.user].append(ndcg(labels, relevance, 10))
    return found


def main(folder: Path, seed: int = 0) -> None:
    """Measure, and print JSON. folder: what `reread simulate` wrote."""
    with tempfile.TemporaryDirectory() as name:
        log = read_log(folder / "events.jsonl", [folder / "items.jsonl"], Path(name))
        measured = measure(log, read_truth(folder / "truth.jsonl"))
    figures = {}
    for figure, by_reader in measured.items():
        values = [value for own in by_reader.values() for value in own]
        figures[figure] = {"value": float(np.mean(values)), "ci95": bootstrap_ci95(by_reader, seed)}
    click.echo(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
