"""A kept model comes back exactly, or not at all and with a reason; nothing that a file holds is raised as an error."""

from __future__ import annotations

import hashlib
import io
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reader.errors import StorageError
from reader.recommend.learning.actions import Actions
from reader.recommend.learning.calibration import Calibration
from reader.recommend.learning.choice import Choice, Together
from reader.recommend.learning.progress import Progress
from reader.recommend.learning.saving import Layout, Loaded, Model, load, save
from reader.recommend.learning.utility import ACTIONS
from reader.settings import ActionSettings, CalibrationSettings, ChoiceSettings, JointSettings

NAMES = ("interest", "heat", "länge")
FAMILIES = ("match", "rest")
LAYOUT = Layout(NAMES, FAMILIES, "minilm", (NAMES[0], NAMES[2]))
PRIORS = np.array([0.5, 0.2, -0.1])


def learned(count: int = 3, seed: int = 0) -> Model:
    """Return what some lists have taught."""
    rng = np.random.default_rng(seed)
    choice = Choice(np.zeros(count), ChoiceSettings(), together=together(LAYOUT))
    calibration = Calibration(CalibrationSettings())
    actions, progress = Actions(len(FAMILIES), ActionSettings()), Progress()
    for _ in range(9):
        factors = rng.normal(size=(count, 4)).astype(np.float32)
        choice.learn(factors, np.array([0.0, 1.0, 0.0, 0.0]))
        calibration.learn(factors[0], np.array([False, True, False, False]))
        actions.learn(rng.normal(size=(len(FAMILIES), 4)), np.tile([1.0, 0.0, 0.0, np.nan], (len(ACTIONS), 1)))
        progress = progress.plus(factors[0], np.full(4, 0.25), np.array([False, True, False, False]))
    return Model(choice.state, calibration.state, actions.state, progress, 41, (7, 40))


def together(layout: Layout) -> Together:
    return Together(np.array([layout.factors.index(name) for name in layout.joint]), JointSettings())


