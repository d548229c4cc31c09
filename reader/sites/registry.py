"""Which sites there are: adding, finding, changing and removing them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from reader.clock import Clock
from reader.errors import InvalidInputError, NotFoundError
from reader.origins import parse_origin
from reader.storage.protocol import Storage
from reader.storage.sites import SiteStorage
from reader.types_sites import Site

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# A reader's id as the browser makes it: 128 bits in hex. Whoever has it may see and erase what is kept of that reader.
_READER: Final = re.compile(r"[0-9a-f]{32}")
# Random bytes of a key. It is public: long, so that nobody meets another site's by mistake.
_KEY_BYTES: Final = 12


class Sites:
    """The sites of an installation, over a store."""

    def __init__(self, storage: SiteStorage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    def add(self, name: str, origins: Sequence[str]) -> Site:
        """Make a site; InvalidInputError for a name or an origin that cannot be."""
        if not _NAME.fullmatch(name):
            raise InvalidInputError("name", f"{name!r:.80}", "give up to 40 small letters, digits and hyphens")
        site = Site(f"w{secrets.token_hex(6)}", name, _new_key(), _checked(origins), self._clock())
        if not self._storage.put_site(site):
            raise InvalidInputError("name", f"{name!r} is taken", "choose another, or remove that site")
        return site

    def all(self) -> list[Site]:
        """Return all sites, sorted by name."""
        return self._storage.sites()

    def find(self, name: str) -> Site:
        """Return the site of this name; NotFoundError."""
        found = next((site for site in self._storage.sites() if site.name == name), None)
        if found is None:
            raise NotFoundError(f"site {name!r:.80}: there is none; `reread site list` shows all")
        return found

    def allow(self, name: str, origins: Sequence[str]) -> Site:
        """Put other origins in the place of those that a site has."""
        return self._changed(replace(self.find(name), origins=_checked(origins)))

    def rotate_key(self, name: str) -> Site:
        """Give a site another key; the old one is void at once. Its readers and items stay."""
        return self._changed(replace(self.find(name), key=_new_key()))

    def remove(self, name: str) -> Site:
        """Forget a site and return it; its store is the affair of the caller."""
        site = self.find(name)
        self._storage.drop_site(site.id)
        return site

    def _changed(self, site: Site) -> Site:
        self._storage.put_site(site)
        return site

    def answering(self, key: str, origin: str) -> Site | None:
        """Return the site with this key if pages of this origin may use it."""
        return next((site for site in self._storage.sites() if site.key == key and origin in site.origins), None)

    def knows(self, origin: str) -> bool:
        """Tell whether pages of this origin may use any site."""
        return any(origin in site.origins for site in self._storage.sites())


def unseen_since(storage: Storage, since: datetime) -> list[str]:
    """Return the readers, sorted, whose newest event is older."""
    newest: dict[str, datetime] = {}
    for event in storage.iter_events():
        newest[event.user] = max(event.at, newest.get(event.user, event.at))
    return sorted(user for user, at in newest.items() if at < since)


def user_of(site: Site, reader: str) -> str:
    """Return under which id the events of a site's reader are kept: a digest, so that the store gives no id away.

    reader: what the browser made; InvalidInputError if it is not 32 hex digits.
    """
    if not _READER.fullmatch(reader):
        raise InvalidInputError("reader", "is not 32 hex digits", "let embed.js make it")
    return f"v{hashlib.sha256(f'{site.id}:{reader}'.encode()).hexdigest()[:32]}"


def _new_key() -> str:
    return f"rk_{secrets.token_hex(_KEY_BYTES)}"


def _checked(origins: Sequence[str]) -> tuple[str, ...]:
    if not origins:
        raise InvalidInputError("origin", "is missing", "give at least one, such as https://news.example")
    return tuple(dict.fromkeys(parse_origin(origin) for origin in origins))
