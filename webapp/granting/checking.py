"""Checking a grant, or a zip that went out by one: whoever got it can, without the installation that it comes from."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from reader.errors import InvalidInputError
from reader.privacy.signing import KEY, Record, is_genuine
from reader.types_grants import GRANT_CLASSES
from webapp.granting.parcels import FORMAT, GRANT, MANIFEST

# Of a zip: one file a class, and four about it; and as many bytes of one as a reader can have.
_MAX_FILES: Final = len(GRANT_CLASSES) + 4
_MAX_FILE_BYTES: Final = 200_000_000
# What the library raises for broken, encrypted and unknown kinds of archives.
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file says that was found genuine. key: who signed; files: how many were checked, 0 for a grant alone."""

    grant: Record
    key: str
    files: int


def check(content: bytes) -> Checked:
    """Check a grant, or a zip that went out by one. InvalidInputError says what is not as it was signed."""
    if not content.startswith(b"PK"):
        grant = _parsed(content, "the file")
        return Checked(_genuine(grant, "the grant"), str(grant[KEY]), 0)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            # Of two files of one name, every program unpacks the one that it likes.
            if len(set(names)) < len(names) or len(names) > _MAX_FILES:
                raise _wrong("has files that did not go out")
            texts = {name: _read(archive, name) for name in names}
    except _BROKEN as error:
        raise _wrong(f"is no zip that can be read ({error})") from error
    return _check_all(texts)


def _check_all(texts: dict[str, bytes]) -> Checked:
    manifest = _genuine(_parsed(texts.pop(MANIFEST, b"null"), MANIFEST), MANIFEST)
    grant = _genuine(_parsed(texts.get(GRANT, b"null"), GRANT), GRANT)
    if manifest.get("format") != FORMAT or manifest.get("grant") != grant.get("grant"):
        raise _wrong(f"has a {MANIFEST} of something else")
    if manifest[KEY] != grant[KEY]:
        raise _wrong(f"has a {MANIFEST} that another installation signed than the grant")
    found = {name: hashlib.sha256(text).hexdigest() for name, text in texts.items()}
    if found != manifest.get("files"):
        listed = manifest.get("files")
        known = listed if isinstance(listed, dict) else {}
        changed = sorted(name for name in found.keys() | known.keys() if found.get(name) != known.get(name))
        raise _wrong(f"is not as it went out: {', '.join(changed)}")
    return Checked(grant, str(grant[KEY]), len(found))


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        text = file.read(_MAX_FILE_BYTES + 1)
    if len(text) > _MAX_FILE_BYTES:
        raise ValueError(f"{name} unpacks to more than {_MAX_FILE_BYTES:,} bytes")
    return text


def _parsed(content: bytes, name: str) -> Record:
    try:
        record = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _wrong(f"has no JSON in {name} ({error})") from error
    return record if isinstance(record, dict) else {}


def _genuine(record: Record, name: str) -> Record:
    if not is_genuine(record):
        raise _wrong(f"is not genuine: the signature of {name} does not fit what it says")
    return record


def _wrong(detail: str) -> InvalidInputError:
    return InvalidInputError("file", detail, "use the file as it was handed out")
