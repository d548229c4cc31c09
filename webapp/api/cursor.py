"""The cursor of a list: signed, so that nobody points it into another list, and opaque, so that nobody builds one."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeSerializer

from webapp.problems import fail, pointer_to


def write_cursor(signer: URLSafeSerializer, list_id: str, offset: int) -> str:
    """Return the cursor of the page that begins at `offset` (places from 0)."""
    return str(signer.dumps([list_id, offset]))


def read_cursor(signer: URLSafeSerializer, cursor: str) -> tuple[str, int]:
    """Return list and offset; a 400 problem if we did not write the cursor."""
    try:
        list_id, offset = signer.loads(cursor)
    except (BadData, ValueError, TypeError) as error:
        detail = "is no cursor of this server; take next_cursor as it came, or begin without one"
        raise fail(400, f"{cursor!r:.80} {detail}", errors=[(pointer_to(["cursor"]), detail)]) from error
    return list_id, offset
