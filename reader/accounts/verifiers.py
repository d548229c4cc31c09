"""Ways in which a guardian says yes, behind one protocol. What follows from the yes is not decided here."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from reader.accounts.mail import Mailer, NoMailboxError
from reader.errors import InvalidInputError
from reader.settings_family import FamilySettings
from reader.types_family import GuardianRequest

# Sends a body with headers to a URL, through the guarded client; FetchError if it does not arrive.
Post = Callable[[str, bytes, Mapping[str, str]], None]
MAX_CONTACT = 200
SIGNATURE_HEADER: Final = "Reread-Signature"
_SITE = re.compile(r"https?://[^/?#\s]+")
_ADDRESS = re.compile(r"[^@\s,;<>\"()]{1,64}@[A-Za-z0-9.-]{1,190}")


class Verifier(Protocol):
    """One way."""

    @property
    def label(self) -> str:
        """What it is called."""

    @property
    def hint(self) -> str:
        """What the child is asked for."""

    @property
    def by_link(self) -> bool:
        """Whether the guardian comes by a link of their own."""

    def check(self, contact: str) -> str:
        """Return the contact as it is kept; InvalidInputError if the guardian cannot be reached by it."""

    def ask(self, request: GuardianRequest, link: str) -> None:
        """Tell the guardian. link: where they answer, if they come by one. FetchError or OSError if it fails."""

    def agreed(self, request: GuardianRequest, now: datetime) -> GuardianRequest:
        """Return the request after a yes: granted, or with a step that is yet to come."""

    def confirm(self, request: GuardianRequest, link: str) -> None:
        """Take the step that was yet to come."""


def plain_contact(contact: str) -> str:
    """Return a contact in one line; InvalidInputError if it is none."""
    shown = " ".join(contact.split())
    if not 1 <= len(shown) <= MAX_CONTACT or not shown.isprintable():
        raise InvalidInputError("contact", f"{contact!r:.80}", f"give 1 to {MAX_CONTACT} printable characters")
    return shown


class _AtOnce:
    """What most ways share: one line of contact, and a yes that counts at once."""

    by_link = False

    def check(self, contact: str) -> str:
        return plain_contact(contact)

    def agreed(self, request: GuardianRequest, now: datetime) -> GuardianRequest:
        return replace(request, state="granted", due_at=None)

    def confirm(self, request: GuardianRequest, link: str) -> None:
        """Do nothing: there is no further step."""

    def ask(self, request: GuardianRequest, link: str) -> None:
        """Do nothing: whoever decides sees the request on a page."""


class LocalGuardian(_AtOnce):
    """An adult with an account here sees the request under Family. The contact is the nickname."""

    label = "Somebody who has an account here"
    hint = "Nickname of your parent or guardian"


class SignedForms(_AtOnce):
    """The guardian signs a form; an administrator looks at it, and then it is deleted. The contact is the name."""

    label = "A form, signed on paper"
    hint = "Name of your parent or guardian"


@dataclass(frozen=True, slots=True)
class EmailPlus:
    """A mail asks, and after a yes a second one confirms, some time later, with the way to take it back."""

    mailer: Mailer
    settings: FamilySettings
    label: str = "By e-mail"
    hint: str = "E-mail address of your parent or guardian"
    by_link: bool = True

    def check(self, contact: str) -> str:
        """Return the address; InvalidInputError if it is none."""
        address = plain_contact(contact)
        if not _ADDRESS.fullmatch(address) or not address.isascii():
            raise InvalidInputError("contact", f"{address!r:.80}", "give an e-mail address, as in ann@example.org")
        return address

    def ask(self, request: GuardianRequest, link: str) -> None:
        """Send the first mail. Whether there is such a mailbox is not said, even where the mail server knows it."""
        with suppress(NoMailboxError):
            self._send_first(request, link)

    def _send_first(self, request: GuardianRequest, link: str) -> None:
        self.mailer.send(
            request.contact,
            "A child asks you for a yes / Ein Kind bittet dich um ein Ja",
            "(Deutsch weiter unten.)\n\n"
            "A child for whom you care would like to read on a Reread, a news reader that somebody runs at\n"
            f"{self.settings.site_url}. They gave this address and nothing else.\n\n"
            f"What would be kept, what never is, and your answer, yes or no:\n{link}\n\n"
            f"If you do not answer, this address is deleted after {self.settings.request_days:g} days.\n"
            "If you know nothing of it, say no, or do nothing.\n\n-- \n\n"
            "Ein Kind, für das du sorgst, möchte auf einem Reread lesen, einem Nachrichtenleser, den jemand unter\n"
            f"{self.settings.site_url} betreibt. Es hat diese Adresse angegeben und sonst nichts.\n\n"
            f"Was gespeichert würde, was nie, und deine Antwort, Ja oder Nein:\n{link}\n\n"
            f"Wenn du nicht antwortest, wird diese Adresse nach {self.settings.request_days:g} Tagen gelöscht.\n"
            "Wenn du nichts davon weißt, sag Nein oder tu nichts.\n",
        )

    def agreed(self, request: GuardianRequest, now: datetime) -> GuardianRequest:
        """Return the request as it waits for the second mail."""
        due = now + timedelta(hours=self.settings.email_delay_h)
        return replace(request, state="confirming", due_at=due)

    def confirm(self, request: GuardianRequest, link: str) -> None:
        """Send the second mail."""
        self.mailer.send(
            request.contact,
            "You said yes to a child's account / Du hast Ja zum Konto eines Kindes gesagt",
            "(Deutsch weiter unten.)\n\n"
            f"You said yes to a child's account at {self.settings.site_url}. From now on they can make it.\n\n"
            "If that was not you, or if you think otherwise: here you take it back, and everything is deleted.\n"
            f"You can also see, take along and delete what is kept, and pause the account:\n{link}\n\n-- \n\n"
            f"Du hast Ja zum Konto eines Kindes auf {self.settings.site_url} gesagt.\n"
            "Ab jetzt kann es das Konto anlegen.\n\n"
            "Wenn du das nicht warst oder es dir anders überlegst: Hier nimmst du es zurück, und alles wird gelöscht.\n"
            f"Du kannst auch sehen, mitnehmen und löschen, was gespeichert ist, und das Konto anhalten:\n{link}\n",
        )


@dataclass(frozen=True, slots=True)
class External(_AtOnce):
    """A provider verifies the guardian: it is told by a signed request, and answers by a signed call."""

    post: Post
    settings: FamilySettings
    label: str = "Through a service that checks it"
    hint: str = "E-mail address of your parent or guardian"
    by_link: bool = True

    def ask(self, request: GuardianRequest, link: str) -> None:
        """Send the request. The provider hands the link on to the guardian."""
        body = {
            "request": request.called,
            "contact": request.contact,
            "created_at": request.created_at.isoformat(),
            "callback_url": f"{self.settings.site_url}/guardian-answers",
            "guardian_url": link,
        }
        data = json.dumps(body).encode()
        stamp = int((request.named_at or request.created_at).timestamp())
        signature = sign(data, stamp, self.settings.provider_secret)
        self.post(self.settings.provider_url, data, {SIGNATURE_HEADER: signature, "Content-Type": "application/json"})


def sign(body: bytes, at_s: int, secret: str) -> str:
    """Return the header by which a body is signed: HMAC-SHA256 over its time and itself.

    >>> sign(b"{}", 1, "s")[:10]
    't=1,v1=b25'
    """
    mac = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={mac}"


def is_signed(header: str, body: bytes, now: datetime, secret: str, age_s: float) -> bool:
    """Whether a body was signed with the secret, and not longer ago (or ahead) than that."""
    found = re.fullmatch(r"t=(\d{1,12}),v1=[0-9a-f]{64}", header)
    if not secret or found is None or abs(now.timestamp() - int(found[1])) > age_s:
        return False
    return hmac.compare_digest(sign(body, int(found[1]), secret), header)


def make_verifiers(settings: FamilySettings, post: Post) -> dict[str, Verifier]:
    """Return the ways that an installation offers, by name; InvalidInputError if one lacks what it needs."""
    made: dict[str, Callable[[], Verifier]] = {
        "guardian": LocalGuardian,
        "email": lambda: EmailPlus(Mailer(settings), settings),
        "form": SignedForms,
        "external": lambda: External(post, settings),
    }
    needed = {
        "email": ("site_url", "smtp_host", "mail_from"),
        "external": ("site_url", "provider_url", "provider_secret"),
    }
    for name in settings.verifiers:
        if name not in made:
            raise InvalidInputError("family.verifiers", f"{name!r:.80}", f"give some of {', '.join(made)}")
        for field in needed.get(name, ()):
            if not getattr(settings, field):
                raise InvalidInputError(f"family.{field}", "is missing", f"the verifier {name} needs it")
        if name in needed and not _SITE.fullmatch(settings.site_url):
            remedy = "give scheme and host, https://reader.example"
            raise InvalidInputError("family.site_url", repr(settings.site_url), remedy)
    return {name: made[name]() for name in settings.verifiers}
