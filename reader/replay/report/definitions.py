"""What each metric says, in one line, and which way is better: words for the report, not formulas (`metrics`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Better = Literal["higher", "lower", "neither"]

OWN: Final = "Logged impressions, ranked anew"
CATALOGUE: Final = "Opens without an impression, against the whole catalogue"
TRUTH: Final = "Known truth of the simulator"
LISTS: Final = "What the first ten are like"
LEARNING: Final = "Learning"
OTHER: Final = "Others"

# What is told of new interests: part of the name, label, meaning, which way is better.
TAKING_UP: Final[tuple[tuple[str, str, str, Better], ...]] = (
    ("before", "before", "share of new interests with an item in the first ten of all there is", "neither"),
    ("next", "in the list after", "the same", "higher"),
    ("within_3", "within three lists after", "the same", "higher"),
    ("lists", "lists after", "median until an item is there, of those not there before; 11: not in ten", "lower"),
)


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of the tables. better: which way a policy is better; neither for what only describes a list."""

    name: str
    label: str
    meaning: str
    better: Better
    group: str


METRICS: Final = (
    Metric(
        "auc", "AUC", "chance that an opened item stands above one that was passed by; 0.5 is chance", "higher", OWN
    ),
    Metric("gauc", "GAUC", "AUC of each reader’s lists taken together, then averaged over readers", "higher", OWN),
    Metric(
        "ndcg@5",
        "nDCG@5",
        "opens in the first five, the higher the place the more they count; 1 is best",
        "higher",
        OWN,
    ),
    Metric("ndcg@10", "nDCG@10", "the same for the first ten", "higher", OWN),
    Metric("mrr", "MRR", "mean of 1 / rank of the opened items; 1 is best", "higher", OWN),
    Metric("hit@10", "hit@10", "share of lists with an opened item in the first ten", "higher", OWN),
    Metric(
        "catalogue_mrr",
        "catalogue MRR",
        "mean of 1 / rank of the opened item among all items known then",
        "higher",
        CATALOGUE,
    ),
    Metric(
        "catalogue_hit@10",
        "catalogue hit@10",
        "share of opens that stand in the first ten of all items known then",
        "higher",
        CATALOGUE,
    ),
    Metric(
        "true_list_value",
        "true value of own lists",
        "opens per place in the first ten of a list that the policy makes of the whole catalogue, on average",
        "higher",
        TRUTH,
    ),
    Metric("true_list_stays", "the same, stayed with", "only opens that are not left at once", "higher", TRUTH),
    Metric(
        "true_value", "true value", "opens per place that the simulated readers would make on average", "higher", TRUTH
    ),
    Metric("true_stays", "the same, stayed with", "only opens that are not left at once", "higher", TRUTH),
    *(
        Metric(f"{sign}_{name}", f"new interest, {label} {since}", meaning, better, TRUTH)
        for sign, since in (("opening", "its first opening"), ("scroll_back", "a return to a paragraph of it"))
        for name, label, meaning, better in TAKING_UP
    ),
    Metric(
        "calibration_error",
        "calibration error",
        "distance between foretold and observed chance of an open; 0 is best",
        "lower",
        LISTS,
    ),
    Metric(
        "miscalibration@10",
        "miscalibration@10",
        "distance between the topics of a list and those opened before",
        "lower",
        LISTS,
    ),
    Metric(
        "repeats@10",
        "repeats@10",
        "share of the first ten that stood in this reader’s list before; 0 is none",
        "lower",
        LISTS,
    ),
    Metric(
        "ild@10",
        "intra-list distance@10",
        "how different the items of a list are from each other (1 − cosine)",
        "neither",
        LISTS,
    ),
    Metric(
        "coverage@10", "coverage@10", "share of the catalogue that some reader finds in the first ten", "neither", LISTS
    ),
    Metric(
        "novelty@10",
        "novelty@10",
        "how little known the items of a list are, in bits; higher is less popular",
        "neither",
        LISTS,
    ),
    Metric(
        "time_to_adapt",
        "time to adapt",
        "lists until a new interest is in the first ten (median of those that were)",
        "lower",
        LEARNING,
    ),
    Metric("adapted", "adapted", "share of new interests that came into the first ten", "higher", LEARNING),
)
BY_NAME: Final = {metric.name: metric for metric in METRICS}
# Counts that say on how much a policy's figures stand; not metrics.
COUNTS: Final = {"impressions": "impressions scored", "catalogue_opens": "opens scored against the catalogue"}

SOURCES: Final = (
    ("Progressive validation", "Dawid, Journal of the Royal Statistical Society A 147(2), 1984"),
    ("AUC", "Hanley & McNeil, Radiology 143(1), 1982"),
    ("GAUC", "Zhu et al., Optimized Cost per Click, KDD 2017"),
    ("nDCG", "Järvelin & Kekäläinen, ACM TOIS 20(4), 2002, with binary gains"),
    ("MRR, and which impressions count", "Wu et al., MIND, ACL 2020"),
    ("hit@k", "Deshpande & Karypis, ACM TOIS 22(1), 2004"),
    ("The whole catalogue instead of sampled negatives", "Krichene & Rendle, KDD 2020"),
    ("Intra-list distance", "Ziegler et al., WWW 2005"),
    ("Coverage", "Ge et al., RecSys 2010"),
    ("Novelty", "Zhou et al., PNAS 107(10), 2010"),
    ("Repeats", "Lathia et al., Temporal Diversity in Recommender Systems, SIGIR 2010"),
    ("Miscalibration", "Steck, RecSys 2018"),
    ("Calibration error", "Naeini et al., AAAI 2015"),
    ("Intervals", "Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 13"),
    ("Off-policy replay", "Li et al., WSDM 2011"),
    ("IPS", "Horvitz & Thompson, Journal of the American Statistical Association 47, 1952"),
    ("SNIPS", "Swaminathan & Joachims, NeurIPS 2015"),
    ("Doubly robust", "Dudík et al., ICML 2011"),
    ("Effective sample size", "Kish, Survey Sampling, 1965"),
)


def metric(name: str) -> Metric:
    """Return what is known of a metric; one that this page does not know is shown under its own name.

    >>> metric("auc").label, metric("sparkle").label
    ('AUC', 'sparkle')
    """
    return BY_NAME.get(name) or Metric(name, name, "not described in this report", "neither", OTHER)


def main_metric(policies: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return the metric that the figures show: AUC, or MRR over the catalogue where no impression was logged."""
    known = ("auc", "catalogue_mrr")
    return next((name for name in known if any(name in figures for figures in policies.values())), None)
