"""Origins as browsers send them (RFC 6454): scheme, host, and the port if it is not the usual one."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urlsplit

from reader.errors import InvalidInputError

_PORTS: Final = {"http": 80, "https": 443}
# Only here is a page without TLS what the reader asked for: to try it out.
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_REMEDY: Final = "give scheme and host alone, such as https://news.example"


def parse_origin(text: str) -> str:
    """Return an origin as a browser writes it; InvalidInputError for what is none, or not secure.

    >>> parse_origin("HTTPS://News.Example:443/"), parse_origin("http://localhost:8080"), parse_origin("https://bücher.example")
    ('https://news.example', 'http://localhost:8080', 'https://xn--bcher-kva.example')
    """
    parts = _split(text.strip())
    if parts is None or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise InvalidInputError("origin", f"{text!r:.200} is no origin", _REMEDY)
    origin = _written(parts)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise InvalidInputError("origin", f"{text!r:.200} is not secure", "give an https:// address")
    return origin


def origin_of(url: str) -> str:
    """Return the origin of an address, "" if it is none of the web.

    >>> origin_of("https://news.example:443/a?b#c"), origin_of("https://news.example:8443/"), origin_of("file:///etc/passwd")
    ('https://news.example', 'https://news.example:8443', '')
    """
    parts = _split(url)
    return "" if parts is None or parts.username is not None else _written(parts)


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in _PORTS and bool(parts.hostname) and (parts.port is None or parts.port > 0)
        usable = usable and _ascii(parts.hostname or "") != ""
    except ValueError:
        return None
    return parts if usable else None


def _ascii(host: str) -> str:
    if ":" in host:
        return f"[{host}]"
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return name if all(part.replace("-", "").replace("_", "").isalnum() for part in name.split(".")) else ""


def _written(parts: SplitResult) -> str:
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{_ascii(parts.hostname or '')}{port}"
