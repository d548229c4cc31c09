"""POST /api/v1/events takes whatever comes: right events, nearly right ones, and what was made to break it.

Never a 500, neither then nor on the next list; each refusal says which field, what was there and what to do; and the
rest of the batch goes through.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.recommend.recommender import Recommender
from reader.records import EVENT_CLASSES
from tests.webapp.conftest import NOW

URL = "/api/v1/events"
AT = NOW.isoformat()
ITEMS = ("food-0", "food-1", "music-2", "clip-Waves", "clip-Oven")
VIEWS = ("v1", "v2")
TARGETS = [{"kind": "topic", "value": "food"}, {"kind": "keyword", "value": "sourdough"}]
VISIT: dict[str, Any] = {
    "paragraph": 1,
    "visit": 0,
    "part": 0,
    "started_ms": 0.0,
    "visible_ms": 9000.0,
    "dwell_ms": 8000.0,
}
VISIT |= {"coverage": 1.0, "came": "down", "user_driven": True}
# What a type needs besides id, type, at, item, view.
FIELDS: dict[str, dict[str, Any]] = {
    "impression": {"list": "l1", "items": [{"item": "food-0", "position": 1, "propensity": 0.5}], "kinds": ["article"]},
    "paragraph_visit": VISIT,
    "watch": {"from_s": 0.0, "to_s": 4.0, "rate": 1.0, "sound_on": True},
    "close": {"active_ms": 5000.0},
    "hide": {"reason": "seen"},
    **{kind: {"target": TARGETS[0]} for kind in ("follow", "unfollow", "mute", "unmute", "unweigh", "forget")},
    "weigh": {"target": TARGETS[1], "weight": 0.5},
    "forget_paragraph": {"paragraph": 0},
    "keep_paragraph": {"paragraph": 0},
    "tune": {"surprise": 0.5},
}
NUMBERS = [0, -1, 1e-320, 1e308, -1e308, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**300, 10**400, 0.1, -0.0, True]
TEXTS = ["", " ", "\x00", "\ud800", "a\ud83d", "\u202e", "\ufeff", "x" * 201, "x" * 5000, "😀" * 201, "NaN", "1"]
TEXTS += ["2026-11-23T12:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-11-23T12:00:00+99:99"]
TEXTS += ["2026-11-23T12:00:00.123456789Z", "2026-13-40T25:61:61Z", "<script>alert(1)</script>", "'; DROP", "%s%n"]


def deep(depth: int) -> Any:
    """Return lists in lists."""
    return [] if depth == 0 else [deep(depth - 1)]


hostile = st.one_of(
    st.sampled_from([*NUMBERS, *TEXTS, None, False, [], {}, [[]], {"": None}, deep(50), [1] * 500, {"kind": "topic"}]),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
        max_leaves=9,
    ),
)


@st.composite
def right(draw: st.DrawFn) -> dict[str, Any]:
    """Return an event as it should be."""
    kind = draw(st.sampled_from(sorted(EVENT_CLASSES)))
    common = {"type": kind, "at": AT, "item": draw(st.sampled_from(ITEMS)), "view": draw(st.sampled_from(VIEWS))}
    common |= draw(st.sampled_from([{}, {"session": "s"}, {"list": "l1", "position": 3}, {"user": "somebody"}]))
    return {**common, **FIELDS.get(kind, {})}


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """Return an event with some fields taken away, swapped or replaced, at the top or one level below."""
    event = json.loads(json.dumps(draw(right())))
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from([*event, "id", "extra", "weight", "rest_ms", "focus_ms", "until"]))
        way = draw(st.sampled_from(["drop", "replace", "inside"]))
        inside = event.get(name)
        if way == "drop":
            event.pop(name, None)
        elif way == "inside" and isinstance(inside, dict) and inside:
            inside[draw(st.sampled_from(sorted(inside)))] = draw(hostile)
        elif way == "inside" and isinstance(inside, list) and inside and isinstance(inside[0], dict) and inside[0]:
            inside[0][draw(st.sampled_from(sorted(inside[0])))] = draw(hostile)
        else:
            event[name] = draw(hostile)
    return dict(event)


batches = st.lists(right() | mutated() | hostile, max_size=12)
fuzzing = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
_count = 0


def good(item: str = "food-3") -> dict[str, Any]:
    """Return an event that must go through, with an id of its own."""
    global _count
    _count += 1
    return {"id": f"good-{_count}", "type": "save", "at": AT, "item": item}


def with_ids(batch: list[Any]) -> list[Any]:
    """Give events that have none ids of their own, so that they are no duplicates of each other."""
    global _count
    _count += 1
    return [
        {"id": f"{_count}-{place}", **event} if isinstance(event, dict) else event for place, event in enumerate(batch)
    ]


def field_in(record: Any, path: str) -> tuple[bool, Any]:
    """Return whether a field is in a record, and what is there."""
    for part in path.split("."):
        if isinstance(record, Mapping) and part in record:
            record = record[part]
        elif isinstance(record, list) and part.isdecimal() and int(part) < len(record):
            record = record[int(part)]
        else:
            return False, None
    return True, record


@pytest.mark.slow
@fuzzing
@given(batch=batches)
def test_a_batch_of_anything_is_answered_event_by_event(client: FlaskClient, batch: list[Any]) -> None:
    """The two good ones at its ends go through; every other is taken, known already, or refused with the reason."""
    sent = [good(), *with_ids(batch), good()]

    answer = client.post(URL, data=json.dumps({"events": sent}), content_type="application/json")

    if answer.status_code == 413:
        assert len(json.dumps({"events": sent})) > 65_536
        return
    assert answer.status_code == 202
    found = answer.get_json()
    assert found["accepted"] + found["duplicates"] + len(found["rejected"]) == len(sent)
    assert found["accepted"] >= 2
    assert not {sent[0]["id"], sent[-1]["id"]} & {refused["id"] for refused in found["rejected"]}
    for refused in found["rejected"]:
        check_words(refused, sent)
    assert client.get("/api/v1/recommendations?limit=5").status_code == 200
    assert client.get("/me/interests").status_code == 200


def check_words(refused: dict[str, str], sent: list[Any]) -> None:
    """Field, value, remedy: the field is one of the event's or one that it lacks; short values stand there as sent."""
    assert refused["field"], refused
    cause, stop, remedy = refused["detail"].rpartition("; ")
    assert cause, refused
    assert stop, refused
    assert len(remedy) > 3, refused
    assert len(refused["detail"]) < 1000, refused
    known = [event for event in sent if isinstance(event, dict) and event.get("id") == refused["id"]]
    if len(known) != 1 or refused["field"] == "at":
        return
    is_there, value = field_in(known[0], refused["field"])
    if not is_there:
        assert "missing" in cause.lower() or "required" in cause.lower() or "None" in cause, refused
    elif isinstance(value, bool | int | float) and abs(value) < 1e15:
        assert repr(value) in cause or repr(float(value)) in cause, refused
    elif isinstance(value, str) and value:
        assert repr(value)[:40] in cause or value[:40] in cause, refused


