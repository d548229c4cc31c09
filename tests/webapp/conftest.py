"""The real app on a real store, with a small catalogue and a clock that stands."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from nlp.analysis import Analyser
from reader.accounts.registry import TOKEN_PREFIX
from reader.accounts.secrets import digest_of, new_secret
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.records import format_time
from reader.settings import Settings
from reader.types import AnyItem, Article, Token, Video
from reader.wiring import make_recommender
from webapp.app import create_app

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SUBJECTS = {
    "energy": ("Salt lakes of Chile", "Lithium brine is pumped from the Atacama salt flats for batteries."),
    "space": ("A telescope on the Moon", "Engineers tested a radio telescope for the far side of the Moon."),
    "music": ("The cello in winter", "Dry winter air makes the wood of a cello shrink and its strings sing sharp."),
    "oceans": ("Eels on the move", "Young eels drift from the Sargasso Sea to the rivers of Europe."),
    "food": ("Bread without haste", "Sourdough bread ferments for two days before it meets the oven."),
}
ARTICLES_PER_SUBJECT = 8


def small_catalogue() -> list[AnyItem]:
    """Forty articles on five subjects and two clips, an hour between one and the next."""
    found: list[AnyItem] = []
    for number in range(ARTICLES_PER_SUBJECT):
        for topic, (title, text) in SUBJECTS.items():
            found.append(
                Article(
                    id=f"{topic}-{number}",
                    title=f"{title}, part {number}",
                    url=f"https://news.example/{topic}/{number}",
                    published_at=NOW - timedelta(hours=1 + len(found)),
                    language="en",
                    source=f"Paper {number % 4}",
                    author="Ada",
                    topics=(topic,),
                    paragraphs=(text, f"Report {number} says what comes next. {text}", "The end is open."),
                )
            )
    clips = [
        Video(
            id=f"clip-{name}",
            title=name,
            description=text,
            language="en",
            creator="Studio",
            sound="Hum",
            duration_s=8,
            published_at=NOW - timedelta(hours=2),
            media_url=f"/media/demo/{name}.mp4",
            topics=(topic,),
        )
        for name, topic, text in (("Waves", "oceans", "Waves roll in."), ("Oven", "food", "Bread rises."))
    ]
    return [*found, *clips]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key="a key for tests")


@pytest.fixture(scope="session")
def filled_db(tmp_path_factory: pytest.TempPathFactory, analyser: Analyser) -> Path:
    """A store with the catalogue in it, made once: every test gets a copy, so that nothing is analysed twice."""
    folder = tmp_path_factory.mktemp("filled")
    made = make_recommender(folder / "working.db", clock=ManualClock(NOW), analyser=analyser)
    made.add_items(small_catalogue())
    made.storage.backup(str(folder / "filled.db"))
    made.storage.close()
    return folder / "filled.db"


@pytest.fixture
def recommender(
    tmp_path: Path, filled_db: Path, analyser: Analyser, clock: ManualClock, settings: Settings
) -> Iterator[Recommender]:
    shutil.copy(filled_db, tmp_path / "reread.db")
    made = make_recommender(tmp_path / "reread.db", settings=settings, clock=clock, analyser=analyser)
    yield made
    made.storage.close()


@pytest.fixture
def app(recommender: Recommender) -> Flask:
    return create_app(recommender)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def make_token(recommender: Recommender) -> Callable[..., dict[str, str]]:
    """Return a maker of Authorization headers: make_token("ada", "recs:read")."""

    def make(user: str, *scopes: str) -> dict[str, str]:
        secret = new_secret(TOKEN_PREFIX)
        recommender.storage.put_token(Token(digest_of(secret), user, scopes, NOW))
        return {"Authorization": f"Bearer {secret}"}

    return make


@pytest.fixture
def make_event(clock: ManualClock) -> Callable[..., dict[str, Any]]:
    """Return a maker of event objects that happen now, with ids of their own."""
    count = 0

    def make(kind: str, **fields: Any) -> dict[str, Any]:
        nonlocal count
        count += 1
        return {"id": f"event-{count}", "type": kind, "at": format_time(clock()), **fields}

    return make


@pytest.fixture
def visit(make_event: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Return a maker of paragraph visits of half a minute."""

    def make(item: str, paragraph: int, **fields: Any) -> dict[str, Any]:
        usual = {
            "visit": 0,
            "part": 0,
            "started_ms": 0.0,
            "visible_ms": 30_000.0,
            "dwell_ms": 20_000.0,
            "coverage": 1.0,
        }
        steps = {"came": "down", "user_driven": True}
        return make_event("paragraph_visit", item=item, view="v1", paragraph=paragraph, **{**usual, **steps, **fields})

    return make
