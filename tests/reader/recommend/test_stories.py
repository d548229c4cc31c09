"""Reports of one event become one story, and nothing else does."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.analysis import Analyser, Analysis, Text
from reader.profile.content import Content
from reader.recommend.arrays import Column
from reader.recommend.stories import Stories
from reader.records import item_from_record
from reader.settings_lists import StorySettings
from reader.types import AnyItem, Article, Video
from tests.builders import START
from tests.reader.conftest import demo_items

REPORTS = Path(__file__).parents[3] / "fixtures" / "stories"


@cache
def reports(name: str = "reports") -> tuple[tuple[Article, str], ...]:
    """Items with the names of their stories."""
    lines = (REPORTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    stories = [record.pop("story") for record in records]
    return tuple(zip((cast(Article, item_from_record(record)) for record in records), stories, strict=True))


class Told:
    """A catalogue of stories alone: items are added and replaced."""

    def __init__(self, analyser: Analyser, items: Iterable[AnyItem] = ()) -> None:
        self.analyser = analyser
        self.vectors, self.published_s = Column(np.float32, (analyser.dim,)), Column(np.float64)
        self.stories = Stories(StorySettings(), self.vectors, self.published_s)
        self.rows: dict[str, int] = {}
        for item in items:
            self.add(item)

    def add(self, item: AnyItem) -> None:
        analysis = self.analyser.analyse([Text(item.title, item.paragraphs, item.language)])[0]
        self.add_analysed(item, analysis)

    def add_analysed(self, item: AnyItem, analysis: Analysis) -> None:
        assert item.published_at is not None
        mean = analysis.vectors.mean(axis=0)
        self.vectors.append(mean / max(float(np.linalg.norm(mean)), 1e-9))
        self.published_s.append(item.published_at.timestamp())
        if item.id in self.rows:
            self.stories.retire(self.rows[item.id])
        self.rows[item.id] = len(self.stories.label)
        self.stories.append(Content(item, analysis))

    def groups(self) -> set[frozenset[str]]:
        """The ids of the items of each story."""
        names = {row: item for item, row in self.rows.items()}
        return {frozenset(names[row] for row in self.stories.members(own)) for own in self.rows.values()}


def grouped(labelled: Sequence[tuple[Article, str]]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for item, story in labelled:
        found[story].add(item.id)
    return {frozenset(ids) for ids in found.values()}


@pytest.mark.parametrize("name", ["reports", "held_out"])
def test_reports_of_one_event_are_one_story_and_nothing_else_is(name: str, remembering: Analyser) -> None:
    told = Told(remembering, [item for item, _ in reports(name)])

    assert told.groups() == grouped(reports(name))


def test_articles_of_the_demo_on_one_subject_are_not_one_story(remembering: Analyser) -> None:
    told = Told(remembering, demo_items())

    assert all(len(group) == 1 for group in told.groups())


def test_of_titles_alone_near_copies_are_one_story_and_nothing_else_is(remembering: Analyser) -> None:
    """With some seven words to go by, only a title that repeats another says enough; ones in other words stay apart."""
    titles = [replace(item, paragraphs=()) for item, _ in reports()]
    told = Told(remembering, titles)

    assert {group for group in told.groups() if len(group) > 1} == {
        frozenset(("agency-copy-1", "agency-copy-2", "agency-copy-3"))
    }


def test_a_title_alone_joins_the_report_that_has_it(remembering: Analyser) -> None:
    full = next(item for item, story in reports() if story == "agency-copy")
    short = replace(full, id="short", source="Wire", paragraphs=())

    assert Told(remembering, [full, short]).groups() == {frozenset((full.id, "short"))}


def test_titles_that_differ_in_numbers_alone_are_a_series(remembering: Analyser) -> None:
    text = "Lithium brine is pumped from the Atacama salt flats for batteries of cars and phones all over the world."
    parts = [
        Article(id=f"p{n}", title=f"Salt lakes, part {n}", source=f"Paper {n}", published_at=START, paragraphs=(text,))
        for n in (1, 2)
    ]

    assert len(Told(remembering, parts).groups()) == 2


def test_what_one_source_tells_twice_needs_more_likeness(remembering: Analyser) -> None:
    """A column looks alike every day; an article sent again under another id is still found."""
    first, second = (item for item, story in reports() if story == "kohle-lauen" and item.source != "Morgenpfad")
    again = replace(first, id="again")
    own = replace(second, source=first.source)

    assert frozenset((first.id, again.id)) in Told(remembering, [first, again]).groups()
    assert len(Told(remembering, [first, own]).groups()) == 2


def test_an_article_and_a_clip_are_two_stories(remembering: Analyser) -> None:
    article = next(item for item, story in reports() if story == "otter")
    clip = Video(
        id="clip",
        title=article.title,
        description=" ".join(article.paragraphs),
        source="Clips",
        language="de",
        published_at=article.published_at,
    )

    assert len(Told(remembering, [article, clip]).groups()) == 2


def test_hours_apart_hold_together_and_days_apart_do_not(remembering: Analyser) -> None:
    report = next(item for item, story in reports() if story == "agency-copy")
    first = replace(report, published_at=START)

    def told_after(hours: float) -> int:
        later = replace(first, id="later", source="Wire", published_at=START + timedelta(hours=hours))
        return len(Told(remembering, [first, later]).groups())

    assert told_after(71.9) == told_after(-71.9) == 1
    assert told_after(72.1) == told_after(-72.1) == 2


def test_a_report_that_changes_takes_its_links_with_it(remembering: Analyser) -> None:
    items = [item for item, story in reports() if story == "kohle-lauen"]
    other = next(item for item, story in reports() if story == "otter")
    told = Told(remembering, items)
    assert told.groups() == {frozenset(item.id for item in items)}

    told.add(replace(other, id=items[0].id))

    assert told.groups() == {frozenset((items[0].id,)), frozenset((items[1].id, items[2].id))}


@given(st.randoms(use_true_random=False), st.integers(0, 12))
def test_no_order_of_arrival_and_no_replacing_changes_the_stories(
    remembering: Analyser, chance: Any, replaced: int
) -> None:
    """Whoever came first, and whatever stood under an id before: what counts is what stands there now."""
    items = [item for item, _ in (*reports(), *reports("held_out"))]
    chance.shuffle(items)
    before = [replace(items[-1 - n], id=items[n].id) for n in range(replaced)]

    assert Told(remembering, [*before, *items]).groups() == grouped((*reports(), *reports("held_out")))


@pytest.mark.data
def test_real_news_of_a_year_is_not_merged(remembering: Analyser) -> None:
    """171 articles of one source, here as if each had its own, so that the lower limit holds: 354 pairs within 3 days.

    One pair hangs together: the same storm on two days, in nearly the same words.
    """
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    path = Path(os.environ.get("REREAD_TEST_DATA", beside)) / "wikinews_en" / "wikinews_2019.csv.gz"
    if not path.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{path} is missing")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = [
            Article(
                id=record["title"],
                title=record["title"],
                language="en",
                source=f"Paper {number}",
                published_at=datetime.fromisoformat(record["date"]).replace(tzinfo=START.tzinfo),
                paragraphs=tuple(part.strip() for part in record["text"].split("\n\n") if part.strip()),
            )
            for number, record in enumerate(csv.DictReader(lines))
        ]
    told = Told(remembering)
    texts = [Text(each.title, each.paragraphs, "en") for each in articles]
    for each, analysis in zip(articles, remembering.analyse(texts), strict=True):
        told.add_analysed(each, analysis)

    assert [sorted(group) for group in told.groups() if len(group) > 1] == [
        [
            "Hurricane Humberto strengthens to Category 3 while approaching Bermuda",
            "Tropical Storm Humberto upgraded to hurricane status",
        ]
    ]
