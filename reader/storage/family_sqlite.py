"""Children, requests for a guardian's yes, and choices in the SQLite file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from reader.records import format_time, parse_time
from reader.storage.family import is_to
from reader.storage.tables import Tables, columns, delete, put_row
from reader.types_family import Child, ChoiceName, GuardianRequest, SignedForm

_REQUEST_COLUMNS = (
    *("digest", "method", "contact", "created_at", "state", "key_digest", "due_at", "decided_at", "actor"),
    *("text_version", "named_anew", "named_at"),
)
_CHILD_COLUMNS = ("user", "guardian", "key_digest", "method", "of_age", "since", "embeds")
_FORM_COLUMNS = ("digest", "media_type", "content")
_REQUESTS = f"SELECT {columns(_REQUEST_COLUMNS)} FROM guardian_requests"
_CHILDREN = f"SELECT {columns(_CHILD_COLUMNS)} FROM children"
_REQUEST_TIMES = (3, 6, 7, 11)
_SINCE = _CHILD_COLUMNS.index("since")


class SqliteFamily(Tables):
    """The part `FamilyStorage` of the engine."""

    def put_choice(self, user: str, name: ChoiceName, value: str) -> None:
        self._put("choices", ("user", "name", "value"), (user, name, value))

    def choice(self, user: str, name: ChoiceName) -> str:
        found = self._rows("SELECT value FROM choices WHERE user = ? AND name = ?", (user, name))
        return str(found[0][0]) if found else ""

    def put_guardian_request(self, request: GuardianRequest) -> None:
        self._put("guardian_requests", _REQUEST_COLUMNS, _row(request, _REQUEST_COLUMNS))

    def replace_guardian_request(self, old: GuardianRequest, new: GuardianRequest) -> bool:
        with self._connections.writing() as db:
            found = db.execute(f"{_REQUESTS} WHERE digest = ?", (old.digest,)).fetchall()
            if [tuple(row) for row in found] != [_row(old, _REQUEST_COLUMNS)]:
                return False
            put_row(db, "guardian_requests", _REQUEST_COLUMNS, _row(new, _REQUEST_COLUMNS))
            return True

    def guardian_request(self, digest: str) -> GuardianRequest | None:
        return self._request("digest = ?", digest)

    def guardian_request_by_key(self, key_digest: str) -> GuardianRequest | None:
        return self._request("key_digest = ?", key_digest) if key_digest else None

    def _request(self, where: str, value: str) -> GuardianRequest | None:
        found = self._rows(f"{_REQUESTS} WHERE {where}", (value,))
        return _request_of(found[0]) if found else None

    def guardian_requests(self) -> list[GuardianRequest]:
        return [_request_of(row) for row in self._rows(f"{_REQUESTS} ORDER BY created_at, digest")]

    def guardian_requests_before(self, at: datetime) -> list[GuardianRequest]:
        sql = f"{_REQUESTS} WHERE created_at < ? ORDER BY created_at, digest"
        return [_request_of(row) for row in self._rows(sql, (format_time(at),))]

    def take_guardian_request(self, digest: str) -> bool:
        with self._connections.writing() as db:
            delete(db.table("forms"), "digest = ?", digest)
            return delete(db.table("guardian_requests"), "digest = ?", digest) == 1

    def put_form(self, form: SignedForm) -> None:
        self._put("forms", _FORM_COLUMNS, _row(form, _FORM_COLUMNS))

    def form(self, digest: str) -> SignedForm | None:
        found = self._rows(f"SELECT {columns(_FORM_COLUMNS)} FROM forms WHERE digest = ?", (digest,))
        return SignedForm(*found[0]) if found else None

    def drop_form(self, digest: str) -> bool:
        return self._delete("forms", "digest = ?", digest) == 1

    def put_child(self, child: Child) -> None:
        self._put("children", _CHILD_COLUMNS, _row(child, _CHILD_COLUMNS))

    def child(self, user: str) -> Child | None:
        found = self._rows(f"{_CHILDREN} WHERE user = ?", (user,))
        return _child_of(found[0]) if found else None

    def child_by_key(self, key_digest: str) -> Child | None:
        found = self._rows(f"{_CHILDREN} WHERE key_digest = ?", (key_digest,)) if key_digest else []
        return _child_of(found[0]) if found else None

    def children(self, guardian: str) -> list[Child]:
        found = self._rows(f"{_CHILDREN} WHERE guardian = ? ORDER BY since, user", (guardian,)) if guardian else []
        return [_child_of(row) for row in found]

    def drop_child(self, user: str) -> bool:
        return self._delete("children", "user = ?", user) == 1

    def change_role(self, user: str, role: str) -> bool:
        with self._connections.writing() as db:
            return bool(
                db.execute("UPDATE accounts SET role = ? WHERE user = ? RETURNING user", (role, user)).fetchall()
            )


def erase_family(db: Database, user: str) -> dict[str, int]:
    """Delete what is a reader's own; return counts by kind. Children of an erased guardian are paused.

    Requests to them go, too. The account must be there still: open requests name its nickname.
    """
    theirs = "SELECT user FROM children WHERE guardian = ?"
    db.execute(f"UPDATE accounts SET disabled = 1 WHERE user IN ({theirs})", (user,))
    db.execute("UPDATE children SET guardian = '' WHERE guardian = ?", (user,))
    own = [key for (key,) in db.execute("SELECT key FROM accounts WHERE user = ?", (user,)).fetchall()]
    for row in db.execute(f"{_REQUESTS} WHERE method = 'guardian'").fetchall():
        request = _request_of(row)
        if is_to(request, user, own[0] if own else ""):
            delete(db.table("guardian_requests"), "digest = ?", request.digest)
    return {name: delete(db.table(name), "user = ?", user) for name in ("choices", "children")}


def _row(value: object, names: Sequence[str]) -> tuple[Any, ...]:
    parts = (getattr(value, name) for name in names)
    return tuple(format_time(part) if isinstance(part, datetime) else part for part in parts)


def _request_of(row: Sequence[Any]) -> GuardianRequest:
    values: list[Any] = [_moment(part) if place in _REQUEST_TIMES else part for place, part in enumerate(row)]
    return GuardianRequest(*values)


def _child_of(row: Sequence[Any]) -> Child:
    values: list[Any] = list(row)
    values[_SINCE] = parse_time(values[_SINCE])
    values[-1] = bool(values[-1])
    return Child(*values)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else parse_time(text)
