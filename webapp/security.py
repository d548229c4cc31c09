"""Defences of the web face: host names, response headers, the secret key, and JSON that cannot harm the parser."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSessionInterface
from werkzeug.exceptions import SecurityError

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
# Without JavaScript of others, frames, plug-ins; pictures of articles may come from anywhere over TLS. No nonce: there
# is no inline script that would need one, and so none can be slipped in either (docs/adr/0016).
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; "
    "img-src 'self' https: data:; media-src 'self' https:; font-src 'none'; worker-src 'self'; script-src-attr 'none'; "
    "style-src-attr 'none'"
)
# Of what no browser is to show as a page: it may load nothing, should one do so all the same.
DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
# A year, as browsers' preload lists ask for; without subdomains, which may be somebody else's.
STRICT_TRANSPORT = "max-age=31536000"


# Files that a browser also opens by themselves, which `sandbox` would break: clips, pictures.
_PLAYED = ("static", "ops.demo_media", "pages.captions")


def frame_policy(origin: str) -> str:
    """Return the policy of a page that shows one player of another site and nothing else, and within ours alone.

    origin: that site's scheme and host, the only ones that the frame may load from.
    """
    return (
        f"default-src 'none'; style-src 'self'; frame-src {origin}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


def add_headers(app: Flask) -> None:
    """Send the security headers with every answer."""

    @app.after_request
    def protect(response: Response) -> Response:
        if response.mimetype != "text/html" and request.endpoint not in _PLAYED:
            response.headers.setdefault("Content-Security-Policy", DATA_POLICY)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
        return response


class Cookies(SecureCookieSessionInterface):
    """The session's cookie, marked Secure whenever it goes over TLS, for the paths of this app alone."""

    def get_cookie_path(self, app: Flask) -> str:
        """Return under which paths the browser sends it."""
        return request.script_root or "/"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Tell whether the present request came over TLS."""
        return request.is_secure


def keep_out_of_caches(app: Flask) -> None:
    """Let no page of a reader lie in the browser's cache for the next one. Files of the app say otherwise."""

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def trust_hosts(app: Flask, hosts: Sequence[str]) -> None:
    """Answer only requests to these names (400 else), so that no foreign name can be rebound to this server."""
    trusted = frozenset(host.lower() for host in (*LOCAL_HOSTS, *hosts))

    # Not Flask's TRUSTED_HOSTS: werkzeug 3.1 cuts its entries at the first colon and so never matches [::1].
    @app.before_request
    def check_host() -> None:
        if host_name(request.headers.get("Host", "")) not in trusted:
            raise SecurityError


def host_name(header: str) -> str:
    """Return the name in a Host header, without its port.

    >>> host_name("LOCALHOST:8000"), host_name("[::1]:8000"), host_name("[::1]")
    ('localhost', '[::1]', '[::1]')
    """
    return re.sub(r":\d*$", "", header).lower() if not header.endswith("]") else header.lower()


def from_other_site(request: Request) -> bool:
    """Tell whether a browser says that the request comes from another origin than this server."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def secret_key(beside: Path | None) -> str:
    """Return the key that signs cookies and cursors. Made at first use, in a file that only its owner may read.

    beside: the database; None (nothing is kept): a key for this process alone.
    """
    if beside is None:
        return secrets.token_hex(32)
    path = beside.with_name(beside.name + ".key")
    if not path.exists():
        create_private(path, secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()


def create_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read; one that is there stays as it is."""
    # Written under another name and then linked: a second process never reads half of it, and the first one wins.
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


class CarefulJSON(DefaultJSONProvider):
    """JSON as RFC 8259 has it: no NaN, and nesting too deep for the parser is an error of the sender."""

    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Parse; ValueError (which Flask answers with 400) for all that is not JSON."""
        try:
            return json.loads(s, parse_constant=_refuse_constant, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deep") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
