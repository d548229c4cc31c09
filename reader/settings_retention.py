"""The settings of how long what is kept; part of `reader.settings`. What is not named is kept until it is erased."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class RetentionSettings(BaseModel):
    """How long the traces of running an installation are kept (reader.privacy.retention)."""

    model_config = ConfigDict(frozen=True)

    # Whether `reread serve` deletes by itself what is older.
    enabled: bool = True
    # From one time to the next while the server runs; it begins with one.
    every_h: float = Field(default=24.0, gt=0)
    # What others did to a reader's account or data: a year, so that whoever looks once a year finds it. Ours.
    audits_days: float = Field(default=365.0, gt=0)
    # Links that expired can be told from links that never were for so long; ours.
    expired_invitations_days: float = Field(default=0.0, ge=0)
