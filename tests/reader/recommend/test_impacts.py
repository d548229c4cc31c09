"""What each word gives to each candidate: the same as asking the index word by word, however common a word is."""

from __future__ import annotations

import numpy as np
import pytest

from reader.recommend import impacts
from reader.recommend.impacts import CandidateIndex

WORDS = ("sea", "wind", "salt", "tide", "never")
ITEMS = 400


@pytest.fixture(scope="module")
def index() -> CandidateIndex:
    """Words of all sorts: one in nearly all items, three in a few, one in none."""
    rng = np.random.default_rng(2)
    made = CandidateIndex()
    shares = {"sea": 0.9, "wind": 0.09, "salt": 0.05, "tide": 0.01, "sand": 0.5}
    made.add(
        {word: int(rng.integers(1, 4)) for word, share in shares.items() if rng.random() < share} for _ in range(ITEMS)
    )
    return made


@pytest.mark.parametrize("many", [0, 10, 2_000], ids=["all looked up", "some looked up", "none looked up"])
@pytest.mark.parametrize("count", [0, 1, 37, ITEMS])
def test_parts_of_words_are_those_of_their_scores(
    index: CandidateIndex, monkeypatch: pytest.MonkeyPatch, many: int, count: int
) -> None:
    monkeypatch.setattr(impacts, "_MANY", many)
    rows = np.random.default_rng(count).permutation(ITEMS)[:count]
    position = np.full(ITEMS, -1, dtype=np.int32)
    position[rows] = np.arange(count)

    found = index.impacts_at(WORDS, rows, position)

    wanted = np.array([index.scores_at({word: 1.0}, rows) for word in WORDS])
    assert found == pytest.approx(wanted, rel=1e-6)
    assert not found[WORDS.index("never")].any()
    assert count != ITEMS or found[:-1].any(axis=1).all()
