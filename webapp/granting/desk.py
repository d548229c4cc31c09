"""What pages, calls and the recipient's address share: making a grant with its address, and what goes out by one."""

from __future__ import annotations

from typing import Final

from flask import url_for

from reader.accounts.secrets import digest_of, new_secret
from reader.types_grants import Grant, GrantActor, Terms
from webapp.granting.parcels import hand_out
from webapp.services import services

# So that programs that look for secrets in published texts know one of ours.
ADDRESS_PREFIX: Final = "rg_"
FILE_NAME: Final = "reread-grant.zip"


def grant_to(user: str, terms: Terms, *, with_address: bool) -> tuple[Grant, str]:
    """Make a grant; return it with the secret address, which is kept nowhere, or "".

    InvalidInputError for what cannot be granted.
    """
    secret = new_secret(ADDRESS_PREFIX) if with_address else ""
    grant = services().grants.make(user, terms, key_digest=digest_of(secret) if secret else "")
    return grant, url_for("granted.look", secret=secret, _external=True) if secret else ""


def file_for_reader(user: str, grant_id: str) -> bytes:
    """Return what a grant lets out, for its reader.

    NotFoundError if it is none of theirs, ExpiredError once it has ended.
    """
    return _file(services().grants.one(user, grant_id), "reader")


def file_for_recipient(grant: Grant) -> bytes:
    """Return what a grant lets out, for whom it is for. ExpiredError once it has ended."""
    return _file(grant, "recipient")


def _file(grant: Grant, actor: GrantActor) -> bytes:
    have = services()
    return hand_out(have.recommender, have.grants, have.signing, grant, actor)
