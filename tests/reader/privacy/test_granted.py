"""Which records a grant is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reader.privacy.granted import MEANINGS, TYPES, class_of, is_of_the_time, open_classes
from reader.records import EVENT_CLASSES
from reader.types_consent import Terms as Allowed
from reader.types_grants import GRANT_CLASSES, Grant, GrantClass, Terms

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def terms(*classes: GrantClass, records_from: datetime | None = None, records_to: datetime | None = None) -> Terms:
    return Terms(classes, "A", "a", "p", NOW + 30 * DAY, records_from=records_from, records_to=records_to)


def test_every_type_of_event_is_of_one_class_but_taking_back() -> None:
    """A new type must be put into one before it can go out."""
    kinds = [kind for types in TYPES.values() for kind in types]

    assert len(kinds) == len(set(kinds))
    assert set(kinds) == EVENT_CLASSES.keys() - {"undo", "folded_view"}
    assert class_of("undo") is None
    assert class_of("watch") == "watches"
    assert MEANINGS.keys() == set(GRANT_CLASSES)


@pytest.mark.parametrize(
    ("first", "last", "at", "within"),
    [
        (None, None, NOW - 9_000 * DAY, True),
        (None, None, NOW + 30 * DAY, False),
        (NOW, None, NOW, True),
        (NOW, None, NOW - timedelta(milliseconds=1), False),
        (None, NOW, NOW, False),
        (None, NOW, NOW - timedelta(milliseconds=1), True),
        (None, NOW, None, True),
        (NOW, None, None, False),
    ],
)
def test_the_beginning_is_within_and_the_end_is_not(
    first: datetime | None, last: datetime | None, at: datetime | None, within: bool
) -> None:
    """A record without a time is in if everything from the first one on is."""
    assert is_of_the_time(terms("opens", records_from=first, records_to=last), at) is within


@pytest.mark.parametrize(
    ("allowed", "counts", "is_open"),
    [
        (Allowed("none"), {"open": 3, "like": 1}, True),
        (Allowed("none"), {"open": 3, "watch": 1}, False),
        (Allowed("session"), {"paragraph_visit": 1}, False),
        (Allowed("kept"), {"paragraph_visit": 1}, True),
        (Allowed(feedback=False), {"paragraph_visit": 1}, True),
        (Allowed(feedback=False), {"weigh": 1}, False),
        (Allowed(is_child=True), {}, False),
    ],
)
def test_interests_stop_while_something_refused_is_in_them(
    allowed: Allowed, counts: dict[str, int], is_open: bool
) -> None:
    """Once the records that were said no to are deleted, nothing of them is left in the interests."""
    grant = Grant("g", "ada", terms("interests"), NOW, "{}")

    assert open_classes(grant, allowed, [], counts) == (("interests",) if is_open else ())
