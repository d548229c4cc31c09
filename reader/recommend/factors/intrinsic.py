"""What an item is, whoever reads it: its age, length, difficulty, form."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from reader.profile.content import Content
from reader.recommend.factors.spec import Computed, FactorSpec, Moment
from reader.types import Video

AGES_H: Final[dict[str, float]] = {"1h": 1, "6h": 6, "1d": 24, "3d": 72, "7d": 168, "30d": 720}
_AGE_WEIGHTS: Final = (0.05, 0.1, 0.15, 0.15, 0.1, 0.05)


class FreshnessFamily:
    """Six exponential kernels of age."""

    specs = tuple(
        FactorSpec(
            name=f"freshness.{name}",
            family="freshness",
            unit="share",
            low=0.0,
            high=1.0,
            formula="exp(-age / scale)",
            source="ours, untuned",
            weight=weight,
        )
        for name, weight in zip(AGES_H, _AGE_WEIGHTS, strict=True)
    )

    def compute(self, moment: Moment) -> Computed:
        """Compute (6, candidates)."""
        age_h = np.maximum(0.0, moment.at_s - moment.catalogue.published_s.values[moment.rows]) / 3600
        scales = np.array(list(AGES_H.values()))
        return Computed(np.exp(-age_h[None, :] / scales[:, None]).astype(np.float32))


def _spec(name: str, unit: str, formula: str) -> FactorSpec:
    # Without data, no form is better than another: the weights are 0 until they are learned.
    return FactorSpec(f"intrinsic.{name}", "intrinsic", unit, 0.0, 1.0, formula, "ours", 0.0)


class IntrinsicFamily:
    """Form and difficulty."""

    specs = (
        _spec("words", "log share", "min(1, log(1 + words) / log(1 + 3000))"),
        _spec("paragraphs", "share", "min(1, paragraphs / 20)"),
        _spec("difficulty", "share", "min(1, LIX / 100), Björnsson 1968"),
        _spec("title_words", "share", "min(1, words of the title / 20)"),
        _spec("title_digits", "0 or 1", "whether the title has a digit"),
        _spec("title_question", "0 or 1", "whether the title asks"),
        _spec("video", "0 or 1", "whether it is a video"),
        _spec("duration", "share", "min(1, seconds of the clip / 60)"),
    )

    def compute(self, moment: Moment) -> Computed:
        """Compute (8, candidates)."""
        rows = (_intrinsic(moment.catalogue.at(int(row))) for row in moment.rows)
        return Computed(np.array(list(rows), dtype=np.float32).reshape(-1, len(self.specs)).T)


def _intrinsic(content: Content) -> tuple[float, ...]:
    item, blocks = content.item, content.analysis.paragraphs
    words = sum(block.words for block in blocks)
    lix = sum(block.words * block.difficulty for block in blocks) / max(1, words)
    duration_s = (item.duration_s or 0.0) if isinstance(item, Video) else 0.0
    return (
        min(1.0, float(np.log1p(words) / np.log1p(3000))),
        min(1.0, len(blocks) / 20),
        min(1.0, lix / 100),
        min(1.0, content.analysis.title.words / 20),
        float(bool(re.search(r"\d", item.title))),
        float("?" in item.title),
        float(item.kind == "video"),
        min(1.0, duration_s / 60),
    )
