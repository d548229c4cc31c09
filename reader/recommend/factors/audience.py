"""Whether those who clicked an item, and those who were shown it, are like the reader (`reader.recommend.audience`)."""

from __future__ import annotations

from typing import Final

import numpy as np

from reader.recommend.factors.relative import standardise, with_standardised_specs
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment

# Readers like all others that each item is taken to have had besides its own; ours, untuned.
PRIORS: Final = (3.0, 20.0)
# Spread between candidates that says nothing yet: that of a few readers. Ours.
DOUBT: Final = 0.02
_GATHERED: Final = {"clicked": "clicked", "shown": "were shown"}
_WEIGHTS: Final = {"audience.clicked.3": 0.05}


def _spec(gathered: str, prior: float) -> FactorSpec:
    formula = (
        f"sum over readers who {_GATHERED[gathered]} the item of (their taste - mean taste) @ reader's taste"
        f" / (their number + {prior:g})"
    )
    axes = {"gathered": gathered, "prior": f"{prior:g}"}
    source = "Li et al., WWW 2010, simplified; ours"
    return FactorSpec(f"audience.{gathered}.{prior:g}", "audience", "cosine", -2.0, 2.0, formula, source, axes=axes)


class AudienceFamily:
    """2 gatherings x 2 priors, as they are and standardised within the list."""

    specs = with_standardised_specs([_spec(gathered, prior) for gathered in _GATHERED for prior in PRIORS], _WEIGHTS)

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (8, candidates); 0 for a reader who has opened nothing."""
        plain, z = np.split(out, 2)
        plain[:] = 0.0
        if moment.audience is not None and len(moment.rows):
            taste = moment.audience.taste(moment.state.user)
            gatherings = (moment.audience.clicked, moment.audience.shown)
            plain[:] = np.concatenate([found.leans(moment.rows, taste, np.array(PRIORS)) for found in gatherings])
        standardise(plain, z, DOUBT)
        return ()
