"""What is learned, kept in a file: written whole or not at all, and never a reason not to start.

After the seal (`reader.recommend.sealed`) comes an .npz without pickle.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.learning.actions import ActionsState
from reader.recommend.learning.choice import ChoiceState
from reader.recommend.learning.joint import JointState
from reader.recommend.learning.progress import COUNT, Progress
from reader.recommend.learning.proximal import ProximalState
from reader.recommend.learning.spread import Spread
from reader.recommend.learning.utility import ACTIONS
from reader.recommend.sealed import Seal, UnusableError

VERSION: Final = 3
SEAL: Final = Seal("reread-model", VERSION, "model")
# Endings of the names of arrays whose numbers may be below 0.
_SIGNED: Final = ("z", "joint_mean", "joint_information")
# What rounding leaves below 0 of an eigenvalue that is 0.
_NEGLIGIBLE: Final = 1e-6
_Arrays = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What all readers share: weights of factors, calibration of scores, chances of actions, and how well it went.

    seq: of the last event of the log that was taken in; waiting: the lists up to there that have taught nothing yet,
    by their seq; erasures: what the store's number of that name was when the log began to be gone through.
    """

    choice: ChoiceState
    calibration: ProximalState
    actions: ActionsState
    progress: Progress = field(default_factory=Progress)
    seq: int = 0
    waiting: tuple[int, ...] = ()
    erasures: int = 0

    @classmethod
    def new(cls, factors: int, families: int, joint: int = 0) -> Model:
        """Return the model in which nothing is learned. joint: how many factors are learned together."""
        return cls(ChoiceState.new(factors, joint), ProximalState.new(2), ActionsState.new(families))


@dataclass(frozen=True, slots=True)
class Layout:
    """What the numbers of a model belong to.

    factors, families: names in order; analyser: what computes texts and vectors, as other ones give the same factors
    another meaning; joint: names of the factors that are learned together, in order.
    """

    factors: tuple[str, ...]
    families: tuple[str, ...]
    analyser: str = ""
    joint: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The SHA-256, hex, of all names and their order."""
        text = "\n".join((*self.factors, "", *self.families, "", *ACTIONS, "", *self.joint))
        return hashlib.sha256(text.encode()).hexdigest()

    def lengths(self) -> dict[str, int]:
        """Return how many numbers each array of a model has; -1: any."""
        factors, actions = len(self.factors), len(ACTIONS) * (len(self.families) + 1)
        lengths = dict.fromkeys(("z", "squares", "variance", "lists"), factors)
        lengths |= {"joint_mean": len(self.joint), "joint_information": len(self.joint) ** 2}
        lengths |= {"calibration_z": 2, "calibration_squares": 2}
        lengths |= {"actions_z": actions, "actions_squares": actions, "actions_told": len(ACTIONS)}
        return lengths | {"progress": COUNT, "log": -1}


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A model, or None: then the priors serve. reason: what a person should be told; empty if all is well.

    families: of the file, in its order: readers' own parts of that time are of these.
    """

    model: Model | None
    reason: str = ""
    families: tuple[str, ...] = ()


def save(path: Path, model: Model, layout: Layout) -> None:
    """Write a model; after a crash at any moment the file is the old one or the new one.

    It is readable by its owner alone. Raises StorageError if it cannot be written.
    """
    names = layout.factors
    if len(set(names)) != len(names) or len(names) != len(model.choice.proximal.z):
        raise ValueError(f"{len(names)} names for {len(model.choice.proximal.z)} factors: give each its own")
    SEAL.write(path, _encode(model, layout))


def _encode(model: Model, layout: Layout) -> bytes:
    names = {"factors": layout.factors, "families": layout.families, "joint": layout.joint}
    fields = names | {"analyser": layout.analyser, "erasures": model.erasures}
    header = json.dumps(fields | {"digest": layout.digest}).encode()
    buffer = io.BytesIO()
    np.savez(buffer, header=np.frombuffer(header, dtype=np.uint8), **_arrays(model))  # type: ignore[arg-type]  # allow_pickle is no array
    return buffer.getvalue()


def _arrays(model: Model) -> _Arrays:
    proximal, spread, actions = model.choice.proximal, model.choice.spread, model.actions
    return {
        "z": proximal.z,
        "squares": proximal.squares,
        "variance": spread.variance,
        "lists": spread.lists,
        "joint_mean": model.choice.joint.mean,
        "joint_information": model.choice.joint.information.ravel(),
        "calibration_z": model.calibration.z,
        "calibration_squares": model.calibration.squares,
        "actions_z": actions.proximal.z,
        "actions_squares": actions.proximal.squares,
        "actions_told": actions.told,
        "progress": model.progress.to_array(),
        # Whole numbers, exact in float64 up to 2**53.
        "log": np.array([model.seq, *model.waiting], dtype=np.float64),
    }


def load(path: Path, layout: Layout) -> Loaded:
    """Read a model for these factors and families; whatever is wrong with the file, it does not raise.

    Factors and families known by name keep what they have learned, as steps away from their prior of today; new ones
    start at their prior; the reason then counts both. No model is returned of a file that is missing, broken, of
    another version or analyser, or has no factor in common; of a missing one there is nothing to tell.
    """
    if not path.exists():
        return Loaded(None)
    try:
        return _decode(SEAL.read(path), layout)
    except UnusableError as error:
        return Loaded(None, f"{path}: {error}; ranking starts from its priors")


