"""Who challenges: a file that is followed as it changes, and trees that are fitted when it is due."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from reader.errors import MissingPackageError
from reader.recommend.challenger.fitting import Fitted, fit
from reader.recommend.challenger.saving import Kept, save
from reader.recommend.challenger.standing import Nobody, Standing, Training, every
from reader.recommend.challenger.trees import Trees
from tests.reader.recommend.challenger.worlds import LAYOUT, REGISTRY, SMALL, lessons, sample_of


@pytest.fixture(scope="module")
def trees() -> Trees:
    found = fit(sample_of(300), REGISTRY, SMALL, seed=0).trees
    assert found is not None
    return found


def test_a_file_is_taken_up_as_it_changes(tmp_path: Path, trees: Trees) -> None:
    path = tmp_path / "c"
    standing = Standing(path, LAYOUT, lambda: 0)

    def state() -> tuple[Trees | None, str]:
        return standing.trees, standing.notice

    assert state() == (None, "")
    save(path, Kept.new(trees, LAYOUT, {}, serves=True))
    assert state() == (trees, "")
    save(path, Kept.new(trees, LAYOUT, {}, serves=False))
    assert state() == (None, "")
    path.write_bytes(b"nonsense")
    assert state()[0] is None
    assert "is no challenger" in standing.notice
    save(path, Kept.new(trees, LAYOUT, {}, serves=True))
    assert state() == (trees, "")


def test_a_broken_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(b"")

    assert "the learner serves alone" in Standing(tmp_path / "c", LAYOUT, lambda: 0).notice


def test_trees_from_before_an_erasure_do_not_serve_and_are_deleted(tmp_path: Path, trees: Trees) -> None:
    """Whether it is told of the erasure or finds the file at its start; it says so until there is another."""
    path, numbers = tmp_path / "c", [2]
    save(path, Kept.new(trees, LAYOUT, {}, serves=True, erasures=2))
    standing = Standing(path, LAYOUT, lambda: numbers[-1])
    assert standing.trees == trees

    numbers.append(3)
    standing.drop()
    standing.drop()

    assert not path.exists()
    assert standing.trees is None
    assert "before something was erased" in standing.notice
    save(path, Kept.new(trees, LAYOUT, {}, serves=True, erasures=2))
    assert Standing(path, LAYOUT, lambda: 3).trees is None
    assert not path.exists()


def test_dropping_spares_what_was_trained_since(tmp_path: Path, trees: Trees) -> None:
    """A server that notices the erasure late does not lose the trees that were trained after it."""
    path, numbers = tmp_path / "c", [0]
    standing = Standing(path, LAYOUT, lambda: numbers[-1])
    numbers.append(1)
    save(path, Kept.new(trees, LAYOUT, {}, serves=True, erasures=1))

    standing.drop()

    assert standing.trees == trees


def test_trees_are_fitted_again_and_again_to_what_came_before() -> None:
    """After 100 lists, and after 100 more; each time to the lists up to there, and not to the one that is heard."""
    training = Training(REGISTRY, SMALL, 0, every(100))
    found: list[tuple[int, Fitted | None]] = []
    for number, lesson in enumerate(lessons(250)):
        training.hear(lesson, lesson.scores)
        if not found or training.fitted is not found[-1][1]:
            found.append((number, training.fitted))

    assert [number for number, _ in found] == [0, 100, 200]
    assert found[0][1] is None
    assert [fitted.lists for _, fitted in found[1:] if fitted] == [(88, 12), (175, 25)]
    assert found[1][1] == fit(sample_of(100), REGISTRY, SMALL, seed=0)
    assert training.trees is not None


def test_trees_are_fitted_to_what_the_scores_of_the_learner_leave_open() -> None:
    plain, told = (Training(REGISTRY, SMALL, 0, every(200)) for _ in range(2))
    for lesson in lessons(201):
        plain.hear(lesson, lesson.scores)
        told.hear(lesson, 5.0 * lesson.gains)

    assert plain.fitted is not None
    assert told.fitted is not None
    assert told.fitted.loss != plain.fitted.loss


def test_dropping_begins_anew() -> None:
    training = Training(REGISTRY, SMALL, 0, every(100))
    for lesson in lessons(101):
        training.hear(lesson, lesson.scores)
    assert training.fitted is not None

    training.drop()

    assert training.fitted is None
    assert training.trees is None
    assert len(training.sample) == 0


def test_training_without_the_library_is_refused_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)

    with pytest.raises(MissingPackageError):
        Training(REGISTRY, SMALL, 0, every(100))


def test_nobody_has_nothing() -> None:
    nobody = Nobody()
    nobody.hear(next(lessons(1)), np.zeros(6))
    nobody.drop()

    assert (nobody.trees, nobody.notice) == (None, "")
