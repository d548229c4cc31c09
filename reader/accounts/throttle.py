"""Guessing passwords is slowed down: after some wrong logins in a row, each further one has to wait, longer each time.

Counted under three keys: nickname and address together, the address alone, the nickname alone. The last has the highest
limit and the shortest wait, so that nobody can lock another reader out for long by guessing on purpose. Keys are HMACs:
neither addresses nor names that do not exist are stored.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from reader.clock import Clock
from reader.errors import RereadError
from reader.settings_login import LoginSettings, ThrottleSettings
from reader.storage.accounts import AccountStorage
from reader.types import Attempts, nickname_key


class TooManyAttemptsError(RereadError):
    """Further logins have to wait. wait_s: how long, in whole seconds, at least 1."""

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(f"Too many wrong logins; try again in {wait_s} s.")


@dataclass(frozen=True, slots=True)
class _Key:
    text: str
    limit: ThrottleSettings


class Throttle:
    """Counts logins before they are checked, and forgets them when one was right."""

    def __init__(self, storage: AccountStorage, settings: LoginSettings, clock: Clock, secret: str) -> None:
        self._storage = storage
        self._settings = settings
        self._clock = clock
        self._secret = secret.encode()
        # Else requests that come at once would all see the same count.
        self._lock = threading.Lock()

    def begin(self, nickname: str, address: str) -> None:
        """Count an attempt; TooManyAttemptsError, and nothing is counted, if it comes too early."""
        now = self._clock()
        keys = self._keys(nickname, address)
        since = now - timedelta(hours=self._settings.attempts_kept_h)
        with self._lock:
            known = self._storage.attempts([key.text for key in keys])
            waits = [wait_of(known[key.text], key.limit, now) for key in keys if key.text in known]
            if max(waits, default=0) > 0:
                raise TooManyAttemptsError(max(waits))
            for key in keys:
                self._storage.count_attempt(key.text, now, since)
        self._storage.drop_attempts_before(since)

    def succeed(self, nickname: str, address: str) -> None:
        """Forget the attempts of this reader at this address, and this one alone under the other two keys.

        The rest stays there until it is old: else somebody with an account could clear the way for guessing at others',
        and a reader who logs in would clear it for whoever guesses meanwhile.
        """
        both, *others = (key.text for key in self._keys(nickname, address))
        self._storage.drop_attempts([both])
        self._storage.undo_attempts(others)

    def _keys(self, nickname: str, address: str) -> tuple[_Key, _Key, _Key]:
        name = nickname_key(nickname)
        return (
            _Key(self._digest("both", name, address), self._settings.both),
            _Key(self._digest("address", address), self._settings.address),
            _Key(self._digest("name", name), self._settings.name),
        )

    def _digest(self, *parts: str) -> str:
        text = "\n".join(map(repr, parts))
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def wait_of(attempts: Attempts, limit: ThrottleSettings, now: datetime) -> int:
    """Return how many seconds the next attempt has to wait: doubled with each beyond the free ones, up to the limit.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 26, tzinfo=UTC)
    >>> limit = ThrottleSettings(free=3, longest_wait_s=10)
    >>> [wait_of(Attempts(count, at), limit, at) for count in (2, 3, 4, 5, 6, 60)]
    [0, 1, 2, 4, 8, 10]
    """
    beyond = attempts.count - limit.free
    if beyond < 0:
        return 0
    wait_s = min(2.0 ** min(beyond, 30), limit.longest_wait_s)
    left_s = wait_s - (now - attempts.at).total_seconds()
    return max(0, _whole(left_s))


def _whole(seconds: float) -> int:
    return int(-(-seconds // 1))
