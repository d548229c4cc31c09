"""How often: each reader and each address has a share of requests, and more of them get 429 with when to come again.

What belongs here: which request counts under what, and the counting. What does not: the numbers
(`reader.settings_limits`), wrong passwords (`reader.accounts.throttle`), sizes of bodies (`webapp.api.blueprint`).
Counts are of this process and in memory: a restart forgets them, and nothing about who asked when is written down.
"""

from __future__ import annotations

import ipaddress
import threading
from datetime import datetime
from math import ceil

from flask import Flask, request

from reader.accounts.secrets import digest_of
from reader.clock import Clock
from reader.settings_limits import LimitSettings, RateSettings
from webapp.identity import browser_caller, token_caller
from webapp.problems import fail

# Keys kept at a time, about 10 MB; beyond it those that are nearest to fresh are forgotten. Ours.
KEYS_KEPT = 50_000
# Networks give each customer at least as many addresses (RFC 6177), so that one address says nothing.
IPV6_PREFIX = 64

LISTS, EVENTS, HEAVY, LOGINS, ADDRESS = "lists", "events", "heavy", "logins", "address"
# What endpoints count under, besides the address. Of the others, those that may change something count as events, and
# the rest costs no more than a look into the store.
CLASSES = {
    "api.get_recommendations": LISTS,
    "api.get_why": LISTS,
    "api.get_related": LISTS,
    "api.get_search": LISTS,
    "pages.for_you": LISTS,
    "pages.latest": LISTS,
    "pages.watch": LISTS,
    "pages.why": LISTS,
    "pages.article": LISTS,
    "pages.search": LISTS,
    "pages.topic": LISTS,
    "api.post_items": HEAVY,
    "api.get_export": HEAVY,
    "api.delete_me": HEAVY,
    "pages.export": HEAVY,
    "api.export_grant": HEAVY,
    "pages.export_grant": HEAVY,
    "granted.look": HEAVY,
    "granted.take": HEAVY,
    "api.post_feeds": HEAVY,
    "api.post_opml": HEAVY,
    "api.delete_attention": HEAVY,
    "pages.delete_attention": HEAVY,
    "pages.delete_records": HEAVY,
    "pages.send_erase": HEAVY,
    "accounts.change_child": HEAVY,
    "accounts.export_child": HEAVY,
    "pages.send_import": HEAVY,
    "api.post_import": HEAVY,
    "pages.add_feed": HEAVY,
    "pages.preview_opml": HEAVY,
    "pages.take_opml": HEAVY,
    "pages.try_feed": HEAVY,
    "sites.recommendations": LISTS,
    "sites.export": HEAVY,
    "sites.forget": HEAVY,
    "outlets.feed": LISTS,
    "greader.client_login": LOGINS,
    "greader.quick_add": HEAVY,
    "accounts.send_login": LOGINS,
    "accounts.send_join": LOGINS,
    "accounts.change_password": LOGINS,
}
# Readers of publishers' pages are named by ids that anybody can make, and recipients of grants by a secret alone: only
# their address can be counted by.
_BY_ADDRESS = ("sites", "granted")
# What is asked for here is known by the secret in its address, and by no caller.
_OUTLETS = "outlets"
_FILES = ("static", "ops.demo_media", "ops.healthz", "offline.manifest")
_WORDS = {
    LISTS: "lists and articles",
    EVENTS: "events",
    HEAVY: "requests that read or change everything",
    LOGINS: "passwords from this address",
    ADDRESS: "requests from this address",
}


_REMEDY = "Whoever looks after this server sets the limit with"
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Bucket:
    """Counts requests by key, each with a share that fills up again: the generic cell rate algorithm (ITU-T I.371).

    Of a key it keeps one number, the moment at which its share will be whole again.
    """

    def __init__(self, rate: RateSettings, keys_kept: int = KEYS_KEPT) -> None:
        self._each_s = 60.0 / rate.per_minute
        self._burst_s = rate.burst * self._each_s
        self._keys_kept = keys_kept
        self._whole_at_s: dict[str, float] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._whole_at_s)

    def take(self, key: str, now: datetime) -> int:
        """Take one; return 0, or, if there is none left, after how many whole seconds there will be (at least 1)."""
        now_s = now.timestamp()
        with self._lock:
            whole_at_s = max(self._whole_at_s.get(key, now_s), now_s) + self._each_s
            wait_s = whole_at_s - now_s - self._burst_s
            if wait_s > 1e-6:
                return ceil(wait_s)
            self._whole_at_s[key] = whole_at_s
            if len(self._whole_at_s) > self._keys_kept:
                self._forget(now_s)
        return 0

    def _forget(self, now_s: float) -> None:
        # Half at a time, so that it is rare; those whose share is whole again first.
        kept = sorted(self._whole_at_s.items(), key=lambda pair: pair[1], reverse=True)[: self._keys_kept // 2]
        self._whole_at_s = {key: at_s for key, at_s in kept if at_s > now_s}


class Limits:
    """The buckets of one app."""

    def __init__(self, settings: LimitSettings, clock: Clock) -> None:
        self._clock = clock
        self._buckets = {name: Bucket(getattr(settings, name)) for name in (LISTS, EVENTS, HEAVY, LOGINS, ADDRESS)}

    def take(self, name: str, key: str) -> None:
        """Take one request of a kind from somebody's share; a 429 problem if it is used up."""
        wait_s = self._buckets[name].take(key, self._clock())
        if wait_s:
            setting = f"REREAD_LIMITS__{name.upper()}__PER_MINUTE"
            detail = f"Too many {_WORDS[name]}; come again in {wait_s} s. {_REMEDY} {setting}."
            raise fail(429, detail, headers={"Retry-After": str(wait_s)})


def limit_requests(app: Flask, limits: Limits) -> None:
    """Have every request counted: by its address, and by its reader if it is of a kind that costs."""

    @app.before_request
    def count() -> None:
        if request.endpoint in _FILES:
            return
        address, name = network_of(request.remote_addr or ""), _class()
        if request.blueprint in _BY_ADDRESS:
            limits.take(ADDRESS, address)
            if name:
                limits.take(name, address)
            return
        if request.blueprint == _OUTLETS:
            limits.take(ADDRESS, address)
            limits.take(name, digest_of(str((request.view_args or {}).get("secret"))))
            return
        # A header that is no token does not take a browser out of its own share: pages look at the cookie.
        caller = (token_caller() if "Authorization" in request.headers else None) or browser_caller()
        if caller is not None and caller.by == "local":
            return
        limits.take(ADDRESS, address)
        if name == LOGINS:
            limits.take(LOGINS, address)
        elif name and caller is not None:
            limits.take(name, caller.user)


def _class() -> str:
    """Return what the present request counts under; "" if under its address alone."""
    changes = request.url_rule is not None and request.method not in _SAFE_METHODS
    return CLASSES.get(request.endpoint or "", EVENTS if changes else "")


def network_of(address: str) -> str:
    """Return what one customer of a network has: an IPv4 address, or the first half of an IPv6 address.

    >>> network_of("203.0.113.7"), network_of("2001:db8:1:2:3:4:5:6"), network_of("::ffff:203.0.113.7"), network_of("")
    ('203.0.113.7', '2001:db8:1:2::/64', '203.0.113.7', '')
    """
    try:
        parsed = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
