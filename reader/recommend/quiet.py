"""Sources that publish rarely: their news would drown among those that publish often, so it is looked for and lifted.

What belongs here: which sources are quiet, and what their items gain, in standard deviations of the scores. It reaches
sources that a reader likes or follows, and no others: rarely is no merit by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.catalogue import Catalogue, Rows
from reader.recommend.factors.spec import Moment
from reader.settings_lists import QuietSettings

_WEEK_S: Final = 7 * 86_400.0
# Weeks over which it is counted how much a source publishes; as on the page of feeds.
_WEEKS: Final = 4
# Items looked at for each that a quiet source may have: some may be dated ahead. Ours.
_LOOKED_AT: Final = 4


def quiet_rows(catalogue: Catalogue, sources: Iterable[str], at_s: float, settings: QuietSettings) -> Rows:
    """Return the rows, ascending, that those of some sources have published lately which are quiet."""
    if settings.weight == 0:
        return np.zeros(0, dtype=np.int64)
    found = [_of_source(catalogue, source, at_s, settings) for source in sources]
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *found]))


def _of_source(catalogue: Catalogue, source: str, at_s: float, settings: QuietSettings) -> Rows:
    """Return what a source has published lately; nothing if that is too much for a quiet one."""
    most = math.floor(_WEEKS * settings.items_a_week)
    # By when they were published: a feed brings its newest first, so that the last to arrive may be years old.
    rows = catalogue.newest_with(("source", source), _LOOKED_AT * (most + 1))
    age_s = at_s - catalogue.published_s.values[rows]
    published = age_s >= 0
    if int((published & (age_s < _WEEKS * _WEEK_S)).sum()) > most:
        return np.zeros(0, dtype=np.int64)
    lately: Rows = rows[published & (age_s < settings.days * 86_400)]
    return lately


def lift(moment: Moment, rows: Rows, settings: QuietSettings) -> NDArray[np.float64]:
    """Return (n,) >= 0: the weight for news of a quiet source, less with age, and with each time it was passed by.

    rows: those of `quiet_rows`, or as many of them as may be among the candidates.
    """
    gained = np.zeros(len(moment.rows))
    catalogue, passed = moment.catalogue, moment.state.passed
    if not len(rows):
        return gained
    for place in np.flatnonzero(np.isin(moment.rows, rows)).tolist():
        row = int(moment.rows[place])
        age_days = (moment.at_s - float(catalogue.published_s.values[row])) / 86_400
        times = passed.get(catalogue.id_at(row), 0)
        gained[place] = settings.weight * (1 - age_days / settings.days) / (1 + times)
    return gained
