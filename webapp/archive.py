"""A reader's data as a zip of files in the public formats, and back.

What belongs here: which files an archive has, what is said in them, and reading foreign archives within limits. What
does not: taking what was read back into a reader's log (`webapp.restoring`).
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from reader.errors import InvalidInputError
from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.records import Record, event_record, format_time, list_record
from reader.types_folding import FoldedView
from reader.types_outlets import Outlet
from webapp.export import consent_record, grant_record, interest_record, plain

FORMAT: Final = "reread-export"
VERSION: Final = 1
# Of the zip, and of all that comes out of it; a year of daily reading is about 40 MB of lines, 4 MB zipped.
MAX_ARCHIVE_BYTES: Final = 10_000_000
MAX_UNPACKED_BYTES: Final = 200_000_000
MAX_LINE_BYTES: Final = 1_000_000

MANIFEST, README, OPML = "manifest.json", "README.md", "feeds.opml"
FILES: Final[dict[str, str]] = {
    "events.jsonl": "What happened: one event a line, in the order in which they were taken in (docs/events.md). "
    "Of how you read longer ago only sums are kept: each folded_view stands for so many records as its `folds` says. "
    "Reread can take these in again.",
    "consents.jsonl": "Your answers about what may be recorded, oldest first. Reread can take these in again.",
    OPML: "The feeds you follow, for this and any other feed reader (OPML 2.0). Reread can take these in again.",
    "interests.jsonl": "What was learned of your interests, with evidence. It follows from the events.",
    "corrections.jsonl": "By how much each family of factors counts more or less than for others. It follows, too.",
    "lists.jsonl": "Lists that were still kept for paging, with score, contributions and reasons of every place.",
    "grants.jsonl": "What you let others have, as it was signed, with the ledger of what went out.",
    "account.json": "Your account if there is one; tokens and addresses without secrets, logins, what others did.",
}


def write_archive(recommender: Recommender, user: str) -> bytes:
    """Return everything that is kept about a reader as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, MANIFEST, _dumps(_manifest(recommender, user)))
        _add(archive, README, readme())
        for name, records in _lines(recommender, user).items():
            _add(archive, name, "".join(f"{_dumps(record)}\n" for record in records))
        _add(archive, "account.json", _dumps(_account(recommender, user)))
        subscriptions = Subscriptions(recommender.storage, recommender.clock)
        _add(archive, OPML, subscriptions.export(user).decode("utf-8"))
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    # Without the time of writing, equal data give equal bytes.
    archive.writestr(zipfile.ZipInfo(name), text.encode("utf-8"), zipfile.ZIP_DEFLATED)


def _manifest(recommender: Recommender, user: str) -> Record:
    at = format_time(recommender.clock())
    views, records = _folded(recommender, user)
    known = {"format": FORMAT, "version": VERSION, "exported_at": at, "user": user, "files": sorted(FILES)}
    return {**known, "folded": {"views": views, "records": records}}


def _folded(recommender: Recommender, user: str) -> tuple[int, int]:
    """Return of how many views only sums are kept, and for how many records these stand."""
    sums = [event for event in recommender.storage.iter_events(user=user) if isinstance(event, FoldedView)]
    return len({one.view for one in sums}), sum(one.folds for one in sums)


def readme() -> str:
    """Return what explains the files."""
    lines = "\n".join(f"- `{name}`: {text}" for name, text in FILES.items())
    return (
        f"# Your data in Reread\n\nFormat {FORMAT}, version {VERSION}. Times are UTC (RFC 3339). "
        f"A `.jsonl` file has one JSON object a line.\n\n{lines}\n"
        f"- `{MANIFEST}`: format, version, when and for whom this was written.\n\n"
        "To take it in again: Privacy, *Bring your data*; or `reread import-me USER FILE`; or POST it to "
        "`/api/v1/me/import`. What is there already stays, and nothing is taken in twice.\n"
    )


