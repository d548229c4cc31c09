"""The file of a challenger: after the seal (`reader.recommend.sealed`) a line of JSON, and the library's own dump.

Written whole or not at all, and never a reason not to serve. The line of JSON says what the trees belong to, whether
they serve, and all that the comparison came to: the record of what was decided lies with what it was decided about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reader.errors import MissingPackageError, NotFoundError, StorageError
from reader.recommend.challenger.trees import Trees
from reader.recommend.learning.saving import Layout
from reader.recommend.sealed import Seal, UnusableError

VERSION: Final = 1
SEAL: Final = Seal("reread-challenger", VERSION, "challenger")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file holds.

    serves: whether its trees are to; factors, analyser: what they belong to, as digest and name; record: what the
    comparison came to; rows, families, family_count, text: the trees', empty if there are none; erasures: what the
    store's number of that name was before the log was read.
    """

    serves: bool
    factors: str
    analyser: str
    record: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
    families: tuple[int, ...] = ()
    family_count: int = 0
    text: str = ""
    erasures: int = 0

    @classmethod
    def new(
        cls, trees: Trees | None, layout: Layout, record: Mapping[str, Any], *, serves: bool, erasures: int = 0
    ) -> Kept:
        """Return what is to be written of trees for factors. ValueError if there are none to serve."""
        if trees is None:
            if serves:
                raise ValueError("a challenger without trees cannot serve")
            return cls(False, layout.digest, layout.analyser, record, erasures=erasures)
        what = trees.rows, trees.families, trees.family_count, trees.text
        return cls(serves, layout.digest, layout.analyser, record, *what, erasures)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Trees that are to serve, if any. reason: what a person should be told; empty if all is well.

    outdated: whether something was erased since, of which they may have learned.
    """

    trees: Trees | None
    reason: str = ""
    outdated: bool = False


def save(path: Path, kept: Kept) -> None:
    """Write a challenger; after a crash at any moment the file is the old one or the new one. StorageError if not."""
    header = {name: getattr(kept, name) for name in _TYPES}
    SEAL.write(path, json.dumps(header, ensure_ascii=False).encode() + b"\n" + kept.text.encode())


def load(path: Path, layout: Layout, erasures: int = 0) -> Loaded:
    """Return the trees that are to serve with these factors; whatever is wrong with the file, it does not raise.

    None of a file that is missing, or says that they do not serve; none, and a reason, of one that is broken, of
    another version, of other factors or texts, or from before an erasure, or if LightGBM is not installed: then the
    learner serves alone. erasures: what the store's number of that name is now.
    """
    try:
        kept = _decode(SEAL.read(path)) if path.exists() else None
        if kept is not None and kept.erasures != erasures:
            return Loaded(None, _alone(path, "was trained before something was erased"), outdated=True)
        return Loaded(_trees(kept, layout) if kept is not None and kept.serves else None)
    except (UnusableError, MissingPackageError) as error:
        return Loaded(None, _alone(path, error))


def read(path: Path) -> Kept:
    """Return what a file holds, whatever it was made for.

    NotFoundError if there is none, StorageError if it is broken.
    """
    if not path.exists():
        raise NotFoundError(f"{path}: nothing was trained yet; `reread train` does it")
    try:
        return _decode(SEAL.read(path))
    except UnusableError as error:
        raise StorageError(_alone(path, error)) from error


def _alone(path: Path, why: object) -> str:
    return f"{path}: {why}; the learner serves alone, `reread train` compares anew"


# The fields in the line of JSON.
_TYPES: Final[dict[str, type]] = {
    "serves": bool,
    "factors": str,
    "analyser": str,
    "record": dict,
    "rows": list,
    "families": list,
    "family_count": int,
    "erasures": int,
}


def _decode(payload: bytes) -> Kept:
    line, _, text = payload.partition(b"\n")
    try:
        # Files from before there were numbers say nothing of it.
        header = {"erasures": 0, **json.loads(line)}
        wrong = [name for name, type_ in _TYPES.items() if not isinstance(header[name], type_)]
        if wrong:
            raise ValueError(f"{wrong[0]} is {header[wrong[0]]!r}")
        rows, families = (tuple(map(int, header.pop(name))) for name in ("rows", "families"))
        return Kept(**header, rows=rows, families=families, text=text.decode())
    except (KeyError, TypeError, ValueError) as error:
        raise UnusableError(f"does not hold what it should ({error})") from error


def _trees(kept: Kept, layout: Layout) -> Trees:
    if kept.analyser != layout.analyser:
        raise UnusableError(f"was trained with {kept.analyser or 'no analyser'}, not {layout.analyser or 'none'}")
    if kept.factors != layout.digest or kept.family_count != len(layout.families):
        raise UnusableError("was trained with other factors than there are now")
    trees = Trees(kept.text, kept.rows, kept.families, kept.family_count)
    try:
        trees.check()
    except ValueError as error:
        raise UnusableError(str(error)) from error
    return trees
