"""Sites of publishers in memory."""

from __future__ import annotations

import threading
from dataclasses import replace

from reader.records import format_time, parse_time
from reader.types_sites import Site


class MemorySites:
    """The part `SiteStorage` of the engine."""

    def __init__(self) -> None:
        super().__init__()
        self._sites: dict[str, Site] = {}
        self._sites_lock = threading.Lock()

    def put_site(self, site: Site) -> bool:
        kept = replace(site, created_at=parse_time(format_time(site.created_at)))
        with self._sites_lock:
            others = [one for one in self._sites.values() if one.id != site.id]
            if any(one.name == site.name or one.key == site.key for one in others):
                return False
            self._sites[site.id] = kept
        return True

    def sites(self) -> list[Site]:
        with self._sites_lock:
            return sorted(self._sites.values(), key=lambda site: site.name)

    def drop_site(self, site_id: str) -> bool:
        with self._sites_lock:
            return self._sites.pop(site_id, None) is not None
