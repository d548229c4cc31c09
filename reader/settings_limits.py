"""Settings of how much one reader, and one address, may ask of the server; part of `reader.settings`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class RateSettings(BaseModel):
    """How many requests: `burst` at once, and then as many as trickle in at `per_minute`."""

    model_config = ConfigDict(frozen=True)

    per_minute: float = Field(gt=0)
    burst: int = Field(ge=1)


class LimitSettings(BaseModel):
    """Limits by what is asked for (webapp.limits): each for one reader, with all browsers and tokens, then 429.

    All ours: a person stays far below them, and a program with a mistake in it cannot take the server from the others.
    One reader on an own machine, without accounts, is not limited.
    """

    model_config = ConfigDict(frozen=True)

    # A list takes about 25 ms, with counterfactuals 100; a page of the feed less. Swiping on every half second passes.
    lists: RateSettings = RateSettings(per_minute=240, burst=120)
    # Posts of up to 100 events, and the forms that make one; the pages send one every 15 s.
    events: RateSettings = RateSettings(per_minute=240, burst=120)
    # What reads or rewrites all that is kept of a reader, or analyses texts.
    heavy: RateSettings = RateSettings(per_minute=20, burst=20)
    # By address: passwords that are sent, right or wrong, since each costs a hash of 64 MiB. The back-off for wrong
    # ones comes on top (login.both, login.address, login.name).
    logins: RateSettings = RateSettings(per_minute=30, burst=30)
    # By address, for all requests but files of the app: several readers may share one.
    address: RateSettings = RateSettings(per_minute=2400, burst=1200)
