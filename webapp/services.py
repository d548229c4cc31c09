"""What every view needs, handed over once by `create_app`, and how a view gets at it.

What belongs here: the record of these things. What does not: making them (`webapp.app`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import current_app, g
from itsdangerous import URLSafeSerializer

from reader.accounts.guardians import Guardians
from reader.accounts.registry import Accounts
from reader.behaviour.events import parse_event
from reader.ingest.subscriptions import Subscriptions
from reader.privacy.consents import Consents
from reader.privacy.grants import Grants
from reader.privacy.signing import Signing
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Observed
from reader.recommend.timeline import Timelines
from reader.records import format_time
from reader.search.searching import Searcher
from reader.types import AnyItem, Event
from webapp.feed_desk import FeedDesk
from webapp.metrics import Metrics
from webapp.sites.pages import Proposals
from webapp.sites.shelf import Shelf

EXTENSION = "reread"


@dataclass(frozen=True, slots=True)
class Services:
    """embedded: requests without a token act as the local reader. accounts: readers log in. None of it: tokens alone.

    hosted: another application serves this one and says who reads (`webapp.extension`).
    """

    recommender: Recommender
    signer: URLSafeSerializer
    metrics: Metrics
    embedded: bool
    hosted: bool
    consents: Consents
    timelines: Timelines
    feeds: FeedDesk
    shelf: Shelf
    proposals: Proposals
    signing: Signing
    grants: Grants
    accounts: Accounts | None = None
    guardians: Guardians | None = None
    # Signs the address of the page that a child waits on.
    waiting: URLSafeSerializer | None = None

    @property
    def has_many(self) -> bool:
        """Whether several readers may come by one browser: with accounts, or within another application."""
        return self.accounts is not None or self.hosted

    @property
    def reader(self) -> str:
        """The reader that this request is about; who that is was found out by `webapp.identity`."""
        return cast(str, g.user)

    @property
    def searcher(self) -> Searcher:
        """What finds items by their words."""
        return Searcher(self.recommender)

    @property
    def subscriptions(self) -> Subscriptions:
        """What readers follow."""
        return Subscriptions(self.recommender.storage, self.recommender.clock)

    def item(self, item_id: str) -> AnyItem:
        """Return an item that the reader of this request may get; NotFoundError."""
        return self.recommender.item_for(self.reader, item_id)


def services() -> Services:
    """Return the services of the running app."""
    return cast(Services, current_app.extensions[EXTENSION])


def now() -> datetime:
    """Return the moment by the recommender's clock."""
    return services().recommender.clock()


def new_event(kind: str, user: str, *, event_id: str | None = None, **fields: Any) -> Event:
    """Make an event that happens now; a field of None is left out. InvalidEventError if the fields do not fit."""
    at = format_time(now())
    record = {"id": event_id or str(uuid.uuid4()), "type": kind, "at": at, "user": user, **fields}
    return parse_event({name: value for name, value in record.items() if value is not None})


def observe(events: list[Event]) -> Observed:
    """Hand events to the recommender and count them."""
    observed = services().recommender.observe(events)
    services().metrics.observed(observed.accepted, observed.duplicates, len(observed.rejected))
    return observed
