"""Children and their guardians: asking for a yes, and what a guardian may do. Over a store and the accounts on it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from reader.accounts.ages import month_of
from reader.accounts.registry import Accounts
from reader.accounts.secrets import digest_of, new_secret
from reader.accounts.verifiers import Verifier
from reader.clock import Clock
from reader.errors import InvalidInputError, NotFoundError, RereadError
from reader.settings_family import FamilySettings
from reader.types import Account, Audited, Consent, nickname_key
from reader.types_consent import Purpose
from reader.types_family import Child, GuardianRequest, SignedForm

# Who gave a consent, where it was no account.
BY_LINK = "guardian"
FORM_TYPES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_GONE = "This request is not there any more: it was answered with no, or nobody answered in time. Ask for a new link."


class Guardians:
    """See the module. text_version: of the words that guardians are asked in; secret: their links are made of it."""

    def __init__(
        self,
        accounts: Accounts,
        settings: FamilySettings,
        verifiers: Mapping[str, Verifier],
        clock: Clock,
        text_version: str,
        secret: str,
    ) -> None:
        self.settings = settings
        self.verifiers = verifiers
        self._accounts = accounts
        self._storage = accounts.storage
        self._clock = clock
        self._text_version = text_version
        self._secret = secret

    # --- asking -----------------------------------------------------------------------------------

    def ask(self, invitation: str, method: str, contact: str) -> str:
        """Ask a guardian, and use up the invitation; return the secret by which the child comes back.

        All that is kept is how to reach the guardian. InvalidInputError for a contact that is none; what a verifier
        raises if the guardian cannot be told, and then nothing is kept.
        """
        verifier = self.verifiers.get(method)
        if verifier is None:
            raise InvalidInputError("method", f"{method!r:.80}", f"give one of {', '.join(self.verifiers)}")
        self._accounts.invitation_for_new(invitation)
        secret = new_secret()
        plain = GuardianRequest(digest_of(secret), method, verifier.check(contact), self._clock())
        request = self._with_key(plain, verifier)
        verifier.ask(request, self._link(request))
        if not self._storage.take_invitation(digest_of(invitation)):
            raise NotFoundError("This link is not valid: it was used already. Ask for a new one.")
        self._storage.put_guardian_request(request)
        return secret

    def key_of(self, request: GuardianRequest) -> str:
        """Return the secret of a guardian's link: it follows from the request, so that it need not be stored.

        Of whom, and for which time, follows as well: a message to another address leads nowhere.
        """
        anew = ("", str(request.named_anew), request.contact) if request.named_anew else ()
        text = "\0".join(("guardian", request.digest, *anew))
        return hmac.new(self._secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _with_key(self, request: GuardianRequest, verifier: Verifier) -> GuardianRequest:
        return replace(request, key_digest=digest_of(self.key_of(request))) if verifier.by_link else request

    def _link(self, request: GuardianRequest) -> str:
        return f"{self.settings.site_url}/guardian/{self.key_of(request)}" if request.key_digest else ""

    def request(self, secret: str) -> GuardianRequest:
        """Return the request that a child comes back to; NotFoundError if it is over."""
        return self._alive(self._storage.guardian_request(digest_of(secret)))

    def request_of(self, digest: str) -> GuardianRequest:
        """Return a request by its digest; NotFoundError if it is over."""
        return self._alive(self._storage.guardian_request(digest))

    def request_by_key(self, key: str) -> GuardianRequest | None:
        """Return the request of a guardian's link; None if it is over or there was none."""
        found = self._storage.guardian_request_by_key(digest_of(key))
        return None if found is None or self._is_old(found) else found

    def request_called(self, name: str) -> GuardianRequest:
        """Return a request by what a provider knows it by; NotFoundError if it is over, or has another name by now."""
        found = self._storage.guardian_request_by_key(name) or self._storage.guardian_request(name)
        return self._alive(found if found is not None and found.called == name else None)

    def _alive(self, found: GuardianRequest | None) -> GuardianRequest:
        if found is None or self._is_old(found):
            raise NotFoundError(_GONE)
        return found

    def _is_old(self, request: GuardianRequest) -> bool:
        return request.created_at < self._oldest(self._clock())

    def _oldest(self, now: datetime) -> datetime:
        return now - timedelta(days=self.settings.request_days)

    def requests_for(self, guardian: Account) -> list[GuardianRequest]:
        """Return the open requests that name an adult's nickname."""
        found = self._storage.guardian_requests()
        mine = [one for one in found if one.method == "guardian" and nickname_key(one.contact) == guardian.key]
        return [one for one in mine if one.state == "asked" and not self._is_old(one)]

    def namings_left(self, request: GuardianRequest) -> int | None:
        """Return how often the guardian of a request can be named anew; None for no limit, where no mail goes out."""
        verifier = self.verifiers.get(request.method)
        if verifier is None or request.state != "asked" or self._storage.form(request.digest) is not None:
            return 0
        return max(0, self.settings.corrections - request.named_anew) if verifier.by_link else None

    def name_another(self, request: GuardianRequest, contact: str) -> GuardianRequest:
        """Have the guardian asked by another contact, while nobody has answered; return the request as it is then.

        The link of the message before is dead at once; if the new message cannot be sent, all is as it was. Whether
        there is such a nickname or mailbox stays unsaid, and the time for an answer stays what it was.

        InvalidInputError for a contact that is none, and where nothing can be changed any more; what a verifier raises
        if the guardian cannot be told.
        """
        if self.namings_left(request) == 0:
            raise _fixed() if request.state != "asked" else _used_up()
        verifier = self.verifiers[request.method]
        anew = replace(
            request, contact=verifier.check(contact), named_anew=request.named_anew + 1, named_at=self._clock()
        )
        changed = self._with_key(anew, verifier)
        # First, and only if nobody answered meanwhile: else a message went out with a link to nothing.
        if not self._storage.replace_guardian_request(request, changed):
            raise _fixed()
        try:
            verifier.ask(changed, self._link(changed))
        except (RereadError, OSError):
            self._storage.replace_guardian_request(changed, request)
            raise
        return changed

    def agreed_by(self, guardian: Account) -> list[GuardianRequest]:
        """Return the requests that an adult here has said yes to, and whose children have yet to make an account."""
        found = self._storage.guardian_requests()
        mine = [one for one in found if one.method == "guardian" and one.actor == guardian.id]
        return [one for one in mine if one.state == "granted" and not self._is_old(one)]

    def requests_with_form(self) -> list[tuple[GuardianRequest, SignedForm]]:
        """Return the requests whose forms an administrator has yet to look at."""
        found = [one for one in self._storage.guardian_requests() if one.method == "form" and not self._is_old(one)]
        pairs = [(one, self._storage.form(one.digest)) for one in found if one.state == "asked"]
        return [(request, form) for request, form in pairs if form is not None]

    def put_form(self, request: GuardianRequest, content: bytes) -> None:
        """Take in a signed form; InvalidInputError if it is too large or no PDF, PNG or JPEG."""
        if request.method != "form" or request.state != "asked":
            raise InvalidInputError("form", "is not wanted here", "wait for the answer")
        if len(content) > self.settings.form_max_bytes:
            limit = f"{self.settings.form_max_bytes:,} bytes"
            raise InvalidInputError("form", f"has {len(content):,} bytes", f"send at most {limit}")
        kind = next((kind for start, kind in FORM_TYPES.items() if content.startswith(start)), None)
        if kind is None:
            raise InvalidInputError("form", "is no PDF, PNG or JPEG", "scan or photograph the signed page")
        self._storage.put_form(SignedForm(request.digest, kind, content))

    # --- the answer -------------------------------------------------------------------------------

    def agree(self, request: GuardianRequest, actor: str, *, text_version: str = "") -> GuardianRequest:
        """Take a guardian's yes; return the request as it is then. NotFoundError if the child names another just now.

        text_version: of the words it was given to, if they were not the English ones.
        """
        if request.state != "asked":
            return request
        now = self._clock()
        said = replace(request, decided_at=now, actor=actor, text_version=text_version or self._text_version)
        agreed = self.verifiers[request.method].agreed(said, now)
        if not self._storage.replace_guardian_request(request, agreed):
            return self._answered(request.digest)
        self._storage.drop_form(request.digest)
        return agreed

    def _answered(self, digest: str) -> GuardianRequest:
        """Return a request that got its yes just now; NotFoundError if the child named somebody else instead."""
        found = self.request_of(digest)
        return self._alive(None if found.state == "asked" else found)

    def refuse(self, request: GuardianRequest) -> None:
        """Take a guardian's no: nothing of the request is kept."""
        self._storage.take_guardian_request(request.digest)

    def give_key(self, request: GuardianRequest) -> str:
        """Return the secret of a link for a guardian who has no account, and remember its digest."""
        key = self.key_of(request)
        self._storage.put_guardian_request(replace(request, key_digest=digest_of(key)))
        return key

    def make_account(self, secret: str, nickname: str, password: str, of_age: str) -> Account:
        """Make the account of a child whose guardian has said yes. The consent is there before it."""
        request = self.request(secret)
        if request.state != "granted" or request.decided_at is None:
            raise NotFoundError("Your guardian has not said yes yet.")
        account = self._accounts.prepare(nickname, password, "child")
        if self._storage.account_named(account.nickname) is not None:  # erasing makes every process learn anew
            raise _taken(account)
        if not self._storage.take_guardian_request(request.digest):
            raise NotFoundError(_GONE)
        guardian = request.actor if request.method == "guardian" else ""
        # The key names no request any more, and works for the child from now on.
        key_digest = request.key_digest
        words = (request.decided_at, request.text_version)
        self._storage.put_consent(Consent(account.id, "account", True, *words, "kept", request.actor))
        self._storage.put_child(Child(account.id, guardian, key_digest, request.method, of_age, self._clock()))
        if not self._storage.add_account(account):  # somebody took the nickname just now
            self._storage.erase_user(account.id)
            self._storage.put_guardian_request(request)
            raise _taken(account)
        if request.named_at is not None:
            self._storage.add_audited(Audited(account.id, request.named_at, account.id, "name-guardian-anew"))
        return account

    # --- what falls due ---------------------------------------------------------------------------

    def take_due_steps(self, now: datetime) -> int:
        """Send the second mails whose time has come; return how many. One that fails is tried again the next time."""
        count = 0
        for request in self._storage.guardian_requests():
            if request.state == "confirming" and request.due_at is not None and request.due_at <= now:
                count += self._confirm(request)
        return count

    def _confirm(self, request: GuardianRequest) -> bool:
        try:
            self.verifiers[request.method].confirm(request, self._link(request))
        except (RereadError, KeyError):
            return False
        # Not if the guardian took it back while the mail was on its way.
        return self._storage.replace_guardian_request(request, replace(request, state="granted", due_at=None))

    # --- children ---------------------------------------------------------------------------------

    def child_of(self, guardian: Account, user: str) -> Child:
        """Return a child of this guardian; NotFoundError for any other, whether there is one or not."""
        child = self._storage.child(user)
        if child is None or child.guardian != guardian.id:
            raise NotFoundError("No such child.")
        return child

    def child_by_key(self, key: str) -> Child | None:
        """Return the child of a guardian's link."""
        return self._storage.child_by_key(digest_of(key))

    def is_grown(self, child: Child) -> bool:
        """Whether a child may decide alone from now on."""
        return month_of(self._clock()) >= child.of_age

    def consent(self, child: Child, purpose: Purpose, granted: bool, version: str, actor: str) -> None:
        """Take a guardian's answer for a child."""
        level = "kept" if granted else "none"
        self._storage.put_consent(Consent(child.user, purpose, granted, self._clock(), version, level, actor))
        self._accounts.note(child.user, actor, f"{'allow' if granted else 'end'}-{purpose}")

    def allow_embeds(self, child: Child, allowed: bool, actor: str) -> None:
        """Let players of other sites be loaded, or no longer."""
        self._storage.put_child(replace(child, embeds=allowed))
        self._accounts.note(child.user, actor, f"{'allow' if allowed else 'end'}-embeds")

    def pause(self, child: Child, paused: bool, actor: str) -> None:
        """Close the account without deleting anything, or open it again."""
        account = self._accounts.find_id(child.user)
        (self._accounts.disable if paused else self._accounts.enable)(account, actor)

    def become_adult(self, account: Account) -> None:
        """Let a child who has come of age decide alone; InvalidInputError before that. The guardian's part ends."""
        child = self._storage.child(account.id)
        if account.role != "child" or child is None or not self.is_grown(child):
            raise InvalidInputError("account", "is not of age yet", "a guardian decides until then")
        self._storage.change_role(account.id, "adult")
        self._storage.drop_child(account.id)


def _taken(account: Account) -> InvalidInputError:
    return InvalidInputError("nickname", f"{account.nickname!r} is taken", "choose another")


def _fixed() -> InvalidInputError:
    return InvalidInputError("contact", "cannot be changed any more", "wait for the answer")


def _used_up() -> InvalidInputError:
    return InvalidInputError("contact", "cannot be changed any more", "ask for a new link")
