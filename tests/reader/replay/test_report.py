"""The report of a replay: says what the result says, claims no more, holds nothing foreign that could act."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.replay.report import render_report, write_report
from reader.replay.report.plots import spread
from reader.replay.report.summary import sentences

LOG = {"events": 30181, "users": 1204, "impressions": 2400, "items": 3122}
AUC = {"profile": 0.653, "latest": 0.601, "popular": 0.648, "random": 0.499}


def segment(value: float, lists: int, half_width: float = 0.02) -> dict[str, Any]:
    return {"lists": lists, "auc": value, "ci95": {"auc": [value - half_width, value + half_width]}}


def curve(value: float) -> list[dict[str, Any]]:
    return [
        {"from": f"2026-11-{day:02}T08:00:00.000Z", "to": f"2026-11-{day + 1:02}T08:00:00.000Z", "lists": 120 + day}
        | {"auc": value + (day % 4 - 2) * 0.004}
        for day in range(1, 21)
    ]


def worst(title: str = "Bees & <script>alert(1)</script>") -> list[dict[str, Any]]:
    top = [
        {"item": "i1", "title": "A dozen ways to peel an apple", "opened": False},
        {"item": "i2", "title": "", "opened": True},
    ]
    opened = [{"item": "i7", "title": title, "rank": 38}, {"item": "i9", "title": "Tides", "rank": 40}]
    return [
        {
            "user": "r007",
            "at": "2026-11-08T10:30:00.000Z",
            "list": "L88",
            "candidates": 41,
            "auc": 0.0732,
            "opened": opened,
            "top": top,
        }
    ]


def policy(auc: float) -> dict[str, Any]:
    """All fields of the format, around an AUC."""
    figures = {
        "auc": auc,
        "gauc": auc - 0.01,
        "mrr": auc / 2,
        "ndcg@5": auc / 2.1,
        "ndcg@10": auc / 1.7,
        "hit@10": auc + 0.2,
    }
    beyond = {"ild@10": 0.71, "coverage@10": 0.244, "novelty@10": 8.2, "repeats@10": 0.04, "calibration_error": 0.031}
    figures |= {**beyond, "miscalibration@10": 0.3, "time_to_adapt": 4.0, "adapted": 0.8, "true_value": auc / 10}
    estimate = {"value": auc / 11, "ci95": [auc / 12, auc / 10], "effective_sample_size": 1234.5}
    refused = {"refused": "fewer than 100 effective places", "effective_sample_size": 17.0}
    return {
        **figures,
        "impressions": 2400,
        "catalogue_opens": 0,
        "ci95": {name: [value - 0.012, value + 0.012] for name, value in figures.items()},
        "off_policy": {"places": 48000, "logged_value": 0.0512, "ips": estimate,
             "snips": estimate, "doubly_robust": estimate, "replay": refused},
        "segments": {
            "reader": {"new": segment(auc - 0.05, 400, 0.04), "regular": segment(auc + 0.01, 2000)},
            "language": {"de": segment(auc + 0.01, 700), "en": segment(auc - 0.01, 1700)},
            "kind": {"article": segment(auc, 2100), "video": segment(auc - 0.03, 300, 0.06)},
        },
        "curve": curve(auc),
        "worst": worst(),
    }  # fmt: skip


def difference(value: float, half_width: float) -> dict[str, Any]:
    return {"difference": value, "ci95": [value - half_width, value + half_width]}


def rich() -> dict[str, Any]:
    """Four policies with all fields: profile is apart from latest and random, not from popular."""
    half_width = {"latest": 0.011, "popular": 0.009, "random": 0.012}
    pairs = {
        other: {
            name: difference((AUC["profile"] - AUC[other]) / part, half_width[other] / part)
            for name, part in (("auc", 1.0), ("ndcg@10", 1.7), ("true_value", 10.0))
        }
        for other in half_width
    }
    return {
        "log": LOG,
        "problems": {"duplicate event": 12, "impression: unknown item": 3},
        "notices": {"opens without an impression": 41},
        "seed": 7,
        "simulated": True,
        "policies": {name: policy(auc) for name, auc in AUC.items()},
        "comparisons": {"profile": pairs},
    }


def poor() -> dict[str, Any]:
    """One policy, nothing that could be scored."""
    log = {"events": 3, "users": 1, "impressions": 0, "items": 2}
    return {
        "log": log,
        "problems": {},
        "seed": 0,
        "policies": {"latest": {"impressions": 0, "catalogue_opens": 0, "ci95": {}}},
    }


def words(html: str) -> str:
    """The text of a page, spaces made one."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def sections(html: str) -> list[str]:
    return re.findall(r'<h2 id="(.*?)"', html)


