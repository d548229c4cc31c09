"""Search over a real catalogue: what fits, what may be seen, in which order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.search.searching import Found, Searcher, Wish
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem, Article, Hide, Steer, Target, Video
from reader.types_feeds import Feed
from reader.wiring import make_recommender
from tests.builders import START, act, article, deliver

NOW = START
DAY = timedelta(days=1)


def items() -> list[AnyItem]:
    return [
        article(
            "houses", title="Die Häuser von Genua", language="de", source="Post", paragraphs=("Alte Häuser am Meer.",)
        ),
        article("house", title="Das Haus", language="de", source="Blatt", paragraphs=("Ein Haus, zwei Häuser.",)),
        article(
            "salt",
            title="Salt lakes",
            source="Post",
            author="Ada",
            paragraphs=("Lithium and brine.",),
            topics=("energy",),
        ),
        article(
            "brine", title="Brine", source="Paper", published_at=NOW - 3 * DAY, paragraphs=("Salt, salt and salt.",)
        ),
        article("later", title="Salt of tomorrow", source="Paper", published_at=NOW + DAY),
        Video(
            id="clip",
            title="Pans",
            description="Salt dries.",
            creator="Studio",
            published_at=NOW - 2 * DAY,
            language="en",
        ),
    ]


@pytest.fixture
def recommender(analyser: Analyser) -> Recommender:
    made = make_recommender(clock=ManualClock(NOW), storage=MemoryStorage(), analyser=analyser)
    made.add_items(items())
    return made


Find = Callable[..., Found]


@pytest.fixture
def find(recommender: Recommender) -> Find:
    def find(text: str = "", *, begin: int = 0, count: int = 20, **wish: Any) -> Found:
        return Searcher(recommender).find("ann", Wish(text, **wish), begin=begin, count=count)

    return find


def test_words_are_found_in_whatever_form_in_both_languages(find: Find) -> None:
    assert set(find("Haus").items) == set(find("häuser").items) == set(find("haeuser").items) == {"houses", "house"}
    assert find("lake").items == ("salt",)


def test_the_word_as_it_was_typed_comes_before_its_forms(find: Find) -> None:
    assert find("Haus").items[0] == "house"
    assert find("Häuser").items[0] == "houses"


def test_source_author_topic_and_creator_are_words_too(find: Find) -> None:
    assert find("Ada").items == ("salt",)
    assert find("energy").items == ("salt",)
    assert find("studio").items == ("clip",)
    assert set(find("post").items) == {"houses", "salt"}


def test_what_is_not_yet_published_is_not_found(find: Find) -> None:
    assert find("tomorrow").count == 0


def test_a_question_that_only_leaves_out_finds_the_rest_newest_first(find: Find) -> None:
    assert find("-salt", order="newest").items == find("-salt").items
    assert set(find("-salt").items) == {"houses", "house"}


def test_nothing_asked_for_is_everything_newest_first(find: Find) -> None:
    assert find().items[-2:] == ("clip", "brine")
    assert find().count == 5


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({"kind": "video"}, {"clip"}),
        ({"kind": "article"}, {"salt", "brine"}),
        ({"source": "paper"}, {"brine"}),
        ({"source": "nobody"}, set()),
        ({"language": "de"}, set()),
        ({"since": NOW - 2 * DAY}, {"salt", "clip"}),
        ({"until": NOW - 2 * DAY}, {"brine", "clip"}),
        ({"since": NOW - 2 * DAY, "until": NOW - 2 * DAY}, {"clip"}),
        ({"feeds": ("https://feed.example/",)}, {"brine"}),
        ({"feeds": ()}, set()),
    ],
)
def test_wishes_narrow_it_down(recommender: Recommender, find: Find, wish: dict[str, Any], found: set[str]) -> None:
    recommender.storage.put_feed(Feed("https://feed.example/", shared=True))
    deliver(recommender.storage, "https://feed.example/", {"brine": NOW, "house": NOW})

    assert set(find("salt", **wish).items) == found


def test_saved_read_and_unread_go_by_the_reader(recommender: Recommender, find: Find) -> None:
    recommender.observe([act("open", "salt", view="v1", at=NOW), act("save", "brine", at=NOW)])

    assert find("salt", reading="saved").items == ("brine",)
    assert find("salt", reading="read").items == ("salt",)
    assert set(find("salt", reading="unread").items) == {"brine", "clip"}
    assert Searcher(recommender).find("bob", Wish("salt", reading="saved")).items == ()


def test_what_is_muted_or_hidden_is_counted_and_can_be_shown(recommender: Recommender, find: Find) -> None:
    mute = Steer(id="m", type="mute", at=NOW, user="ann", target=Target("source", "Paper"))
    recommender.observe([mute, Hide(id="h", type="hide", at=NOW, user="ann", item="clip")])

    assert (find("salt").items, find("salt").count, find("salt").refused) == (("salt",), 1, 2)
    assert set(find("salt", with_refused=True).items) == {"salt", "brine", "clip"}
    assert find("salt", with_refused=True).refused == 0
    assert find("pans").is_widened is False
    assert Searcher(recommender).find("bob", Wish("salt")).count == 3


def test_pages_go_on_where_the_one_before_ended(find: Find) -> None:
    whole = find("salt").items

    assert find("salt", count=2).items + find("salt", begin=2, count=2).items == whole
    assert find("salt", begin=9).items == ()
    assert find("salt", begin=9).count == 3


def test_where_nothing_has_the_words_those_that_begin_with_them_count(find: Find) -> None:
    found = find("lith")

    assert (found.items, found.is_widened) == (("salt",), True)
    assert find("lithium").is_widened is False
    assert find("zz").count == 0


def test_sources_and_languages_of_what_was_found_are_named(find: Find) -> None:
    assert find("salt").sources == ("Paper", "Post")
    assert find("Haus").languages == ("de",)


def test_a_new_version_is_found_by_its_new_words_alone(recommender: Recommender, find: Find) -> None:
    recommender.add_items([Article(id="salt", title="Copper mountains", published_at=NOW - DAY, language="en")])

    assert find("lithium").count == 0
    assert find("copper mountain").items == ("salt",)
    assert recommender.storage.check_search() == []


def test_what_another_process_stored_without_its_forms_gets_them(recommender: Recommender, find: Find) -> None:
    recommender.storage.put_items(
        [Article(id="mines", title="Copper mountains", published_at=NOW - DAY, language="en")]
    )

    assert (find("mountain").items, find("mountain").is_widened) == (("mines",), False)