@fuzzing
@given(
    text=st.text(max_size=200) | st.binary(max_size=200).map(lambda each: each.decode("latin-1")),
    cut=st.integers(0, 99),
)
def test_bodies_that_are_no_json_are_problems(client: FlaskClient, text: str, cut: int) -> None:
    """Cut off, with something in between, NaN and Infinity, in another encoding: 400 or 422, and nothing is stored."""
    whole = json.dumps({"events": [good("food-4")]})
    spoilt = [whole.replace('"food-4"', name) for name in ("NaN", "-Infinity", "1" * 5000)]
    for body in (text, whole[:cut] + text, whole[:cut], *spoilt):
        data = body.encode("utf-8", "surrogatepass")
        answer = client.post(URL, data=data, content_type="application/json")

        if answer.status_code == 202:
            assert isinstance(json.loads(body)["events"], list)
            continue
        assert answer.status_code in (400, 422)
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["detail"]


@pytest.mark.slow
@fuzzing
@given(batch=st.lists(mutated() | right(), min_size=1, max_size=12))
def test_what_was_taken_can_be_kept_read_and_folded_again(
    client: FlaskClient, recommender: Recommender, batch: list[Any]
) -> None:
    """The profile folds from the log as it stands, packs, and goes along in the export."""
    client.post(URL, data=json.dumps({"events": with_ids(batch)}), content_type="application/json")

    recommender.state("local")
    recommender.readers.fold_again("local", recommender.storage.iter_events(user="local"))
    assert client.get("/api/v1/recommendations?limit=5").status_code == 200
    with client.get("/api/v1/me/export?format=jsonl") as answer:
        for line in answer.get_data(as_text=True).splitlines():
            json.loads(line)
    recommender.save_learned()
