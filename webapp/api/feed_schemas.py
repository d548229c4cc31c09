"""Bodies and answers of /feeds; part of `webapp.api.schemas`."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field, StrictBool, model_validator

from webapp.api.schemas import In

MAX_URL = 2_000


class FeedQuery(BaseModel):
    """Which feed: its address, as GET /feeds has it."""

    url: str = Field(max_length=MAX_URL)


class FollowIn(In):
    """url: of a site, a channel or a feed; folder: names from the outside in."""

    url: str = Field(max_length=MAX_URL)
    title: str = Field("", max_length=200)
    folder: list[str] = Field([], max_length=20)


class FeedIn(In):
    """What to change; what is left out stays. title: "" for the feed's own; folders: all that it is to stand in."""

    title: str | None = Field(None, max_length=200)
    folders: list[list[str]] | None = Field(None, max_length=50)
    full_text: StrictBool | None = None

    @model_validator(mode="after")
    def _check(self) -> FeedIn:
        if self.title is None and self.folders is None and self.full_text is None:
            raise ValueError("give title, folders or full_text")
        return self


class FeedOut(BaseModel):
    """A feed that the reader follows. trouble: the kind, "" if all is well; advice: what happened and what to do."""

    url: str
    title: str
    site_url: str
    folders: list[list[str]]
    full_text: bool
    items_a_week: float
    fetched_at: datetime | None
    succeeded_at: datetime | None
    next_at: datetime | None
    failures: int
    trouble: str
    error: str
    advice: str


class FeedsOut(BaseModel):
    """All of them, by name."""

    feeds: list[FeedOut]
    folders: list[list[str]]


class ChoiceOut(BaseModel):
    """A feed that was found at a site."""

    url: str
    title: str


class FollowedOut(BaseModel):
    """feed: what is followed now; null if several were found: then choose, and post the address of the choice."""

    feed: FeedOut | None = None
    choices: list[ChoiceOut] = []


class OpmlIn(In):
    """opml: the file as text; preview: say only what would change; feeds: take these addresses alone."""

    opml: str = Field(max_length=5_000_000)
    preview: StrictBool = False
    feeds: list[str] | None = Field(None, max_length=20_000)


class PlannedOut(BaseModel):
    """What becomes of an outline. detail: of a broken one, why."""

    title: str
    url: str
    folder: list[str]
    detail: str


class PlanOut(BaseModel):
    """What a file changes, or would change. notes: what of it was damaged."""

    new: list[PlannedOut]
    known: list[PlannedOut]
    broken: list[PlannedOut]
    new_folders: list[list[str]]
    notes: list[str]
