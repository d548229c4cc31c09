"""Places of logged lists in which chance had a hand, and what a policy would have put there.

Two kinds of lists can be judged. One is *shuffled* if every place was drawn: then a policy ranks the same items anew,
and each place is judged by the chance that the log's item came to it. The other is a list of the product, with a few
*exploring* places: there a policy puts its best item of those that could have come, given what stands above.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reader.replay.rewards import RewardModel
from reader.types import Impression, Shown


@dataclass(frozen=True, slots=True)
class Draw:
    """One drawn place. opened: whether the logged item was opened from there."""

    shown: Shown
    propensity: float
    opened: bool

    def judge(self, chosen: str, rewards: RewardModel) -> JudgedDraw:
        """Say what the place is worth to a policy that would have put `chosen` there."""
        weight = 1.0 / self.propensity if chosen == self.shown.item else 0.0
        logged = rewards.expected(self.shown.item, self.shown.position)
        return JudgedDraw(weight, float(self.opened), logged, rewards.expected(chosen, self.shown.position))


@dataclass(frozen=True, slots=True)
class JudgedDraw:
    """A row of `off_policy.Places`: importance weight, reward, and what the reward model expected of both items."""

    weight: float
    reward: float
    expected_logged: float
    expected_chosen: float


def find_draws(event: Impression, opened: Sequence[bool]) -> list[Draw]:
    """Return the places of an impression in which chance had a hand. opened: one a place, in the same order."""
    return [
        Draw(shown, shown.propensity, is_open)
        for shown, is_open in zip(event.items, opened, strict=True)
        if shown.propensity is not None and shown.propensity < 1
    ]


def is_shuffled(event: Impression, draws: Sequence[Draw]) -> bool:
    """Whether every place was drawn, each item and place once: then a list can be judged as a whole."""
    positions = sorted(shown.position for shown in event.items)
    distinct = len({shown.item for shown in event.items}) == len(event.items)
    return bool(draws) and len(draws) == len(event.items) and distinct and positions == list(_places(len(positions)))


def judge_shuffled(draws: Sequence[Draw], ranking: Sequence[str], rewards: RewardModel) -> list[JudgedDraw]:
    """Judge a shuffled list for a policy that would have ranked its items so."""
    return [draw.judge(ranking[draw.shown.position - 1], rewards) for draw in draws]


def above(event: Impression, draw: Draw) -> list[str]:
    """Return what stands above a place, in order: what may come there follows from it."""
    shown = sorted(event.items, key=lambda place: place.position)
    return [place.item for place in shown if place.position < draw.shown.position]


def _places(count: int) -> range:
    return range(1, count + 1)
