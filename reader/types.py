"""The values that travel between the stages: items, events, lists.

What belongs here: frozen dataclasses without behaviour, named as in the public formats (docs/events.md, docs/items.md).
What does not: parsing of foreign input (`reader.ingest.items`, `reader.behaviour.events`) and anything that computes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal
from unicodedata import normalize

ItemKind = Literal["article", "video"]
Mode = Literal["profile", "latest"]
# Where a list went whose places nobody may have seen (docs/events.md); None: to a page, or by the API.
Origin = Literal["atom"]
Came = Literal["start", "down", "up", "jump"]
TargetKind = Literal["source", "author", "creator", "sound", "topic", "keyword"]
EntityKind = Literal["creator", "sound"]
Provider = Literal["", "youtube", "peertube"]
Role = Literal["admin", "adult", "child"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What every item has; `Article` and `Video` add the rest. Empty text means: not given."""

    kind: ClassVar[ItemKind]

    id: str
    title: str
    url: str = ""
    published_at: datetime | None = None
    language: str = ""
    source: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Item):
    """A text with paragraphs; one of a title alone is valid. markup: how each looks, "" if plain; () if all are."""

    kind: ClassVar[ItemKind] = "article"

    author: str = ""
    paragraphs: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()
    audio_url: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said in one stretch of a clip, in seconds from its start."""

    from_s: float
    to_s: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(Item):
    """A clip; its description and transcript are the text that interests are learned from.

    creator_id, sound_id: what several clips share, if their source tells; else the name stands for it. embed_url: the
    player of a provider's own, kept as data and loaded by nobody but a reader's browser after a click.
    """

    kind: ClassVar[ItemKind] = "video"

    description: str = ""
    creator: str = ""
    creator_id: str = ""
    sound: str = ""
    sound_id: str = ""
    tags: tuple[str, ...] = ()
    duration_s: float | None = None
    media_url: str = ""
    poster_url: str = ""
    embed_url: str = ""
    provider: Provider = ""
    transcript: str = ""
    captions: tuple[Caption, ...] = ()
    captions_url: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text of the clip, in the shape that an article has."""
        return tuple(text for text in (self.description, self.transcript) if text)

    def entity(self, kind: EntityKind) -> str:
        """Return the id of the clip's creator or sound: its name where no id is known, "" where there is none."""
        return (self.creator_id or self.creator) if kind == "creator" else (self.sound_id or self.sound)

    def entity_name(self, kind: EntityKind) -> str:
        """Return the name of the clip's creator or sound: its id where no name is known, "" where there is none."""
        return (self.creator or self.creator_id) if kind == "creator" else (self.sound or self.sound_id)


AnyItem = Article | Video


