"""The learner in the product: kept from start to start, the same live as from the log, and dropped with its reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.factors.registry import Registry
from reader.recommend.factors.spec import Computed, Moment
from reader.recommend.learning.keeping import Keeping, Kept, layout_of
from reader.recommend.learning.learner import Learner
from reader.recommend.requests import Request
from reader.replay.run import relive
from reader.settings import LearningSettings
from reader.storage.memory import MemoryStorage
from reader.types import Video
from reader.wiring import make_recommender, model_path
from tests.builders import WatchStory, act, impression
from tests.reader.conftest import NOW, MakeRecommender, demo_items
from tests.reader.recommend.living import PLAIN, Make, learned, listed, live


def count_computations(monkeypatch: pytest.MonkeyPatch) -> list[Moment]:
    """Return the moments whose factors are computed from now on."""
    computed: list[Moment] = []
    compute = Registry.compute

    def counted(registry: Registry, moment: Moment) -> Computed:
        computed.append(moment)
        return compute(registry, moment)

    monkeypatch.setattr(Registry, "compute", counted)
    return computed


def test_every_part_learns_from_serving(open_db: Make, clock: ManualClock) -> None:
    recommender = open_db()
    live(recommender, clock, hours=6)
    weights, coefficients, _ = (np.array(part) for part in learned(recommender))
    nobody = recommender.learner.utility("nobody")

    assert (weights != recommender.registry.priors).sum() > 100
    assert (coefficients.reshape(6, -1)[1:] != 0).any(axis=1).tolist() == [True] * 5
    assert (coefficients[: len(nobody.families)] != nobody.weights[0]).any()
    assert recommender.learner.progress.taught == 5
    assert recommender.learner.progress.ranked == 5


def test_after_a_restart_all_goes_on_as_if_there_had_been_none(
    open_db: Make, clock: ManualClock, make: MakeRecommender
) -> None:
    """The last list before the end still waits, and teaches after the start as it would have."""
    unbroken = make(settings=PLAIN)
    live(unbroken, clock, hours=9)
    first = open_db()
    live(first, clock, hours=4)
    assert first.save_learned()
    first.storage.close()

    second = open_db()
    live(second, clock, hours=5, first=4)

    for found, expected in zip(learned(second), learned(unbroken), strict=True):
        assert found == pytest.approx(expected, rel=1e-5, abs=1e-7)
    assert second.learner.progress.taught == unbroken.learner.progress.taught
    assert [place.item for place in listed(second).items] == [place.item for place in listed(unbroken).items]


def test_what_never_differed_by_day_ranks_nothing_when_it_first_does(open_db: Make, clock: ManualClock) -> None:
    """One list a day, so what fades within minutes is next to nothing; then news, and a list just after reading."""
    recommender = open_db()
    for day in range(9):
        clock.at = NOW + timedelta(days=day)
        made = recommender.recommend(Request("ann", limit=8))
        recommender.observe([act("open", made.items[1 + day % 3].item, at=clock.at, list=made.id, view=f"v{day}")])
    clock.at += timedelta(days=1)
    first = recommender.recommend(Request("ann"))
    assert recommender.learner.progress.taught == 9

    recommender.observe([act("open", first.items[0].item, at=clock.at, list=first.id, view="now")])
    recommender.add_items([replace(demo_items()[0], id="news", title="Salt", published_at=clock.at)])
    made = recommender.recommend(Request("ann"))

    assert np.abs(recommender.weights).max() < 10
    assert max(abs(part) for place in made.items for part in place.contributions.values()) < 5


def test_what_a_saved_model_knows_costs_no_factors_at_the_next_start(
    open_db: Make, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_db()
    live(first, clock, hours=4)
    first.save_learned()
    expected = learned(first)

    computed = count_computations(monkeypatch)
    second = open_db()

    assert len(computed) == 1, "of the one list that still waits"
    for found, before in zip(learned(second), expected, strict=True):
        assert found == pytest.approx(before, rel=1e-5, abs=1e-7)


def test_a_start_without_a_model_learns_from_the_log_what_was_learned_live(
    open_db: Make, db: Path, clock: ManualClock
) -> None:
    first = open_db()
    live(first, clock, hours=5)
    expected = learned(first)
    assert not model_path(db).exists()

    second = open_db()

    assert learned(second) == expected
    assert second.learned_notice == ""
    assert model_path(db).exists()


@pytest.mark.parametrize("content", [b"", b"reread-model 2 00\nrest", b"\x00" * 99, None], ids=str)
def test_a_broken_model_is_told_and_the_log_is_learned_from_anew(
    open_db: Make, db: Path, clock: ManualClock, content: bytes | None
) -> None:
    first = open_db()
    live(first, clock, hours=5)
    first.save_learned()
    expected = learned(first)
    whole = model_path(db).read_bytes()
    model_path(db).write_bytes(whole[: len(whole) // 2] if content is None else content)

    second = open_db()

    assert "starts from its priors" in second.learned_notice
    assert learned(second) == expected
    assert open_db().learned_notice == ""


def test_a_model_of_other_factors_stays_until_there_is_one_to_save(open_db: Make, db: Path, clock: ManualClock) -> None:
    """Started once with another analyser and nothing to learn from, it loses neither model nor parts by that."""
    first = open_db()
    live(first, clock, hours=5)
    first.save_learned()
    model, parts = model_path(db).read_bytes(), first.storage.parts()
    other = replace(first.layout, analyser="another/1")

    keeping = Keeping(model_path(db), first.storage, other)
    learner = keeping.load(first.registry, PLAIN.learning, lambda reader, view: None)

    assert "another/1" in keeping.notice
    assert learner.progress.taught == 0
    assert not keeping.save(learner, keeping.take(learner, 0, 0))
    assert model_path(db).read_bytes() == model
    assert first.storage.parts() == parts != {}
    assert keeping.save(first.learner, Kept(first.learner.model(9), {"ann": b"new"}))
    assert first.storage.parts() == {"ann": b"new"}


def test_after_an_upgrade_with_a_new_family_readers_keep_what_is_their_own(
    open_db: Make, db: Path, clock: ManualClock
) -> None:
    """The version before had no `discriminant`; the next writes all parts anew, changed by a list or not."""
    now = open_db()
    now.observe([act("open", demo_items()[0].id, user="ann", at=NOW)])
    older = Registry(tuple(family for family, _ in now.registry.placed if family.specs[0].family != "discriminant"))
    assert len(older.specs) == len(now.registry.specs) - 24
    learner = Learner(older, PLAIN.learning)
    for hour in range(3):
        at, items = NOW + timedelta(hours=hour), [f"a{place}" for place in range(6)]
        factors = np.random.default_rng(hour).normal(size=(len(older.specs), 6)).astype(np.float32)
        learner.shown(impression(f"l{hour}", *items, user="ann", at=at), items, factors, hour + 1)
        learner.observe(act("open", items[hour], user="ann", at=at, list=f"l{hour}"))
    learner.teach_until((NOW + timedelta(hours=9)).timestamp())
    before = learner.corrections("ann")
    Keeping(model_path(db), now.storage, layout_of(older, now.layout.analyser)).save(
        learner, Kept(learner.model(3), learner.parts_to_keep())
    )

    first = open_db()
    assert "24 factors are new" in first.learned_notice
    assert first.learner.corrections("ann") == pytest.approx(before, rel=1e-5)
    live(first, clock, hours=4, users="bob")
    first.save_learned()

    second = open_db()
    assert second.learned_notice == ""
    assert second.learner.corrections("ann") == pytest.approx(before, rel=1e-5)


def test_what_cannot_be_deleted_ends_no_start(open_db: Make, db: Path, clock: ManualClock) -> None:
    """Something else stands where the model is kept: it is told, and all is learned from the log."""
    first = open_db()
    live(first, clock, hours=5)
    expected = learned(first)
    model_path(db).mkdir()

    second = open_db()
    assert str(model_path(db)) in second.learned_notice
    assert learned(second) == expected
    second.storage.erase_user("nobody")
    second.catch_up()

    assert "delete it by hand" in second.learned_notice
    assert learned(second) == expected


def test_saving_again_writes_only_if_there_is_something_new(open_db: Make, db: Path, clock: ManualClock) -> None:
    recommender = open_db()
    assert not recommender.save_learned()
    live(recommender, clock, hours=3)
    assert recommender.save_learned()
    assert not recommender.save_learned()

    live(recommender, clock, hours=1, first=3)

    assert recommender.save_learned()


def test_a_store_in_memory_keeps_no_model(make: MakeRecommender, clock: ManualClock) -> None:
    recommender = make()
    live(recommender, clock, hours=3)

    assert not recommender.save_learned()


def test_a_log_relived_learns_the_same(make: MakeRecommender, clock: ManualClock, remembering: Analyser) -> None:
    served = make(settings=PLAIN)
    live(served, clock, hours=5)
    again = ManualClock(NOW)
    fresh = make_recommender(settings=PLAIN, clock=again, storage=MemoryStorage(), analyser=remembering)
    fresh.add_items(demo_items())

    for _ in relive(list(served.storage.iter_events()), fresh, again):
        pass

    assert learned(fresh) == learned(served)


def test_a_list_is_learned_from_as_it_was_made_whatever_was_due_by_then(
    make: MakeRecommender, clock: ManualClock, remembering: Analyser
) -> None:
    """It settles no views: what these teach all readers comes after it, live as from the log."""
    clips = [Video(id=f"v{n}", title=f"Clip {n}", creator=f"Maker {n % 2}", duration_s=9.0) for n in range(6)]
    first = make(settings=PLAIN, items=tuple(clips))
    first.observe(list(WatchStory("v0", user="bob", view="w", at=clock()).play(0, 8.8).close()))
    clock.at += timedelta(hours=3)
    made = first.recommend(Request("ann"))
    first.observe([act("open", made.items[-1].item, list=made.id, at=clock())])
    clock.at += timedelta(minutes=20)
    first.observe([act("like", "v3", at=clock())])
    assert first.learner.progress.taught == 1

    second = make_recommender(settings=PLAIN, clock=clock, storage=first.storage, analyser=remembering)

    assert learned(second) == learned(first)


def test_the_impression_of_a_list_learns_from_the_factors_of_the_list(
    make: MakeRecommender, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are computed once, and are what computing them again would give."""
    recommender = make(settings=PLAIN)
    computed = count_computations(monkeypatch)

    live(recommender, clock, hours=3)

    assert len(computed) == 3


