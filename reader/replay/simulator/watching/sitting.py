"""One session of a simulated reader: clips come on screen one after the other and play, until the reader has enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reader.replay.simulator.journal import Journal
from reader.replay.simulator.watching.readers import Watcher
from reader.replay.simulator.watching.settings import WatchHabitSettings, WatchSimulationSettings
from reader.replay.simulator.watching.staying import mean_stay_s, skip_chance
from reader.replay.simulator.watching.valid import ValidChance
from reader.replay.simulator.watching.world import Clip
from reader.types import Close, Impression, Shown, Steer, Target, Watch

_VIEWABLE_S = 1.0
_LEAST_STRETCH_S = 0.1


@dataclass(slots=True)
class Sitting:
    """A reader before a feed. sound_on: as the reader has it now."""

    watcher: Watcher
    journal: Journal
    settings: WatchSimulationSettings
    valid: ValidChance
    rng: np.random.Generator
    list_id: str
    sound_on: bool = False

    @property
    def habits(self) -> WatchHabitSettings:
        """The constants of watching."""
        return self.settings.habits

    def go_through(self, clips: Sequence[Clip]) -> tuple[dict[str, object], list[Clip]]:
        """Live through a list; return its line of truth.jsonl, and the clips that came on screen."""
        by_chance = 1 / len(clips)
        shown = tuple(Shown(clip.item.id, place, by_chance) for place, clip in enumerate(clips, start=1))
        self.journal.write("impression", Impression, list=self.list_id, items=shown, kinds=("video",))
        seen: list[Clip] = []
        for clip in clips:
            seen.append(clip)
            self._come_to(clip, len(seen))
            if self.rng.random() >= self.habits.going_on:
                break
        return self._record(clips), seen

    def _record(self, clips: Sequence[Clip]) -> dict[str, object]:
        interests = {clip.item.id: self.watcher.interest(clip, self.settings.taste) for clip in clips}
        return {
            "type": "list",
            "list": self.list_id,
            "examination": [round(self.habits.going_on**place, 6) for place in range(len(clips))],
            "relevance": {c.item.id: round(self.valid.chance(interests[c.item.id], c.length_s), 6) for c in clips},
        }

    def _come_to(self, clip: Clip, position: int) -> None:
        place = {"item": clip.item.id, "list": self.list_id, "position": position}
        view = {"item": clip.item.id, "view": f"{self.list_id}-v{position}"}
        self._pass_time(self.habits.swipe_s)
        self.journal.write("open", **place, view=view["view"])
        opened_ms = self.journal.clock_ms
        interest = self.watcher.interest(clip, self.settings.taste)
        self._watch(clip, interest, view)
        on_screen_ms = self.journal.clock_ms - opened_ms
        if on_screen_ms >= 1000 * _VIEWABLE_S:
            self.journal.write("viewable", **place)
        self._judge(clip, interest, view)
        self.journal.write("close", Close, **view, active_ms=on_screen_ms)

    def _watch(self, clip: Clip, interest: float, view: dict[str, str]) -> None:
        self.sound_on = self.sound_on and self.rng.random() < self.habits.sound_kept
        if self.rng.random() < skip_chance(interest, self.habits):
            self._play(0.0, min(clip.length_s, self.rng.uniform(*self.habits.skip_s)), view)
            return
        end_s = min(clip.length_s, float(self.rng.exponential(mean_stay_s(interest, self.habits))))
        self._play_through(end_s, interest, view)
        if end_s >= self.habits.replay_from_s and self.rng.random() < self.habits.replay_share * interest:
            self._play(max(0.0, end_s - self.rng.uniform(*self.habits.replayed_s)), end_s, view)
        elif end_s == clip.length_s and self.rng.random() < self.habits.loop_share * interest:
            self._play(0.0, clip.length_s, view)

    def _play_through(self, end_s: float, interest: float, view: dict[str, str]) -> None:
        """Play from the start; on the way the sound may be turned on, or it may stand still for a while."""
        turned_s = end_s * self.rng.uniform(0.1, 0.5)
        halted_s = end_s * self.rng.uniform(0.5, 0.9)
        turns = not self.sound_on and self.rng.random() < self.habits.sound_share * interest
        halts = self.rng.random() < self.habits.halt_share
        from_s = 0.0
        for to_s, happens in ((turned_s, turns), (halted_s, halts), (end_s, True)):
            if not happens:
                continue
            self._play(from_s, to_s, view)
            from_s = to_s
            if to_s == turned_s:
                self.sound_on = True
            elif to_s == halted_s:
                self._pass_time(self.habits.halt_s)

    def _play(self, from_s: float, to_s: float, view: dict[str, str]) -> None:
        self.journal.clock_ms += round(1000 * (to_s - from_s))
        if to_s - from_s >= _LEAST_STRETCH_S:
            stretch = {"from_s": round(from_s, 3), "to_s": round(to_s, 3), "sound_on": self.sound_on}
            self.journal.write("watch", Watch, **view, **stretch)

    def _judge(self, clip: Clip, interest: float, view: dict[str, str]) -> None:
        """Like what was of much interest, or follow its creator, now and then."""
        if interest <= self.habits.liked_from:
            return
        if self.rng.random() < self.habits.like_share:
            self.journal.write("like", **view)
        if clip.creator and self.rng.random() < self.habits.follow_share:
            self.journal.write("follow", Steer, target=Target("creator", clip.creator))

    def _pass_time(self, seconds: tuple[float, float]) -> None:
        self.journal.clock_ms += round(1000 * self.rng.uniform(*seconds))
