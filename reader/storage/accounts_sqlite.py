"""Accounts in the SQLite file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reader.records import format_time, parse_time
from reader.storage import rows
from reader.storage.tables import Tables, columns, delete, insert
from reader.types import Account, Attempts, Audited, Invitation, Login, Token, nickname_key

_ACCOUNTS = f"SELECT {columns(rows.ACCOUNT_COLUMNS)} FROM accounts"
_LOGINS = f"SELECT {columns(rows.LOGIN_COLUMNS)} FROM logins"
_INVITATIONS = f"SELECT {columns(rows.INVITATION_COLUMNS)} FROM invitations"
_TOKENS = f"SELECT {columns(rows.TOKEN_COLUMNS)} FROM tokens"
_AUDITS = f"SELECT {columns(rows.AUDIT_COLUMNS)} FROM audits"


class SqliteAccounts(Tables):
    """The part `AccountStorage` of the engine."""

    def add_account(self, account: Account, *, invitation: str | None = None) -> bool:
        with self._connections.writing() as db:
            taken = "user = ? OR key = ?"
            if db.table("accounts").count_where(taken, (account.id, account.key)):
                return False
            if invitation is not None and not delete(db.table("invitations"), "digest = ?", invitation):
                return False
            db.execute(insert("accounts", rows.ACCOUNT_COLUMNS), rows.account_row(account))
        return True

    def change_account(self, user: str, *, password_hash: str | None = None, disabled: bool | None = None) -> bool:
        # No upsert: an account that was erased meanwhile must not come back.
        sql = """
            UPDATE accounts SET password_hash = coalesce(?, password_hash), disabled = coalesce(?, disabled)
            WHERE user = ? RETURNING user
        """
        with self._connections.writing() as db:
            return bool(db.execute(sql, (password_hash, disabled, user)).fetchall())

    def account(self, user: str) -> Account | None:
        return self._account("user", user)

    def account_named(self, nickname: str) -> Account | None:
        return self._account("key", nickname_key(nickname))

    def _account(self, column: str, value: str) -> Account | None:
        found = self._rows(f"{_ACCOUNTS} WHERE {column} = ?", (value,))
        return rows.account_from_row(found[0]) if found else None

    def accounts(self) -> list[Account]:
        return [rows.account_from_row(row) for row in self._rows(f"{_ACCOUNTS} ORDER BY created_at, user")]

    def put_login(self, login: Login) -> None:
        self._put("logins", rows.LOGIN_COLUMNS, rows.login_row(login))

    def touch_login(self, digest: str, at: datetime) -> None:
        with self._connections.writing() as db:
            db.execute("UPDATE logins SET seen_at = ? WHERE digest = ?", (format_time(at), digest))

    def login(self, digest: str) -> Login | None:
        found = self._rows(f"{_LOGINS} WHERE digest = ?", (digest,))
        return rows.login_from_row(found[0]) if found else None

    def logins(self, user: str) -> list[Login]:
        found = self._rows(f"{_LOGINS} WHERE user = ? ORDER BY seen_at DESC, digest", (user,))
        return [rows.login_from_row(row) for row in found]

    def drop_logins(self, user: str, *, only: str | None = None, but: str | None = None) -> int:
        where = "user = ? AND (? IS NULL OR digest = ?) AND (? IS NULL OR digest <> ?)"
        return self._delete("logins", where, user, only, only, but, but)

    def drop_logins_before(self, created_at: datetime, seen_at: datetime) -> int:
        where = "created_at < ? OR seen_at < ?"
        return self._delete("logins", where, format_time(created_at), format_time(seen_at))

    def put_invitation(self, invitation: Invitation) -> None:
        self._put("invitations", rows.INVITATION_COLUMNS, rows.invitation_row(invitation))

    def invitation(self, digest: str) -> Invitation | None:
        found = self._rows(f"{_INVITATIONS} WHERE digest = ?", (digest,))
        return rows.invitation_from_row(found[0]) if found else None

    def invitations(self) -> list[Invitation]:
        return [rows.invitation_from_row(row) for row in self._rows(f"{_INVITATIONS} ORDER BY created_at, digest")]

    def take_invitation(self, digest: str) -> bool:
        return self._delete("invitations", "digest = ?", digest) == 1

    def put_token(self, token: Token) -> None:
        self._put("tokens", rows.TOKEN_COLUMNS, rows.token_row(token))

    def token(self, digest: str) -> Token | None:
        found = self._rows(f"{_TOKENS} WHERE digest = ?", (digest,))
        return rows.token_from_row(found[0]) if found else None

    def tokens(self, user: str) -> list[Token]:
        found = self._rows(f"{_TOKENS} WHERE user = ? ORDER BY created_at, digest", (user,))
        return [rows.token_from_row(row) for row in found]

    def drop_token(self, user: str, digest: str) -> bool:
        return self._delete("tokens", "user = ? AND digest = ?", user, digest) == 1

    def count_attempt(self, key: str, at: datetime, since: datetime) -> Attempts:
        sql = """
            INSERT INTO attempts (key, count, at) VALUES (?, 1, ?)
            ON CONFLICT (key) DO UPDATE SET count = iif(at < ?, 1, count + 1), at = excluded.at
            RETURNING count, at
        """
        with self._connections.writing() as db:
            ((count, kept_at),) = db.execute(sql, (key, format_time(at), format_time(since))).fetchall()
        return Attempts(count, parse_time(kept_at))

    def attempts(self, keys: Sequence[str]) -> dict[str, Attempts]:
        found = self._rows(f"SELECT key, count, at FROM attempts WHERE key IN ({columns('?' * len(keys))})", keys)
        return {key: Attempts(count, parse_time(at)) for key, count, at in found}

    def undo_attempts(self, keys: Sequence[str]) -> None:
        sql = f"UPDATE attempts SET count = max(count - 1, 0) WHERE key IN ({columns('?' * len(keys))})"
        with self._connections.writing() as db:
            db.execute(sql, keys)

    def drop_attempts(self, keys: Sequence[str]) -> None:
        self._delete("attempts", f"key IN ({columns('?' * len(keys))})", *keys)

    def drop_attempts_before(self, at: datetime) -> int:
        return self._delete("attempts", "at < ?", format_time(at))

    def add_audited(self, audited: Audited) -> None:
        with self._connections.writing() as db:
            db.execute(insert("audits", rows.AUDIT_COLUMNS), rows.audit_row(audited))

    def audited(self, user: str) -> list[Audited]:
        found = self._rows(f"{_AUDITS} WHERE user = ? ORDER BY seq DESC", (user,))
        return [rows.audit_from_row(row) for row in found]
