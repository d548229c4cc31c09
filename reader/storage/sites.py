"""What a store must do about sites of publishers: a part of the protocol `Storage`."""

from __future__ import annotations

from typing import Protocol

from reader.types_sites import Site


class SiteStorage(Protocol):
    """Kept under the same promises as everything else (`reader.storage.protocol.Storage`)."""

    def put_site(self, site: Site) -> bool:
        """Store or replace a site by its id; False, and nothing is changed, if another has its name or its key."""

    def sites(self) -> list[Site]:
        """Return all sites, sorted by name."""

    def drop_site(self, site_id: str) -> bool:
        """Delete a site; return whether it was there."""
