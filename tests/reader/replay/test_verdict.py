"""When a challenger serves: surely better where it counts, surely worse nowhere, on enough lists of enough readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reader.recommend.challenger.fitting import Fitted
from reader.recommend.challenger.trees import Trees
from reader.replay.cases import Segment
from reader.replay.draws import JudgedDraw
from reader.replay.scoring import ListScore, Tally
from reader.replay.verdict import Verdict, judge
from reader.settings_challenger import ChallengerSettings

TREES = Trees("text", (1, 2), (0, 0), 1)
FITTED = Fitted(TREES, "", (700, 100), (2.0, 1.9), 30)
SETTINGS = ChallengerSettings(least_judged_lists=200, least_clusters=20)
DAY_S = 86_400.0


def tallies(
    gain: Callable[[np.random.Generator], float],
    *,
    auc_gain: Callable[[np.random.Generator], float] = lambda rng: 0.0,
    readers: int = 30,
    lists: int = 10,
    days: int = 5,
) -> dict[str, Tally]:
    """Both policies on the same lists of readers, some a day. gain: of the challenger in nDCG@10, list by list."""
    rng = np.random.default_rng(1)
    found = {"challenger": Tally(), "champion": Tally()}
    for number in range(readers):
        for place in range(lists):
            base = {"ndcg@10": float(rng.uniform(0.2, 0.8)), "auc": float(rng.uniform(0.4, 0.8))}
            better = {"ndcg@10": base["ndcg@10"] + gain(rng), "auc": base["auc"] + auc_gain(rng)}
            for name, values in (("challenger", better), ("champion", base)):
                score = _score(f"l{number}-{place}", DAY_S * (place % days), values)
                found[name].lists.setdefault(f"r{number}", []).append(score)
    return found


def _score(list_id: str, at_s: float, values: dict[str, float]) -> ListScore:
    return ListScore(list_id, at_s, Segment("new", "en", "article"), values, None, None)


def verdict(found: dict[str, Tally], **changed: Any) -> Verdict:
    return judge(FITTED, found, SETTINGS.model_copy(update=changed), 0)


def test_a_sure_gain_serves() -> None:
    found = verdict(tallies(lambda rng: 0.05 + 0.1 * rng.standard_normal()))

    assert found.serves
    assert len(found.why) == 1
    assert found.why[0].startswith("ndcg@10 is surely better: +0.0")
    low, high = found.figures["ndcg@10"]["ci95"]
    assert 0 < low < found.figures["ndcg@10"]["difference"] < high
    assert found.figures["judged"] == {"lists": 300, "resampled": "readers", "clusters": 30}
    assert found.figures["fit"] == {"lists": [700, 100], "loss": [2.0, 1.9], "rounds": 30, "factors": 2}


@pytest.mark.parametrize("mean", [0.0, -0.05, 0.004])
def test_a_gain_that_may_be_none_does_not_serve(mean: float) -> None:
    found = verdict(tallies(lambda rng: mean + 0.2 * rng.standard_normal()))

    assert not found.serves
    assert "ndcg@10 is not surely better" in found.why[0]


def test_no_difference_at_all_does_not_serve() -> None:
    assert not verdict(tallies(lambda rng: 0.0)).serves


def test_what_is_surely_worse_in_auc_does_not_serve() -> None:
    found = verdict(tallies(lambda rng: 0.05, auc_gain=lambda rng: -0.01))

    assert not found.serves
    assert found.why == ("auc is surely worse: -0.0100 [-0.0100, -0.0100]",)


def test_too_few_lists_do_not_serve_however_clear() -> None:
    found = verdict(tallies(lambda rng: 0.2, lists=6))

    assert not found.serves
    assert found.why == ("180 lists to compare on; a comparison needs 200 (challenger.least_judged_lists)",)


def test_with_few_readers_their_days_are_resampled() -> None:
    """One reader on 25 days: by readers the interval would have no width, and anything would win."""
    one = tallies(lambda rng: 0.01 + 0.2 * rng.standard_normal(), readers=1, lists=250, days=25)

    found = verdict(one)

    assert found.figures["judged"] == {"lists": 250, "resampled": "days of readers", "clusters": 25}
    low, high = found.figures["ndcg@10"]["ci95"]
    assert high - low > 0.02
    assert not found.serves


def test_too_few_days_do_not_serve() -> None:
    found = verdict(tallies(lambda rng: 0.2, readers=1, lists=250, days=10))

    assert found.why == ("10 days of readers to compare on; an interval needs 20 (challenger.least_clusters)",)


def test_openings_from_no_list_are_not_compared() -> None:
    found = tallies(lambda rng: 0.05)
    for tally in found.values():
        tally.lists["stranger"] = [_score("e", 0.0, {"catalogue_hit@10": 1.0})]

    assert verdict(found).figures["judged"]["lists"] == 300
    assert verdict(found).serves


def test_what_would_surely_earn_less_does_not_serve() -> None:
    """Drawn places: the challenger puts there what is hardly opened, the champion what mostly is."""
    found, rng = tallies(lambda rng: 0.05), np.random.default_rng(0)
    for number in range(30):
        for _ in range(10):
            agrees = bool(rng.random() < 0.5)
            opened = float(rng.random() < (0.1 if agrees else 0.7))
            for name, own in (("challenger", agrees), ("champion", not agrees)):
                draw = JudgedDraw(2.0 * own, opened, 0.4, 0.4)
                found[name].draws.setdefault(f"r{number}", []).append(draw)

    told = verdict(found)

    assert not told.serves
    assert told.why[0].startswith("doubly_robust is surely worse: -")
    assert told.figures["doubly_robust"]["challenger"]["value"] < told.figures["doubly_robust"]["champion"]["value"]


def test_without_trees_there_is_nothing_to_judge() -> None:
    empty = {"challenger": Tally(), "champion": Tally()}

    assert judge(Fitted(None, "no tree helps"), empty, SETTINGS, 0).why == ("nothing was fitted: no tree helps",)
    assert judge(None, empty, SETTINGS, 0).why == ("the log ended before there was anything to compare on",)
    assert verdict(empty).why[0].startswith("0 lists to compare on")