def _lines(recommender: Recommender, user: str) -> dict[str, Iterator[Record]]:
    storage = recommender.storage
    corrections = recommender.learner.corrections(user).items()
    return {
        "events.jsonl": (event_record(event) for event in storage.iter_events(user=user)),
        "consents.jsonl": (consent_record(consent) for consent in storage.consents(user)),
        "interests.jsonl": (interest_record(interest) for interest in recommender.interests(user)),
        "corrections.jsonl": ({"family": family, "factor": factor} for family, factor in corrections),
        "lists.jsonl": (list_record(made) for made in storage.lists_of(user)),
        "grants.jsonl": (grant_record(storage, grant) for grant in storage.grants(user)),
    }


def _account(recommender: Recommender, user: str) -> Record:
    storage, found = recommender.storage, recommender.storage.account(user)
    known: Record = {} if found is None else {"nickname": found.nickname, "role": found.role}
    known |= {} if found is None else {"created_at": format_time(found.created_at)}
    tokens = [plain({"name": one.name, "scopes": one.scopes, "at": one.created_at}) for one in storage.tokens(user)]
    logins = [plain({"at": one.created_at, "seen_at": one.seen_at}) for one in storage.logins(user)]
    audited = [plain({"at": one.at, "act": one.act}) for one in storage.audited(user)]
    outlets = [_address(one) for one in storage.outlets(user)]
    return {**known, "addresses": outlets, "tokens": tokens, "logins": logins, "audited": audited}


def _address(one: Outlet) -> Record:
    told = {"kind": one.kind, "name": one.name, "folder": one.folder, "at": one.created_at, "used_at": one.used_at}
    return plain(told)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# What the library raises for broken, encrypted and unknown kinds of archives; and for JSON that is none or too deep.
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


# --- and back -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Archive:
    """What of an archive can be taken in again, as it stands there: nothing of it is checked yet."""

    events: tuple[Any, ...] = ()
    consents: tuple[Any, ...] = ()
    opml: bytes = b""
    wrong_lines: tuple[str, ...] = field(default=())


def read_archive(content: bytes) -> Archive:
    """Read an archive; InvalidInputError for what is none, or is too large. Lines that are no JSON are named."""
    if len(content) > MAX_ARCHIVE_BYTES:
        raise _wrong(f"has {len(content):,} bytes", f"give at most {MAX_ARCHIVE_BYTES:,}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            texts = _unpack(archive)
            manifest = json.loads(texts.get(MANIFEST, b"null"))
    except _BROKEN as error:
        raise _wrong(f"is no archive of Reread ({error})", "choose the zip that was exported") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise _wrong("is no archive of Reread", "choose the zip that was exported")
    if manifest.get("version") != VERSION:
        raise _wrong(f"is of version {manifest.get('version')!r:.20}", f"this Reread knows version {VERSION}")
    wrong: list[str] = []
    events = tuple(_parsed(texts.get("events.jsonl", b""), "events.jsonl", wrong))
    consents = tuple(_parsed(texts.get("consents.jsonl", b""), "consents.jsonl", wrong))
    return Archive(events, consents, texts.get(OPML, b""), tuple(wrong))


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the files that are known, within the limit, whatever sizes the archive claims."""
    texts, left = {}, MAX_UNPACKED_BYTES
    for name in (MANIFEST, "events.jsonl", "consents.jsonl", OPML):
        if name in archive.namelist():
            with archive.open(name) as file:
                texts[name] = file.read(left + 1)
            left -= len(texts[name])
            if left < 0:
                raise _wrong(f"unpacks to more than {MAX_UNPACKED_BYTES:,} bytes", "export less at a time")
    return texts


def _parsed(content: bytes, name: str, wrong: list[str]) -> Iterable[Any]:
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            if len(line) > MAX_LINE_BYTES:
                raise ValueError("is too long")
            yield json.loads(line)
        except (ValueError, RecursionError):
            wrong.append(f"{name}:{number}")


def _wrong(detail: str, remedy: str) -> InvalidInputError:
    return InvalidInputError("archive", detail, remedy)
