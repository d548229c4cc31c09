"""What every engine must keep about data grants and their ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from reader.storage.protocol import Storage
from reader.types_grants import Grant, GrantEntry
from tests.reader.storage import builders
from tests.reader.storage.builders import NOW, make_grant
from tests.reader.storage.contract_accounts import any_values, kept

DAY = timedelta(days=1)


def granted(grant_id: str, user: str = "ada") -> GrantEntry:
    return GrantEntry(grant_id, user, NOW, "granted", "reader")


class GrantsContract:
    """The promises of `reader.storage.grants.GrantStorage`."""

    def fresh(self) -> AbstractContextManager[Storage]:
        """Lend an empty store."""
        raise NotImplementedError

    @any_values
    @given(grant=builders.GRANTS, entry=builders.GRANT_ENTRIES)
    def test_grants_and_their_ledger_come_back_as_they_were(self, grant: Grant, entry: GrantEntry) -> None:
        """Times to the millisecond and in UTC, all else exactly."""
        entry = replace(entry, grant=grant.id, user=grant.user)
        with self.fresh() as storage:
            storage.add_grant(grant, entry)

            assert storage.grant(grant.id, user=grant.user) == kept(grant)
            assert storage.grants(grant.user) == [kept(grant)]
            assert storage.grant_by_key(grant.key_digest) == (kept(grant) if grant.key_digest else None)
            assert storage.grant_ledger(grant.id, user=grant.user) == [kept(entry)]

    def test_a_grant_is_its_readers_alone(self, storage: Storage) -> None:
        """An empty key leads nowhere, and another reader can neither see nor end it."""
        storage.add_grant(make_grant("g1"), granted("g1"))

        assert storage.grant("g1", user="bob") is None
        assert storage.grants("bob") == []
        assert storage.grant_ledger("g1", user="bob") == []
        assert storage.grant_by_key("") is None
        assert not storage.end_grant(GrantEntry("g1", "bob", NOW, "revoked", "reader"))
        assert not storage.note_export(GrantEntry("g1", "bob", NOW, "exported", "recipient"))
        assert storage.grants("ada") == [make_grant("g1")]

    def test_grants_come_newest_first(self, storage: Storage) -> None:
        for name, days in (("g2", 0), ("g1", 0), ("g3", 1)):
            storage.add_grant(make_grant(name, at=NOW + days * DAY), granted(name))

        assert [one.id for one in storage.grants("ada")] == ["g3", "g1", "g2"]

    def test_a_grant_ends_once_and_nothing_goes_out_after(self, storage: Storage) -> None:
        """Each act is a line of the ledger; what was refused is none."""
        storage.add_grant(make_grant("g1", key_digest="k1"), granted("g1"))
        out = GrantEntry("g1", "ada", NOW + DAY, "exported", "recipient", {"opens": 3}, "d" * 64)
        end = GrantEntry("g1", "ada", NOW + 2 * DAY, "revoked", "reader")

        assert storage.note_export(out)
        assert [storage.end_grant(end) for _ in range(2)] == [True, False]
        assert not storage.note_export(replace(out, at=NOW + 3 * DAY))

        found = storage.grant_by_key("k1")
        assert found is not None
        assert found.ended_at == NOW + 2 * DAY
        assert storage.grant_ledger("g1", user="ada") == [granted("g1"), out, end]

    def test_of_many_who_end_a_grant_at_once_one_does(self, storage: Storage) -> None:
        storage.add_grant(make_grant("g1"), granted("g1"))
        end = GrantEntry("g1", "ada", NOW, "revoked", "reader")

        with ThreadPoolExecutor(8) as pool:
            ended = list(pool.map(lambda _: storage.end_grant(end), range(16)))

        assert sum(ended) == 1
        assert [one.act for one in storage.grant_ledger("g1", user="ada")] == ["granted", "revoked"]

    def test_grants_whose_time_is_over_are_found_until_they_have_ended(self, storage: Storage) -> None:
        """A grant is over at its very end."""
        grant = make_grant("g1")
        storage.add_grant(grant, granted("g1"))
        ends = grant.terms.ends_at

        assert storage.grants_over(ends - timedelta(milliseconds=1), user="ada") == []
        assert storage.grants_over(ends, user="bob") == []
        assert storage.grants_over(ends, user="ada") == [grant]
        storage.end_grant(GrantEntry("g1", "ada", ends, "expired", "clock"))
        assert storage.grants_over(ends, user="ada") == []
