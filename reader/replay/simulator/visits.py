"""One visit of a simulated reader: a list is shown, some cards are looked at, some are opened, read or played."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reader.replay.simulator.journal import Journal
from reader.replay.simulator.lists import DrawnList
from reader.replay.simulator.readers import SimulatedReader, Taste
from reader.replay.simulator.reading import Stay, Walk, glance, read
from reader.replay.simulator.relevance import bounce_chance, examination, interest, relevance, stay_chance
from reader.replay.simulator.settings import AttentionSettings, SimulationSettings
from reader.replay.simulator.world import Subject
from reader.types import AnyItem, Close, Hide, Shown, Video, Watch


@dataclass(slots=True)
class Sitting:
    """A reader before a list. seen: items that the reader opened or hid so far, added to here."""

    reader: SimulatedReader
    taste: Taste
    journal: Journal
    seen: set[str]
    settings: SimulationSettings
    rng: np.random.Generator
    list_id: str
    looked_at: tuple[float, ...] = ()
    relevances: dict[str, float] = field(default_factory=dict)
    stays: dict[str, float] = field(default_factory=dict)

    @property
    def attention(self) -> AttentionSettings:
        """The constants of reading."""
        return self.settings.attention

    def go_through(self, drawn: DrawnList) -> dict[str, object]:
        """Live through a list; return its line of truth.jsonl."""
        at_s = self.journal.at.timestamp()
        self.looked_at = examination(len(drawn.subjects), self.settings.position_bias)
        self.relevances = {
            subject.item.id: relevance(subject, self.reader, self.taste, at_s, self.settings.taste)
            for subject in drawn.subjects
        }
        self.stays = {subject.item.id: stay_chance(subject, self.taste, self.settings) for subject in drawn.subjects}
        self._show(drawn)
        for position, subject in enumerate(drawn.subjects, start=1):
            if self.rng.random() < self.looked_at[position - 1]:
                self._look_at(subject, position)
        return self._record()

    def _record(self) -> dict[str, object]:
        return {
            "type": "list",
            "list": self.list_id,
            "examination": [round(chance, 6) for chance in self.looked_at],
            "relevance": {item: round(chance, 6) for item, chance in self.relevances.items()},
            "stays": {item: round(chance, 6) for item, chance in self.stays.items()},
        }

    def _show(self, drawn: DrawnList) -> None:
        shown = tuple(
            Shown(subject.item.id, position, propensity)
            for position, (subject, propensity) in enumerate(
                zip(drawn.subjects, drawn.propensities, strict=True), start=1
            )
        )
        self.journal.write_impression(self.list_id, shown)

    def _look_at(self, subject: Subject, position: int) -> None:
        place = {"item": subject.item.id, "list": self.list_id, "position": position}
        self._pass_time(self.attention.card_s)
        self.journal.write("viewable", **place)
        chance = self.relevances[subject.item.id]
        if self.rng.random() < chance:
            self._pass_time(self.attention.pause_s)
            self._open(subject, place)
            self._pass_time(self.attention.pause_s)
        elif chance < self.attention.hidden_below and self.rng.random() < self.attention.hide_share:
            self.seen.add(subject.item.id)
            self.journal.write("hide", Hide, **place)

    def _open(self, subject: Subject, place: dict[str, Any]) -> None:
        self.seen.add(subject.item.id)
        view = {"item": subject.item.id, "view": f"{self.list_id}-v{place['position']}"}
        self.journal.write("open", **place, view=view["view"])
        if not subject.has_body:
            return  # as in published logs of titles: what came after the opening is not known
        opened_ms = self.journal.clock_ms
        keen = interest(subject, self.taste, self.attention)
        if self.rng.random() < bounce_chance(keen, subject, self.attention):
            self._leave_at_once(subject.item, view)
        else:
            self._stay_with(subject, keen, view)
            self._judge(keen, view)
        self.journal.write("close", Close, **view, active_ms=self.journal.clock_ms - opened_ms)

    def _leave_at_once(self, item: AnyItem, view: dict[str, str]) -> None:
        seconds = self.rng.uniform(*self.attention.bounce_s)
        if isinstance(item, Video):
            self._write_watch(min(item.duration_s or self.attention.clip_s, seconds), view)
        else:
            self._write_stays([glance(round(1000 * seconds))], view)

    def _stay_with(self, subject: Subject, keen: float, view: dict[str, str]) -> None:
        if isinstance(subject.item, Video):
            self._play(subject.item, keen, view)
        else:
            walk = Walk(subject, self.reader, self.taste, self.settings, self.rng)
            self._write_stays(list(read(walk, keen)), view)

    def _write_stays(self, stays: list[Stay], view: dict[str, str]) -> None:
        self.journal.write_stays(view["item"], view["view"], stays, round(1000 * self.attention.part_s))

    def _play(self, video: Video, interest: float, view: dict[str, str]) -> None:
        """Play a share of the clip, Beta(1 + 3 interest, 4 - 3 interest); the whole of it perhaps twice."""
        length_s = video.duration_s or self.attention.clip_s
        share = self.rng.beta(1 + 3 * interest, 4 - 3 * interest)
        # Whoever comes near the end sees it.
        whole = share > 0.9
        self._write_watch(length_s if whole else share * length_s, view)
        if whole and self.rng.random() < self.attention.replay_share * interest:
            self._write_watch(length_s, view)

    def _write_watch(self, seconds: float, view: dict[str, str]) -> None:
        self.journal.clock_ms += round(1000 * seconds)
        sound_on = self.reader.sound_on
        self.journal.write("watch", Watch, **view, from_s=0.0, to_s=round(seconds, 3), sound_on=sound_on)

    def _judge(self, interest: float, view: dict[str, str]) -> None:
        """Like or save what was of much interest, now and then."""
        if interest > self.attention.liked_from:
            for act, share in (("like", self.attention.like_share), ("save", self.attention.save_share)):
                if self.rng.random() < share:
                    self._pass_time(self.attention.pause_s)
                    self.journal.write(act, **view)

    def _pass_time(self, seconds: tuple[float, float]) -> None:
        self.journal.clock_ms += round(1000 * self.rng.uniform(*seconds))
