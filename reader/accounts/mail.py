"""Plain mails through the SMTP server of the settings."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from reader.errors import RereadError
from reader.settings_family import FamilySettings


class MailError(RereadError):
    """A mail could not be handed over."""


class NoMailboxError(MailError):
    """The mail server says that there is no such mailbox."""


# The address is wrong, for good (RFC 3463, 3.2). Refused for other reasons, such as a relay that is closed, it is the
# operator's to mend.
_NO_MAILBOX = re.compile(rb"5\.1\.\d")


class Mailer:
    """Hands mails to one server, one connection each."""

    def __init__(self, settings: FamilySettings) -> None:
        self._settings = settings

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand over a mail; MailError names the server and the cause, and never the recipient.

        NoMailboxError if the server knows that there is nobody to receive it.
        """
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._settings.mail_from, to, subject
        # No address of a child or parent belongs into replies of machines (RFC 3834).
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        try:
            with self._connected() as server:
                server.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            place = f"{self._settings.smtp_host}:{self._settings.smtp_port}"
            kind = NoMailboxError if _is_unknown(error) else MailError
            raise kind(f"the mail server {place} took no mail ({type(error).__name__}); try again later") from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        settings = self._settings
        # Whatever fails from here on, the connection is closed before it is told.
        with self._opened() as server:
            if settings.smtp_tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            yield server

    def _opened(self) -> smtplib.SMTP:
        settings = self._settings
        place = (settings.smtp_host, settings.smtp_port)
        if settings.smtp_tls == "tls":
            return smtplib.SMTP_SSL(*place, timeout=settings.smtp_timeout_s, context=ssl.create_default_context())
        return smtplib.SMTP(*place, timeout=settings.smtp_timeout_s)


def _is_unknown(error: Exception) -> bool:
    """Whether a mail has one recipient, and the server knows of none such."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(_NO_MAILBOX.match(text) for _code, text in error.recipients.values())
