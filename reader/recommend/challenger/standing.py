"""Who challenges: nobody, trees from a file, or trees that are fitted on the way.

A challenger hears every lesson after the learner has judged it and before it has learned from it, and may have trees.
The learner does not hear of them: it learns as if there were none, so that it can take over at any moment.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reader.recommend.challenger.fitting import Fitted, fit
from reader.recommend.challenger.sample import Sample
from reader.recommend.challenger.saving import load
from reader.recommend.challenger.trees import Trees, load_lightgbm
from reader.recommend.factors.registry import Registry
from reader.recommend.learning.outcomes import Lesson
from reader.recommend.learning.saving import Layout
from reader.settings_challenger import ChallengerSettings

Matrix = NDArray[np.float64]
# Lesson, lists kept since the last fit -> whether to fit now, before the lesson is taken in.
Due = Callable[[Lesson, int], bool]


class Challenger(Protocol):
    """What the recommender asks of it."""

    @property
    def trees(self) -> Trees | None:
        """What is to be added to scores now."""

    @property
    def notice(self) -> str:
        """What a person should be told; empty if all is well."""

    def hear(self, lesson: Lesson, scores: Matrix) -> None:
        """Take in a lesson. scores: (places,), the open scores of the learner before it."""

    def drop(self) -> None:
        """Forget all that was fitted before the last erasure."""


class Nobody:
    """No challenger."""

    trees: Trees | None = None
    notice = ""

    def hear(self, lesson: Lesson, scores: Matrix) -> None:
        """Take no notice."""

    def drop(self) -> None:
        """There is nothing."""


class Standing:
    """Trees from a file, as it is at the moment: one that is written while a server runs is taken up by its next list.

    layout: of the factors that serve; a file for others, or a broken one, gives no trees and a notice. erasures: gives
    the store's number of that name; a file from before the last erasure is deleted, with a notice.
    """

    def __init__(self, path: Path, layout: Layout, erasures: Callable[[], int]) -> None:
        self.notice = ""
        self._path = path
        self._layout = layout
        self._erasures = erasures
        self._trees: Trees | None = None
        self._seen: tuple[tuple[int, int] | None, int] = (None, 0)
        self._take_up()

    @property
    def trees(self) -> Trees | None:
        """The trees, if the file says that they serve."""
        self._take_up()
        return self._trees

    def _take_up(self) -> None:
        now = self._state(), self._erasures()
        if now == self._seen:
            return
        loaded = load(self._path, self._layout, now[1])
        self._trees, self.notice = loaded.trees, loaded.reason
        if loaded.outdated:
            # Where it cannot be deleted it does not serve either.
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
        self._seen = (self._state() if loaded.outdated else now[0]), now[1]

    def _state(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def hear(self, lesson: Lesson, scores: Matrix) -> None:
        """Take no notice: trees are fitted by `reread train`."""

    def drop(self) -> None:
        """Delete the file, unless it was trained since the last erasure."""
        self._take_up()


class Training:
    """Keeps lists and fits trees to them when it is due: the challenger of a replay.

    fitted: what the last fit came to, None before the first.
    """

    notice = ""

    def __init__(self, registry: Registry, settings: ChallengerSettings, seed: int, due: Due) -> None:
        """MissingPackageError if there is nothing to fit with: better now than after hours."""
        load_lightgbm()
        self.fitted: Fitted | None = None
        self._registry = registry
        self._settings = settings
        self._seed = seed
        self._due = due
        self._since = 0
        self.drop()

    def drop(self) -> None:
        """Begin anew."""
        self.fitted = None
        self.sample = Sample(len(self._registry.specs), self._settings.sample_places)

    @property
    def trees(self) -> Trees | None:
        """Those of the last fit."""
        return None if self.fitted is None else self.fitted.trees

    def hear(self, lesson: Lesson, scores: Matrix) -> None:
        """Fit if it is due, to what came before the lesson; then keep it."""
        if self._due(lesson, self._since):
            self.fitted = fit(self.sample, self._registry, self._settings, self._seed)
            self._since = 0
        self._since += self.sample.add(lesson.factors, lesson.gains, scores)


def every(lists: int) -> Due:
    """Return the plan to fit after so many lists, again and again."""
    return lambda lesson, since: since >= lists
