"""Children and the requests for a guardian's yes; and what readers chose that is no event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# asked: the guardian has not answered. confirming: they said yes, and are told once more before it counts. granted: the
# child may make the account.
RequestState = Literal["asked", "confirming", "granted"]
ChoiceName = Literal["mode", "language"]


@dataclass(frozen=True, slots=True)
class GuardianRequest:
    """A child that waits for a guardian's yes: all that is kept of it is how to reach the guardian.

    digest: SHA-256 of the secret in the child's browser, hex. contact: as the verifier takes it. key_digest: SHA-256 of
    the guardian's secret, "" if there is none. due_at: when the next step is taken; decided_at, actor, text_version: of
    the guardian's yes. named_anew: how often the child named the guardian anew, and named_at when it did last.
    """

    digest: str
    method: str
    contact: str
    created_at: datetime
    state: RequestState = "asked"
    key_digest: str = ""
    due_at: datetime | None = None
    decided_at: datetime | None = None
    actor: str = ""
    text_version: str = ""
    named_anew: int = 0
    named_at: datetime | None = None

    @property
    def called(self) -> str:
        """What a provider knows it by: something else after each correction, so that an older answer is none."""
        return self.key_digest if self.named_anew else self.digest


@dataclass(frozen=True, slots=True)
class SignedForm:
    """A form that a guardian signed, until an administrator has looked at it. digest: of the request."""

    digest: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Child:
    """A child's account with its guardian.

    guardian: the id of an account here, "" if the guardian comes by a link; key_digest: SHA-256 of that link's secret,
    "" if there is none. of_age: the month from which the child decides alone, "2031-04". embeds: whether the guardian
    allows players of other sites.
    """

    user: str
    guardian: str
    key_digest: str
    method: str
    of_age: str
    since: datetime
    embeds: bool = False