@pytest.mark.parametrize(("ranked", "times"), [(6, 1), (9, 2)])
def test_a_logged_list_that_was_scored_is_learned_from_as_it_was_scored(
    make: MakeRecommender, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, ranked: int, times: int
) -> None:
    """Scored among other candidates its factors are others, and are computed."""
    scored, unscored = make(settings=PLAIN), make(settings=PLAIN)
    items = [item.id for item in demo_items()]
    event = impression("logged", *items[:6], at=clock())
    opened = act("open", items[2], list="logged", at=clock() + timedelta(seconds=9))
    unscored.observe([event, opened])
    computed = count_computations(monkeypatch)

    scored.recommend(Request("ann", list_id="logged", candidates=tuple(items[:ranked])))
    scored.observe([event, opened])

    assert len(computed) == times
    clock.at += timedelta(days=2)
    later = act("like", items[1], at=clock())
    for recommender in (scored, unscored):
        recommender.observe([later])
    assert learned(scored) == learned(unscored)


def test_without_learning_nothing_changes(make: MakeRecommender, clock: ManualClock) -> None:
    recommender = make(settings=PLAIN.model_copy(update={"learning": LearningSettings(enabled=False)}))

    live(recommender, clock, hours=5)

    assert recommender.weights.tolist() == recommender.registry.priors.tolist()
    assert recommender.learner.progress.taught == 0
    weights = recommender.learner.utility("ann").weights
    assert weights.tolist() == [[1.0] * weights.shape[1]] + [[0.0] * weights.shape[1]] * 5


def test_every_listed_place_is_the_sum_of_its_parts_whatever_was_learned(open_db: Make, clock: ManualClock) -> None:
    recommender = open_db()
    live(recommender, clock, hours=8)

    made = recommender.recommend(Request("ann"))

    assert len(made.items) > 4
    for place in made.items:
        assert sum(place.contributions.values()) == pytest.approx(place.score, abs=1e-9)
