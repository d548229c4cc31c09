"""The settings of consent: what is held for a sitting; part of `reader.settings`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ConsentSettings(BaseModel):
    """What readers agree to (reader.privacy, reader.recommend.sittings)."""

    model_config = ConfigDict(frozen=True)

    # "Only now" ends after this much rest: what web analytics count as the end of a visit, and so do our pages.
    sitting_rest_min: float = Field(default=30.0, gt=0)
    # Events held of one reader at most, some hours of reading: bounds memory, whoever sends them. Ours.
    sitting_events: int = Field(default=5_000, ge=1)
