"""Each reader's own part of what is learned: how much more or less than for others a family counts.

What belongs here: whose part is which, and when it is dropped. What does not: what is learned (`delta`), and where it
is kept (the store, beside all else about a reader, so that erasing there erases it).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reader.errors import InvalidInputError
from reader.recommend.learning.delta import Delta
from reader.settings import DeltaSettings

Matrix = NDArray[np.float64]
# Time of a list in s, and its place in the log.
Mark = tuple[float, int]
_MARK = struct.Struct("<dq")
_END = 2**62


@dataclass(frozen=True, slots=True)
class _Part:
    """mark: of the last list learned from; lists up to it teach no more."""

    delta: Delta
    mark: Mark


class Personal:
    """The parts of all readers.

    families: their names in order; kept: what `to_keep` gave; earlier: the families of when it did, if others.
    """

    def __init__(
        self,
        families: tuple[str, ...],
        settings: DeltaSettings,
        kept: Mapping[str, bytes],
        earlier: tuple[str, ...] | None = None,
    ) -> None:
        self._families = families
        self._settings = settings
        self._new = Delta(families, settings)
        self._parts = {reader: part for reader, value in kept.items() if (part := self._decode(value, families))}
        self._changed: set[str] = set()
        if earlier is not None and earlier != families:
            self._take_over(kept, earlier)

    def _take_over(self, kept: Mapping[str, bytes], earlier: tuple[str, ...]) -> None:
        """Bring parts of other families along; all are to be kept anew, as the next model is of today's."""
        for reader in kept.keys() - self._parts.keys():
            if part := self._decode(kept[reader], earlier):
                self._put(reader, _Part(part.delta.of_families(self._families), part.mark))

    def of(self, reader: str) -> Delta:
        """Return a reader's part; of one of whom nothing was learned, one that changes nothing."""
        part = self._parts.get(reader)
        return self._new if part is None else part.delta

    def learn(self, reader: str, mark: Mark, raw: Matrix, scores: Matrix, gains: Matrix) -> None:
        """Learn from a list, unless it was shown before the last one learned from, or before a reset.

        raw: (families, places); scores: (places,), open scores, this reader's part included; gains: (places,).
        """
        part = self._parts.get(reader) or _Part(self._new, (-np.inf, 0))
        if mark > part.mark:
            self._put(reader, _Part(part.delta.learn_choice(raw, scores, gains), mark))

    def reset(self, reader: str, at_s: float, *, from_log: bool = False) -> None:
        """Forget what was learned of a reader, and never learn from a list that was shown up to now.

        from_log: of a log that is gone through at a start. A part that learned from a later list knows of it.
        """
        part = self._parts.get(reader)
        if from_log and part is not None and part.mark[0] > at_s:
            return
        self._put(reader, _Part(self._new, (at_s, _END)))

    def _put(self, reader: str, part: _Part) -> None:
        self._parts[reader] = part
        self._changed.add(reader)

    def to_keep(self) -> dict[str, bytes]:
        """Return the parts that have changed since the last call."""
        changed, self._changed = self._changed, set()
        return {reader: self._encode(self._parts[reader]) for reader in sorted(changed)}

    def keep_again(self, readers: Iterable[str]) -> None:
        """Have parts count as changed: they could not be kept."""
        self._changed.update(reader for reader in readers if reader in self._parts)

    def size(self, reader: str) -> int:
        """Return how many bytes are kept of a reader."""
        part = self._parts.get(reader)
        return 0 if part is None else len(self._encode(part))

    def _encode(self, part: _Part) -> bytes:
        return _MARK.pack(*part.mark) + part.delta.to_bytes()

    def _decode(self, value: bytes, families: tuple[str, ...]) -> _Part | None:
        """Return a part; None if it is of other families or broken: then the reader starts anew."""
        try:
            at_s, seq = _MARK.unpack_from(value)
            return _Part(Delta.from_bytes(value[_MARK.size :], families, self._settings), (at_s, seq))
        except (struct.error, InvalidInputError):
            return None
