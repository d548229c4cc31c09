"""What a result says, in sentences. No policy is called better unless the interval of the paired difference says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reader.replay.report.definitions import main_metric, metric
from reader.replay.report.typeset import digits, interval, joined, number

Policies = Mapping[str, Mapping[str, Any]]


def sentences(result: Mapping[str, Any]) -> list[str]:
    """Return the summary, a sentence or two for each thing to know."""
    policies: Policies = result["policies"]
    main = main_metric(policies)
    if main is None:
        return [_nothing_scored(result)]
    told = [_verdict(result, main), *_left_out(policies, main)]
    if any("true_value" in figures for figures in policies.values()):
        told.append("Against the known truth: " + _verdict(result, "true_value"))
    return told


def _nothing_scored(result: Mapping[str, Any]) -> str:
    if not result["policies"]:
        return "No policy was replayed."
    return (
        "No list could be scored: the log holds neither an impression with at least one open and one other item that "
        "is known, nor an open of a known item outside of a list."
    )


def _left_out(policies: Policies, name: str) -> list[str]:
    without = [policy for policy, figures in policies.items() if name not in figures]
    return [f"Without {metric(name).label}: {joined(without)}."] if without else []


def _verdict(result: Mapping[str, Any], name: str) -> str:
    values = {policy: figures[name] for policy, figures in result["policies"].items() if name in figures}
    highest = max(values.values())
    leaders = [policy for policy, value in values.items() if value == highest]
    label = metric(name).label
    if len(values) == 1:
        value = _figure(result, leaders[0], name)
        return f"{leaders[0]} has {_article(label)} {label} of {value}; nothing to compare with."
    if len(leaders) > 1:
        return f"{joined(leaders)} share the highest {label}, {_figure(result, leaders[0], name)}: none is better."
    others = [policy for policy in values if policy not in leaders]
    return f"{leaders[0]} has the highest {label}, {_figure(result, leaders[0], name)}. " + _lead(
        result, name, leaders[0], others
    )


def _article(label: str) -> str:
    return "an" if label[0] in "AM" else "a"


def _figure(result: Mapping[str, Any], policy: str, name: str) -> str:
    figures = result["policies"][policy]
    decimals = digits([figures[name]])
    ends = figures.get("ci95", {}).get(name)
    return number(figures[name], decimals) + (f" (95 % interval {interval(ends, decimals)})" if ends else "")


def _lead(result: Mapping[str, Any], name: str, best: str, others: Sequence[str]) -> str:
    """Say of which others the best is apart, by the intervals of the paired differences."""
    ends = {other: _lead_interval(result, name, best, other) for other in others}
    apart = [other for other, pair in ends.items() if pair is not None and pair[0] > 0]
    close = [other for other, pair in ends.items() if pair is not None and pair[0] <= 0]
    unknown = [other for other, pair in ends.items() if pair is None]
    return " ".join(filter(None, [_apart(apart, others), _close(close), _unknown(unknown, result)]))


def _apart(apart: Sequence[str], others: Sequence[str]) -> str:
    if not apart:
        return ""
    whom = "all others" if len(apart) == len(others) > 1 else joined(apart)
    return f"It is ahead of {whom}: the 95 % interval of the paired difference lies above 0."


def _close(close: Sequence[str]) -> str:
    return (
        f"Its lead over {joined(close)} may be chance: the interval of the difference does not lie above 0."
        if close
        else ""
    )


def _unknown(unknown: Sequence[str], result: Mapping[str, Any]) -> str:
    if not unknown:
        return ""
    first = "".join(list(result.get("comparisons", {}))[:1])
    against = f"differences were computed for {first} only" if first else "no differences were computed"
    return (
        f"Whether it is ahead of {joined(unknown)} is not known: {against}; the policy that is named first is compared."
    )


def _lead_interval(result: Mapping[str, Any], name: str, best: str, other: str) -> tuple[float, float] | None:
    """Return the interval of best minus other, or None if no difference of the two was computed."""
    comparisons = result.get("comparisons", {})
    forward = comparisons.get(best, {}).get(other, {}).get(name)
    if forward is not None:
        return forward["ci95"][0], forward["ci95"][1]
    backward = comparisons.get(other, {}).get(best, {}).get(name)
    return None if backward is None else (-backward["ci95"][1], -backward["ci95"][0])
