"""Bodies and queries of the API as pydantic models, which check requests, write answers and fill /openapi.json."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from reader.types import ItemKind, Mode, TargetKind
from reader.types_languages import Language

Explain = Literal["none", "brief", "full"]
MAX_EVENTS = 100
MAX_LIMIT = 100
MAX_STEERS = 100
# What a change of an interest may be.
CHANGES = ("weight", "unweigh", "muted", "followed", "forget")
_KIND = "(article|video)"


class In(BaseModel):
    """A body: unknown fields are errors, since they are most likely misspelt."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def _given(name: str) -> dict[str, Any]:
    """Return the schema that says that a field is there and not null."""
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}


class ListQuery(BaseModel):
    """What list is wanted. With a cursor, `mode` and `kinds` are those of its list; mode: as the reader has chosen."""

    limit: int = Field(20, ge=1, le=MAX_LIMIT)
    kinds: str = Field("", pattern=f"^({_KIND}(,{_KIND})*)?$", examples=["article,video"])
    mode: Mode | None = None
    cursor: str = ""
    explain: Explain = "brief"


class RelatedQuery(BaseModel):
    """How many items are wanted."""

    limit: int = Field(6, ge=1, le=MAX_LIMIT)


class ExportQuery(BaseModel):
    """json: one object; jsonl: one object a line, streamed; zip: files in the public formats, which can be imported."""

    format: Literal["json", "jsonl", "zip"] = "json"


class EvidenceOut(BaseModel):
    """An act of the reader that an interest comes from. from_s, to_s: the part of a clip that was played again."""

    signal: str
    at: datetime
    item: str
    title: str
    paragraph: int | None = None
    terms: list[str] = []
    from_s: float | None = None
    to_s: float | None = None


class ReasonOut(BaseModel):
    """share: of all that speaks more for the item than for the list's candidates on average, 0 to 1.

    evidence: with explain=full.
    """

    code: str
    label: str
    share: float
    evidence: list[EvidenceOut] = []


class ReportOut(BaseModel):
    """Another item that reports the same."""

    id: str
    source: str
    title: str
    url: str


class StoryOut(BaseModel):
    """Several items that report the same. id: of the one published first; more: those not listed, newest first."""

    id: str
    more: list[ReportOut]


class FactorPartOut(BaseModel):
    """One factor's part of a score."""

    name: str
    value: float
    weight: float
    contribution: float


class OthersOut(BaseModel):
    """The factors of a family that are not named, folded."""

    count: int
    contribution: float


class FamilyPartOut(BaseModel):
    """One family's part of a score: its strongest factors by name and the others sum to its contribution."""

    family: str
    label: str
    contribution: float
    factors: list[FactorPartOut]
    others: OthersOut


class SteerableOut(BaseModel):
    """What PATCH /me/interests takes as a target."""

    kind: TargetKind
    value: str


class CounterfactualOut(BaseModel):
    """Where the item would be on the next list if the weight of an interest were 0. position: null if not on it."""

    target: SteerableOut
    label: str
    position: int | None


class RecommendedOut(BaseModel):
    """One place of a list. opened: by the reader, before; story: null if no other item reports the same.

    With explain=full, else null: contributions, factor family to its part of the score, the sum; ledger, the same with
    factors; next_position, the place on the next list if nothing else happens, null if not on it; counterfactuals.
    """

    id: str
    kind: ItemKind
    position: int
    title: str
    url: str
    source: str
    published_at: datetime | None
    score: float
    exploration: bool
    opened: bool
    reasons: list[ReasonOut]
    contributions: dict[str, float] | None = None
    ledger: list[FamilyPartOut] | None = None
    next_position: int | None = None
    counterfactuals: list[CounterfactualOut] | None = None
    story: StoryOut | None = None


class ModelOut(BaseModel):
    """What ranked a list."""

    name: str
    version: str


class ListOut(BaseModel):
    """One page of a list. next_cursor: null at its end. language: of the labels of its reasons, en or de."""

    list_id: str = Field(alias="list")
    mode: Mode
    model: ModelOut
    items: list[RecommendedOut]
    next_cursor: str | None
    language: Language = "en"


class RelatedOut(BaseModel):
    """Items like one item, most like first."""

    items: list[RecommendedOut]


class ItemsOut(BaseModel):
    """accepted: how many were stored. index: place in the request from 0."""

    class Rejected(BaseModel):
        """One item that was not taken."""

        index: int
        id: str
        field: str
        detail: str

    accepted: int
    rejected: list[Rejected]


class EventsIn(In):
    """Events as in docs/events.md; `user` is set by the server."""

    # Anything, since each is judged by itself and a wrong one leaves the others alone.
    events: list[Any] = Field(
        max_length=MAX_EVENTS, json_schema_extra={"items": {"description": "See docs/events.md."}}
    )


