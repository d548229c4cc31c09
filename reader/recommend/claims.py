"""Which sentences of factor families are true of which candidates.

A family's part of a score is positive also where lists have taught that little of it is opened: a negative weight
times a value below 0, or below the others'. So a sentence that claims something of the item goes by what the factors
say themselves. What belongs here: which factors these are. What does not: the sentences (`reader.recommend.wording`),
and those that claim no more than what was learned (`form`, `hour`, `subject`, `taste`, `varied`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.catalogue import Rows
from reader.recommend.factors.relative import means_of
from reader.recommend.parts import ahead_of

_TRAITS: Final = ("topic", "source", "author", "creator", "sound", "language", "kind", "length")
_MAKERS: Final = ("creator", "sound")
# Family -> factors of which at least one bears its sentence out.
WITNESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "history": ("history.topics.50",),
    # Of what nobody opened: "Its like is opened often".
    "heat": (*(f"heat.{kind}.open.30d" for kind in ("topic", "source", "author")), "heat.meaning.open.30d"),
    "uncertainty": ("uncertainty.shown.30d",),
    "affinity": tuple(f"affinity.{kind}.opened50" for kind in _TRAITS),
    "audience": ("audience.clicked.3",),
    "video": (
        *(f"video.{kind}.open.30d" for kind in _MAKERS),
        *(f"video.{kind}.valid.180d" for kind in ("item", *_MAKERS)),
    ),
    "watch": (
        *(f"watch.{kind}.valid.180d" for kind in (*_MAKERS, "length")),
        *(f"watch.{kind}.count.180d" for kind in _MAKERS),
        *(f"watch.follow.{kind}.180d" for kind in _MAKERS),
    ),
    "style": tuple(f"style.opened50.{form}" for form in ("words", "paragraphs", "difficulty", "duration")),
}


def borne_out(values: NDArray[np.floating], candidates: Rows) -> NDArray[np.bool_]:
    """Return (k,): of which of some candidates one of the witnesses is true.

    values: (witnesses, all candidates). It is true where the value is above 0 and above the mean of all, as for
    contributions: what holds of all alike sets none apart.
    """
    ahead = ahead_of(values[:, candidates].astype(np.float64), means_of(values)[:, None])
    return np.asarray((ahead > 0).any(axis=0))
