"""Servers of others that guardians are reached by: one for mail, one of a provider."""

from __future__ import annotations

import io
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.verifiers import SIGNATURE_HEADER, sign
from reader.settings_family import FamilySettings
from tests.webapp.accounts.family import text
from tests.webapp.accounts.forms import send, token_in

Parcel = tuple[str, bytes, str]
PASSWORD = "salt lakes of Chile"


class Post:
    """A mail server's handler that keeps what it is given; a broken one refuses."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], Message]] = []
        self.is_broken = False
        self.unknown: set[str] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.unknown:
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.is_broken:
            return "451 come again later"
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 OK"


@contextmanager
def running_mail() -> Iterator[tuple[Post, int]]:
    """Lend a mail server with its port."""
    post = Post()
    # The controller calls itself up to see whether it is there, and so must know its port.
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    yield post, port
    controller.stop()


@contextmanager
def running_provider() -> Iterator[tuple[list[Parcel], int]]:
    """Lend what a provider's server was sent, with its port."""
    parcels: list[Parcel] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            parcels.append((self.path, body, self.headers[SIGNATURE_HEADER]))
            self.send_response(202)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield parcels, server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


SITE = "http://localhost"


SECRET = "a secret of both"


def ways(mail_port: int, provider_port: int) -> FamilySettings:
    """Return the settings with which guardians can say yes in every way."""
    return FamilySettings(
        verifiers=("guardian", "email", "form", "external"),
        site_url=SITE,
        smtp_host="127.0.0.1",
        smtp_port=mail_port,
        smtp_tls="none",
        mail_from="Reread <reread@reader.example>",
        form_max_bytes=300_000,
        provider_url=f"http://127.0.0.1:{provider_port}/verify",
        provider_secret=SECRET,
    )


PNG = b"\x89PNG\r\n\x1a\n" + b"a signature" * 9


def link_in(mail: Message) -> str:
    found = re.search(rf"{SITE}(/guardian/\w+)", bytes(mail.get_payload(decode=True)).decode())
    assert found is not None
    return found[1]


def make_account(client: FlaskClient, waiting: str) -> Any:
    return send(client, waiting, waiting, nickname="Kim", password=PASSWORD, again=PASSWORD)


def upload(client: FlaskClient, waiting: str, content: bytes) -> Any:
    token = token_in(text(client.get(waiting)))
    data = {"csrf_token": token, "form": (io.BytesIO(content), "form.png")}
    return client.post(f"{waiting}/form", data=data, content_type="multipart/form-data")


def answer(app: Flask, at: Any, secret: str = SECRET, **body: Any) -> Any:
    data = json.dumps(body).encode()
    headers = {SIGNATURE_HEADER: sign(data, int(at.timestamp()), secret)}
    return app.test_client().post("/guardian-answers", data=data, headers=headers)
