"""What an item is, whoever reads it: its age, length, difficulty, form; and how that meets the time of day."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.relative import standardise, with_standardised_specs
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment
from reader.recommend.form import FORM
from reader.recommend.moments import to_datetime

AGES_H: Final[dict[str, float]] = {
    "30min": 0.5,
    "1h": 1,
    "2h": 2,
    "6h": 6,
    "12h": 12,
    "1d": 24,
    "3d": 72,
    "7d": 168,
    "30d": 720,
}
_AGE_WEIGHTS: Final = {"1h": 0.05, "6h": 0.1, "1d": 0.15, "3d": 0.15, "7d": 0.1, "30d": 0.05}
_SCALES_H: Final = np.array(list(AGES_H.values()))[:, None]
_LONGEST_H: Final = 24 * 365.0


class FreshnessFamily:
    """Nine exponential kernels of age and its logarithm, as they are and standardised within the list."""

    specs = with_standardised_specs(
        [
            *(
                FactorSpec(
                    f"freshness.{name}",
                    "freshness",
                    "share",
                    0.0,
                    1.0,
                    "exp(-age / scale)",
                    "ours, untuned",
                    _AGE_WEIGHTS.get(name, 0.0),
                    {"age": name},
                )
                for name in AGES_H
            ),
            FactorSpec(
                "freshness.log",
                "freshness",
                "log share",
                0.0,
                1.0,
                "1 - min(1, log(1 + hours) / log(1 + 8760))",
                "ours, untuned",
                axes={"age": "log"},
            ),
        ]
    )

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (20, candidates)."""
        plain = out[: len(AGES_H) + 1]
        age_h = _age_h(moment)
        plain[:-1] = np.exp(-age_h[None, :] / _SCALES_H)
        plain[-1] = 1.0 - np.minimum(1.0, np.log1p(age_h) / math.log1p(_LONGEST_H))
        standardise(plain, out[len(plain) :])
        return ()


def _age_h(moment: Moment) -> NDArray[np.float64]:
    age_h: NDArray[np.float64] = np.maximum(0.0, moment.at_s - moment.catalogue.published_s.values[moment.rows]) / 3600
    return age_h


class IntrinsicFamily:
    """Form and difficulty, as `reader.recommend.form` has them, as they are and standardised within the list."""

    # Without data, no form is better than another: the weights are 0 until they are learned.
    specs = with_standardised_specs(
        [
            FactorSpec(f"intrinsic.{name}", "intrinsic", unit, 0.0, 1.0, formula, "ours", axes={"form": name})
            for name, (unit, formula) in FORM.items()
        ]
    )

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (16, candidates)."""
        plain, z = np.split(out, 2)
        plain[:] = moment.form
        standardise(plain, z)
        return ()


_TIMES: Final = ("night", "early", "morning", "afternoon", "evening", "late", "weekend")
_CROSSED: Final = {
    "video": "whether it is a video",
    "words": FORM["words"][1],
    "difficulty": FORM["difficulty"][1],
    "fresh": "exp(-age / 1 day)",
}
_CROSSED_FORM: Final = [list(FORM).index(name) for name in ("video", "words", "difficulty")]


class ContextFamily:
    """7 times x 4 measures of the item: what suits the hour. Sixths of the day from midnight UTC, Saturday and Sunday.

    No reader's time zone is known.
    """

    specs = tuple(
        FactorSpec(
            f"context.{time}.{name}",
            "context",
            "share",
            0.0,
            1.0,
            f"{formula}, if it is {time}; else 0",
            "Toutiao's environment class (Cao 2018); ours",
            axes={"time": time, "form": name},
        )
        for time in _TIMES
        for name, formula in _CROSSED.items()
    )

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (28, candidates)."""
        at = to_datetime(moment.at_s)
        values = out.reshape(len(_TIMES), len(_CROSSED), len(moment.rows))
        values[:] = 0.0
        item = values[at.hour // 4]
        item[:-1] = moment.form[_CROSSED_FORM]
        item[-1] = np.exp(-_age_h(moment) / 24.0)
        if at.weekday() >= 5:
            values[-1] = item
        return ()
