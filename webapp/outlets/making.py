"""The address of an outlet, as it is shown when it is made and never again."""

from __future__ import annotations

from flask import url_for

from reader.types_outlets import Outlet


def address_of(outlet: Outlet, secret: str) -> str:
    """Return the whole address, with its secret."""
    return url_for("outlets.feed", kind=outlet.kind, secret=secret, _external=True)
