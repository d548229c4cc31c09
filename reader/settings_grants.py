"""The settings of data grants; part of `reader.settings`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class GrantSettings(BaseModel):
    """What readers may grant others of their data (reader.privacy.grants)."""

    model_config = ConfigDict(frozen=True)

    # No grant runs longer: a year, after which a reader is to think of it again. Ours.
    longest_days: float = Field(default=365.0, gt=0, le=36_500)
    # Grants of one reader that are in force at a time; ours, more than anybody can keep in view.
    most: int = Field(default=50, ge=1)
