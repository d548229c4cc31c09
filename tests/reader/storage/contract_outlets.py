"""What every engine must keep about lists that programs fetch by a secret address."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from reader.storage.protocol import Storage
from reader.types_outlets import Outlet
from tests.reader.storage import builders
from tests.reader.storage.builders import NOW
from tests.reader.storage.contract_accounts import any_values, kept

TEXTS = builders.TEXTS
OUTLETS = st.builds(
    Outlet,
    *(TEXTS, TEXTS, st.sampled_from(["for-you", "saved", "folder"]), TEXTS, builders.MOMENTS),
    *(st.lists(TEXTS, max_size=3).map(tuple), st.booleans(), builders.OPTIONAL_MOMENTS, TEXTS),
)
ADAS = Outlet("d1", "ada", "for-you", "Phone", NOW)


class OutletsContract:
    """The promises of `reader.storage.outlets.OutletStorage`."""

    def fresh(self) -> AbstractContextManager[Storage]:
        """Lend an empty store."""
        raise NotImplementedError

    @any_values
    @given(outlet=OUTLETS)
    def test_every_outlet_comes_back_as_it_was(self, outlet: Outlet) -> None:
        with self.fresh() as storage:
            storage.put_outlet(outlet)

            assert storage.outlet(outlet.digest) == kept(outlet)
            assert storage.outlets(outlet.user) == [kept(outlet)]

    def test_outlets_are_their_readers_own_in_order_of_making(self, storage: Storage) -> None:
        later = replace(ADAS, digest="d0", created_at=NOW + timedelta(hours=1))
        for outlet in (later, ADAS, replace(ADAS, digest="d2", user="bob")):
            storage.put_outlet(outlet)

        assert storage.outlets("ada") == [ADAS, later]
        assert not storage.drop_outlet("bob", "d1")
        assert storage.drop_outlet("ada", "d1")
        assert not storage.drop_outlet("ada", "d1")
        assert storage.outlet("d1") is None
        assert storage.outlets("ada") == [later]

    def test_use_is_written_down_and_brings_back_nothing(self, storage: Storage) -> None:
        storage.put_outlet(ADAS)

        storage.touch_outlet("d1", NOW, "l1")
        storage.touch_outlet("d9", NOW, "l1")

        assert storage.outlet("d1") == replace(ADAS, used_at=NOW, list="l1")
        assert storage.outlet("d9") is None
