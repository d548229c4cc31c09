"""Base forms are looked for where somebody searches, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.storage.sqlite import SqliteStorage
from reader.types import AnyItem
from reader.types_search import SearchWords
from reader.wiring import make_recommender
from tests.builders import article
from tests.reader.conftest import NOW


class Noting(SqliteStorage):
    """A store that notes of which items it was given base forms."""

    def put_items(self, items: Iterable[AnyItem], words: Mapping[str, SearchWords] | None = None) -> None:
        self.worded = sorted(words or {})
        super().put_items(items, words)


@pytest.mark.parametrize(("is_searched", "worded"), [(True, ["salt"]), (False, [])])
def test_a_store_gets_base_forms_if_it_is_searched(
    tmp_path: Path, remembering: Analyser, is_searched: bool, worded: list[str]
) -> None:
    with closing(Noting(tmp_path / "one.db", is_searched=is_searched)) as storage:
        recommender = make_recommender(clock=ManualClock(NOW), storage=storage, analyser=remembering)
        recommender.add_items([article("salt", title="Salt", paragraphs=("Salt lakes.",))])

        assert storage.worded == worded
        assert len(recommender.catalogue) == 1
