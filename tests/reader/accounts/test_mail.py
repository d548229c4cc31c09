"""Mails through a server that breaks off: nothing stays open."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from reader.accounts.mail import Mailer, MailError
from reader.settings_family import FamilySettings

# How long a test waits for what never comes, in s; only a failing one does.
PATIENCE_S = 60.0


@dataclass
class Refusing:
    """A mail server for one connection that offers no STARTTLS and takes no login."""

    listening: socket.socket
    said: list[str] = field(default_factory=list)
    was_left: threading.Event = field(default_factory=threading.Event)

    def serve(self) -> None:
        connection, _ = self.listening.accept()
        with connection, connection.makefile("rwb") as stream:
            stream.write(b"220 here\r\n")
            stream.flush()
            for line in stream:
                word = line.decode().split()[0].upper()
                self.said.append(word)
                answers = {"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n", "AUTH": b"535 no\r\n", "QUIT": b"221 bye\r\n"}
                stream.write(answers.get(word, b"502 no\r\n"))
                stream.flush()
        self.was_left.set()


@pytest.fixture
def server() -> Iterator[Refusing]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        refusing = Refusing(listening)
        thread = threading.Thread(target=refusing.serve, daemon=True)
        thread.start()
        yield refusing
        thread.join(PATIENCE_S)


@pytest.mark.parametrize("how", [{"smtp_tls": "starttls"}, {"smtp_tls": "none", "smtp_user": "ann"}])
def test_a_server_that_refuses_is_left(server: Refusing, how: dict[str, str]) -> None:
    """The connection is closed by the time that the error is told, not when it happens to be forgotten."""
    port = server.listening.getsockname()[1]
    common = {"smtp_host": "127.0.0.1", "smtp_port": port, "mail_from": "reread@reader.example"}
    mailer = Mailer(FamilySettings.model_validate({**common, **how}))

    with pytest.raises(MailError, match="took no mail") as told:
        mailer.send("ann@example.org", "Hello", "A text")

    assert server.was_left.wait(PATIENCE_S)
    assert "MAIL" not in server.said
    assert "ann@example.org" not in str(told.value)