def peek(path: Path) -> tuple[Progress | None, str]:
    """Return how well lists were ranked by what a file tells, of whatever factors; None and a reason if it is broken.

    A file that is missing is not broken: then nothing was learned yet.
    """
    if not path.exists():
        return Progress(), ""
    try:
        return Progress.from_array(_read(SEAL.read(path))[1]["progress"]), ""
    except UnusableError as error:
        return None, f"{path}: {error}; ranking starts from its priors"


def _decode(payload: bytes, layout: Layout) -> Loaded:
    saved, arrays = _read(payload)
    if saved.analyser != layout.analyser:
        raise UnusableError(f"was learned with {saved.analyser or 'no analyser'}, not {layout.analyser or 'none'}")
    return _map(arrays, saved, layout)


def _read(payload: bytes) -> tuple[Layout, _Arrays]:
    """Return what the numbers belong to, and the numbers, checked."""
    try:
        with np.load(io.BytesIO(payload), allow_pickle=False) as file:
            header = json.loads(file["header"].tobytes())
            arrays = {name: file[name] for name in Layout((), ()).lengths()}
        names = (tuple(map(str, header[kind])) for kind in ("factors", "families", "joint"))
        factors, families, joint = names
        saved = Layout(factors, families, header["analyser"], joint)
        digest = str(header["digest"])
        # A model of before there was such a number knows of no erasure.
        arrays["erasures"] = np.array([int(header.get("erasures", 0))], dtype=np.float64)
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise UnusableError(f"does not hold what it should ({error})") from error
    if saved.digest != digest:
        raise UnusableError("has other names of factors than it was written with")
    _check(arrays, saved)
    return saved, arrays


def _check(arrays: _Arrays, saved: Layout) -> None:
    for name, count in saved.lengths().items():
        values = arrays[name]
        fits = values.ndim == 1 and (len(values) == count or (count < 0 < len(values)))
        if values.dtype != np.float64 or not fits or not np.isfinite(values).all():
            raise UnusableError(f"has no {max(count, 1)} numbers of {name}")
        if not name.endswith(_SIGNED) and (values < 0).any():
            raise UnusableError(f"has {name} below 0")


def _map(arrays: _Arrays, saved: Layout, layout: Layout) -> Loaded:
    factors = _Move.of(saved.factors, layout.factors)
    if layout.factors and not factors.to:
        raise UnusableError("was learned of other factors, with none in common")
    z, squares, variance, lists = (factors(arrays[name]) for name in ("z", "squares", "variance", "lists"))
    # The intercept comes last in each action and is named like no family.
    families = _Move.of((*saved.families, ""), (*layout.families, ""))
    rows = (np.reshape(arrays[f"actions_{name}"], (len(ACTIONS), -1)) for name in ("z", "squares"))
    actions = ProximalState(*(np.concatenate([families(row) for row in table]) for table in rows))
    seq, *waiting = arrays["log"].astype(np.int64).tolist()
    model = Model(
        ChoiceState(ProximalState(z, squares), Spread(variance, lists), _map_joint(arrays, saved, layout)),
        ProximalState(arrays["calibration_z"], arrays["calibration_squares"]),
        ActionsState(actions, arrays["actions_told"]),
        Progress.from_array(arrays["progress"]),
        seq,
        tuple(waiting),
        int(arrays["erasures"][0]),
    )
    new, gone = len(layout.factors) - len(factors.to), len(saved.factors) - len(factors.to)
    reason = f"{new} factors are new and start at their priors, {gone} are gone" if new or gone else ""
    return Loaded(model, reason, saved.families)


def _map_joint(arrays: _Arrays, saved: Layout, layout: Layout) -> JointState:
    move = _Move.of(saved.joint, layout.joint)
    information = arrays["joint_information"].reshape(len(saved.joint), len(saved.joint))
    if not np.allclose(information, information.T) or (np.linalg.eigvalsh(information) < -_NEGLIGIBLE).any():
        raise UnusableError("has an information about factors learned together that none can be")
    return JointState(move(arrays["joint_mean"]), move.square(information))


@dataclass(frozen=True, slots=True)
class _Move:
    """Takes what was saved under a name to its place of today; 0 for new names."""

    origin: list[int]
    to: list[int]
    count: int

    @classmethod
    def of(cls, saved: Sequence[str], names: Sequence[str]) -> _Move:
        place_of = {name: place for place, name in enumerate(saved)}
        to = [place for place, name in enumerate(names) if name in place_of]
        return cls([place_of[names[place]] for place in to], to, len(names))

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        moved = np.zeros(self.count)
        moved[self.to] = values[self.origin]
        return moved

    def square(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take rows and columns of a square matrix along."""
        moved = np.zeros((self.count, self.count))
        moved[np.ix_(self.to, self.to)] = values[np.ix_(self.origin, self.origin)]
        return moved
