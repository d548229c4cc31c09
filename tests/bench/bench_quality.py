"""The benchmarks that measure how good something is, as rows: keywords, scroll-backs, the weight of visible time.

What belongs here: choosing the figures that stand for each. What does not: measuring (`bench_keywords`, `bench_scroll`,
`bench_region`; run alone, they give far more, and docs/evaluation.md tells what it means).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.bench.measuring import Budget, Peer, Row
from tests.bench.world import World


def bench_keywords(world: World) -> list[Row]:
    """Compare keywords on SemEval-2017 with YAKE and KeyBERT; the budget is the better of them."""
    from tests.bench import bench_keywords as keywords

    rows = {
        row.system: row for row in keywords.run(world.options.data / "semeval2017_keyphrases", ()) if row.half == "test"
    }
    ours = rows.pop("reread")
    peers = tuple(Peer(row.system, row.f1) for row in rows.values())
    budget = Budget(max(peer.figure for peer in peers), better="more")
    return [Row("keywords on semeval2017: F1@10, test half", ours.f1, "F1", ours.documents, budget=budget, peers=peers)]


def bench_scroll(world: World) -> list[Row]:
    """Say how well re-reading finds the paragraph that a reader looked at longest in the questions."""
    from tests.bench import bench_scroll as scroll
    from tests.bench.scroll_cases import load_cases

    cases = load_cases(world.options.data)
    scroll.add_targets(cases)
    figures = scroll.summarise(cases)["auc"]["longest in questions"]
    names = {"reread": "without the correction", "reread_interest": "with the correction"}
    return [
        Row(
            f"scroll-backs find the paragraph longest in questions, {text}",
            figures[name]["mean"],
            "AUC",
            figures[name]["readings"],
        )
        for name, text in names.items()
    ]


def bench_region(world: World) -> list[Row]:
    """Say how visible time and screen share tell what was read in detail, alone and fitted together."""
    from tests.bench import bench_region as region

    rows, total = region.load_rows(world.options.data)
    models: Mapping[str, Any] = region.summarise(rows, total)["detail"]["models"]
    return [
        Row(f"read in detail, within readers: {name}", model["within readers"]["value"], "AUC", len(rows.level))
        for name, model in models.items()
    ]
