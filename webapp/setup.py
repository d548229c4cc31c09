"""The first start with accounts: a link that makes the first administrator."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from reader.accounts.registry import Accounts
from reader.errors import NotFoundError
from webapp.security import create_private


def setup_path(db: Path) -> Path:
    """Return where the secret of the link lies, beside the database."""
    return db.with_name(db.name + ".setup")


def setup_secret(accounts: Accounts, path: Path) -> str | None:
    """Return the secret of the link; None, and the file is gone, once there is an administrator.

    The same link holds from start to start until it expires; then there is a new one.
    """
    if accounts.has_admin():
        path.unlink(missing_ok=True)
        return None
    with suppress(FileNotFoundError, NotFoundError):
        secret = path.read_text(encoding="ascii").strip()
        accounts.invitation(secret)
        return secret
    path.unlink(missing_ok=True)
    create_private(path, accounts.invite("admin"))
    return path.read_text(encoding="ascii").strip()