@pytest.fixture(scope="module")
def page() -> str:
    return render_report(rich())


def test_every_part_of_a_rich_result_is_shown(page: str) -> None:
    parts = ["short", "log", "policies", "differences", "curve", "segments", "off-policy", "worst"]
    assert sections(page) == parts
    assert page.count("<svg") == page.count("<figcaption>") == page.count('role="img"') == 6


@pytest.mark.parametrize(
    "shown",
    [
        "30,181",  # events
        "Figures from a simulator.",
        "duplicate event 12",
        "opens without an impression 41",
        "0.653 (best) 0.641 to 0.665",  # AUC of profile
        "+0.0520 ▲ (above 0) 0.0410 to 0.0630",  # profile − latest
        "0.603 0.563 to 0.643 400 lists",  # new readers
        "no figure fewer than 100 effective places effective sample 17",
        "0.0594 0.0544 to 0.0653 effective sample 1,234",
        "first open at 38 of 41 · AUC 0.073",
        "2 i2 opened",  # an item without a title is shown by its id
    ],
)
def test_numbers_stand_with_their_intervals(page: str, shown: str) -> None:
    assert shown in words(page)


def test_policies_stand_in_the_order_given() -> None:
    result = rich()
    result["policies"] = dict(reversed(result["policies"].items()))

    head = re.search(r"<thead>.*?</thead>", render_report(result).split('id="policies"')[1], re.DOTALL)

    assert head is not None
    assert words(head[0]).split() == ["metric", "random", "popular", "latest", "profile"]


def test_a_lead_is_claimed_only_where_the_interval_of_the_difference_lies_above_0() -> None:
    told = sentences(rich())[0]

    assert told.startswith("profile has the highest AUC, 0.653 (95 % interval 0.641 to 0.665).")
    assert "It is ahead of latest and random:" in told
    assert "Its lead over popular may be chance" in told


@given(st.floats(-0.05, 0.05), st.floats(0, 0.05))
def test_no_winner_if_every_difference_may_be_0(middle: float, half_width: float) -> None:
    result = rich()
    for others in result["comparisons"]["profile"].values():
        others["auc"] = difference(middle, abs(middle) + half_width)

    assert "ahead of" not in sentences(result)[0]


def test_a_best_policy_that_is_not_named_first_is_compared_with_the_first_only() -> None:
    """popular is best by 0.01 (0.001 to 0.019) over profile; nothing is known of it and the others."""
    result = rich()
    result["policies"]["popular"]["auc"] = 0.663
    result["comparisons"]["profile"]["popular"]["auc"] = difference(-0.01, 0.009)

    told = sentences(result)[0]

    assert "popular has the highest AUC" in told
    assert "It is ahead of profile:" in told
    assert "Whether it is ahead of latest and random is not known: differences were computed for profile only" in told


def test_equal_policies_share_the_first_place() -> None:
    result = rich()
    result["policies"]["popular"]["auc"] = 0.653

    assert sentences(result)[0].startswith("profile and popular share the highest AUC")


def test_one_policy_has_nothing_to_be_compared_with() -> None:
    result = rich() | {"policies": {"profile": policy(0.6)}, "comparisons": {}}

    assert "nothing to compare with" in sentences(result)[0]
    assert "(best)" not in render_report(result)


def test_the_known_truth_is_told_beside_the_main_metric() -> None:
    assert sentences(rich())[1].startswith("Against the known truth: profile has the highest true value")


def test_a_result_without_any_list_says_so_and_shows_nothing_else() -> None:
    html = render_report(poor())

    assert "No list could be scored" in html
    assert sections(html) == ["short", "log"]
    assert "<svg" not in html
    assert "Figures from a simulator" not in html
    assert "Nothing in the log had to be left out" in html


