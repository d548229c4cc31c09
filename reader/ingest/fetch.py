"""One guarded way to the network: what a stranger's URL may do to us ends here.

What belongs here: redirects, caps, conditional GET, pauses, plain words for what went wrong. What does not: which
addresses are allowed (`addresses`), how a connection is made (`connections`), what the bytes mean (`feeds`, `pages`).
Proxies and .netrc of the environment are not used: through a proxy the address that is reached cannot be checked.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
import urllib3

from reader.clock import Clock, system_clock
from reader.errors import FetchError, ForbiddenAddressError
from reader.ingest.addresses import refusal
from reader.ingest.connections import Guard, GuardedAdapter, NotReachedError, Refusal, RefusedError, Resolve, resolve
from reader.settings import Settings

USER_AGENT: Final = "Reread/0.1"
MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
# Of them those that say where to ask from now on (RFC 9110, 15.4).
_FOR_GOOD: Final = frozenset((301, 308))
_NOT_MODIFIED: Final = 304
_TROUBLES: Final = {401: "not allowed", 403: "not allowed", 404: "not found", 410: "gone", 429: "too often"}
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
# What a connection may end in.
BROKEN: Final = (NotReachedError, requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)
_ENCODINGS: Final = frozenset(("", "identity", "gzip", "x-gzip", "deflate"))
# Bytes asked of the decompressor at a time: what a bomb can take of memory beyond the cap.
_CHUNK_BYTES: Final = 65_536
_ACCEPT: Final = "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back. url: after redirects; content: decompressed; not_modified: what the caller has is current.

    moved_to: where to ask from now on, if all redirects were for good; max_age_s: how long the answer is good, in
    seconds, 0 if it does not say.
    """

    url: str
    status: int
    content: bytes
    content_type: str
    etag: str
    last_modified: str
    not_modified: bool
    moved_to: str = ""
    max_age_s: float = 0.0


