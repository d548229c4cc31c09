"""What is another reader's takes the same work as what is not there, on every route: else the time would tell.

Work is counted in calls and in questions to the store, since a clock would be a matter of luck.
"""

from __future__ import annotations

import sys
from collections import Counter
from types import FrameType
from typing import Any

import pytest

from reader.settings import Settings
from reader.settings_limits import LimitSettings, RateSettings
from reader.storage.protocol import Storage
from tests.reader.accounts.conftest import CHEAP
from tests.webapp.accounts.test_two_readers import World, requests_with, world

__all__ = ["world"]
# The share of calls by which two answers may differ: lengths of times that are written, letters of an id that a check
# of passwords goes through. Questions to the store are counted apart, and have to be equal.
SLACK_SHARE = 0.005
MANY = RateSettings(per_minute=100_000, burst=100_000)
QUESTIONS = frozenset(name for name in dir(Storage) if not name.startswith("_"))


@pytest.fixture
def settings() -> Settings:
    """With limits that these requests do not reach."""
    limits = LimitSettings(lists=MANY, events=MANY, heavy=MANY, logins=MANY, address=MANY)
    return Settings(secret_key="a key for tests", accounts=True, login=CHEAP, limits=limits)


def work_of(world: World, method: str, path: str, sent: dict[str, Any]) -> tuple[int, int, Counter[str]]:
    """Return the status of the answer to Eve, the calls it took, in Python and below, and questions to the store."""
    eve, count, asked = world.new_eve(), 0, Counter[str]()

    def note(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")
        name = frame.f_code.co_name
        if event == "call" and name in QUESTIONS and "/reader/storage/" in frame.f_code.co_filename:
            asked[name] += 1

    sys.setprofile(note)
    try:
        with eve.open(path, method=method, **sent) as answer:
            answer.get_data()
    finally:
        sys.setprofile(None)
    return answer.status_code, count, asked


def alike(calls: tuple[int, int]) -> bool:
    return abs(calls[0] - calls[1]) <= SLACK_SHARE * max(calls)


def test_what_is_anothers_takes_as_much_work_as_what_is_not_there(world: World) -> None:
    """Wherever an id of another's, in path, query, form or body, is refused."""
    compared = 0
    pairs = zip(requests_with(world, world.ids), requests_with(world, world.unknown), strict=True)
    for (method, path, sent), (_, unknown_path, unknown_sent) in pairs:
        if (path, sent) == (unknown_path, unknown_sent):
            continue
        # Once before, so that what is remembered from the first time is remembered for both.
        if work_of(world, method, unknown_path, unknown_sent)[0] < 400:
            continue  # it is Eve's own, whatever the id says
        anothers = work_of(world, method, path, sent)
        nobodys = work_of(world, method, unknown_path, unknown_sent)
        assert anothers[::2] == nobodys[::2], (method, path)
        calls = anothers[1], nobodys[1]
        if not alike(calls):
            # Now and then one cleans up for all (counts of requests, connections): the least of two tells.
            again = work_of(world, method, path, sent)[1], work_of(world, method, unknown_path, unknown_sent)[1]
            calls = min(calls[0], again[0]), min(calls[1], again[1])
        assert alike(calls), (method, path, calls)
        compared += 1
    assert compared > 30