@dataclass(frozen=True, slots=True)
class Entity:
    """A creator or a sound, with its clips, newest first. name: that of the newest clip."""

    kind: EntityKind
    id: str
    name: str
    items: tuple[Video, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact about one reader. Types without further fields are plain `Event`s.

    id: of its reader, unique for ever; a second arrival changes nothing. at: UTC. view: one opening of one item.
    """

    id: str
    type: str
    at: datetime
    user: str
    session: str | None = None
    item: str | None = None
    view: str | None = None
    list: str | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One place of an impression. propensity: the chance that this item came to this place, in (0, 1]."""

    item: str
    position: int
    propensity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impression(Event):
    """What was shown, in order. mode, kinds and origin repeat the request, so that replay can ask again."""

    items: tuple[Shown, ...]
    mode: Mode | None = None
    kinds: tuple[ItemKind, ...] = ()
    origin: Origin | None = None

    @property
    def is_feed(self) -> bool:
        """Whether it is a list of clips alone: there each opens by itself, and only watching it tells something."""
        return self.kinds == ("video",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphVisit(Event):
    """A stretch in which one paragraph was on screen (docs/events.md gives each field).

    Times in ms. rest_ms: the part of visible_ms without scrolling; focus_ms: visible time, each instant shared among
    the paragraphs by how much of the reading band (10 to 60 % of the screen's height) they fill. Both are optional:
    trackers that do not know them leave them out.
    """

    paragraph: int
    visit: int
    part: int
    started_ms: float
    visible_ms: float
    dwell_ms: float
    coverage: float
    came: Came
    user_driven: bool
    rest_ms: float | None = None
    focus_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Event):
    """One unbroken stretch of playing, in seconds of the clip."""

    from_s: float
    to_s: float
    rate: float = 1.0
    sound_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Event):
    """The end of a view."""

    active_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hide(Event):
    """The reader does not want to see this item. target: what of it they do not want, if they said."""

    reason: str = ""
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What a reader follows, mutes, forgets or weighs. until: the end of a mute."""

    kind: TargetKind
    value: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Steer(Event):
    """follow, unfollow, mute, unmute, weigh, unweigh, or forget of a target. weight: only for weigh, -1 to 1."""

    target: Target
    weight: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tune(Event):
    """How much the reader wants to be surprised: 0 familiar, 1 surprising."""

    surprise: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge(Event):
    """keep or forget of what was learned from re-reading one paragraph of `item`."""

    paragraph: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One share of a score. label: said in English; share: of what speaks more for it than for others, 0 to 1.

    about: where there is no evidence, what the sentence is about, so that it can be said in another language, too
    (`reader.recommend.wording`): a term, a moment (ISO 8601) or a number of openings.
    """

    code: str
    label: str
    share: float
    evidence: tuple[Evidence, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where an interest comes from: an act of the reader on an item, and on one of its paragraphs if it has such.

    from_s, to_s: the part of a clip that was played again, in seconds from its start.
    """

    signal: str
    at: datetime
    item: str
    title: str
    paragraph: int | None = None
    terms: tuple[str, ...] = ()
    from_s: float | None = None
    to_s: float | None = None


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """Where an item would stand if the reader gave one interest no weight. position: None if not on the list."""

    target: Target
    label: str
    position: int | None


@dataclass(frozen=True, slots=True)
class Story:
    """What several items report. id: of the one published first; more: the others than the one listed, newest first."""

    id: str
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommended:
    """One place of a list. contributions: factor family -> its part of the score; they sum to `score`.

    story: None if no other item reports the same.
    """

    item: str
    position: int
    score: float
    reasons: tuple[Reason, ...] = ()
    exploration: bool = False
    propensity: float = 1.0
    contributions: dict[str, float] = field(default_factory=dict)
    story: Story | None = None


@dataclass(frozen=True, slots=True)
class RecommendationList:
    """A list as it was made; it stays as it is while a reader pages through it."""

    id: str
    user: str
    at: datetime
    mode: Mode
    kinds: tuple[ItemKind, ...]
    model: str
    items: tuple[Recommended, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """An answer about one purpose. text_version: SHA-256 of the words; level, actor: see `reader.types_consent`."""

    user: str
    purpose: str
    granted: bool
    at: datetime
    text_version: str
    level: str = ""
    actor: str = "reader"


@dataclass(frozen=True, slots=True)
class Token:
    """An API token. digest: SHA-256 of the secret, hex; the secret itself is never stored."""

    digest: str
    user: str
    scopes: tuple[str, ...]
    created_at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A reader who logs in. id: random, the `user` of everything else. password_hash: Argon2id, as a PHC string."""

    id: str
    nickname: str
    password_hash: str
    role: Role
    created_at: datetime
    disabled: bool = False

    @property
    def key(self) -> str:
        """What tells nicknames apart: letters of either case, and other ways to write one character, are the same."""
        return nickname_key(self.nickname)


@dataclass(frozen=True, slots=True)
class Login:
    """One browser in which a reader is logged in. digest: SHA-256 of the secret in its cookie, hex."""

    digest: str
    user: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that works once. user: whose password it sets; empty: it makes a new account of this role."""

    digest: str
    role: Role
    created_at: datetime
    expires_at: datetime
    user: str = ""


@dataclass(frozen=True, slots=True)
class Attempts:
    """Wrong logins in a row under one key (`reader.accounts.throttle`), and when the last one was."""

    count: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Audited:
    """What somebody else did to a reader's account or data. actor: an account's id, or "operator" (command line)."""

    user: str
    at: datetime
    actor: str
    act: str


def nickname_key(nickname: str) -> str:
    """Return what must differ between two nicknames.

    >>> nickname_key(" Ada "), nickname_key("ＡＤＡ")
    ('ada', 'ada')
    """
    return normalize("NFKC", normalize("NFKC", nickname).strip().casefold())
