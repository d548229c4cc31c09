"""Sending a body to a URL of the operator's choice, by the same guarded way that fetching takes."""

from __future__ import annotations

from collections.abc import Mapping

import requests

from reader.errors import FetchError, ForbiddenAddressError
from reader.ingest.connections import RefusedError
from reader.ingest.fetch import BROKEN, USER_AGENT, Fetcher, check_url, status_words


class Poster(Fetcher):
    """Posts to http(s) URLs. No redirect is followed: what is sent is meant for one receiver."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send a body; FetchError unless the answer is a success, ForbiddenAddressError for an address not allowed."""
        check_url(url, url)
        with self._guard() as guard, self._session(guard, {"User-Agent": USER_AGENT, **headers}) as session:
            try:
                wrong = self._send(session, url, body)
            except RefusedError as error:
                raise ForbiddenAddressError(url, str(error)) from error
            except BROKEN as error:
                raise FetchError(url, self._cause(error, guard)) from error
        if wrong:
            raise FetchError(url, wrong)

    def _send(self, session: requests.Session, url: str, body: bytes) -> str:
        """Return what went wrong in words, "" if it was taken. The answer's body is not read."""
        request = session.prepare_request(requests.Request("POST", url, data=body))
        timeout_s = self._settings.fetch_timeout_s
        with session.send(request, stream=True, allow_redirects=False, timeout=timeout_s) as response:
            return "" if 200 <= response.status_code < 300 else status_words(response)