class EventsOut(BaseModel):
    """What became of the events; a duplicate had arrived before."""

    class Rejected(BaseModel):
        """One event that was not taken."""

        id: str
        field: str
        detail: str

    accepted: int
    duplicates: int
    rejected: list[Rejected]


class TargetModel(In):
    """What an interest is about. until: the end of a mute."""

    kind: TargetKind
    # Something besides white space.
    value: str = Field(min_length=1, max_length=200, pattern=r"\S")
    until: datetime | None = None


class SteerIn(In):
    """One change of one interest: exactly one of the five. weight 0: it earns nothing; unweigh: as it was learned."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_given(name) for name in CHANGES]})

    target: TargetModel
    weight: float | None = Field(None, ge=-1, le=1, strict=True)
    unweigh: Literal[True] | None = None
    muted: StrictBool | None = None
    followed: StrictBool | None = None
    forget: Literal[True] | None = None

    @model_validator(mode="after")
    def one_change(self) -> SteerIn:
        """ValueError unless exactly one change is given."""
        given = [name for name in CHANGES if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give one of {', '.join(CHANGES)}; got {', '.join(given) or 'none'}")
        return self


class InterestsIn(In):
    """Changes of interests, made in this order, and from familiar (0) to surprising (1): at least one of the two."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": ["interests"], "properties": {"interests": {"minItems": 1}}}, _given("surprise")]
        }
    )

    interests: list[SteerIn] = Field(default=[], max_length=MAX_STEERS)
    surprise: float | None = Field(None, ge=0, le=1, strict=True)

    @model_validator(mode="after")
    def any_change(self) -> InterestsIn:
        """ValueError if nothing is to be changed."""
        if not self.interests and self.surprise is None:
            raise ValueError("give interests, surprise, or both")
        return self


class TargetOut(BaseModel):
    """What an interest is about; kinds are those of requests, and `language`."""

    kind: str
    value: str
    until: datetime | None = None


class InterestOut(BaseModel):
    """weight: -1 to 1. edited: the reader set it."""

    target: TargetOut
    label: str
    weight: float
    muted: bool
    followed: bool
    edited: bool
    evidence: list[EvidenceOut]


class InterestsOut(BaseModel):
    """Interests, strongest first. surprise: from familiar (0) to surprising (1)."""

    interests: list[InterestOut]
    surprise: float


class ConsentIn(In):
    """Answers, at least one. true and false stand for "kept" and "none". text_version: of the words that were shown.

    attention: may it be recorded how long which paragraph was read? "session": only while the reader is here.
    signal: the browser asks not to be tracked (navigator.globalPrivacyControl).
    """

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [_given(name) for name in ("attention", "feedback", "research", "signal")]}
    )

    attention: StrictBool | Literal["none", "session", "kept"] | None = None
    feedback: StrictBool | None = None
    research: StrictBool | None = None
    text_version: str = Field("", pattern="^([0-9a-f]{64})?$")
    signal: Literal["gpc"] | None = None

    def levels(self) -> list[tuple[str, str]]:
        """Return the purposes that were answered, each with its level."""
        given = [(name, getattr(self, name)) for name in ("attention", "feedback", "research")]
        known = {True: "kept", False: "none"}
        return [(name, known.get(value, value)) for name, value in given if value is not None]

    @model_validator(mode="after")
    def any_answer(self) -> ConsentIn:
        """ValueError if nothing is answered."""
        if not self.levels() and self.signal is None:
            raise ValueError("give attention, feedback or research, or signal")
        return self


class AnswerOut(BaseModel):
    """levels: what may be answered; text: the SHA-256 of this server's words. The rest is null if never answered."""

    levels: list[str]
    text: str
    level: str | None = None
    at: datetime | None = None
    text_version: str | None = None
    actor: str | None = None


class ConsentOut(BaseModel):
    """attention, at, text_version: null if never answered about attention. purposes: all of them."""

    attention: bool | None
    at: datetime | None = None
    text_version: str | None = None
    purposes: dict[str, AnswerOut]


class ModeModel(In):
    """How lists are ordered that ask for no mode: by the reader's profile, or newest first."""

    mode: Mode


class DeletedOut(BaseModel):
    """How many events were deleted."""

    deleted: int


class ErasedOut(BaseModel):
    """How many of each kind were deleted, and the receipt, which names nobody and is signed."""

    erased: dict[str, int]
    receipt: dict[str, Any]


class RestoredOut(BaseModel):
    """What became of an archive. refused: the first refusals in words; refused_count: of all."""

    events: int
    duplicates: int
    consents: int
    feeds: int
    refused_count: int
    refused: list[str]
