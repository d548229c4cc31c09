"""What the reader has had enough of: this item, its source, its topic, its maker."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from reader.profile.axes import Feature, FeatureKind
from reader.recommend.factors.spec import Computed, FactorSpec, Moment

# How many of the last opened items count as recent; ours, untuned.
RECENT: Final = 20
MOST_PASSED: Final = 3.0
_KINDS: Final[tuple[FeatureKind, ...]] = ("source", "topic", "author", "creator", "sound")


class SaturationFamily:
    """Passed by without opening, and the share of like items among the last opened ones."""

    specs = (
        FactorSpec(
            "saturation.passed",
            "saturation",
            "log count",
            0.0,
            MOST_PASSED,
            "log(1 + times seen unopened)",
            "ours",
            -0.15,
        ),
        *(
            FactorSpec(
                f"saturation.{kind}",
                "saturation",
                "share",
                0.0,
                1.0,
                f"share of the last {RECENT} opened items with the same {kind}",
                "ours",
                -0.1,
            )
            for kind in _KINDS
        ),
    )

    def compute(self, moment: Moment) -> Computed:
        """Compute (6, candidates)."""
        values = np.zeros((len(self.specs), len(moment.rows)), dtype=np.float32)
        position = moment.catalogue.positions(moment.rows)
        for item, times in moment.state.passed.items():
            row = moment.catalogue.row(item)
            if row is not None and position[row] >= 0:
                values[0, position[row]] = min(MOST_PASSED, np.log1p(times))
        for (kind, value), share in _recent_shares(moment).items():
            places = position[moment.catalogue.postings((kind, value))[0]]
            own = values[1 + _KINDS.index(kind)]
            own[places[places >= 0]] = np.maximum(own[places[places >= 0]], share)
        return Computed(values)


def _recent_shares(moment: Moment) -> dict[Feature, float]:
    """Return for each feature the share of the last opened items that have it."""
    opened = sorted(moment.state.opened.items(), key=lambda pair: (pair[1], pair[0]))[-RECENT:]
    contents = (moment.catalogue.content(item) for item, _ in opened)
    counts = Counter(trait for content in contents if content for trait in content.traits if trait[0] in _KINDS)
    return {trait: count / RECENT for trait, count in counts.items()}
