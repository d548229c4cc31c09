"""The file of a challenger: what was written is read, and whatever is wrong with it is told and does not serve."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reader.errors import NotFoundError, StorageError
from reader.recommend.challenger.fitting import fit
from reader.recommend.challenger.saving import SEAL, Kept, load, read, save
from reader.recommend.challenger.trees import Trees
from tests.reader.recommend.challenger.worlds import LAYOUT, REGISTRY, SMALL, sample_of

RECORD = {"why": ["because"], "figures": {"ndcg@10": {"difference": 0.5}}}


@pytest.fixture(scope="module")
def trees() -> Trees:
    found = fit(sample_of(300), REGISTRY, SMALL, seed=0).trees
    assert found is not None
    return found


@pytest.fixture
def path(tmp_path: Path, trees: Trees) -> Path:
    path = tmp_path / "reread.db.challenger"
    save(path, Kept.new(trees, LAYOUT, RECORD, serves=True))
    return path


def test_what_was_written_is_read(path: Path, trees: Trees) -> None:
    assert load(path, LAYOUT).trees == trees
    assert load(path, LAYOUT).reason == ""
    assert read(path).record == RECORD
    assert [left.name for left in path.parent.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o077 == 0


def test_what_does_not_serve_gives_no_trees_and_no_complaint(path: Path, trees: Trees) -> None:
    save(path, Kept.new(trees, LAYOUT, RECORD, serves=False))

    assert load(path, LAYOUT) == load(path.with_name("missing"), LAYOUT)
    assert load(path, LAYOUT).trees is None
    assert load(path, LAYOUT).reason == ""
    assert read(path).text == trees.text


def test_a_file_says_before_which_erasures_it_was_trained(path: Path, trees: Trees) -> None:
    """One from before there were numbers counts for a store of which nothing was ever erased."""
    assert load(path, LAYOUT, 0).trees == trees
    assert load(path, LAYOUT, 1).outdated
    save(path, Kept.new(trees, LAYOUT, RECORD, serves=True, erasures=1))
    assert read(path).erasures == 1
    assert load(path, LAYOUT, 1).trees == trees
    assert load(path, LAYOUT, 2).trees is None
    line, _, text = SEAL.read(path).partition(b"\n")
    header = {name: value for name, value in json.loads(line).items() if name != "erasures"}
    SEAL.write(path, json.dumps(header).encode() + b"\n" + text)
    assert read(path).erasures == 0
    assert load(path, LAYOUT, 0).trees == trees


def test_nothing_found_is_a_record_without_trees(path: Path) -> None:
    save(path, Kept.new(None, LAYOUT, RECORD, serves=False))

    assert read(path).record == RECORD
    assert load(path, LAYOUT).reason == ""
    with pytest.raises(ValueError, match="without trees cannot serve"):
        Kept.new(None, LAYOUT, RECORD, serves=True)


@pytest.mark.parametrize(
    ("layout", "reason"),
    [
        (replace(LAYOUT, analyser="other/2"), "was trained with none/1, not other/2"),
        (replace(LAYOUT, factors=LAYOUT.factors[::-1]), "was trained with other factors"),
        (replace(LAYOUT, families=("a", "b", "c")), "was trained with other factors"),
    ],
)
def test_trees_of_other_factors_or_texts_do_not_serve(path: Path, layout: Any, reason: str) -> None:
    loaded = load(path, layout)

    assert loaded.trees is None
    assert reason in loaded.reason
    assert str(path) in loaded.reason
    assert "`reread train`" in loaded.reason


def test_without_the_library_the_learner_serves_and_the_extra_is_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)

    loaded = load(path, LAYOUT)

    assert loaded.trees is None
    assert "reread[train]" in loaded.reason


@pytest.mark.parametrize("end", [0, 10, 40, 300, -1])
def test_a_file_that_is_broken_off_does_not_serve(path: Path, end: int) -> None:
    path.write_bytes(path.read_bytes()[:end])

    loaded = load(path, LAYOUT)

    assert loaded.trees is None
    assert "bro" in loaded.reason
    with pytest.raises(StorageError, match="`reread train`"):
        read(path)


@pytest.mark.parametrize("place", [0, 20, 90, 200, 2000])
def test_a_flipped_bit_is_noticed(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)

    assert load(path, LAYOUT).trees is None
    assert load(path, LAYOUT).reason != ""


def test_a_later_version_is_left_alone(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"challenger 1 ", b"challenger 9 ", 1))

    assert "is of version 9, where 1 is known" in load(path, LAYOUT).reason


def forge(path: Path, text: str | None = None, **changed: Any) -> None:
    """Write the file anew with a right sum, but with other content."""
    line, _, own = path.read_bytes().partition(b"\n")[2].partition(b"\n")
    header = {name: value for name, value in {**json.loads(line), **changed}.items() if value is not None}
    payload = json.dumps(header).encode() + b"\n" + (own if text is None else text.encode())
    path.write_bytes(f"reread-challenger 1 {hashlib.sha256(payload).hexdigest()}\n".encode() + payload)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"rows": None}, "does not hold"),
        ({"rows": ["x"]}, "does not hold"),
        ({"rows": [0]}, "names 1"),
        ({"families": [0]}, "names"),
        ({"serves": "yes"}, "serves is 'yes'"),
        ({"record": []}, "record is []"),
        ({"text": "tree\nversion=v4\n"}, "has no trees that LightGBM can read"),
    ],
)
def test_content_that_is_whole_but_wrong_is_not_believed(path: Path, changed: dict[str, Any], reason: str) -> None:
    forge(path, **changed)

    loaded = load(path, LAYOUT)

    assert loaded.trees is None
    assert reason in loaded.reason


def test_the_forger_changes_nothing_by_itself(path: Path, trees: Trees) -> None:
    """So that the cases above fail for what they change."""
    forge(path)

    assert load(path, LAYOUT).trees == trees


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"none\.challenger: nothing was trained yet"):
        read(tmp_path / "none.challenger")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="make its folder writable"):
        save(tmp_path / "nowhere" / "file", Kept.new(None, LAYOUT, {}, serves=False))
