"""Where the recipient of a grant comes: a page that says what was granted, and the file.

Whoever has the secret address is the recipient. The page is not the file: programs that look at links before people do
must not take anything, nor fill the ledger.
"""

from __future__ import annotations

import json

from apiflask import APIBlueprint
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from reader.accounts.secrets import digest_of
from reader.errors import ExpiredError, NotFoundError
from reader.privacy.granted import MEANINGS
from reader.types_grants import Grant
from webapp.granting.desk import ADDRESS_PREFIX, FILE_NAME, file_for_recipient
from webapp.services import services

granted = APIBlueprint("granted", __name__, url_prefix="/granted", enable_openapi=False)
# The address is a secret: what was there is kept nowhere. That other sites are told nothing of it holds for every page.
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


@granted.get("/<secret>")
def look(secret: str) -> ResponseReturnValue:
    """Show what was granted, in the words of the grant."""
    grant = _grant(secret)
    return _answer(
        render_template(
            "granted.html",
            grant=grant,
            signed=json.dumps(json.loads(grant.signed), indent=1, ensure_ascii=False),
            secret=secret,
            meanings=MEANINGS,
            key=services().signing.key,
        )
    )


@granted.get("/<secret>/data.zip")
def take(secret: str) -> ResponseReturnValue:
    """Send what the grant lets out, once the ledger has it. To ask whether it is there (HEAD) takes nothing."""
    grant = _grant(secret)
    if request.method == "HEAD":
        return Response(headers=_HEADERS, content_type="application/zip")
    answer = Response(file_for_recipient(grant), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    answer.headers.update(_HEADERS)
    return answer


@granted.errorhandler(NotFoundError)
@granted.errorhandler(ExpiredError)
def refuse(error: Exception) -> ResponseReturnValue:
    """Say that there is nothing, and nothing else."""
    answer = _answer(render_template("granted.html", grant=None, over=isinstance(error, ExpiredError)))
    answer.status_code = 410 if isinstance(error, ExpiredError) else 404
    return answer


def _grant(secret: str) -> Grant:
    return services().grants.by_key(digest_of(secret) if secret.startswith(ADDRESS_PREFIX) else "")


def _answer(page: str) -> Response:
    return Response(page, headers=_HEADERS, content_type="text/html; charset=utf-8")
