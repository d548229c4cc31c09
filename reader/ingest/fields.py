"""Looking up fields of a foreign object without trusting their types, and without feedparser's own substitutions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin


def get_value(values: Mapping[str, Any], name: str) -> Any:
    """Return a field, None if it is not there."""
    # Past feedparser's own look-up, which puts one field in place of another, and warns that it does.
    return dict.get(values, name) if isinstance(values, dict) else None


def get_text(values: Mapping[str, Any], name: str) -> str:
    """Return a field without the space around it if it is a text, else ""."""
    value = get_value(values, name)
    return value.strip() if isinstance(value, str) else ""


def get_map(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a field if it is an object, else an empty one."""
    value = get_value(values, name)
    return value if isinstance(value, Mapping) else {}


def get_maps(values: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects in a field that is a list; of another none."""
    value = get_value(values, name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def urljoin_or_empty(base: str, link: str) -> str:
    """Return the whole address of a link; "" if it is none."""
    try:
        return urljoin(base, link.strip()) if link.strip() else ""
    except ValueError:
        return ""
