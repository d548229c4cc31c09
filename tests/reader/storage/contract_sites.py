"""What every engine must keep about sites of publishers."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace

from reader.storage.protocol import Storage
from reader.types_sites import Site
from tests.reader.storage.builders import NOW

NEWS = Site("w1", "news", "rk_1", ("https://news.example", "https://www.news.example"), NOW)
BLOG = Site("w2", "blog", "rk_2", ("https://blog.example",), NOW)


class SitesContract:
    """The promises of `reader.storage.sites.SiteStorage`."""

    def fresh(self) -> AbstractContextManager[Storage]:
        """Lend an empty store."""
        raise NotImplementedError

    def test_sites_come_back_sorted_by_name(self, storage: Storage) -> None:
        assert storage.put_site(NEWS)
        assert storage.put_site(BLOG)

        assert storage.sites() == [BLOG, NEWS]

    def test_a_site_is_replaced_by_its_id(self, storage: Storage) -> None:
        storage.put_site(NEWS)

        assert storage.put_site(replace(NEWS, key="rk_3", origins=("https://new.example",)))

        assert storage.sites() == [replace(NEWS, key="rk_3", origins=("https://new.example",))]

    def test_name_and_key_belong_to_one_site(self, storage: Storage) -> None:
        storage.put_site(NEWS)

        assert not storage.put_site(replace(BLOG, name="news"))
        assert not storage.put_site(replace(BLOG, key="rk_1"))

        assert storage.sites() == [NEWS]

    def test_a_site_is_dropped_once(self, storage: Storage) -> None:
        storage.put_site(NEWS)
        storage.put_site(BLOG)

        assert storage.drop_site("w1")
        assert not storage.drop_site("w1")

        assert storage.sites() == [BLOG]
