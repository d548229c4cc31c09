"""What each policy would have put where chance had a hand: the rows of the off-policy estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reader.recommend.requests import Request
from reader.replay.draws import Draw, above, is_shuffled, judge_shuffled
from reader.replay.outcome import Outcome
from reader.replay.panel import Panel
from reader.replay.policies import Scores
from reader.replay.rewards import RewardModel
from reader.replay.truth import ListTruth
from reader.types import Impression


@dataclass(frozen=True, slots=True)
class Judging:
    """Judges drawn places, and notes the result in the tallies."""

    panel: Panel
    rewards: RewardModel
    truth: Mapping[str, ListTruth]
    outcome: Outcome

    def judge(
        self, event: Impression, items: Sequence[str], draws: Sequence[Draw], scores: Mapping[str, Scores]
    ) -> None:
        """Judge the drawn places of one impression. scores: of its items, by policy."""
        if is_shuffled(event, draws):
            self._judge_shuffled(event, items, draws, scores)
        elif event.mode == "profile" and min(place.position for place in event.items) == 1:
            self._judge_exploring(event, draws)
        else:
            self.outcome.notices["impression: drawn places of a list that cannot be made again"] += 1

    def _judge_shuffled(
        self, event: Impression, items: Sequence[str], draws: Sequence[Draw], scores: Mapping[str, Scores]
    ) -> None:
        truth = self.truth.get(event.list or "")
        if self.truth and (truth is None or truth.relevance.keys() != set(items)):
            self.outcome.notices["impression: the truth does not know its list"] += 1
            truth = None
        for name, tally in self.outcome.tallies.items():
            ranking = [items[int(place)] for place in np.argsort(-scores[name], kind="stable")]
            tally.draws.setdefault(event.user, []).extend(judge_shuffled(draws, ranking, self.rewards))
            if truth is not None:
                tally.truths.setdefault(event.user, []).extend(truth.values(ranking))

    def _judge_exploring(self, event: Impression, draws: Sequence[Draw]) -> None:
        """Judge the exploring places of a list of the product; what could have come there is found again."""
        request = Request(event.user, kinds=event.kinds)
        for draw in draws:
            pool = self.panel.first.drawable(request, above(event, draw))
            if draw.shown.item not in pool or round(1 / draw.propensity) != len(pool):
                self.outcome.notices["impression: exploring place whose pool was another"] += 1
                continue
            scores = self.panel.scores(event, pool)
            for name, tally in self.outcome.tallies.items():
                chosen = pool[int(np.argmax(scores[name]))]
                tally.draws.setdefault(event.user, []).append(draw.judge(chosen, self.rewards))
