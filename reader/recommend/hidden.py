"""What a reader does not get to see by their own word, and why; and what they would not, if they muted something.

Pure: looks at a catalogue and a state that are held still.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from nlp.terms import index_terms
from reader.profile.axes import Feature
from reader.profile.state import ReaderState
from reader.recommend.catalogue import Catalogue, Rows
from reader.recommend.moments import to_datetime

# Languages whose rules bring a keyword to the form in which it is found; those that nlp has rules for.
# Mostly they agree.
_LANGUAGES: Final = ("en", "de")
Cause = Literal["hidden", "muted", "story"]


@dataclass(frozen=True, slots=True)
class Hidden:
    """One item that is not shown. cause: hidden by the reader, muted by `feature`, or of the story of a hidden one."""

    item: str
    cause: Cause
    feature: Feature | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a mute would hide. items: the newest of them; among: how many of the newest were looked at."""

    count: int
    among: int
    items: tuple[str, ...]


def rows_refused_by(catalogue: Catalogue, feature: Feature) -> Rows:
    """Return the rows that muting a feature hides; of a keyword also those whose text has all its words."""
    rows = catalogue.rows_with(feature)
    if feature[0] != "keyword":
        return rows
    forms = {tuple(index_terms(feature[1], language)) for language in _LANGUAGES}
    return np.unique(np.concatenate([rows, *(_mentions(catalogue, form) for form in sorted(forms))]))


def _mentions(catalogue: Catalogue, words: tuple[str, ...]) -> Rows:
    count = len(catalogue.index)
    if not words or not all(map(catalogue.index.document_frequency, words)):
        return np.zeros(0, dtype=np.int64)
    impacts = catalogue.index.impacts_at(words, np.arange(count), np.arange(count, dtype=np.int32))
    rows: Rows = np.flatnonzero((impacts != 0).all(axis=0))
    return rows


def find_hidden(catalogue: Catalogue, state: ReaderState, rows: Rows, at_s: float) -> tuple[Hidden, ...]:
    """Return which of some rows are not shown, in their order; the first cause of several."""
    causes: dict[int, tuple[Cause, Feature | None]] = {}
    at = to_datetime(at_s)
    for row in catalogue.rows_of(state.steering.hidden).tolist():
        causes[row] = ("hidden", None)
    for feature in sorted(state.steering.muted):
        if state.steering.is_muted(feature, at):
            for row in rows_refused_by(catalogue, feature).tolist():
                causes.setdefault(row, ("muted", feature))
    for row in catalogue.rows_of(state.steering.hidden).tolist():
        for other in catalogue.stories.linked(row):
            causes.setdefault(other, ("story", None))
    return tuple(Hidden(catalogue.id_at(row), *causes[row]) for row in rows.tolist() if row in causes)


def preview(catalogue: Catalogue, feature: Feature, rows: Rows, shown: int) -> Preview:
    """Return what of some rows a mute would hide."""
    gone = set(rows_refused_by(catalogue, feature).tolist())
    items = tuple(catalogue.id_at(row) for row in rows.tolist() if row in gone)
    return Preview(len(items), len(rows), items[:shown])
