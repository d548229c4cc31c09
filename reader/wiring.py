"""The one place where the parts are put together."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path

from nlp.analysis import Analyser, Analysis, Text
from nlp.vectors import make_embedder
from reader.clock import Clock, system_clock
from reader.ingest.fetch import Fetcher
from reader.ingest.refreshing import Refresher
from reader.privacy.consents import Consents
from reader.recommend.challenger.standing import Standing, Training, every
from reader.recommend.gate import Gate, Open
from reader.recommend.recommender import Recommender
from reader.replay.policies import ablated
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
    def analyser(self) -> Analyser:
        """What analyses; made when it is first needed."""
        return self._make_analyser()

    @property
    def dim(self) -> int:
        """Length of the vectors."""
        return self.analyser.dim

    @property
    def model_id(self) -> str:
        """What makes the vectors."""
        return self.analyser.model_id

    def analyse(self, items: Sequence[AnyItem], progress: Callable[[int], None] | None = None) -> list[Analysis]:
        """Return the analyses, in order; progress is told the number of items done so far."""
        found: list[Analysis] = []
        for start in range(0, len(items), BATCH):
            found += self._analyse_batch([_text(item) for item in items[start : start + BATCH]])
            if progress is not None:
                progress(len(found))
        return found

    def missing(self, items: Sequence[AnyItem]) -> list[AnyItem]:
        """Return the items whose texts are not in the store."""
        by_key = {self._key(_text(item)): item for item in items}
        keys = list(by_key)
        found = {
            key for start in range(0, len(keys), BATCH) for key in self._storage.analyses(keys[start : start + BATCH])
        }
        return [item for key, item in by_key.items() if key not in found]

    def _key(self, text: Text) -> str:
        return self.analyser.key(text.title, text.paragraphs, text.language)

    def _analyse_batch(self, texts: list[Text]) -> list[Analysis]:
        keys = [self._key(text) for text in texts]
        known = {key: Analysis.from_bytes(blob) for key, blob in self._storage.analyses(keys).items()}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        made = dict(zip(missing, self.analyser.analyse(list(missing.values())), strict=True)) if missing else {}
        self._storage.put_analyses((key, analysis.to_bytes()) for key, analysis in made.items())
        # What was just made is read back, too: the same bytes then give the same ranks before and after a restart.
        known |= {key: Analysis.from_bytes(analysis.to_bytes()) for key, analysis in made.items()}
        return [known[key] for key in keys]


def _text(item: AnyItem) -> Text:
    return Text(item.title, item.paragraphs, item.language)


def _make_analyser(settings: Settings) -> Analyser:
    return Analyser(make_embedder(settings.embedder), spacy_en=settings.spacy_en)


def make_recommender(
    db: str | Path = ":memory:",
    *,
    settings: Settings | None = None,
    clock: Clock = system_clock,
    storage: Storage | None = None,
    analyser: Analyser | None = None,
    analyses: Storage | None = None,
    gate: Gate | None = None,
) -> Recommender:
    """Return a recommender on a store: a path for SQLite, `:memory:` for none that lasts.

    analyses: the store of text analyses, if it is another. gate: what may be taken of whom, if not by the answers in
    the store. What is learned is kept beside the path, `<db>.model`, and a
    challenger, `<db>.challenger`.
    """
    chosen = settings or Settings()
    lasts = storage is None and str(db) != ":memory:"
    kept = storage or (SqliteStorage(db) if lasts else MemoryStorage())

    def analyser_of() -> Analyser:
        return analyser or _make_analyser(chosen)

    analysing = StoredAnalysing(analyses or kept, analyser_of)
    asked = gate or Consents(kept, clock)
    recommender = Recommender(kept, analysing, chosen, clock, model_path(db) if lasts else None, asked)
    if chosen.challenger.refits:
        due = every(chosen.challenger.refit_every_lists)
        recommender.challenge(Training(recommender.registry, chosen.challenger, chosen.seed, due))
    # Trees stand on what the learner has learned: without it they would add to something else.
    elif lasts and chosen.learning.enabled:
        recommender.challenge(Standing(challenger_path(db), recommender.layout, kept.erasures))
    return recommender


def make_beside(main: Recommender, db: str | Path) -> Recommender:
    """Return a recommender on another store, with the settings, the clock and the loaded models of `main`."""
    analysing = main.analysing
    shared = analysing.analyser if isinstance(analysing, StoredAnalysing) else None
    return make_recommender(db, settings=main.settings, clock=main.clock, analyser=shared)


def make_refresher(
    recommender: Recommender, *, stop: threading.Event | None = None, fetcher: Fetcher | None = None
) -> Refresher:
    """Return what fetches feeds into a recommender. stop: set, it ends early; fetcher: if not one of the settings."""
    return Refresher(
        recommender.storage,
        lambda items: recommender.add_items(items),
        recommender.settings,
        recommender.clock,
        stop=stop,
        fetcher=fetcher,
    )


def challenger_path(db: str | Path) -> Path:
    """Return where trees that challenge the learner are kept, beside the database."""
    return Path(f"{db}.challenger")


def model_path(db: str | Path) -> Path:
    """Return where what is learned from lists is kept, beside the database."""
    return Path(f"{db}.model")


@dataclass(frozen=True, slots=True)
class ReplayMaker:
    """Makes the empty recommenders of a replay: one per ablation, all with the same analyses. Can be sent to a process.

    analyses: a SQLite store; what is missing there is analysed and added. folder: takes the stores of events, which may
    be larger than memory.
    """

    settings: Settings
    analyses: Path
    folder: Path

    def __call__(self, clock: Clock, ablation: str | None) -> Recommender:
        """Return a recommender without items, with what an ablation changes."""
        store = SqliteStorage(Path(tempfile.mkdtemp(dir=self.folder)) / "replay.db", is_searched=False)
        settings = ablated(self.settings, ablation)
        analyses = SqliteStorage(self.analyses)
        return make_recommender(settings=settings, clock=clock, storage=store, analyses=analyses, gate=Open())

    def missing(self, items: Sequence[AnyItem]) -> list[AnyItem]:
        """Return the items whose texts are not analysed yet."""
        return _analysing(self).missing(items)

    def analyse(self, items: Sequence[AnyItem]) -> None:
        """Analyse items that are not analysed yet; the models stay loaded for the next call."""
        _analysing(self).analyse(items)


@cache
def _analysing(maker: ReplayMaker) -> StoredAnalysing:
    return StoredAnalysing(SqliteStorage(maker.analyses), partial(_make_analyser, maker.settings))
