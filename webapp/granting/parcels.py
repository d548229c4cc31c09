"""What goes out by a data grant: a zip with the signed grant, the granted records, and a signed list of both.

What belongs here: which files there are, and what of each record. What does not: which records may go
(`reader.privacy.granted`), and whether any (`reader.privacy.grants`).
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from reader.ingest.subscriptions import Subscriptions
from reader.privacy.granted import MEANINGS, going_out, is_of_the_time, undone_by
from reader.privacy.grants import Grants
from reader.privacy.research import disguised
from reader.privacy.signing import Record, Signing
from reader.recommend.lists import to_millisecond
from reader.recommend.recommender import Recommender
from reader.records import event_record, format_time, item_record
from reader.types import Event, Impression
from reader.types_grants import Grant, GrantActor, GrantClass
from webapp.export import interest_record

FORMAT: Final = "reread-grant-export"
VERSION: Final = 1
GRANT, MANIFEST, README, ITEMS = "grant.json", "manifest.json", "README.md", "items.jsonl"
# Of an item: what it is called. Not its text, and not its address, which may hold a secret of a feed that was paid for.
_OF_ITEMS: Final = ("id", "kind", "title", "source", "author", "creator", "language", "published_at", "topics")


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out. rows: how many records of each class are in it; digest: SHA-256 of the content, hex."""

    content: bytes
    rows: dict[GrantClass, int]

    @property
    def digest(self) -> str:
        """What the ledger keeps of it."""
        return hashlib.sha256(self.content).hexdigest()


def hand_out(recommender: Recommender, grants: Grants, signing: Signing, grant: Grant, actor: GrantActor) -> bytes:
    """Return what goes out by a grant now, once the ledger has it. ExpiredError if the grant is not in force."""
    while True:
        parcel = pack(recommender, grants, signing, grant)
        # A class that was stopped while it was packed is left out of the next one.
        if grants.let_out(grant, actor, parcel.rows, parcel.digest):
            return parcel.content


def pack(recommender: Recommender, grants: Grants, signing: Signing, grant: Grant) -> Parcel:
    """Return what would go out by a grant now; nothing is written down."""
    classes = grants.open_classes(grant)
    events = _events(recommender, grants, grant, classes)
    lines: dict[str, list[Record]] = {name: [] for name in classes}
    for name, event in events:
        lines[name].append(event_record(event))
    if "interests" in classes:
        lines["interests"] = _interests(recommender, grant.user)
    if "subscriptions" in classes:
        lines["subscriptions"] = _subscriptions(recommender, grant)
    rows = {name: len(lines[name]) for name in classes}
    files = {f"{name}.jsonl": _text(records) for name, records in lines.items()}
    files[ITEMS] = _text(_items(recommender, [event for _, event in events]))
    return Parcel(_zip(signing, grant, files, recommender), rows)


def _events(
    recommender: Recommender, grants: Grants, grant: Grant, classes: tuple[GrantClass, ...]
) -> list[tuple[GrantClass, Event]]:
    """Return the granted events, under names that nobody can put together with those of another grant."""
    storage, key = recommender.storage, grants.names_key(grant)
    log = list(storage.iter_events(user=grant.user))
    chosen = going_out(grant.terms, classes, log, undone_by(log))
    return [(name, disguised(event, key)) for name, event in chosen]


def _interests(recommender: Recommender, user: str) -> list[Record]:
    records = (interest_record(interest) for interest in recommender.interests(user))
    # The evidence is of other classes.
    return [{name: value for name, value in record.items() if name != "evidence"} for record in records]


def _subscriptions(recommender: Recommender, grant: Grant) -> list[Record]:
    """Return what is followed, by the public names: addresses of feeds, and names of one's own, may be secrets."""
    followed = Subscriptions(recommender.storage, recommender.clock).of(grant.user)
    own = [one for one in followed if is_of_the_time(grant.terms, one.subscription.added_at)]
    public = [
        {
            "title": one.feed.title,
            "site_url": one.feed.site_url.partition("?")[0],
            "added_at": None if one.subscription.added_at is None else format_time(one.subscription.added_at),
        }
        for one in own
    ]
    # In an order that tells nothing of what the reader calls them.
    return sorted(public, key=lambda record: (record["title"], record["site_url"]))


def _items(recommender: Recommender, events: Iterable[Event]) -> list[Record]:
    """Return what the items are called that the events name."""
    named: dict[str, None] = {}
    for event in events:
        named |= dict.fromkeys(shown.item for shown in event.items) if isinstance(event, Impression) else {}
        named |= {event.item: None} if event.item else {}
    items = recommender.storage.items(list(named))
    records = (item_record(items[item]) for item in named if item in items)
    return [{name: record[name] for name in _OF_ITEMS if name in record} for record in records]


def _zip(signing: Signing, grant: Grant, files: dict[str, str], recommender: Recommender) -> bytes:
    files = {GRANT: grant.signed, README: _readme(grant), **files}
    at = format_time(to_millisecond(recommender.clock()))
    manifest = signing.signed(
        {
            **{"format": FORMAT, "version": VERSION, "grant": grant.id, "exported_at": at},
            "files": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()},
        }
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**files, MANIFEST: _dumps(manifest)}.items():
            # Without the time of writing, equal data give equal bytes.
            archive.writestr(zipfile.ZipInfo(name), text.encode(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _readme(grant: Grant) -> str:
    names = "\n".join(f"- `{name}.jsonl`: {MEANINGS[name]}" for name in grant.terms.classes)
    return (
        "# Data that a reader of Reread has granted\n\n"
        f"To whom, for what and until when stands in `{GRANT}`, signed by the installation that it comes from. A class "
        "without a file was stopped by the reader, who may also end the grant at any time. One JSON object a line, "
        "times in UTC (RFC 3339); events as docs/events.md has them, with ids under other names.\n\n"
        f"{names}\n- `{ITEMS}`: what the items are called\n"
        f"- `{MANIFEST}`: SHA-256 of every file, signed\n\n`reread grants verify FILE` checks this file.\n"
    )


def _text(records: Iterable[Record]) -> str:
    return "".join(f"{_dumps(record)}\n" for record in records)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
