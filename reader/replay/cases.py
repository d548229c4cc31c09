"""A list to be scored, with all about it that is the same for every policy."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reader.recommend.catalogue import Catalogue, Rows

# Openings from which a reader is a regular one; ours.
REGULAR_FROM = 5


@dataclass(frozen=True, slots=True)
class Segment:
    """What kind of case it is. language and kind: of the item that was opened."""

    reader: Literal["new", "regular"]
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class Case:
    """One list of one reader at one moment, with at least one item opened and one not.

    items: by id, so that ties of a score do not fall back on the logged order; rows: theirs in the catalogue; labels:
    (items,) whether it was opened. own: the candidates of a logged impression, else the catalogue. topics: of every
    item of the log; history: how often the reader opened each topic; readers: how many readers have opened anything so
    far, readers_of: how many have opened an item.
    """

    user: str
    list: str
    at_s: float
    items: tuple[str, ...]
    rows: Rows
    labels: NDArray[np.bool_]
    own: bool
    segment: Segment
    catalogue: Catalogue
    topics: Mapping[str, tuple[str, ...]]
    history: Mapping[str, float]
    readers: float
    readers_of: Callable[[str], int]
    opened_before: Container[str]
