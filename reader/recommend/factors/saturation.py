"""What the reader has had enough of: this item, its source, its topic, its maker."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from reader.profile.axes import Feature
from reader.recommend.factors.spec import Computed, FactorSpec, Moment

# How many of the last opened items count as recent; ours, untuned.
RECENT: Final = 20
_KINDS: Final = ("source", "topic", "author", "creator", "sound")


class SaturationFamily:
    """Passed by without opening, and the share of like items among the last opened ones."""

    specs = (
        FactorSpec(
            "saturation.passed", "saturation", "log count", 0.0, 3.0, "log(1 + times seen unopened)", "ours", -0.15
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
        shares = _recent_shares(moment)
        rows = []
        for row in moment.rows:
            content = moment.catalogue.at(int(row))
            passed = float(np.log1p(moment.state.passed.get(content.item.id, 0)))
            traits = content.traits
            by_kind = (max((shares[t] for t in traits if t[0] == kind), default=0.0) for kind in _KINDS)
            rows.append((min(3.0, passed), *by_kind))
        return Computed(np.array(rows, dtype=np.float32).reshape(-1, len(self.specs)).T)


def _recent_shares(moment: Moment) -> Counter[Feature]:
    """Return for each feature the share of the last opened items that have it."""
    opened = sorted(moment.state.opened.items(), key=lambda pair: (pair[1], pair[0]))[-RECENT:]
    shares: Counter[Feature] = Counter()
    for item, _ in opened:
        content = moment.catalogue.content(item)
        for trait in content.traits if content else ():
            shares[trait] += 1 / RECENT  # type: ignore[assignment]  # Counter is typed for ints only
    return shares
