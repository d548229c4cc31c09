"""What a store must do about children, requests for a guardian's yes, and readers' choices: a part of `Storage`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from reader.types import nickname_key
from reader.types_family import Child, ChoiceName, GuardianRequest, SignedForm


class FamilyStorage(Protocol):
    """Kept under the same promises as everything else (`reader.storage.protocol.Storage`)."""

    def put_choice(self, user: str, name: ChoiceName, value: str) -> None:
        """Store or replace what a reader chose."""

    def choice(self, user: str, name: ChoiceName) -> str:
        """Return what a reader chose, "" if nothing."""

    def put_guardian_request(self, request: GuardianRequest) -> None:
        """Store or replace a request by its digest."""

    def replace_guardian_request(self, old: GuardianRequest, new: GuardianRequest) -> bool:
        """Replace a request if it still is as `old`, which has the same digest; return whether it was."""

    def guardian_request(self, digest: str) -> GuardianRequest | None:
        """Return the request with this digest."""

    def guardian_request_by_key(self, key_digest: str) -> GuardianRequest | None:
        """Return the request of this guardian's secret; None for ""."""

    def guardian_requests(self) -> list[GuardianRequest]:
        """Return all requests, by time, then digest."""

    def take_guardian_request(self, digest: str) -> bool:
        """Delete a request with its form; return whether it was there. Of several callers at once, one is told yes."""

    def put_form(self, form: SignedForm) -> None:
        """Store or replace the form of a request."""

    def form(self, digest: str) -> SignedForm | None:
        """Return the form of a request."""

    def drop_form(self, digest: str) -> bool:
        """Delete the form of a request; return whether there was one."""

    def put_child(self, child: Child) -> None:
        """Store or replace a child by its account."""

    def child(self, user: str) -> Child | None:
        """Return the child with this account."""

    def child_by_key(self, key_digest: str) -> Child | None:
        """Return the child of this guardian's link; None for ""."""

    def children(self, guardian: str) -> list[Child]:
        """Return the children of a guardian's account, by time, then account."""

    def drop_child(self, user: str) -> bool:
        """Delete that an account is a child's; return whether it was."""

    def change_role(self, user: str, role: str) -> bool:
        """Change the role of an account; False if there is no such account (any more)."""

    def guardian_requests_before(self, at: datetime) -> list[GuardianRequest]:
        """Return the requests made before `at`, by time, then digest."""


def is_to(request: GuardianRequest, user: str, key: str) -> bool:
    """Tell whether an account here answered a request, or is still asked by it. key: of its nickname, "" for none."""
    if request.method != "guardian":
        return False
    named = bool(key) and request.state == "asked" and nickname_key(request.contact) == key
    return named or request.actor == user
