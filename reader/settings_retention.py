"""The settings of how long what is kept; part of `reader.settings`. What is not named is kept until it is erased.

Of what readers did, 0 days are for good.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class RetentionSettings(BaseModel):
    """How long what is kept (reader.privacy.retention)."""

    model_config = ConfigDict(frozen=True)

    # Whether `reread serve` deletes by itself what is older.
    enabled: bool = True
    # From one time to the next while the server runs; it begins with one.
    every_h: float = Field(default=24.0, gt=0)
    # How texts were read and clips played, stretch by stretch; then sums by view take their place, and lists stay as
    # they are. A month, as DESIGN 5's half-lives of 21 days and less have had most of it by then. Ours.
    attention_days: float = Field(default=30.0, ge=0)
    # These sums; with them goes what they gave to the profile. Kept, since interests are made of them. Ours.
    sums_days: float = Field(default=0.0, ge=0)
    # Cards that were in view; what was not opened counts a little against its like. Ours.
    cards_days: float = Field(default=0.0, ge=0)
    # That lists were handed out, and what was on them; ranking learns from the newest (learning.relearned_lists). Ours.
    impressions_days: float = Field(default=0.0, ge=0)
    # What was opened and marked as read, with how it was read: after it, the same items may come up again. Ours.
    openings_days: float = Field(default=0.0, ge=0)
    # Likes, saves, shares, comments, hides and their opposites; what was hidden may come up again after it. Ours.
    feedback_days: float = Field(default=0.0, ge=0)
    # What others did to a reader's account or data: a year, so that whoever looks once a year finds it. Ours.
    audits_days: float = Field(default=365.0, gt=0)
    # Links that expired can be told from links that never were for so long; ours.
    expired_invitations_days: float = Field(default=0.0, ge=0)
