"""A reader's state in few bytes: what must be kept of a fold to go on with it without the log.

It measures how much is known of one reader (at most 64 KiB, DESIGN 5). Numbers have three digits (float16), and items
are named by 48 bits of their SHA-256; so unpacking gives nearly the same lists, while the truth stays the log.

    zlib of: uint32 length of the JSON | JSON (texts, events, shapes) | arrays, little-endian, one after the other
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reader.behaviour.speed import Speed
from reader.profile.acts import Act
from reader.profile.axes import SIGNALS, Feature
from reader.profile.base import Base
from reader.profile.interests import Interests, Trace
from reader.profile.state import ReaderState
from reader.profile.steering import Steering
from reader.profile.watched import Watched
from reader.records import event_from_record, event_record

_LENGTH: Final = struct.Struct("<I")
_LEVEL: Final = 9
_DIGEST: Final = 6
_TRACE: Final = np.dtype([("feature", "<u2"), ("act", "<u2"), ("amount", "<f2")])
_ACT: Final = np.dtype(
    [
        *(("signal", "u1"), ("item", "<u2"), ("at", "<u4"), ("amount", "<f2"), ("paragraph", "<i2")),
        # NaN where the act is on no part of a clip.
        *(("by_parts", "?"), ("from_s", "<f4"), ("to_s", "<f4"), ("makers_only", "?")),
    ]
)
_WATCHED: Final = np.dtype(
    [
        *(("item", "<u2"), ("at", "<u4"), ("quantile", "<f2"), ("finished", "<f2")),
        *(("replayed", "?"), ("skipped", "?"), ("sound", "?")),
    ]
)
Arrays = dict[str, NDArray[Any]]


def pack(state: ReaderState) -> bytes:
    """Return what is known of a reader."""
    items = _Numbers()
    arrays = {
        "opened": np.array([items(item) for item in state.opened], "<u2"),
        "opened_s": np.array([_seconds(at) for at in state.opened.values()], "<u4"),
        "passed": np.array([items(item) for item in state.passed], "<u2"),
        "passings": np.array([min(255, count) for count in state.passed.values()], "u1"),
        "attended": np.array(sorted(items(item) for item in state.attended), "<u2"),
        "finished": np.array([items(item) for item in state.base.finished], "<u2"),
        "finished_s": np.array([_seconds(at) for at in state.base.finished.values()], "<u4"),
        "seen": np.array([items(item) for item in state.readers_before], "<u2"),
        "readers": np.array(list(state.readers_before.values()), "<f2"),
        "watched": np.array([_watched_row(*pair, items) for pair in state.base.watched.items()], _WATCHED),
        "left": np.array([items(item) for item in state.base.left], "<u2"),
        "openings": np.array([items(item) for item in state.base.openings], "<u2"),
        "openings_s": np.array([_seconds(at) for at in state.base.openings.values()], "<u4"),
        "bounced": np.array([items(item) for item in state.base.bounced], "<u2"),
        **_interests(state.base.interests, items),
        **_clusters(state.base.clusters.sums),
    }
    record = {
        "steering": _steering_record(state.steering, items),
        "features": _features_record(state.base.interests),
        "reference_s": state.base.interests.reference_s,
        "speeds": {language: asdict(speed) for language, speed in state.base.speeds.items()},
        "feeds": list(state.feeds),
        "views": [_view_record(list(events), items) for events in state.open_views.values()],
        "returns": sorted(state.returns),
    }
    return _join(record, {**arrays, "items": items.digests()})


def unpack(packed: bytes, state: ReaderState, ids: Iterable[str]) -> None:
    """Have an empty state go on from a packed one. ids: of all items that it may know; others are forgotten."""
    record, arrays = _part(packed)
    known = {digest_of(item): item for item in ids}
    names = [known.get(row.tobytes(), "") for row in arrays["items"]]

    def named(name: str) -> list[str]:
        return [names[number] for number in arrays[name]]

    state.opened |= dict(zip(named("opened"), map(_moment, arrays["opened_s"]), strict=True))
    state.passed |= dict(zip(named("passed"), arrays["passings"].tolist(), strict=True))
    state.attended |= set(named("attended"))
    state.readers_before |= dict(zip(named("seen"), arrays["readers"].tolist(), strict=True))
    _restore_steering(state.steering, record["steering"], names)
    base = state.base
    state.feeds |= dict.fromkeys(record["feeds"])
    base.watched |= {names[item]: Watched(*how) for item, *how in arrays["watched"].tolist()}
    base.left |= dict.fromkeys(named("left"))
    base.openings |= dict(zip(named("openings"), map(_moment, arrays["openings_s"]), strict=True))
    base.bounced |= dict.fromkeys(named("bounced"))
    base.finished |= dict(zip(named("finished"), map(_moment, arrays["finished_s"]), strict=True))
    base.speeds |= {language: Speed(**speed) for language, speed in record["speeds"].items()}
    _restore_interests(base, record, arrays, names)
    base.clusters.restore(arrays["directions"].astype(np.float64) * arrays["masses"][:, None])
    views = [_view_events(rows, names, state.user) for rows in record["views"]]
    own = {events[0].view or events[0].id: events for events in views}
    state.go_on_from(base, own, record["returns"])


def digest_of(item: str) -> bytes:
    """Return the bytes that name an item."""
    return hashlib.sha256(item.encode()).digest()[:_DIGEST]


class _Numbers:
    """Gives each item a number as it comes."""

    def __init__(self) -> None:
        self._number_of: dict[str, int] = {}

    def __call__(self, item: str) -> int:
        return self._number_of.setdefault(item, len(self._number_of))

    def digests(self) -> NDArray[np.uint8]:
        joined = b"".join(map(digest_of, self._number_of))
        return np.frombuffer(joined, np.uint8).reshape(len(self._number_of), _DIGEST)


def _interests(interests: Interests, items: _Numbers) -> Arrays:
    credit = interests.credit_at(interests.reference_s)
    held = np.abs(credit).any(axis=2)
    acts: dict[Act, int] = {}
    traces = [
        (row, acts.setdefault(trace.act, len(acts)), trace.amount)
        for row, feature in enumerate(interests.features)
        for trace in interests.traces.get(feature, ())
    ]
    return {
        "held": np.packbits(held, axis=1),
        "credit": credit[held].astype("<f2"),
        "traces": np.array(traces, _TRACE),
        "acts": np.array([_act_row(act, items) for act in acts], _ACT),
    }


def _act_row(act: Act, items: _Numbers) -> tuple[Any, ...]:
    paragraph = -1 if act.paragraph is None else act.paragraph
    from_s, to_s = act.part or (np.nan, np.nan)
    what = SIGNALS.index(act.signal), items(act.item), _seconds(act.at), act.amount, paragraph
    return *what, act.by_parts, from_s, to_s, act.makers_only


def _act(row: tuple[Any, ...], names: list[str]) -> Act:
    signal, item, at_s, amount, paragraph, by_parts, from_s, to_s, makers_only = row
    return Act(
        signal=SIGNALS[signal],
        item=names[item],
        at=_moment(at_s),
        amount=amount,
        paragraph=None if paragraph < 0 else paragraph,
        by_parts=by_parts,
        part=None if np.isnan(from_s) else (from_s, to_s),
        makers_only=makers_only,
    )


def _watched_row(item: str, watched: Watched, items: _Numbers) -> tuple[Any, ...]:
    how = watched.quantile, watched.finished, watched.replayed, watched.skipped, watched.sound_switched_on
    return items(item), max(0.0, watched.at_s), *how


def _features_record(interests: Interests) -> list[list[str]]:
    """Return kind, value and, if it is another, label of each feature."""
    labelled = ((*feature, interests.labels[feature]) for feature in interests.features)
    return [[kind, value] if label == value else [kind, value, label] for kind, value, label in labelled]


def _restore_interests(base: Base, record: Mapping[str, Any], arrays: Arrays, names: list[str]) -> None:
    features: list[Feature] = [(row[0], row[1]) for row in record["features"]]
    held = np.unpackbits(arrays["held"], axis=1, count=len(SIGNALS)).astype(bool)
    credit = np.zeros((*held.shape, arrays["credit"].shape[1]))
    credit[held] = arrays["credit"]
    base.interests.reference_s = record["reference_s"]
    base.interests.restore(dict(zip(features, (row[-1] for row in record["features"]), strict=True)), credit)
    acts = [_act(row, names) for row in arrays["acts"].tolist()]
    for feature, act, amount in arrays["traces"].tolist():
        traces = base.interests.traces
        traces[features[feature]] = (*traces.get(features[feature], ()), Trace(acts[act], amount))


def _clusters(sums: NDArray[np.float64]) -> Arrays:
    masses = np.linalg.norm(sums, axis=1)
    directions = sums / np.where(masses > 0, masses, 1.0)[:, None]
    return {"directions": directions.astype("<f2"), "masses": masses.astype("<f4")}


_SETS: Final = ("liked", "hidden")


_PARAGRAPHS: Final = ("forgotten_paragraphs", "kept_paragraphs")


def _steering_record(steering: Steering, items: _Numbers) -> dict[str, Any]:
    return {
        "muted": [[*feature, until and until.timestamp()] for feature, until in steering.muted.items()],
        "followed": sorted(map(list, steering.followed)),
        "weights": [[*feature, weight] for feature, weight in steering.weights.items()],
        "forgotten": [[*feature, at.timestamp()] for feature, at in steering.forgotten.items()],
        "reset_at": steering.reset_at and steering.reset_at.timestamp(),
        "surprise": steering.surprise,
        "undone": sorted(steering.undone),
        "saved": [[items(item), at.timestamp()] for item, at in steering.saved.items()],
        "credited": [[type_, items(item), at.timestamp()] for (type_, item), at in steering.credited.items()],
        "read": [[items(item), read] for item, read in steering.read.items()],
        **{name: sorted(map(items, getattr(steering, name))) for name in _SETS},
        **{name: _paragraph_rows(getattr(steering, name), items) for name in _PARAGRAPHS},
    }


def _paragraph_rows(wishes: Mapping[tuple[str, int], datetime], items: _Numbers) -> list[list[float]]:
    return [[items(item), paragraph, at.timestamp()] for (item, paragraph), at in wishes.items()]


def _restore_steering(steering: Steering, record: Mapping[str, Any], names: list[str]) -> None:
    def when(at_s: float | None) -> datetime | None:
        return None if at_s is None else _moment(at_s)

    steering.muted |= {(kind, value): when(until) for kind, value, until in record["muted"]}
    steering.followed |= {(kind, value) for kind, value in record["followed"]}
    steering.weights |= {(kind, value): weight for kind, value, weight in record["weights"]}
    steering.forgotten |= {(kind, value): _moment(at) for kind, value, at in record["forgotten"]}
    steering.reset_at = when(record["reset_at"])
    steering.surprise = record["surprise"]
    steering.undone |= set(record["undone"])
    steering.saved |= {names[item]: _moment(at) for item, at in record["saved"]}
    steering.credited |= {(type_, names[item]): _moment(at) for type_, item, at in record["credited"]}
    steering.read |= {names[item]: read for item, read in record["read"]}
    for name in _SETS:
        getattr(steering, name).update(names[number] for number in record[name])
    for name in _PARAGRAPHS:
        getattr(steering, name).update({(names[item], number): _moment(at) for item, number, at in record[name]})


# What all events of a view have alike, or what nothing is asked by once the log has taken the event in.
_LEFT_OUT: Final = ("id", "user", "session", "item", "view", "position")


def _view_record(events: list[Any], items: _Numbers) -> list[Any]:
    """Return view, item and, of each event in their order, what differs."""
    events.sort(key=lambda event: (event.at, event.id))
    item = next((event.item for event in events if event.item), "")
    records = [event_record(event) for event in events]
    rows = [{name: value for name, value in record.items() if name not in _LEFT_OUT} for record in records]
    return [events[0].view or events[0].id, items(item), rows]


def _view_events(record: list[Any], names: list[str], user: str) -> list[Any]:
    view, item, rows = record
    common = {"user": user, "item": names[item], "view": view}
    return [event_from_record({"id": f"{view}-{number:06}", **common, **row}) for number, row in enumerate(rows)]


def _seconds(at: datetime) -> float:
    return max(0.0, at.timestamp())


def _moment(at_s: float) -> datetime:
    return datetime.fromtimestamp(float(at_s), UTC)


def _join(record: dict[str, Any], arrays: Arrays) -> bytes:
    record["arrays"] = {name: [_name(values.dtype), values.shape] for name, values in arrays.items()}
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(
        _LENGTH.pack(len(text)) + text + b"".join(values.tobytes() for values in arrays.values()), _LEVEL
    )


def _part(packed: bytes) -> tuple[dict[str, Any], Arrays]:
    content = zlib.decompress(packed)
    (length,) = _LENGTH.unpack_from(content)
    start = _LENGTH.size + length
    record = json.loads(content[_LENGTH.size : start])
    arrays: Arrays = {}
    for name, (kind, shape) in record["arrays"].items():
        dtype = _DTYPES[kind] if kind in _DTYPES else np.dtype(kind)
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(content, dtype, count, start).reshape(shape)
        start += count * dtype.itemsize
    return record, arrays


def _name(dtype: np.dtype[Any]) -> str:
    return next((name for name, known in _DTYPES.items() if known == dtype), dtype.str)


_DTYPES: Final = {"|act": _ACT, "|trace": _TRACE, "|watched": _WATCHED}