class Fetcher:
    """Gets http(s) URLs within the caps of the settings. Any number of threads may share one.

    pause: waits that many seconds; resolve: host and port -> addresses; refusal: address -> why it is refused, or ""
    (not asked if the settings allow private addresses); ca_file: certificates to trust instead of the usual ones, for a
    network with its own authority. fetch_timeout_s caps the whole of a fetch, redirects included (a
    name that does not resolve may take longer); fetch_max_bytes caps the body, also as decompressed.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = system_clock,
        pause: Callable[[float], None] = time.sleep,
        resolve: Resolve = resolve,
        refusal: Refusal = refusal,
        ca_file: str = "",
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._pause = pause
        self._resolve = resolve
        self._refusal = refusal
        self._ca_file = ca_file
        self._free_at: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """Get a URL. etag, last_modified: of the last answer; then the answer may be `not_modified`, without content.

        Raises FetchError, whose message names the URL and the cause; ForbiddenAddressError if it, or a redirect from
        it, leads to an address that the settings do not allow.
        """
        headers = {"User-Agent": USER_AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        self._wait_for(url)
        with self._guard() as guard, self._session(guard, headers) as session:
            try:
                fetched = self._follow(session, url)
            except RefusedError as error:
                raise ForbiddenAddressError(url, str(error), trouble="forbidden address") from error
            except BROKEN as error:
                raise FetchError(url, self._cause(error, guard), trouble=_trouble(error, guard)) from error
            if guard.time_is_up:  # a body of no given length seems whole when its connection is cut
                raise FetchError(url, self._time_is_up(), trouble="slow")
            return fetched

    def _guard(self) -> Guard:
        allowed = self._settings.fetch_private_addresses
        return Guard(
            resolve=self._resolve,
            refusal=(lambda address: "") if allowed else self._refusal,
            time_s=self._settings.fetch_timeout_s,
        )

    def _session(self, guard: Guard, headers: dict[str, str]) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.headers.update(headers)
        session.verify = self._ca_file or True
        session.mount("http://", GuardedAdapter(guard))
        session.mount("https://", GuardedAdapter(guard))
        return session

    def _follow(self, session: requests.Session, start: str) -> Fetched:
        way, moved_to = [start], ""
        for_good = True
        while True:
            url = way[-1]
            check_url(start, url)
            with self._get(session, url) as response:
                if response.status_code not in _REDIRECTS:
                    return replace(self._fetched(response, start, url), moved_to=moved_to)
                way.append(_target(response, start, url))
                for_good = for_good and response.status_code in _FOR_GOOD
            moved_to = way[-1] if for_good else moved_to
            _check_way(way)
            if urlsplit(way[-1]).hostname != urlsplit(url).hostname:
                self._wait_for(way[-1])

    def _get(self, session: requests.Session, url: str) -> requests.Response:
        request = session.prepare_request(requests.Request("GET", url))
        return session.send(request, stream=True, allow_redirects=False, timeout=self._settings.fetch_timeout_s)

    def _fetched(self, response: requests.Response, start: str, url: str) -> Fetched:
        unchanged = response.status_code == _NOT_MODIFIED
        if not (unchanged or 200 <= response.status_code < 300):
            raise FetchError(start, status_words(response), **_status_facts(response))
        headers = response.headers
        return Fetched(
            url=url,
            status=response.status_code,
            content=b"" if unchanged else self._body(response),
            content_type=headers.get("Content-Type", ""),
            etag=headers.get("ETag", ""),
            last_modified=headers.get("Last-Modified", ""),
            not_modified=unchanged,
            max_age_s=_max_age_s(headers.get("Cache-Control", "")),
        )

    def _body(self, response: requests.Response) -> bytes:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise NotReachedError(f"the body is encoded as {encoding!r}, which was not asked for")
        if int(response.headers.get("Content-Length") or 0) > self._settings.fetch_max_bytes:
            raise self._too_large()
        body = bytearray()
        for chunk in response.raw.stream(_CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > self._settings.fetch_max_bytes:
                raise self._too_large()
        return bytes(body)

    def _too_large(self) -> NotReachedError:
        words = f"the body is larger than {self._settings.fetch_max_bytes:,} bytes (fetch_max_bytes)"
        return NotReachedError(words, "too large")

    def _time_is_up(self) -> str:
        return f"it took longer than {self._settings.fetch_timeout_s:g} s (fetch_timeout_s)"

    def _wait_for(self, url: str) -> None:
        """Wait until the host may be asked again."""
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:  # no URL at all, which is said later
            return
        with self._lock:
            now = self._clock()
            at = max(now, self._free_at.get(host, now))
            self._free_at[host] = at + timedelta(seconds=self._settings.fetch_host_pause_s)
        if at > now:
            self._pause((at - now).total_seconds())

    def _cause(self, error: Exception, guard: Guard) -> str:
        if guard.time_is_up or isinstance(error, requests.Timeout):
            return self._time_is_up()
        if isinstance(error, requests.exceptions.SSLError):
            return f"the secure connection failed: {_root(error)}"
        if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema | UnicodeError):
            return "is no valid address"
        if isinstance(error, NotReachedError):
            return str(error)
        return f"the connection broke off: {_root(error)}"


def check_url(start: str, url: str) -> None:
    """Raise FetchError unless the URL is one of the web."""
    beginning = "" if url == start else f"it redirects to {url!r:.200}: "
    try:
        parts = urlsplit(url)
        has_password = parts.username is not None
    except ValueError as error:
        raise FetchError(start, f"{beginning}is no valid address") from error
    if parts.scheme not in ("http", "https"):
        raise FetchError(start, f"{beginning}only http:// and https:// are fetched")
    if not parts.hostname:
        raise FetchError(start, f"{beginning}names no host")
    if has_password:
        # Such a URL would end up in messages, in the store and on pages.
        raise FetchError(
            f"{parts.scheme}://{parts.hostname}/…", f"{beginning}names and passwords in an address are not used"
        )


def _target(response: requests.Response, start: str, url: str) -> str:
    location = requests.Session().get_redirect_target(response)
    if not location:
        raise FetchError(start, f"{status_words(response)}, but not where to")
    return urldefrag(urljoin(url, location)).url


def _check_way(way: list[str]) -> None:
    if way[-1] in way[:-1]:
        raise FetchError(way[0], f"redirects in a loop: {' -> '.join(way)}", trouble="redirects")
    if len(way) - 1 > MAX_REDIRECTS:
        words = f"redirects more than {MAX_REDIRECTS} times, last to {way[-1]}"
        raise FetchError(way[0], words, trouble="redirects")


def status_words(response: requests.Response) -> str:
    """Say what a server answered."""
    code = response.status_code
    phrase = HTTPStatus(code).phrase if code in HTTPStatus._value2member_map_ else "an unknown status"
    after = response.headers.get("Retry-After", "")
    return f"the server answered {code} {phrase}" + (f", retry after {after:.40}" if after else "")


def _status_facts(response: requests.Response) -> dict[str, Any]:
    code = response.status_code
    trouble = _TROUBLES.get(code) or ("server" if code >= 500 else "other")
    return {"trouble": trouble, "status": code, "retry_after": response.headers.get("Retry-After", "")}


def _max_age_s(cache_control: str) -> float:
    found = _MAX_AGE.search(cache_control)
    return float(found[1]) if found else 0.0


def _trouble(error: Exception, guard: Guard) -> str:
    if guard.time_is_up or isinstance(error, requests.Timeout):
        return "slow"
    if isinstance(error, requests.exceptions.SSLError):
        return "certificate"
    return error.trouble if isinstance(error, NotReachedError) else "no connection"


def _root(error: BaseException) -> str:
    """Return what the innermost error says; the outer ones repeat it with the names of classes and objects."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return str(error)[:200]
