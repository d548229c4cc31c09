"""What all readers do with the clips of a creator and with a sound, and how long a clip is, or that it does not tell.

What a reader does with them is in the interest match (signals of creator and sound) and in the affinities.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from reader.recommend.factors.heat import scope_specs, scope_values
from reader.recommend.factors.relative import standardise, with_standardised_specs
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment
from reader.recommend.form import FORM

_SCOPES: Final = ("creator", "sound")
# Shares of a minute around which a clip's length is told; ours.
_LENGTHS: Final = {"6s": 0.1, "15s": 0.25, "30s": 0.5, "45s": 0.75, "60s": 1.0}
# Width of such a bump, in shares of a minute; ours.
_WIDTH: Final = 0.15
_CENTRES: Final = np.array(list(_LENGTHS.values()))[:, None]
_VIDEO: Final = list(FORM).index("video")
_DURATION: Final = list(FORM).index("duration")


class VideoFamily:
    """Heat of creator and sound, 5 bumps of length and its lack, as they are and standardised within the list."""

    specs = with_standardised_specs(
        [
            *(spec for kind in _SCOPES for spec in scope_specs(f"video.{kind}")),
            *(
                FactorSpec(
                    f"video.length.{name}",
                    "video",
                    "share",
                    0.0,
                    1.0,
                    "exp(-((minutes, at most 1, - centre) / 0.15)^2 / 2) of a clip that tells; else 0",
                    "ours",
                    axes={"length": name},
                )
                for name in _LENGTHS
            ),
            FactorSpec(
                "video.length.unknown",
                "video",
                "0 or 1",
                0.0,
                1.0,
                "whether it is a clip that does not tell its length",
                "ours",
                axes={"length": "unknown"},
            ),
        ]
    )

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (68, candidates)."""
        plain = out[: len(out) // 2]
        minutes, is_known = moment.form[_DURATION], moment.catalogue.duration_s.values[moment.rows] > 0
        heat, lengths, unknown = np.split(plain, [-len(_LENGTHS) - 1, -1])
        heat[:] = scope_values(moment, _SCOPES)
        lengths[:] = is_known * np.exp(-(((minutes - _CENTRES) / _WIDTH) ** 2) / 2)
        unknown[:] = moment.form[_VIDEO] * ~is_known
        standardise(plain, out[len(plain) :])
        return ()
