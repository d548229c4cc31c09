"""Plain mails through the SMTP server of the settings."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from reader.errors import RereadError
from reader.settings_family import FamilySettings


class MailError(RereadError):
    """A mail could not be handed over."""


class Mailer:
    """Hands mails to one server, one connection each."""

    def __init__(self, settings: FamilySettings) -> None:
        self._settings = settings

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand over a mail; MailError names the server and the cause, and never the recipient."""
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
            raise MailError(
                f"the mail server {place} took no mail ({type(error).__name__}); try again later"
            ) from error

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
