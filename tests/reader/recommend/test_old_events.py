"""How readers read is folded into sums after a while: less is kept, and nothing that anybody sees is another."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.profile.folding import Folding, lead_of
from reader.recommend.old_events import fold_attention
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import RankingSettings, Settings
from reader.storage.memory import MemoryStorage
from reader.storage.protocol import Storage
from reader.types import AnyItem, Event, Impression, RecommendationList, Shown, Video
from reader.types_folding import FOLDED, FoldedView, Unfolded
from reader.wiring import make_recommender
from tests.bench.synthetic import NOW, make_item
from tests.builders import ReadingStory, WatchStory, act
from tests.reader.recommend.living import learned
from tests.reader.replay.test_challenge import ShortVectors

SETTINGS = Settings(ranking=RankingSettings(exploring_every=1000))
USERS = ("ann", "bob", "cy")
RAW = ("paragraph_visit", "watch", "close")
LATER = NOW + timedelta(days=60)
ARTICLES = tuple(replace(make_item(number, 1 + number % 7), topics=(f"topic {number % 5}",)) for number in range(24))
CLIPS = tuple(
    Video(
        id=f"clip{number}",
        title=f"Clip {number}",
        transcript="w1 w2 w3",
        creator=f"cook {number % 2}",
        duration_s=float(number - 88),
        published_at=NOW - timedelta(hours=1),
        language="en",
    )
    for number in range(100, 108)
)
ITEMS: tuple[AnyItem, ...] = (*ARTICLES, *CLIPS)


def opened(storage: Storage, clock: ManualClock) -> Recommender:
    """Start on a store that has nothing of what was learned."""
    analyser = cast(Analyser, ShortVectors())
    recommender = make_recommender(settings=SETTINGS, clock=clock, storage=storage, analyser=analyser)
    recommender.add_items(ITEMS)
    return recommender


def read(item: AnyItem, list_id: str, user: str, view: str, clock: ManualClock, chance: random.Random) -> list[Event]:
    """Read a text forth and back, now and then with more than two hours in the middle."""
    story = ReadingStory(item.id, user=user, view=view, at=clock.at)
    last = len(item.paragraphs)
    for paragraph in range(chance.randint(0, last)):
        story.visit(paragraph, seconds=chance.uniform(0.2, 40), dwell_share=chance.uniform(0.3, 1))
        if paragraph > 1 and chance.random() < 0.4:
            story.go_back(chance.randrange(paragraph), seconds=chance.uniform(1, 12))
        if chance.random() < 0.04:
            story.clock_ms += 3 * 3_600_000
    opening, *reading = story.close()
    return [act("open", item.id, user=user, view=view, at=opening.at, list=list_id), *reading]


def watch(item: Video, list_id: str, user: str, view: str, clock: ManualClock, chance: random.Random) -> list[Event]:
    story = WatchStory(item.id, user=user, view=view, at=clock.at)
    for _ in range(chance.randint(1, 4)):
        start = chance.uniform(0, 8)
        story.wait(chance.uniform(0, 3)).play(start, start + chance.uniform(0.5, 9), sound_on=chance.random() < 0.5)
    opening, *playing = story.close()
    return [act("open", item.id, user=user, view=view, at=opening.at, list=list_id), *playing]


def live(recommender: Recommender, clock: ManualClock, chance: random.Random, lists: int) -> None:
    """Readers get lists, and open, read, watch and judge what is on them; some of it arrives after the next list."""
    late: list[Event] = []
    for number in range(lists):
        user = chance.choice(USERS)
        made = recommender.recommend(Request(user, limit=6, kinds=chance.choice(((), (), ("video",)))))
        if not made.items:
            continue
        found = recommender.item(made.items[chance.randrange(len(made.items))].item)
        rest = (made.id, user, f"{user}-{number}", clock, chance)
        events = watch(found, *rest) if isinstance(found, Video) else read(found, *rest)
        kept = chance.randint(1, len(events))
        clock.at = max(clock.at, events[-1].at) + timedelta(seconds=1)
        recommender.observe([*late, *events[:kept]])
        late = events[kept:]
        shown = made.items[0].item
        recommender.observe([act(chance.choice(("like", "viewable", "hide", "save")), shown, user=user, at=clock.at)])
        if chance.random() < 0.05:
            recommender.observe([act("reset", user=user, at=clock.at)])
        clock.at += timedelta(minutes=chance.choice((1, 4, 30, 200)))
    recommender.observe(late)


def copied(storage: Storage, *, without: str = "") -> MemoryStorage:
    other = MemoryStorage()
    other.put_items(ITEMS)
    other.append_events([event for event in storage.iter_events() if event.user != without])
    return other


def lists_of(recommender: Recommender) -> list[RecommendationList]:
    ids = tuple(item.id for item in ITEMS)
    return [recommender.recommend(Request(user, list_id="same", candidates=ids)) for user in (*USERS, "new")]


def same(one: Recommender, other: Recommender) -> None:
    """Compare lists item by item with scores and reasons, interests with their evidence, and all that was learned."""
    assert lists_of(one) == lists_of(other)
    for user in USERS:
        assert one.interests(user) == other.interests(user)
        assert one.learner.corrections(user) == other.learner.corrections(user)
    assert learned(one) == learned(other)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture(scope="module", params=[1, 2])
def log(request: pytest.FixtureRequest) -> MemoryStorage:
    """What three readers did in some days; not to be changed."""
    clock = ManualClock(NOW)
    recommender = opened(MemoryStorage(), clock)
    live(recommender, clock, random.Random(request.param), 24)
    return copied(recommender.storage)


def test_folding_changes_nothing_but_the_log(log: MemoryStorage, clock: ManualClock) -> None:
    """Same lists in the running process, and after a start that has nothing but the log."""
    clock.at += timedelta(days=5)
    running = opened(copied(log), clock)
    before, counts = lists_of(running), Counter(event.type for event in log.iter_events())

    gone = fold_attention(running.storage, SETTINGS, LATER)

    left = Counter(event.type for event in running.storage.iter_events())
    assert gone == sum(counts[type_] for type_ in RAW) > 60
    assert left[FOLDED] > 10
    assert counts - left == Counter({type_: counts[type_] for type_ in RAW})
    assert lists_of(running) == before
    assert running.storage.erasures() == 0
    same(opened(running.storage, clock), running)


@pytest.mark.parametrize("hours", [1, 5, 24])
def test_folding_night_after_night_goes_through_a_part_of_the_log_and_finds_the_same(
    log: MemoryStorage, hours: int
) -> None:
    """As going through all of it, from its first event to its last; the second way is the oracle."""
    storage = copied(log)
    start, end = (edge(event.at for event in log.iter_events()) for edge in (min, max))
    nights = read = 0
    for night in range(1, 2 + (end - start) // timedelta(hours=hours)):
        before = start + night * timedelta(hours=hours)
        events = storage.events_after(0)
        whole = Folding(before, SETTINGS, lengths, Unfolded(1, events[-1][0]))
        whole.take(events)
        found = storage.unfolded(RAW, before, lead_of(SETTINGS))
        if found is None:
            assert not list(whole.folds())
            continue
        part = Folding(before, SETTINGS, lengths, found)
        part.take((seq, event) for seq, event in events if found.first <= seq <= found.last)

        assert dict(part.folds()) == dict(whole.folds())
        nights += 1
        read += sum(found.first <= seq <= found.last for seq, _ in events) / len(events) < 0.5
        fold_attention(storage, SETTINGS, before)
    assert nights >= 1
    assert hours > 1 or read > nights / 2


@pytest.mark.parametrize(
    ("minutes", "parts"),
    [((9, 2), [(0, 1), (0, 2)]), ((119, 2), [(0, 1), (1, 2)]), ((1, 1), [(0, 3)])],
    ids=["a list taught in between", "it was settled in between", "nothing looked at it"],
)
def test_what_came_some_hours_before_the_first_row_is_known(
    minutes: tuple[int, int], parts: list[tuple[int, int]]
) -> None:
    """A list, an opening, a long wait, a paragraph, a wait, another one and the end: (part, rows) of each sum."""
    storage, shown = MemoryStorage(), (Shown("i6", 1),)
    storage.append_events([Impression(id="l", type="impression", at=NOW, user="ann", list="l", items=shown)])
    story = ReadingStory("i6", at=NOW)
    for pause, paragraph in zip(minutes, (0, 1), strict=True):
        story.clock_ms += 60_000 * pause
        story.read(paragraph)
    storage.append_events(list(story.close()))

    assert fold_attention(storage, SETTINGS, LATER) == 3

    sums = [event for event in storage.iter_events() if isinstance(event, FoldedView)]
    assert [(one.part, one.folds) for one in sums] == parts


def lengths(item: str) -> float:
    return next((clip.duration_s or 0.0 for clip in CLIPS if clip.id == item), 0.0)


def test_an_erasure_after_folding_leaves_what_never_was(log: MemoryStorage, clock: ManualClock) -> None:
    clock.at += timedelta(days=5)
    recommender, never = opened(copied(log), clock), opened(copied(log, without="ann"), clock)
    fold_attention(recommender.storage, SETTINGS, LATER)

    recommender.erase("ann")

    same(recommender, never)


def test_forgetting_reaches_into_folded_views(clock: ManualClock) -> None:
    """Going back to a paragraph is forgotten with all that belongs to that going-back, as long as one knows of it."""
    recommender = opened(MemoryStorage(), clock)
    item = ARTICLES[6]
    story = ReadingStory(item.id, at=clock.at).read(0, 1, 2, 3).go_back(1, seconds=30).read(4).close()
    recommender.observe(list(story))
    raw = opened(copied(recommender.storage), clock)
    fold_attention(recommender.storage, SETTINGS, LATER)
    clock.at += timedelta(hours=5)
    wish = act("forget_paragraph", item.id, paragraph=1, at=clock.at)
    before = recommender.interests("ann")

    recommender.observe([wish])
    raw.observe([wish])

    assert recommender.interests("ann") != before
    for one, other in zip(recommender.interests("ann"), raw.interests("ann"), strict=True):
        assert one.target == other.target
        assert one.weight == pytest.approx(other.weight)


def test_a_view_goes_as_a_whole_once_all_of_it_is_old(clock: ManualClock) -> None:
    recommender = opened(MemoryStorage(), clock)
    story = list(ReadingStory("i6", at=clock.at - timedelta(minutes=1)).read(0, 1, 2).close())
    recommender.observe(story)
    storage = recommender.storage

    assert fold_attention(storage, SETTINGS, story[-1].at) == 0
    assert fold_attention(storage, SETTINGS, LATER, only_count=True) == 4
    assert fold_attention(storage, SETTINGS, LATER) == 4
    assert fold_attention(storage, SETTINGS, LATER) == 0

    opening, folded = storage.iter_events()
    assert opening == story[0]
    assert isinstance(folded, FoldedView)
    assert [(look.paragraph, look.visits, look.dwell_s) for look in folded.paragraphs] == [
        (0, 1, 10.0),
        (1, 1, 10.0),
        (2, 1, 10.0),
    ]
    assert (folded.folds, folded.active_ms, folded.part) == (4, 30_000.0, 0)


def test_what_is_taken_in_again_is_not_counted_twice(clock: ManualClock) -> None:
    """An export from before the folding brings rows that sums stand for; one from after it brings sums of rows."""
    recommender = opened(MemoryStorage(), clock)
    recommender.observe(list(ReadingStory("i6", at=clock.at).read(0, 1, 2).go_back(0).close()))
    rows = list(recommender.storage.iter_events())
    before = opened(copied(recommender.storage), clock)
    fold_attention(recommender.storage, SETTINGS, LATER)
    sums = list(recommender.storage.iter_events())

    assert recommender.put_back(rows).duplicates == len(rows)
    assert before.put_back(sums).duplicates == len(sums) == 2
    assert list(recommender.storage.iter_events()) == sums
    assert list(before.storage.iter_events()) == rows
