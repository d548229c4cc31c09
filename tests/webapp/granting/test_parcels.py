"""What goes out by a grant: exactly what was granted, and so that it can be checked."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.clock import ManualClock
from reader.errors import InvalidInputError
from reader.ingest.subscriptions import Subscriptions
from reader.privacy.consents import Consents
from reader.privacy.grants import Grants
from reader.privacy.signing import Signing
from reader.recommend.recommender import Recommender
from reader.records import EVENT_CLASSES, Record, event_record, format_time, parse_time
from reader.settings_grants import GrantSettings
from reader.types import Event
from reader.types_grants import GRANT_CLASSES, Grant, Terms
from tests.reader.storage.builders import events_of_type
from tests.webapp.conftest import NOW
from tests.webapp.test_cli import run
from webapp.granting.checking import check
from webapp.granting.parcels import Parcel, hand_out, pack

DAY = timedelta(days=1)
SECRET = "a key for tests"
# Written down apart from the sources: which class every type of event is of.
CLASSES = {
    **{"impression": "lists", "open": "opens", "mark_read": "opens", "mark_unread": "opens"},
    **{"paragraph_visit": "reading", "viewable": "reading", "close": "reading", "watch": "watches"},
    **dict.fromkeys(("like", "unlike", "save", "unsave", "share", "comment", "hide"), "feedback"),
    **dict.fromkeys(("follow", "unfollow", "mute", "unmute", "weigh", "unweigh", "tune"), "steering"),
    **dict.fromkeys(("forget", "forget_paragraph", "keep_paragraph", "reset"), "steering"),
}
# What is told under other names.
NAMES = ("id", "user", "session", "view", "list")
numbers = count()


@dataclass
class World:
    """The app's parts, with nobody in them yet."""

    recommender: Recommender
    clock: ManualClock
    signing: Signing
    grants: Grants

    def terms(self, *classes: Any, **fields: Any) -> Terms:
        return Terms(classes, "A university", "study@example.org", "A study", self.clock() + 30 * DAY, **fields)

    def pack(self, grant: Grant) -> Parcel:
        return pack(self.recommender, self.grants, self.signing, grant)


@pytest.fixture
def world(recommender: Recommender, clock: ManualClock) -> World:
    signing = Signing(SECRET)
    return World(recommender, clock, signing, Grants(recommender.storage, GrantSettings(most=9_999), clock, signing))


