"""What every engine must keep about children, requests for a guardian's yes, and choices."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from reader.storage.protocol import Storage
from reader.types_family import Child, GuardianRequest, SignedForm
from tests.reader.storage import builders
from tests.reader.storage.builders import NOW, make_account
from tests.reader.storage.contract_accounts import any_values, kept

TEXTS = builders.TEXTS
REQUESTS = st.builds(
    GuardianRequest,
    *(TEXTS, TEXTS, TEXTS, builders.MOMENTS, st.sampled_from(["asked", "confirming", "granted"]), TEXTS),
    *(builders.OPTIONAL_MOMENTS, builders.OPTIONAL_MOMENTS, TEXTS, TEXTS),
    *(st.integers(0, 9), builders.OPTIONAL_MOMENTS),
)
CHILDREN = st.builds(Child, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, builders.MOMENTS, st.booleans())
FORMS = st.builds(SignedForm, TEXTS, TEXTS, st.binary(max_size=64))


class FamilyContract:
    """The promises of `reader.storage.family.FamilyStorage`."""

    def fresh(self) -> AbstractContextManager[Storage]:
        """Lend an empty store."""
        raise NotImplementedError

    @any_values
    @given(request=REQUESTS, child=CHILDREN, form=FORMS, value=TEXTS)
    def test_what_is_of_families_comes_back_as_it_was(
        self, request: GuardianRequest, child: Child, form: SignedForm, value: str
    ) -> None:
        """Flags stay flags, bytes stay bytes."""
        with self.fresh() as storage:
            storage.put_guardian_request(request)
            storage.put_child(child)
            storage.put_form(form)
            storage.put_choice("ada", "mode", value)

            assert storage.guardian_request(request.digest) == kept(request)
            assert storage.guardian_requests() == [kept(request)]
            assert storage.child(child.user) == kept(child)
            assert storage.form(form.digest) == form
            assert storage.choice("ada", "mode") == value

    def test_what_is_not_there_of_families_reads_as_empty(self, storage: Storage) -> None:
        """An empty key is nobody's."""
        storage.put_guardian_request(GuardianRequest("r1", "guardian", "Ann", NOW))
        storage.put_child(Child("kim", "", "", "form", "2031-04", NOW))

        assert storage.guardian_request("x") is None
        assert storage.guardian_request_by_key("") is None
        assert storage.form("x") is None
        assert storage.child("x") is None
        assert storage.child_by_key("") is None
        assert storage.children("") == []
        assert storage.choice("ada", "mode") == ""
        assert not storage.drop_child("x")
        assert not storage.drop_form("x")
        assert not storage.change_role("x", "adult")

    def test_requests_come_by_time_and_are_taken_once(self, storage: Storage) -> None:
        """Their forms go with them."""
        for digest, hours in (("r2", 2), ("r1", 2), ("r3", 1)):
            at = NOW + timedelta(hours=hours)
            storage.put_guardian_request(GuardianRequest(digest, "form", "Ann", at, key_digest=f"k-{digest}"))
        storage.put_form(SignedForm("r2", "image/png", b"x"))

        assert [one.digest for one in storage.guardian_requests()] == ["r3", "r1", "r2"]
        assert [one.digest for one in storage.guardian_requests_before(NOW + timedelta(hours=2))] == ["r3"]
        found = storage.guardian_request_by_key("k-r2")
        assert found is not None
        assert found.digest == "r2"
        assert [storage.take_guardian_request("r2") for _ in range(2)] == [True, False]
        assert storage.form("r2") is None

    @any_values
    @given(request=REQUESTS, other=REQUESTS)
    def test_a_request_is_replaced_only_as_it_is(self, request: GuardianRequest, other: GuardianRequest) -> None:
        """What somebody else answered, changed or deleted meanwhile stays so."""
        new = replace(other, digest=request.digest)
        with self.fresh() as storage:
            assert not storage.replace_guardian_request(request, new)
            assert storage.guardian_requests() == []
            storage.put_guardian_request(request)

            assert storage.replace_guardian_request(request, new)
            assert storage.replace_guardian_request(request, request) == (kept(request) == kept(new))
            assert storage.guardian_requests() == [kept(new)]

    def test_children_belong_to_a_guardian_or_a_key(self, storage: Storage) -> None:
        kim, lou = Child("kim", "ann", "", "guardian", "2031-04", NOW), Child("lou", "", "k1", "email", "2030-01", NOW)
        for child in (kim, lou):
            storage.put_child(child)
        storage.put_child(replace(kim, embeds=True))

        assert storage.children("ann") == [replace(kim, embeds=True)]
        assert storage.child_by_key("k1") == lou
        assert storage.drop_child("kim")
        assert storage.children("ann") == []

    def test_a_role_is_changed_and_the_rest_stays(self, storage: Storage) -> None:
        account = replace(make_account("kim"), role="child")
        storage.add_account(account)

        assert storage.change_role("kim", "adult")

        assert storage.account("kim") == replace(account, role="adult")

    def test_children_of_an_erased_guardian_are_paused(self, storage: Storage) -> None:
        """Nobody could see to them; other children go on."""
        for user, guardian in (("kim", "ann"), ("lou", "ben")):
            storage.add_account(replace(make_account(user), role="child"))
            storage.put_child(Child(user, guardian, "", "guardian", "2031-04", NOW))

        storage.erase_user("ann")

        accounts = {account.id: account.disabled for account in storage.accounts()}
        assert accounts == {"kim": True, "lou": False}
        kim = storage.child("kim")
        assert kim is not None
        assert kim.guardian == ""

    def test_requests_to_an_erased_guardian_go(self, storage: Storage) -> None:
        """Open ones by nickname however it is written, answered ones by who answered; a namesake's e-mail stays."""
        storage.add_account(make_account("u1", "Ann"))
        storage.add_account(make_account("u2", "Ben"))
        asked = GuardianRequest("r", "guardian", "  aNN", NOW)
        granted = replace(asked, state="granted", decided_at=NOW)
        for request in (
            replace(asked, digest="open"),
            replace(granted, digest="hers", contact="Mum", actor="u1"),
            replace(granted, digest="his", actor="u2"),
            replace(asked, digest="to Ben", contact="Ben"),
            replace(asked, digest="form", method="form", contact="Ann"),
        ):
            storage.put_guardian_request(request)

        storage.erase_user("u1")

        assert {one.digest for one in storage.guardian_requests()} == {"his", "to Ben", "form"}
        assert not any(storage.traces("u1").values())
