"""What a reader knows already: reports of a story they have had, and how far a candidate is from what they opened.

What belongs here: values for candidates, in standard deviations of the scores once weighed. What does not: leaving
candidates out altogether (`reader.recommend.candidates`).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.spec import Moment
from reader.settings import RankingSettings

# As the factor saturation.passed: 19 times and more count the same.
_MOST_PASSED = 3.0


def known_stories(moment: Moment, settings: RankingSettings) -> NDArray[np.float64]:
    """Return (n,) <= 0: what candidates lose that are linked to another report which was opened, or passed by.

    What was passed by counts once a candidate, by the most shown report it is linked to: else a story that is passed
    by would come back in the words of the next source.
    """
    lost = np.zeros(len(moment.rows))
    catalogue, state = moment.catalogue, moment.state
    for place in catalogue.stories.with_links(moment.rows):
        linked = [catalogue.id_at(row) for row in catalogue.stories.linked(int(moment.rows[place]))]
        if any(item in state.opened for item in linked):
            lost[place] -= settings.story_opened_weight
        times = max(state.passed.get(item, 0) for item in linked)
        lost[place] -= settings.story_passed_weight * min(_MOST_PASSED, math.log1p(times))
    return lost


def novelty(moment: Moment) -> NDArray[np.float64]:
    """Return (n,), 0 to 1: one less the greatest cosine to the last opened items; 0 as long as nothing was opened."""
    if not len(moment.opened) or not len(moment.rows):
        return np.zeros(len(moment.rows))
    cosines = moment.catalogue.vectors.values[moment.opened] @ moment.vectors.T
    far: NDArray[np.float64] = 1.0 - np.clip(cosines.max(axis=0), 0.0, 1.0).astype(np.float64)
    return far
