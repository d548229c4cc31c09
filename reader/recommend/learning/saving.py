"""What is learned, kept in a file: written whole or not at all, and never a reason not to start.

A first line says format, version and the SHA-256 of the rest, an .npz without pickle: no byte of it is looked into
before the sum is right.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.errors import StorageError
from reader.recommend.learning.choice import ChoiceState
from reader.recommend.learning.proximal import ProximalState
from reader.recommend.learning.spread import Spread

VERSION: Final = 1
_FORMAT: Final = "reread-model"
_CHOICE: Final = ("z", "squares", "variance", "lists")
_CALIBRATION: Final = ("calibration_z", "calibration_squares")
_Arrays = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What all readers share: weights of factors, and the calibration of scores."""

    choice: ChoiceState
    calibration: ProximalState


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A model, or None: then the priors serve. reason: what a person should be told; empty if all is well."""

    model: Model | None
    reason: str = ""


class _Unusable(Exception):
    """The file cannot be used; the message says why."""


def save(path: Path, model: Model, names: Sequence[str], analyser: str = "") -> None:
    """Write a model; after a crash at any moment the file is the old one or the new one.

    names: of the factors, in order, without doubles; analyser: what computes texts and vectors, as other ones give
    the same factors another meaning. Raises StorageError if it cannot be written.
    """
    if len(set(names)) != len(names) or len(names) != len(model.choice.proximal.z):
        raise ValueError(f"{len(names)} names for {len(model.choice.proximal.z)} factors: give each its own")
    content = _encode(model, names, analyser)
    unfinished = path.with_name(path.name + ".part")
    try:
        _write_through(unfinished, content)
        os.replace(unfinished, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"{path}: {error}; make its folder writable, or give it room") from error


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # The new name lasts only when the folder is written, too.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _encode(model: Model, names: Sequence[str], analyser: str) -> bytes:
    header = json.dumps({"names": list(names), "digest": digest_names(names), "analyser": analyser}).encode()
    buffer = io.BytesIO()
    np.savez(buffer, header=np.frombuffer(header, dtype=np.uint8), **_arrays(model))  # type: ignore[arg-type]  # allow_pickle is no array
    payload = buffer.getvalue()
    return f"{_FORMAT} {VERSION} {hashlib.sha256(payload).hexdigest()}\n".encode() + payload


def _arrays(model: Model) -> _Arrays:
    proximal, spread = model.choice.proximal, model.choice.spread
    choice = (proximal.z, proximal.squares, spread.variance, spread.lists)
    calibration = (model.calibration.z, model.calibration.squares)
    return dict(zip(_CHOICE + _CALIBRATION, choice + calibration, strict=True))


def digest_names(names: Sequence[str]) -> str:
    """Return the SHA-256, hex, of names and their order."""
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def load(path: Path, names: Sequence[str], analyser: str = "") -> Loaded:
    """Read a model for the factors of these names; whatever is wrong with the file, it does not raise.

    Factors known by name keep what they have learned, as steps away from their prior of today; new ones start at their
    prior; the reason then counts both. No model is returned of a file that is missing, broken, of another version or
    analyser, or has no factor in common.
    """
    try:
        return _decode(_payload(path), names, analyser)
    except _Unusable as error:
        return Loaded(None, f"{path}: {error}; ranking starts from its priors")


def _payload(path: Path) -> bytes:
    try:
        first, _, payload = path.read_bytes().partition(b"\n")
    except OSError as error:
        raise _Unusable(f"cannot be read ({error.strerror})") from error
    format_, _, rest = first.partition(b" ")
    version, _, digest = rest.partition(b" ")
    if format_ != _FORMAT.encode() or not digest:
        raise _Unusable("is no model, or broken off")
    if version != str(VERSION).encode():
        raise _Unusable(f"is of version {version[:20].decode(errors='replace')}, where {VERSION} is known")
    if digest != hashlib.sha256(payload).hexdigest().encode():
        raise _Unusable("is broken: its check sum is wrong")
    return payload


def _decode(payload: bytes, names: Sequence[str], analyser: str) -> Loaded:
    try:
        with np.load(io.BytesIO(payload), allow_pickle=False) as file:
            header = json.loads(file["header"].tobytes())
            arrays = {name: file[name] for name in _CHOICE + _CALIBRATION}
        saved, digest, saved_by = tuple(map(str, header["names"])), str(header["digest"]), header["analyser"]
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise _Unusable(f"does not hold what it should ({error})") from error
    if saved_by != analyser:
        raise _Unusable(f"was learned with {saved_by or 'no analyser'}, not {analyser or 'none'}")
    if digest_names(saved) != digest:
        raise _Unusable("has other names of factors than it was written with")
    _check(arrays, len(saved))
    return _map(arrays, saved, names)


def _check(arrays: _Arrays, count: int) -> None:
    for name, values in arrays.items():
        expected = (2,) if name in _CALIBRATION else (count,)
        if values.dtype != np.float64 or values.shape != expected or not np.isfinite(values).all():
            raise _Unusable(f"has no {expected[0]} numbers of {name}")
        if not name.endswith("z") and (values < 0).any():
            raise _Unusable(f"has {name} below 0")


def _map(arrays: _Arrays, saved: Sequence[str], names: Sequence[str]) -> Loaded:
    row_of = {name: row for row, name in enumerate(saved)}
    known = [row for row, name in enumerate(names) if name in row_of]
    if names and not known:
        raise _Unusable("was learned of other factors, with none in common")
    z, squares, variance, lists = (
        _moved(arrays[name], known, [row_of[names[row]] for row in known], len(names)) for name in _CHOICE
    )
    choice = ChoiceState(ProximalState(z, squares), Spread(variance, lists))
    model = Model(choice, ProximalState(*(arrays[name] for name in _CALIBRATION)))
    new, gone = len(names) - len(known), len(saved) - len(known)
    return Loaded(model, f"{new} factors are new and start at their priors, {gone} are gone" if new or gone else "")


def _moved(values: NDArray[np.float64], to: list[int], origin: list[int], count: int) -> NDArray[np.float64]:
    moved = np.zeros(count)
    moved[to] = values[origin]
    return moved
