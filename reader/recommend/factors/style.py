"""How a reader reads, against what an item is: the form of what they opened, and how deep they go.

Depth is credit of one signal over credit of opening, in the language features, which every act on a whole item credits
alike. The reader's speed is kept with their settled views, not with their portrait, so it is not here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import HALF_LIVES_S, SIGNAL_INDEX, Signal
from reader.recommend.factors.relative import standardise, with_standardised_specs
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment
from reader.recommend.form import FORM

_DEPTHS: Final[tuple[Signal, ...]] = ("read", "reread", "finish", "watch", "implicit_minus")
_HALF_LIFE: Final = list(HALF_LIVES_S).index("21d")
# Credit of opening that halves a depth: with little seen, little is said. Ours, untuned.
_SHRINKAGE: Final = 0.3
_MOST: Final = 3.0
_NEARNESS: Final = {
    "opened50": "1 - |item - mean of the last 50 opened|",
    "opened5": "1 - |item - mean of the last 5 opened|",
    "passed": "1 - |item - mean of the last 200 passed by|",
}


class StyleFamily:
    """8 measures of form x (3 nearnesses, 5 depths), as they are and the nearnesses standardised within the list."""

    _near = tuple(
        FactorSpec(
            f"style.{name}.{form}",
            "style",
            "share",
            0.0,
            1.0,
            f"{formula}, of {form}; 0 without any",
            "ours",
            axes={"measure": name, "form": form},
        )
        for name, formula in _NEARNESS.items()
        for form in FORM
    )
    specs = (
        *with_standardised_specs(_near),
        *(
            FactorSpec(
                f"style.{signal}.{form}",
                "style",
                "depth x share",
                0.0,
                _MOST,
                f"min(3, credit of {signal} / (credit of open + 0.3)) * {form}; languages, half-life 21 d",
                "ours",
                axes={"signal": signal, "form": form},
            )
            for signal in _DEPTHS
            for form in FORM
        ),
    )

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (88, candidates)."""
        form, all_forms = moment.form, moment.catalogue.form.values
        near, z, deep = np.split(out, [len(self._near), 2 * len(self._near)])
        windows = (moment.opened, moment.opened[-5:], moment.passed)
        for own, rows in zip(near.reshape(len(_NEARNESS), *form.shape), windows, strict=True):
            own[:] = 1.0 - np.abs(form - all_forms[rows].mean(axis=0)[:, None]) if len(rows) else 0.0
        standardise(near, z)
        np.multiply(_depths(moment)[:, None, None], form, out=deep.reshape(len(_DEPTHS), *form.shape))
        return ()


def _depths(moment: Moment) -> NDArray[np.float32]:
    """Return (depths,) float32, from 0 to 3."""
    own = moment.credit[moment.portrait.of_kind("language"), :, _HALF_LIFE]
    credit = np.maximum(own.sum(axis=0), 0.0)
    depths = credit[[SIGNAL_INDEX[signal] for signal in _DEPTHS]] / (credit[SIGNAL_INDEX["open"]] + _SHRINKAGE)
    limited: NDArray[np.float32] = np.minimum(_MOST, depths).astype(np.float32)
    return limited
