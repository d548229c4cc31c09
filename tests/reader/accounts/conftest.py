"""Accounts over a store in memory, with a clock that stands and hashes that cost next to nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reader.accounts.registry import Accounts
from reader.clock import ManualClock
from reader.settings_login import LoginSettings
from reader.storage.memory import MemoryStorage

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHEAP = LoginSettings(argon2_memory_kib=8, argon2_passes=1, argon2_lanes=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def accounts(clock: ManualClock) -> Accounts:
    return Accounts(MemoryStorage(), CHEAP, clock, "a key for tests")
