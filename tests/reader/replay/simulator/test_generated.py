"""The generated catalogue: threads in cards and paragraphs, repeatable, and as mixed as real news."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from reader.errors import InvalidInputError
from reader.replay.simulator.generated import SIDE_SHARE, generate_items
from reader.replay.simulator.lexicon import PERSONS, PLACES, threads
from reader.types import Article

ITEMS = generate_items(300)
THREADS = [(topic, words) for topic, own in threads().items() for words in own]


def thread_of(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the thread of which most words stand in a text."""
    return max(THREADS, key=lambda thread: sum(text.lower().count(word) for word in thread[1]))


def test_every_word_marks_one_thread() -> None:
    words = Counter(word for _, own in THREADS for word in own)

    assert len(THREADS) == 96
    assert set(map(len, (own for _, own in THREADS))) == {9}
    assert set(words.values()) == {1}
    assert len(set(PERSONS)) == len(PERSONS) > 500
    assert len(set(PLACES)) == len(PLACES) > 500


def test_the_same_number_and_seed_give_the_same_article() -> None:
    assert generate_items(300) == ITEMS
    assert generate_items(300, seed=1)[0] != ITEMS[0]
    assert len({item.id for item in ITEMS}) == len({item.paragraphs for item in ITEMS}) == 300


def test_dates_rise_evenly_over_four_weeks() -> None:
    dates = [item.published_at.timestamp() for item in ITEMS if item.published_at]

    assert np.ptp(np.diff(dates)) <= 1
    assert dates[-1] - dates[0] == pytest.approx(28 * 86_400, rel=0.01)


def test_title_and_first_paragraph_are_about_the_topic_that_is_named() -> None:
    for item in ITEMS:
        assert thread_of(item.paragraphs[0])[0] == item.topics[0]
        assert any(word in item.title.lower() for word in thread_of(item.paragraphs[0])[1])


def test_one_paragraph_in_five_is_beside_the_matter_and_all_those_of_an_article_about_the_same() -> None:
    def sides(item: Article) -> list[tuple[str, ...]]:
        main, *others = (thread_of(paragraph)[1] for paragraph in item.paragraphs)
        return [thread for thread in others if thread != main]

    found = [sides(item) for item in ITEMS]

    assert sum(map(len, found)) / sum(len(item.paragraphs) for item in ITEMS) == pytest.approx(SIDE_SHARE, abs=0.03)
    assert all(len(set(own)) <= 1 for own in found)


def test_each_paragraph_of_a_roundup_is_about_something_else() -> None:
    mixed = generate_items(300, roundups_share=0.5)
    roundups = [item for item, plain in zip(mixed, ITEMS, strict=True) if item != plain]
    found = [Counter(thread_of(paragraph)[1] for paragraph in item.paragraphs[1:]) for item in roundups]

    assert len(roundups) == pytest.approx(150, abs=30)
    # Of 96 threads the same comes again now and then.
    assert np.mean([max(threads_of.values()) for threads_of in found]) < 1.3
    assert all(thread_of(item.paragraphs[0])[0] == item.topics[0] for item in roundups)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_of_roundups_is_a_share(share: float) -> None:
    with pytest.raises(InvalidInputError, match="roundups_share"):
        generate_items(3, roundups_share=share)


def test_a_catalogue_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="items"):
        generate_items(0)
