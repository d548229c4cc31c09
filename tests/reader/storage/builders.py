"""Values for the tests of storage: hand-made ones and, as hypothesis strategies, any that the formats allow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from reader.records import EVENT_CLASSES
from reader.types import (
    Account,
    Article,
    Audited,
    Caption,
    Close,
    Consent,
    Event,
    Evidence,
    Hide,
    Impression,
    Invitation,
    Judge,
    Login,
    ParagraphVisit,
    Reason,
    RecommendationList,
    Recommended,
    Shown,
    Steer,
    Target,
    Token,
    Tune,
    Video,
    Watch,
)
from reader.types_feeds import Feed, Folder, Place, Subscription
from reader.types_folding import FoldedView, Look, Played, Replay, ScrollBack
from reader.types_grants import GRANT_CLASSES, Grant, GrantEntry, Terms
from reader.types_undo import Undo

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def make_event(event_id: str, *, user: str = "ada", at: datetime = NOW) -> Event:
    """Return a plain event."""
    return Event(id=event_id, type="open", at=at, user=user, item="a1", view="w1")


def make_events(prefix: str, count: int, *, user: str = "ada") -> list[Event]:
    """Return events with the ids prefix-0, prefix-1, …"""
    return [make_event(f"{prefix}-{number}", user=user) for number in range(count)]


def make_article(item_id: str, *, title: str = "On lithium") -> Article:
    """Return an article of one paragraph."""
    return Article(id=item_id, title=title, published_at=NOW, paragraphs=("Salt lakes.",))


def make_clip(item_id: str, *, at: datetime | None = NOW, **fields: Any) -> Video:
    """Return a clip without text."""
    return Video(id=item_id, title="A pan of salt", published_at=at, **fields)


def make_list(list_id: str, *, user: str = "ada", at: datetime = NOW) -> RecommendationList:
    """Return a list of one place."""
    places = (Recommended("a1", 0, 0.5, contributions={"interest": 0.5}),)
    return RecommendationList(list_id, user, at, "profile", ("article",), "linear-1", places)


def make_token(digest: str, *, user: str = "ada") -> Token:
    """Return a token with two scopes."""
    return Token(digest, user, ("read", "items:write"), NOW, "laptop")


def make_account(user: str, nickname: str = "", *, at: datetime = NOW) -> Account:
    """Return an account that is called after its id unless told otherwise."""
    return Account(user, nickname or user.title(), "$argon2id$", "adult", at)


def make_login(digest: str, *, user: str = "ada", at: datetime = NOW) -> Login:
    """Return a login that was last used when it was made."""
    return Login(digest, user, at, at)


def make_invitation(digest: str, *, user: str = "", at: datetime = NOW) -> Invitation:
    """Return an invitation for a day; with a user, it sets a password."""
    return Invitation(digest, "adult", at, at + timedelta(days=1), user)


def make_grant(grant_id: str, *, user: str = "ada", at: datetime = NOW, **fields: Any) -> Grant:
    """Return a grant of what was opened, for thirty days."""
    terms = Terms(("opens",), "A university", "study@example.org", "A study", at + timedelta(days=30))
    return Grant(grant_id, user, terms, at, "{}", **fields)


# Surrogates are no characters and cannot be stored; the edge rejects them.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
OPTIONAL_TEXTS = st.none() | TEXTS
TEXT_TUPLES = st.lists(TEXTS, max_size=3).map(tuple)
COUNTS = st.integers(0, 2**40)
FLOATS = st.floats(allow_nan=False)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=9))])
MOMENTS = st.datetimes(datetime(1000, 1, 2), datetime(9000, 1, 1), timezones=ZONES)
OPTIONAL_MOMENTS = st.none() | MOMENTS
KINDS = st.lists(st.sampled_from(["article", "video"]), max_size=2).map(tuple)
MODES = st.sampled_from(["profile", "latest"])

ITEM_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "id": TEXTS,
    "title": TEXTS,
    "url": TEXTS,
    "published_at": OPTIONAL_MOMENTS,
    "language": TEXTS,
    "source": TEXTS,
    "topics": TEXT_TUPLES,
}
ARTICLES = st.builds(Article, **ITEM_FIELDS, author=TEXTS, paragraphs=TEXT_TUPLES)
VIDEOS = st.builds(
    Video,
    **ITEM_FIELDS,
    description=TEXTS,
    creator=TEXTS,
    creator_id=TEXTS,
    sound=TEXTS,
    sound_id=TEXTS,
    tags=TEXT_TUPLES,
    duration_s=st.none() | FLOATS,
    media_url=TEXTS,
    poster_url=TEXTS,
    embed_url=TEXTS,
    provider=st.sampled_from(["", "youtube", "peertube"]),
    transcript=TEXTS,
    captions=st.lists(st.builds(Caption, FLOATS, FLOATS, TEXTS), max_size=2).map(tuple),
    captions_url=TEXTS,
)
ITEMS = ARTICLES | VIDEOS

TARGET_KINDS = st.sampled_from(["source", "author", "creator", "sound", "topic", "keyword"])
LOOKS = st.builds(Look, COUNTS, COUNTS, COUNTS, st.booleans(), FLOATS)
RETURNS = st.builds(ScrollBack, COUNTS, COUNTS, COUNTS, FLOATS, FLOATS, FLOATS, st.sampled_from(["full", "exit"]))
REPLAYS = st.lists(st.builds(Replay, FLOATS, FLOATS, FLOATS), max_size=2).map(tuple)
EVENT_FIELDS: dict[type[Event], dict[str, st.SearchStrategy[Any]]] = {
    Event: {},
    Impression: {
        "items": st.lists(st.builds(Shown, TEXTS, COUNTS, st.none() | FLOATS), max_size=3).map(tuple),
        "mode": st.none() | MODES,
        "kinds": KINDS,
    },
    ParagraphVisit: {
        "paragraph": COUNTS,
        "visit": COUNTS,
        "part": COUNTS,
        "started_ms": FLOATS,
        "visible_ms": FLOATS,
        "dwell_ms": FLOATS,
        "coverage": FLOATS,
        "came": st.sampled_from(["start", "down", "up", "jump"]),
        "user_driven": st.booleans(),
        "rest_ms": st.none() | FLOATS,
        "focus_ms": st.none() | FLOATS,
    },
    Watch: {"from_s": FLOATS, "to_s": FLOATS, "rate": FLOATS, "sound_on": st.booleans()},
    Close: {"active_ms": FLOATS},
    Hide: {"reason": TEXTS},
    Steer: {"target": st.builds(Target, TARGET_KINDS, TEXTS, OPTIONAL_MOMENTS), "weight": st.none() | FLOATS},
    Judge: {"paragraph": COUNTS},
    Tune: {"surprise": FLOATS},
    Undo: {"event": TEXTS},
    FoldedView: {
        "part": COUNTS,
        "folds": COUNTS,
        "began_at": MOMENTS,
        "active_ms": st.none() | FLOATS,
        "paragraphs": st.lists(LOOKS, max_size=2).map(tuple),
        "returns": st.lists(RETURNS, max_size=2).map(tuple),
        "played": st.none() | st.builds(Played, FLOATS, FLOATS, COUNTS, REPLAYS, st.booleans()),
    },
}


def events_of_type(name: str) -> st.SearchStrategy[Event]:
    """Return any event of one type of the format."""
    return st.builds(
        EVENT_CLASSES[name],
        id=TEXTS,
        type=st.just(name),
        at=MOMENTS,
        user=TEXTS,
        session=OPTIONAL_TEXTS,
        item=OPTIONAL_TEXTS,
        view=OPTIONAL_TEXTS,
        list=OPTIONAL_TEXTS,
        position=st.none() | COUNTS,
        **EVENT_FIELDS[EVENT_CLASSES[name]],
    )


# JSON has no others.
FINITE = st.floats(allow_nan=False, allow_infinity=False)
EVIDENCE = st.builds(
    Evidence, TEXTS, MOMENTS, TEXTS, TEXTS, st.none() | COUNTS, TEXT_TUPLES, st.none() | FINITE, st.none() | FINITE
)
REASONS = st.builds(Reason, TEXTS, TEXTS, FINITE, st.lists(EVIDENCE, max_size=2).map(tuple))
PLACES = st.builds(
    Recommended,
    TEXTS,
    COUNTS,
    FINITE,
    st.lists(REASONS, max_size=2).map(tuple),
    st.booleans(),
    FINITE,
    st.dictionaries(TEXTS, FINITE, max_size=3),
)
LISTS = st.builds(
    RecommendationList, TEXTS, TEXTS, MOMENTS, MODES, KINDS, TEXTS, st.lists(PLACES, max_size=3).map(tuple)
)
CONSENTS = st.builds(Consent, TEXTS, TEXTS, st.booleans(), MOMENTS, TEXTS, TEXTS, TEXTS)
TOKENS = st.builds(Token, TEXTS, TEXTS, TEXT_TUPLES, MOMENTS, TEXTS)
FEEDS = st.builds(
    Feed,
    *(TEXTS,) * 4,
    OPTIONAL_MOMENTS,
    *(TEXTS,) * 3,
    *(OPTIONAL_MOMENTS,) * 2,
    st.integers(0, 1000),
    TEXTS,
    FLOATS,
    st.booleans(),
)
ATTRIBUTES = st.dictionaries(TEXTS, TEXTS, max_size=3)
FOLDER_PATHS = TEXT_TUPLES
FOLDERS = st.builds(Folder, FOLDER_PATHS, st.integers(0, 1000), ATTRIBUTES)
SUBSCRIPTIONS = st.builds(
    Subscription,
    TEXTS,
    TEXTS,
    TEXTS,
    st.lists(st.builds(Place, FOLDER_PATHS, st.integers(0, 1000)), min_size=1, max_size=3).map(tuple),
    st.booleans(),
    OPTIONAL_MOMENTS,
    OPTIONAL_MOMENTS,
    ATTRIBUTES,
)
EVENTS = st.sampled_from(sorted(EVENT_CLASSES)).flatmap(events_of_type)
ROLES = st.sampled_from(["admin", "adult", "child"])
ACCOUNTS = st.builds(Account, TEXTS, TEXTS, TEXTS, ROLES, MOMENTS, st.booleans())
LOGINS = st.builds(Login, TEXTS, TEXTS, MOMENTS, MOMENTS)
INVITATIONS = st.builds(Invitation, TEXTS, ROLES, MOMENTS, MOMENTS, TEXTS)
AUDITS = st.builds(Audited, TEXTS, MOMENTS, TEXTS, TEXTS)
GRANT_TERMS = st.builds(
    Terms,
    st.lists(st.sampled_from(GRANT_CLASSES), unique=True).map(tuple),
    *(TEXTS, TEXTS, TEXTS, MOMENTS, TEXTS, OPTIONAL_MOMENTS, OPTIONAL_MOMENTS),
)
GRANTS = st.builds(Grant, TEXTS, TEXTS, GRANT_TERMS, MOMENTS, TEXTS, TEXTS, OPTIONAL_MOMENTS)
GRANT_ENTRIES = st.builds(
    GrantEntry,
    *(TEXTS, TEXTS, MOMENTS),
    st.sampled_from(["granted", "exported"]),
    st.sampled_from(["reader", "recipient"]),
    st.dictionaries(st.sampled_from(GRANT_CLASSES), COUNTS, max_size=3),
    TEXTS,
)
