"""Which items a request is about: what a list could be made of, or what was given."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from reader.profile.state import ReaderState
from reader.recommend.candidates import Mask, Seeking, latest, news_of, visible
from reader.recommend.catalogue import Catalogue, Rows
from reader.recommend.requests import Request
from reader.settings import RankingSettings

NO_ROWS: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Selected:
    """What a request is about, and what finding it has shown besides.

    rows: of the items that are to be ranked; visible: which rows the reader may be shown in any list, None if only what
    was given is looked at; quiet: those of `rows` that are news of quiet sources, if they were looked for.
    """

    rows: Rows
    visible: Mask | None = None
    quiet: Rows = field(default_factory=lambda: NO_ROWS)


def select(
    request: Request, catalogue: Catalogue, state: ReaderState, at_s: float, settings: RankingSettings
) -> Selected:
    """Return the items that are to be ranked."""
    if request.candidates is None:
        return _generated(request, catalogue, state, at_s, settings)
    given = catalogue.rows_of(dict.fromkeys(request.candidates))
    if not request.among_all:
        return Selected(given)
    generated = _generated(request, catalogue, state, at_s, settings)
    return replace(generated, rows=np.concatenate([generated.rows, np.setdiff1d(given, generated.rows)]))


def _generated(
    request: Request, catalogue: Catalogue, state: ReaderState, at_s: float, settings: RankingSettings
) -> Selected:
    mask = visible(catalogue, state, at_s, request.kinds)
    if request.mode == "latest":
        return Selected(latest(catalogue, mask, settings.list_length), mask)
    found = Seeking(catalogue, state.portrait, news_of(mask, catalogue, state, request.kinds), at_s, settings).all()
    return Selected(found.rows, mask, found.quiet)