def test_a_result_without_policies_is_a_page() -> None:
    assert "No policy was replayed." in render_report(poor() | {"policies": {}})


def test_without_impressions_the_catalogue_is_the_main_metric() -> None:
    figures = {
        "catalogue_opens": 9,
        "catalogue_mrr": 0.0213,
        "catalogue_hit@10": 0.4,
        "ci95": {"catalogue_mrr": [0.01, 0.04]},
    }
    html = render_report(poor() | {"policies": {"latest": figures}})

    assert "latest has a catalogue MRR of 0.0213 (95 % interval 0.0100 to 0.0400)" in html
    assert html.count("<svg") == 1


def test_what_is_absent_is_absent() -> None:
    result = rich()
    del result["policies"]["latest"]["auc"], result["policies"]["random"]["off_policy"]["ips"]
    for html in (render_report(result), render_report(poor())):
        assert not re.search(r"\b(None|null|nan|Undefined)\b", words(html))
    assert "Without AUC: latest." in render_report(result)


def test_unknown_metrics_are_shown_and_unknown_fields_are_not() -> None:
    result = rich()
    result["policies"]["latest"] |= {"sparkle": 0.321, "wild": {"deep": [1]}, "flag": True, "text": "x"}

    shown = words(render_report(result))

    assert "sparkle not described in this report 0.321" in shown
    assert not re.search(r"\b(wild|flag|deep)\b", shown)


def test_foreign_text_is_escaped_everywhere() -> None:
    evil = '<script>alert("$x$")</script>'
    result = rich()
    for figures in result["policies"].values():
        figures["segments"]["language"] = {evil: segment(0.6, 3)}
        figures["worst"] = [worst(evil)[0] | {"user": evil, "list": evil}]
    result["problems"], result["notices"] = {evil: 1}, {evil: 2}
    result["policies"] = {evil: result["policies"]["latest"], **result["policies"]}

    html = render_report(result)

    assert "<script" not in html
    assert html.count("&lt;script") > 10


def test_the_page_names_no_address_and_holds_no_code(page: str) -> None:
    assert not re.search(r"https?:|//[a-z]|@import|<script|<link|<img|<iframe|\son[a-z]+=", page)
    assert not re.search(r"url\((?!#)", page)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page


def test_ids_are_unique_and_references_lead_somewhere(page: str) -> None:
    ids = re.findall(r'\sid="(.*?)"', page)
    references = re.findall(r'(?:url\(#|href="#)([^)"]+)|aria-labelledby="(.*?)"', page)

    assert len(ids) == len(set(ids))
    assert {svg or heading for svg, heading in references} <= set(ids)


def test_the_same_result_gives_the_same_bytes(tmp_path: Path, page: str) -> None:
    result = rich()
    before, settings = copy.deepcopy(result), dict(matplotlib.rcParams)

    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red"}):
        write_report(result, tmp_path / "out.html")

    assert (tmp_path / "out.html").read_bytes() == page.encode()
    assert result == before
    assert dict(matplotlib.rcParams) == settings


def test_half_a_character_in_a_title_does_not_cost_the_report(tmp_path: Path) -> None:
    result = rich()
    result["policies"]["latest"]["worst"] = worst("broken \ud800 title")

    write_report(result, tmp_path / "out.html")

    assert "broken ? title" in (tmp_path / "out.html").read_text(encoding="utf-8")


@given(st.lists(st.floats(0, 300), min_size=1, max_size=12))
def test_names_of_lines_keep_their_order_and_distance(wanted: list[float]) -> None:
    places = spread(wanted, 17.0, 300.0)
    ordered = [places[index] for index in sorted(range(len(wanted)), key=lambda index: wanted[index])]

    assert all(after - before >= 17.0 - 1e-6 for before, after in pairwise(ordered))
    assert all(-1e-6 <= place <= 300.0 + 1e-6 for place in places)


def test_drawing_is_imported_only_when_a_report_is_made() -> None:
    code = "import sys, reader.replay.report; print(any(name in sys.modules for name in ('matplotlib', 'jinja2')))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
