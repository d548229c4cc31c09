"""The one place where the parts are put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from nlp.analysis import Analyser, Analysis, Text
from nlp.vectors import make_embedder
from reader.clock import Clock, system_clock
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.storage.protocol import Storage
from reader.storage.sqlite import SqliteStorage
from reader.types import AnyItem

# Texts analysed between two writes to the store: what a crash can cost.
BATCH = 64


class StoredAnalysing:
    """Text analysis that looks into the store first and writes its results there."""

    def __init__(self, storage: Storage, make_analyser: Callable[[], Analyser]) -> None:
        self._storage = storage
        self._make_analyser = make_analyser

    @cached_property
    def _analyser(self) -> Analyser:
        return self._make_analyser()

    @property
    def dim(self) -> int:
        """Length of the vectors."""
        return self._analyser.dim

    def analyse(self, items: Sequence[AnyItem], progress: Callable[[int], None] | None = None) -> list[Analysis]:
        """Return the analyses, in order; progress is told the number of items done so far."""
        found: list[Analysis] = []
        for start in range(0, len(items), BATCH):
            found += self._analyse_batch([_text(item) for item in items[start : start + BATCH]])
            if progress is not None:
                progress(len(found))
        return found

    def _analyse_batch(self, texts: list[Text]) -> list[Analysis]:
        keys = [self._analyser.key(text.title, text.paragraphs, text.language) for text in texts]
        known = {key: Analysis.from_bytes(blob) for key, blob in self._storage.analyses(keys).items()}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        made = dict(zip(missing, self._analyser.analyse(list(missing.values())), strict=True)) if missing else {}
        self._storage.put_analyses((key, analysis.to_bytes()) for key, analysis in made.items())
        # What was just made is read back, too: the same bytes then give the same ranks before and after a restart.
        known |= {key: Analysis.from_bytes(analysis.to_bytes()) for key, analysis in made.items()}
        return [known[key] for key in keys]


def _text(item: AnyItem) -> Text:
    return Text(item.title, item.paragraphs, item.language)


def make_recommender(
    db: str | Path = ":memory:",
    *,
    settings: Settings | None = None,
    clock: Clock = system_clock,
    storage: Storage | None = None,
    analyser: Analyser | None = None,
) -> Recommender:
    """Return a recommender on a store: a path for SQLite, `:memory:` for none that lasts."""
    chosen = settings or Settings()
    kept = storage or (MemoryStorage() if str(db) == ":memory:" else SqliteStorage(db))

    def make_analyser() -> Analyser:
        return analyser or Analyser(make_embedder(chosen.embedder), spacy_en=chosen.spacy_en)

    return Recommender(kept, StoredAnalysing(kept, make_analyser), chosen, clock)