def files(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def lines(text: str) -> list[Record]:
    # Not splitlines: JSON may hold characters that Python takes for ends of lines, too.
    return [json.loads(line) for line in text.split("\n") if line]


def bare(record: Record) -> Record:
    """Return an event without what is told under other names."""
    return {name: value for name, value in record.items() if name not in NAMES}


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """Draw what a reader did about the time of the tests, some of it taken back."""
    kinds = draw(st.lists(st.sampled_from(sorted(EVENT_CLASSES)), max_size=12))
    made = [
        replace(
            draw(events_of_type(kind)),
            id=f"secret-id-{number}",
            at=NOW + draw(st.integers(-40, 40)) * DAY,
            item=draw(st.sampled_from(["food-0", "space-1", "gone"])),
            session="secret-session",
            view="secret-view",
            list="secret-list",
        )
        for number, kind in enumerate(kinds)
    ]
    undo = draw(st.sets(st.sampled_from([one.id for one in made]))) if made else set()
    return made + [
        EVENT_CLASSES["undo"](id=f"u-{each}", type="undo", at=NOW, user="", event=each)  # type: ignore[call-arg]  # it is one
        for each in sorted(undo)
    ]


SPANS = st.tuples(st.none() | st.integers(-35, 0), st.none() | st.integers(1, 30))
ANSWERS = st.lists(
    st.tuples(st.sampled_from(["attention", "feedback", "research"]), st.sampled_from(["none", "kept"])), max_size=3
)


@given(log=logs(), chosen=st.sets(st.sampled_from(GRANT_CLASSES[:6]), min_size=1), span=SPANS, answers=ANSWERS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_goes_out_that_was_not_granted_and_all_that_was_does(
    world: World,
    log: list[Event],
    chosen: set[str],
    span: tuple[int | None, int | None],
    answers: list[tuple[str, str]],
) -> None:
    """Worked out apart: class, time, answers since, taken back. Names of events and items are those of them alone."""
    user, world.clock.at = f"secret-user-{next(numbers)}", NOW
    first, last = (None if days is None else NOW + days * DAY for days in span)
    world.recommender.storage.append_events([replace(event, user=user) for event in log])
    grant = world.grants.make(user, world.terms(*chosen, records_from=first, records_to=last))
    for purpose, level in answers:
        Consents(world.recommender.storage, world.clock).answer(user, purpose, level)
    refused = {purpose for purpose, level in answers if level == "none"}
    stopped = {"attention": {"reading", "watches"}, "feedback": {"feedback", "steering"}, "research": set[str]()}
    left = chosen - {name for purpose in refused for name in stopped[purpose]}
    undone = {event.event for event in log if event.type == "undo"}  # type: ignore[attr-defined]  # it has one
    wanted: dict[str, list[Record]] = {name: [] for name in left}
    for event in log:
        within = (first is None or first <= event.at) and event.at < (last or NOW + 30 * DAY)
        if within and event.id not in undone and CLASSES.get(event.type) in left:
            wanted[CLASSES[event.type]].append(bare(event_record(event)))

    parcel = world.pack(grant)
    found = files(parcel.content)

    own = {name.removesuffix(".jsonl"): lines(text) for name, text in found.items() if name.endswith(".jsonl")}
    items = own.pop("items")
    assert {name: [bare(record) for record in records] for name, records in own.items()} == wanted
    assert parcel.rows == {name: len(records) for name, records in wanted.items()}
    assert found.keys() - {f"{name}.jsonl" for name in (*left, "items")} == {"grant.json", "manifest.json", "README.md"}
    named = {record.get("item") for records in wanted.values() for record in records}
    named |= {shown["item"] for record in wanted.get("lists", []) for shown in record["items"]}
    assert {item["id"] for item in items} == named & {"food-0", "space-1"}
    assert all(item.keys() <= {"id", "kind", "title", "source", "author", "language", "published_at", "topics"}
               for item in items)  # fmt: skip
    assert not any("secret-" in text for text in found.values())


def live(world: World, user: str = "local") -> None:
    """Read, like, mute and follow."""
    own = Subscriptions(world.recommender.storage, world.clock)
    address = "https://paper.example/feed?key=secret-of-a-feed"
    own.follow(
        user, address, title="The Paper", site_url="https://paper.example/?key=secret-of-a-feed", name="secret name"
    )
    like = EVENT_CLASSES["like"](id="e1", type="like", at=world.clock(), user=user, item="energy-0")
    world.recommender.observe([like])


def test_interests_go_without_evidence_and_feeds_without_addresses(world: World) -> None:
    """The evidence is of other classes; addresses, and the reader's own names, may be secrets."""
    live(world)
    grant = world.grants.make("local", world.terms("interests", "subscriptions"))

    found = files(world.pack(grant).content)

    interests = lines(found["interests.jsonl"])
    assert interests
    assert all(record.keys() == {"target", "label", "weight", "muted", "followed", "edited"} for record in interests)
    assert lines(found["subscriptions.jsonl"]) == [
        {"title": "The Paper", "site_url": "https://paper.example/", "added_at": format_time(NOW)}
    ]
    assert found["items.jsonl"] == ""
    assert not any("secret" in text or "energy-0" in text for text in found.values())


def test_feeds_of_before_the_time_stay(world: World) -> None:
    live(world)
    grant = world.grants.make("local", world.terms("subscriptions", records_from=NOW + DAY))

    assert files(world.pack(grant).content)["subscriptions.jsonl"] == ""


def test_two_grants_of_the_same_cannot_be_put_together_by_ids(world: World) -> None:
    """Within one grant the names stay, from file to file and from day to day."""
    live(world)
    one, other = (world.grants.make("local", world.terms("feedback")) for _ in range(2))

    def names(grant: Grant) -> tuple[str, str]:
        (record,) = lines(files(world.pack(grant).content)["feedback.jsonl"])
        return record["id"], record["user"]

    before = names(one)
    world.clock.at += DAY

    assert names(one) == before
    assert set(names(one)).isdisjoint(names(other))


def test_the_ledger_has_the_digest_of_what_went_out(world: World) -> None:
    live(world)
    grant = world.grants.make("local", world.terms("feedback", "opens"))

    content = hand_out(world.recommender, world.grants, world.signing, grant, "recipient")

    entry = world.grants.ledger(grant)[-1]
    assert (entry.act, entry.actor, entry.rows) == ("exported", "recipient", {"opens": 0, "feedback": 1})
    assert entry.digest == hashlib.sha256(content).hexdigest()
    assert world.pack(grant).digest == entry.digest


# Checking


@pytest.fixture
def parcel(world: World) -> bytes:
    live(world)
    return world.pack(world.grants.make("local", world.terms("feedback"))).content


def rezipped(content: bytes, **changed: str | None) -> bytes:
    """Return the zip with some files changed, added, or, with None, left out. Dots are written as underscores."""
    whole: dict[str, str | None] = {
        **files(content),
        **{name.replace("_", "."): text for name, text in changed.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in whole.items():
            if text is not None:
                archive.writestr(name, text)
    return buffer.getvalue()


def test_what_went_out_is_genuine(world: World, parcel: bytes) -> None:
    checked = check(parcel)

    assert (checked.key, checked.files) == (world.signing.key, 4)
    assert checked.grant["classes"] == ["feedback"]
    assert check(files(parcel)["grant.json"].encode()).files == 0
    assert parse_time(json.loads(files(parcel)["manifest.json"])["exported_at"]) == NOW


def forged(parcel: bytes) -> Iterator[bytes]:
    """Yield what is not as it went out, each in another way."""
    grant, manifest = (json.loads(files(parcel)[name]) for name in ("grant.json", "manifest.json"))
    stranger = Signing("another")
    bare_grant = {name: value for name, value in grant.items() if name not in ("key", "signature")}
    yield rezipped(parcel, feedback_jsonl="{}\n")
    yield rezipped(parcel, README_md=None)
    yield rezipped(parcel, opens_jsonl="")
    yield rezipped(parcel, manifest_json=None)
    yield rezipped(parcel, manifest_json=json.dumps({**manifest, "exported_at": "2020-01-01T00:00:00Z"}))
    yield rezipped(parcel, grant_json=json.dumps({**grant, "ends_at": "2099-01-01T00:00:00Z"}))
    yield rezipped(parcel, grant_json=json.dumps(stranger.signed(bare_grant)))
    yield json.dumps({**grant, "purpose": "Advertising"}).encode()
    yield b"PK\x03\x04 broken"
    yield b"no json"
    yield b"[]"


def test_what_was_changed_is_told(parcel: bytes) -> None:
    for content in forged(parcel):
        with pytest.raises(InvalidInputError):
            check(content)


def test_a_zip_with_two_files_of_one_name_is_refused(parcel: bytes) -> None:
    """Programs differ in which of them they unpack."""
    buffer = io.BytesIO(parcel)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("feedback.jsonl", files(parcel)["feedback.jsonl"])

    with pytest.raises(InvalidInputError, match="did not go out"):
        check(buffer.getvalue())


def test_the_command_compares_the_key(world: World, parcel: bytes, tmp_path: Any) -> None:
    """0: genuine and the right key; 1: genuine by somebody; 2: not genuine. It makes no store."""
    path, wrong = tmp_path / "out.zip", tmp_path / "wrong.zip"
    path.write_bytes(parcel)
    wrong.write_bytes(rezipped(parcel, feedback_jsonl=""))
    db = ("--db", tmp_path / "none.db")

    right = run("grants", "verify", path, *db, "--key", world.signing.key, "--json")
    unknown = run("grants", "verify", path, *db)
    another = run("grants", "verify", path, *db, "--key", "0" * 64)
    refused = run("grants", "verify", wrong, *db, "--key", world.signing.key)

    assert (right.exit_code, json.loads(right.stdout)["key_is_right"]) == (0, True)
    assert json.loads(right.stdout)["grant"]["recipient"]["name"] == "A university"
    assert (unknown.exit_code, another.exit_code, refused.exit_code) == (1, 1, 2)
    assert "no key to compare with" in unknown.stderr
    assert "ANOTHER" in another.stderr
    assert "feedback.jsonl" in refused.stderr
    assert not (tmp_path / "none.db.key").exists()
