"""Which items a request is about: what a list could be made of, or what was given."""

from __future__ import annotations

import numpy as np

from reader.profile.state import ReaderState
from reader.recommend.candidates import generate, latest, listable, visible
from reader.recommend.catalogue import Catalogue, Rows
from reader.recommend.requests import Request
from reader.settings import RankingSettings


def select(request: Request, catalogue: Catalogue, state: ReaderState, at_s: float, settings: RankingSettings) -> Rows:
    """Return the rows of the items that are to be ranked."""
    if request.candidates is None:
        return _generated(request, catalogue, state, at_s, settings)
    given = catalogue.rows_of(dict.fromkeys(request.candidates))
    if not request.among_all:
        return given
    generated = _generated(request, catalogue, state, at_s, settings)
    return np.concatenate([generated, np.setdiff1d(given, generated)])


def _generated(
    request: Request, catalogue: Catalogue, state: ReaderState, at_s: float, settings: RankingSettings
) -> Rows:
    if request.mode == "latest":
        return latest(catalogue, visible(catalogue, state, at_s, request.kinds), settings.list_length)
    mask = listable(catalogue, state, at_s, request.kinds)
    return generate(catalogue, state.portrait, mask, at_s, settings)