def weights(loaded: Loaded, priors: Any = PRIORS, layout: Layout = LAYOUT) -> list[float]:
    assert loaded.model is not None
    found = Choice(np.array(priors), ChoiceSettings(), None, loaded.model.choice, together(layout)).weights
    return [float(weight) for weight in found]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A kept model."""
    path = tmp_path / "model"
    save(path, learned(), LAYOUT)
    return path


def test_what_is_kept_comes_back_exactly(path: Path) -> None:
    loaded = load(path, LAYOUT)

    assert loaded.reason == ""
    assert (
        weights(loaded) == Choice(PRIORS, ChoiceSettings(), None, learned().choice, together(LAYOUT)).weights.tolist()
    )
    assert loaded.model is not None
    assert loaded.model.calibration.z.tolist() == learned().calibration.z.tolist()
    assert loaded.model.calibration.squares.tolist() == learned().calibration.squares.tolist()
    actions, expected = (
        Actions(len(FAMILIES), ActionSettings(), state) for state in (loaded.model.actions, learned().actions)
    )
    assert actions.coefficients.tolist() == expected.coefficients.tolist()
    assert loaded.model.actions.told.tolist() == learned().actions.told.tolist() == [9.0] * len(ACTIONS)
    assert loaded.model.progress == learned().progress
    assert (loaded.model.seq, loaded.model.waiting) == (41, (7, 40))


def test_the_same_model_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    save(tmp_path / "again", learned(), LAYOUT)

    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_saving_replaces_the_file_and_leaves_nothing_beside_it(path: Path) -> None:
    save(path, learned(seed=1), LAYOUT)

    assert [file.name for file in path.parent.iterdir()] == ["model"]
    assert weights(load(path, LAYOUT)) != weights(Loaded(learned()))


def test_a_crash_while_writing_leaves_the_old_model(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", full_disk)

    with pytest.raises(StorageError, match="No space left"):
        save(path, learned(seed=1), LAYOUT)
    assert path.read_bytes() == before


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        save(tmp_path / "nowhere" / "model", learned(), LAYOUT)


def test_a_file_broken_off_anywhere_gives_the_priors_and_a_reason(path: Path) -> None:
    for length in reversed(range(path.stat().st_size)):
        os.truncate(path, length)
        loaded = load(path, LAYOUT)
        assert loaded.model is None, length
        assert "starts from its priors" in loaded.reason


def test_one_wrong_byte_anywhere_gives_the_priors_and_a_reason(path: Path) -> None:
    whole = path.read_bytes()
    with path.open("r+b", buffering=0) as file:
        for place in range(len(whole)):
            os.pwrite(file.fileno(), bytes([whole[place] ^ 0x41]), place)
            loaded = load(path, LAYOUT)
            assert loaded.model is None, place
            assert str(path) in loaded.reason
            os.pwrite(file.fileno(), whole[place : place + 1], place)
    assert load(path, LAYOUT).model is not None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no model"),
        (b"PK\x03\x04 some other file", "no model"),
        (b"\xff\n\x00", "no model"),
        (b"reread-model 7 00\nrest", "version 7, where 3 is known"),
        (b"reread-model 3 00\nrest", "check sum"),
    ],
)
def test_a_file_of_another_kind_or_version_is_told_apart(path: Path, content: bytes, reason: str) -> None:
    path.write_bytes(content)

    assert load(path, LAYOUT).model is None
    assert reason in load(path, LAYOUT).reason


def test_of_a_missing_file_there_is_nothing_to_tell_and_of_a_folder_there_is(tmp_path: Path) -> None:
    missing = load(tmp_path / "none", LAYOUT)

    assert (missing.model, missing.reason) == (None, "")
    assert "Is a directory" in load(tmp_path, LAYOUT).reason


def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0


def test_another_analyser_gives_the_priors(path: Path) -> None:
    loaded = load(path, replace(LAYOUT, analyser="e5"))

    assert loaded.model is None
    assert "minilm, not e5" in loaded.reason


def test_factors_in_another_order_keep_what_they_have_learned(path: Path) -> None:
    turned = Layout(NAMES[::-1], FAMILIES[::-1], "minilm", LAYOUT.joint[::-1])
    loaded = load(path, turned)

    assert loaded.reason == ""
    assert weights(loaded, PRIORS[::-1], turned) == weights(load(path, LAYOUT))[::-1]
    match, rest, intercept = coefficients(load(path, LAYOUT))
    assert coefficients(loaded) == [rest, match, intercept]


def coefficients(loaded: Loaded, families: int = 2) -> list[list[float]]:
    """Return the weights of each family, and last the intercepts, each by action."""
    assert loaded.model is not None
    found = Actions(families, ActionSettings(), loaded.model.actions).coefficients
    return [[float(value) for value in column] for column in found.T]


def test_a_new_family_says_nothing_of_actions_and_the_others_keep_what_they_have_learned(path: Path) -> None:
    _, rest, intercept = coefficients(load(path, LAYOUT))

    loaded = load(path, replace(LAYOUT, families=("new", "rest", "newer")))

    nothing = [0.0] * len(ACTIONS)
    assert coefficients(loaded, 3) == [nothing, rest, nothing, intercept]


def test_new_factors_start_at_their_priors_and_the_others_keep_what_they_have_learned(path: Path) -> None:
    interest, heat, _ = weights(load(path, LAYOUT))

    changed = replace(LAYOUT, factors=("new", "heat", "interest"), joint=("new", "interest"))
    loaded = load(path, changed)

    assert loaded.reason == "1 factors are new and start at their priors, 1 are gone"
    assert weights(loaded, [0.7, 0.2, 0.5], changed) == [0.7, heat, interest]


def test_factors_with_none_in_common_give_the_priors(path: Path) -> None:
    loaded = load(path, replace(LAYOUT, factors=("x", "y")))

    assert loaded.model is None
    assert "none in common" in loaded.reason


HEADER = {"factors": NAMES, "families": FAMILIES, "joint": LAYOUT.joint, "analyser": "minilm", "digest": ""}


def forge(path: Path, **changed: Any) -> None:
    """Write the file anew with a right sum, but with other content."""
    payload = path.read_bytes().partition(b"\n")[2]
    with np.load(io.BytesIO(payload)) as file:
        arrays = {name: file[name] for name in file.files} | changed
    buffer = io.BytesIO()
    np.savez(buffer, **{name: values for name, values in arrays.items() if values is not None})
    content = buffer.getvalue()
    path.write_bytes(f"reread-model 3 {hashlib.sha256(content).hexdigest()}\n".encode() + content)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"z": None}, "does not hold"),
        ({"z": np.zeros(4)}, "3 numbers of z"),
        ({"z": np.zeros(3, dtype=np.float32)}, "3 numbers of z"),
        ({"z": np.array([0.0, np.nan, 0.0])}, "3 numbers of z"),
        ({"squares": np.array([1.0, -1.0, 0.0])}, "squares below 0"),
        ({"joint_mean": np.zeros(3)}, "2 numbers of joint_mean"),
        ({"joint_information": np.array([1.0, 2.0, 2.0, 1.0])}, "that none can be"),
        ({"joint_information": np.array([1.0, 0.5, 0.0, 1.0])}, "that none can be"),
        ({"calibration_z": np.zeros(3)}, "2 numbers of calibration_z"),
        ({"actions_z": np.zeros(14)}, "15 numbers of actions_z"),
        ({"actions_told": np.full(5, -1.0)}, "actions_told below 0"),
        ({"progress": np.zeros(2)}, "13 numbers of progress"),
        ({"log": np.zeros(0)}, "1 numbers of log"),
        ({"log": np.zeros((1, 1))}, "1 numbers of log"),
        ({"z": np.array([None, 1, "x"], dtype=object)}, "does not hold"),
        ({"header": np.frombuffer(b"[1]", dtype=np.uint8)}, "does not hold"),
        ({"header": np.frombuffer(b"\xff{", dtype=np.uint8)}, "does not hold"),
        (
            {"header": np.frombuffer(json.dumps(HEADER).encode(), np.uint8)},
            "other names",
        ),
    ],
)
def test_content_that_is_whole_but_wrong_is_not_believed(path: Path, changed: dict[str, Any], reason: str) -> None:
    forge(path, **changed)

    loaded = load(path, LAYOUT)

    assert loaded.model is None
    assert reason in loaded.reason


def test_the_forger_changes_nothing_by_itself(path: Path) -> None:
    """So that the cases above fail for what they change."""
    forge(path)

    assert load(path, LAYOUT).model is not None


@pytest.mark.parametrize("names", [("a", "b"), ("a", "b", "b")])
def test_each_factor_has_a_name_of_its_own(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="each its own"):
        save(tmp_path / "model", learned(), replace(LAYOUT, factors=names))
