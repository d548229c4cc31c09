"""Sites of publishers that embed Reread; part of `reader.types`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Site:
    """A publisher's site. id: random, names its store and never changes; name: what the operator calls it.

    key: names the site in its pages and so is public; origins: scheme and host (and port) of the pages that may use it.
    """

    id: str
    name: str
    key: str
    origins: tuple[str, ...]
    created_at: datetime
