"""Which lists are kept for fitting, and how they are parted: the newest, in order."""

from __future__ import annotations

import numpy as np
import pytest

from reader.recommend.challenger.sample import Sample
from tests.reader.recommend.challenger.worlds import COUNT, lessons


def test_what_was_put_in_comes_out_in_half_precision() -> None:
    sample = Sample(COUNT, 100)
    kept = list(lessons(4))
    for number, one in enumerate(kept):
        assert sample.add(one.factors, one.gains, np.full(6, float(number)))

    older, newer = sample.split(0.25)

    assert (older.lists, newer.lists) == (3, 1)
    assert sample.factors[newer.rows] == pytest.approx(kept[3].factors.T, rel=1e-3, abs=1e-6)
    assert newer.scores.tolist() == [3.0] * 6
    assert newer.targets.shares == pytest.approx(kept[3].gains / kept[3].gains.sum())
    assert older.scores.tolist() == [0.0] * 6 + [1.0] * 6 + [2.0] * 6


def test_the_newest_lists_that_fit_are_kept() -> None:
    """20 places hold three lists of six: of five the last three, though the file goes round within a list."""
    sample = Sample(COUNT, 20)
    kept = list(lessons(5))
    for number, one in enumerate(kept):
        sample.add(one.factors, one.gains, np.full(6, float(number)))

    older, newer = sample.split(0.34)

    assert len(sample) == 3
    assert older.scores.tolist() == [2.0] * 6 + [3.0] * 6
    assert newer.scores.tolist() == [4.0] * 6
    for part, expected in ((older, kept[2:4]), (newer, kept[4:])):
        assert sample.factors[part.rows] == pytest.approx(
            np.concatenate([one.factors.T for one in expected]), rel=1e-3, abs=1e-6
        )


@pytest.mark.parametrize("gains", [[0.0] * 6, [1.0] * 6])
def test_a_list_that_tells_nothing_apart_is_not_kept(gains: list[float]) -> None:
    sample = Sample(COUNT, 100)

    assert not sample.add(np.zeros((COUNT, 6), dtype=np.float32), np.array(gains), np.zeros(6))
    assert len(sample) == 0


def test_a_list_longer_than_the_sample_is_not_kept() -> None:
    sample = Sample(COUNT, 5)

    assert not sample.add(np.zeros((COUNT, 6), dtype=np.float32), np.array([1.0] + [0.0] * 5), np.zeros(6))


def test_each_part_has_at_least_one_list() -> None:
    sample = Sample(COUNT, 100)
    first, second = lessons(2)
    sample.add(first.factors, first.gains, first.scores)
    with pytest.raises(ValueError, match="1 lists cannot be split"):
        sample.split(0.1)
    sample.add(second.factors, second.gains, second.scores)

    for share in (0.01, 0.99):
        assert [part.lists for part in sample.split(share)] == [1, 1]
