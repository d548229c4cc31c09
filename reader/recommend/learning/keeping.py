"""What is learned, between one start and the next: the model of all readers in a file, each reader's part in the store.

What belongs here: when to load and save, and what if that fails. What does not: the file itself (`saving`).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path

from reader.errors import StorageError
from reader.recommend.factors.registry import Registry
from reader.recommend.learning.learner import Learner, joint_rows
from reader.recommend.learning.outcomes import Look
from reader.recommend.learning.saving import Layout, Model, load, save
from reader.settings import LearningSettings
from reader.storage.protocol import Storage


def layout_of(registry: Registry, analyser: str) -> Layout:
    """Return what the numbers of a model of these factors belong to. analyser: what makes the vectors."""
    names = tuple(spec.name for spec in registry.specs)
    joint = tuple(names[row] for row in joint_rows(registry.specs))
    return Layout(names, tuple(registry.family_rows), analyser, joint)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is to be written."""

    model: Model
    parts: dict[str, bytes]


class Keeping:
    """Loads and saves. path: of the model, None to keep nothing; notice: what a person should be told, may be empty."""

    def __init__(self, path: Path | None, storage: Storage, layout: Layout) -> None:
        self.notice = ""
        self._path = path
        self._storage = storage
        self._layout = layout
        # How many lists had taught what was saved last. Those that wait still are no reason to save: they will be found
        # in the log.
        self._taught = 0.0
        # Whether the store's parts go with a model that is not in use: they go when there is one to save.
        self._parts_are_others = False
        self._lock = threading.Lock()

    def load(self, registry: Registry, settings: LearningSettings, look: Look) -> Learner:
        """Return the learner as it was when it was saved; without a usable model all is learned anew, parts as well.

        What cannot be used stays until there is something to write: it may only be the wrong settings that cannot. What
        was learned before an erasure is deleted.
        """
        if self._path is None or not settings.enabled:
            return Learner(registry, settings, look)
        loaded = load(self._path, self._layout)
        self.notice = loaded.reason
        if loaded.model is None:
            self._parts_are_others = True
            return Learner(registry, settings, look)
        if loaded.model.erasures != self._storage.erasures():
            return self.anew(registry, settings, look)
        self._taught = loaded.model.progress.taught
        return Learner(registry, settings, look, loaded.model, self._storage.parts(), loaded.families)

    def anew(self, registry: Registry, settings: LearningSettings, look: Look) -> Learner:
        """Return a learner that has learned nothing, and delete what was kept; it is for the log to teach it.

        A model that cannot be deleted is a notice: by its number of erasures it is not used.
        """
        if self._path is not None and settings.enabled:
            try:
                self._path.unlink(missing_ok=True)
            except OSError as error:
                self._note(f"{self._path}: {error}; it was learned before an erasure: delete it by hand")
            self._storage.drop_parts()
        self._taught = 0.0
        return Learner(registry, settings, look)

    def take(self, learner: Learner, seq: int, erasures: int) -> Kept:
        """Return what is to be saved. Quick: to be called under the lock that guards the learner.

        erasures: what the store's `erasures` was when the log began to be gone through.
        """
        return Kept(replace(learner.model(seq), erasures=erasures), learner.parts_to_keep())

    def save(self, learner: Learner, kept: Kept) -> bool:
        """Write it; return whether there was anything to write. StorageError if it cannot be written."""
        taught = kept.model.progress.taught
        if self._path is None or not learner.enabled or (taught == self._taught and not kept.parts):
            return False
        try:
            with self._lock:
                if self._parts_are_others:
                    self._storage.drop_parts()
                    self._parts_are_others = False
                # The parts first: they know by themselves which lists have taught them, should the rest not follow.
                self._storage.put_parts(kept.parts, erasures=kept.model.erasures)
                save(self._path, kept.model, self._layout)
                self._taught = taught
        except StorageError:
            learner.keep_again(kept.parts)
            raise
        return True

    def save_first(self, learner: Learner, seq: int, erasures: int) -> None:
        """Save what a start has learned from the log, so that the next need not; a failure is a notice."""
        if self._path is None:
            return  # whoever adopts the learner will want to keep it
        try:
            self.save(learner, self.take(learner, seq, erasures))
        except StorageError as error:
            self._note(str(error))

    def _note(self, notice: str) -> None:
        self.notice = f"{self.notice}; {notice}" if self.notice else notice
