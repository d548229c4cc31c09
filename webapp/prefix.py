"""Addresses of this app where it does not stand at the root of its server but under a prefix.

`url_for` knows the prefix by itself. What is here is for addresses that were written down without it: those that forms
lead back to, and those of own media in the catalogue.
"""

from __future__ import annotations

from flask import has_request_context, redirect, request
from flask.typing import ResponseReturnValue


def own_url(address: str) -> str:
    """Return an address with the prefix, if it is a path of this app; addresses of others stay as they are."""
    inside = address.startswith("/") and not address.startswith("//")
    return request.script_root + address if inside and has_request_context() else address


def go_to(path: str) -> ResponseReturnValue:
    """Lead on to a path of this app, after a form."""
    return redirect(own_url(path), 303)


def safe_next(text: str) -> str:
    r"""Return where to go after a form: a path of this site, or the front page.

    >>> safe_next("/latest?list=1"), safe_next("//evil.example"), safe_next("/\t/evil.example"), safe_next("/\\evil")
    ('/latest?list=1', '/', '/', '/')
    """
    inside = text.startswith("/") and not text.startswith("//")
    return text if inside and "\\" not in text and all(character > " " for character in text) else "/"
