from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.clock import ManualClock
from reader.errors import InvalidItemError
from reader.ingest.items import parse_item
from reader.ingest.languages import normalise_language
from reader.records import item_record
from reader.types import AnyItem, Article, Caption, Video
from tests.reader.ingest.conftest import NOW

ARTICLE = {
    "id": "a1",
    "kind": "article",
    "title": "Salt",
    "url": "https://news.example/salt?x=1#top",
    "published_at": "2026-11-20T08:00:00.123Z",
    "language": "en",
    "source": "The Lantern",
    "author": "Ada Reed",
    "topics": ["history"],
    "paragraphs": ["One.", "Two."],
}
VIDEO = {
    "id": "v1",
    "kind": "video",
    "title": "Waves",
    "description": "The sea.",
    "creator": "Tom",
    "creator_id": "peertube:tom@tube.example",
    "sound": "Surf",
    "sound_id": "surf-1",
    "tags": ["sea"],
    "duration_s": 12.4,
    "media_url": "clips/waves.mp4",
    "poster_url": "/clips/waves.jpg",
    "embed_url": "https://tube.example/videos/embed/9c9de5e8",
    "provider": "peertube",
    "transcript": "Hear.",
    "captions": [{"from_s": 0.0, "to_s": 2.5, "text": "Hear."}],
    "captions_url": "clips/waves.vtt",
}


def parse(**changes: object) -> Article | Video:
    return parse_item(ARTICLE | changes, clock=ManualClock(NOW))


def parse_video(**changes: object) -> Video:
    video = parse_item(VIDEO | changes, clock=ManualClock(NOW))
    assert isinstance(video, Video)
    return video


def test_article_keeps_all_its_fields() -> None:
    assert parse() == Article(
        id="a1",
        title="Salt",
        url="https://news.example/salt?x=1#top",
        published_at=datetime(2026, 11, 20, 8, 0, 0, 123_000, tzinfo=UTC),
        language="en",
        source="The Lantern",
        author="Ada Reed",
        topics=("history",),
        paragraphs=("One.", "Two."),
    )


def test_video_keeps_all_its_fields() -> None:
    assert parse_video() == Video(
        id="v1",
        title="Waves",
        description="The sea.",
        creator="Tom",
        creator_id="peertube:tom@tube.example",
        sound="Surf",
        sound_id="surf-1",
        tags=("sea",),
        duration_s=12.4,
        media_url="clips/waves.mp4",
        poster_url="/clips/waves.jpg",
        embed_url="https://tube.example/videos/embed/9c9de5e8",
        provider="peertube",
        transcript="Hear.",
        captions=(Caption(0.0, 2.5, "Hear."),),
        captions_url="clips/waves.vtt",
    )


def test_article_of_a_title_alone_is_valid() -> None:
    item = parse_item({"id": "a", "kind": "article", "title": "Salt"})

    assert item == Article(id="a", title="Salt")


def test_text_is_parted_at_blank_lines() -> None:
    record = {"id": "a", "kind": "article", "title": "t", "text": "One\nline.\n\n \n\nTwo."}

    assert parse_item(record).paragraphs == ("One line.", "Two.")


def test_html_becomes_paragraphs_without_scripts() -> None:
    html = f"<p>{'One ' * 15}</p><script>alert(1)</script><p onclick='x()'>{'Two ' * 15}</p>"
    item = parse_item({"id": "a", "kind": "article", "title": "t", "html": html})

    assert item.paragraphs == (("One " * 15).strip(), ("Two " * 15).strip())


def test_null_means_not_given_and_unknown_fields_are_ignored() -> None:
    assert parse(author=None, language=None, colour="red", html=None) == parse(author="", language="")


def test_article_of_fifty_thousand_words_is_taken() -> None:
    assert len(parse(paragraphs=["word " * 500] * 100).paragraphs) == 100


def test_control_characters_and_lone_surrogates_are_replaced() -> None:
    item = parse(title="So\x00dium \ud800 chloride\u200b", paragraphs=["a\x00b\udfffc"])

    assert item.title == "So dium chloride\u200b"
    assert item.paragraphs == ("a b c",)
    assert "\x00" not in json.dumps(item_record(item), ensure_ascii=False).encode().decode()


def test_labels_are_said_once() -> None:
    assert parse(topics=["a", " a ", "b", ""]).topics == ("a", "b")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-11-20T08:00:00Z", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20t08:00:00z", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T08:00:00+05:30", datetime(2026, 11, 20, 2, 30, tzinfo=UTC)),
        ("2026-11-20 08:00:00.9999-01:00", datetime(2026, 11, 20, 9, 0, 0, 999_000, tzinfo=UTC)),
        ("1850-01-01T00:00:00Z", datetime(1850, 1, 1, tzinfo=UTC)),
        ("2026-11-25T12:00:00Z", datetime(2026, 11, 25, 12, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_every_spelling_of_rfc_3339(given: str, expected: datetime) -> None:
    assert parse(published_at=given).published_at == expected


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en", "en"), ("EN-gb", "en"), ("de_CH", "de"), ("deu", "de"), ("ger", "de"), ("zh-Hant-TW", "zh"), ("und", "")],
)
def test_languages_become_iso_639_1(tag: str, code: str) -> None:
    assert normalise_language(tag) == code
    assert parse(language=tag).language == code


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("id", None, "is missing"),
        ("id", "", "empty"),
        ("id", "  ", "empty"),
        ("id", 7, "valid string"),
        ("id", "a" * 201, "too long"),
        ("id", "a\nb", "not printable"),
        ("id", "a\ud800", "not printable"),
        ("kind", None, "is missing"),
        ("kind", "podcast", "'podcast' is unknown; use article or video"),
        ("kind", ["article"], "is unknown"),
        ("title", None, "is missing"),
        ("title", " \x00 ", "at least 1 character"),
        ("title", "a" * 1001, "at most 1000"),
        ("title", {"en": "a"}, "valid string"),
        ("url", "news.example/salt", "no http"),
        ("url", "javascript:alert(1)", "no http"),
        ("url", "data:text/html,x", "no http"),
        ("url", "http://", "no http"),
        ("url", "http://[", "no http"),
        ("url", "http://a:99999/", "no http"),
        ("url", 'http://a/"onclick="x', "no http"),
        ("url", "http://a/ b", "no http"),
        ("url", "http://a/" + "b" * 2000, "no http"),
        ("url", "/relative", "no http"),
        ("published_at", "yesterday", "no moment"),
        ("published_at", "2026-11-20", "no moment"),
        ("published_at", "2026-11-20T08:00:00", "no moment with a zone"),
        ("published_at", "2026-02-30T08:00:00Z", "day is out of range"),
        ("published_at", "0001-01-01T00:00:00+23:59", "no moment"),
        ("published_at", "2026-11-25T12:00:00.001Z", "in the future"),
        ("published_at", "9999-12-31T23:59:59Z", "in the future"),
        ("published_at", 1763625600, "no moment"),
        ("language", "English, mostly", "no language tag"),
        ("language", 7, "valid string"),
        ("source", "s" * 201, "at most 200"),
        ("author", ["Ada"], "valid string"),
        ("topics", "space", "valid list"),
        ("topics", ["a"] * 51, "at most 50"),
        ("topics[1]", ["a", "b" * 101], "at most 100"),
        ("topics[0]", [7], "valid string"),
        ("paragraphs", "One.", "valid list"),
        ("paragraphs", ["a"] * 2001, "at most 2000"),
        ("paragraphs[1]", ["a", " ", "c"], "is blank"),
        ("paragraphs[2]", ["a", "b", None], "valid string"),
        ("paragraphs", ["ä" * 1_000_001], "2,000,002 bytes"),
        ("text", "One.", "stands beside paragraphs"),
        ("html", "<p>One.", "stands beside paragraphs"),
    ],
)
def test_wrong_field_is_named_with_what_is_wrong(field: str, value: object, words: str) -> None:
    with pytest.raises(InvalidItemError) as caught:
        parse(**{field.split("[")[0]: value})

    assert caught.value.field == field
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("duration_s", 0),
        ("duration_s", -1),
        ("duration_s", math.nan),
        ("duration_s", math.inf),
        pytest.param("duration_s", 10**400, id="duration_s-beyond-float"),
        pytest.param("duration_s", 10**5000, id="duration_s-beyond-printing"),
        ("duration_s", "12"),
        ("duration_s", True),
        ("media_url", "//evil.example/a.mp4"),
        ("media_url", "../../etc/passwd"),
        ("media_url", "a/%2e%2e/%2e%2e/b"),
        ("media_url", "a\\..\\b"),
        ("media_url", "javascript:alert(1)"),
        ("media_url", "file:///etc/passwd"),
        ("poster_url", "data:image/svg+xml,x"),
        ("poster_url", " java\nscript:x"),
        ("tags", ["a", 7]),
        ("creator_id", "a" * 201),
        ("sound_id", 7),
        ("embed_url", "https://player.example/embed/1"),
        ("embed_url", "http://tube.example/videos/embed/1"),
        ("embed_url", "https://me@tube.example/videos/embed/1"),
        ("embed_url", "https://tube.example/videos/embed/../../x"),
        ("embed_url", "https://www.youtube.com.evil.example/embed/abc"),
        ("provider", "youtube"),
        ("provider", "vimeo"),
        ("captions", [{"from_s": 1.0, "to_s": 1.0, "text": "x"}]),
        ("captions", [{"from_s": 0.0, "to_s": 1.0, "text": " "}]),
        ("captions", [{"from_s": -1.0, "to_s": 1.0, "text": "x"}]),
        ("captions", "Hear."),
        ("captions_url", "javascript:x"),
        ("transcript", "a" * 2_000_001),
    ],
)
def test_wrong_field_of_a_video_is_named(field: str, value: object) -> None:
    with pytest.raises(InvalidItemError) as caught:
        parse_video(**{field: value})

    assert caught.value.field.split("[")[0] == field
    assert caught.value.remedy


def test_place_of_a_wrong_caption_is_named() -> None:
    good = {"from_s": 0.0, "to_s": 1.0, "text": "x"}

    with pytest.raises(InvalidItemError, match=r"^captions\[1\]\.to_s: is missing"):
        parse_video(captions=[good, {"from_s": 0.0, "text": "x"}])


@pytest.mark.parametrize(
    "given",
    [
        "https://www.youtube.com/embed/abc?autoplay=1",
        "https://youtu.be/abc",
        "https://m.youtube.com/shorts/abc",
        "https://www.youtube-nocookie.com/embed/abc",
    ],
)
def test_player_of_youtube_is_the_one_without_cookies_however_it_is_named(given: str) -> None:
    video = parse_video(embed_url=given, provider=None)

    assert (video.embed_url, video.provider) == ("https://www.youtube-nocookie.com/embed/abc", "youtube")


def test_captions_stand_in_order_and_in_for_a_missing_transcript() -> None:
    cues = [{"from_s": 2, "to_s": 4.0, "text": "the  sea."}, {"from_s": 0.0, "to_s": 2.0, "text": "Hear"}]

    video = parse_video(captions=cues, transcript=None)

    assert video.captions == (Caption(0.0, 2.0, "Hear"), Caption(2.0, 4.0, "the sea."))
    assert video.transcript == "Hear the sea."
    assert parse_video(captions=cues).transcript == "Hear."


@pytest.mark.parametrize(
    ("fields", "id", "name"),
    [
        ({"creator": "Tom", "creator_id": "c7"}, "c7", "Tom"),
        ({"creator": "Tom", "creator_id": None}, "Tom", "Tom"),
        ({"creator": None, "creator_id": "c7"}, "c7", "c7"),
        ({"creator": None, "creator_id": None}, "", ""),
    ],
)
def test_creator_is_known_by_id_and_by_name_where_there_is_none(fields: dict[str, Any], id: str, name: str) -> None:
    video = parse_video(**fields)

    assert (video.entity("creator"), video.entity_name("creator")) == (id, name)
    assert (video.entity("sound"), video.entity_name("sound")) == ("surf-1", "Surf")


@pytest.mark.parametrize("record", [None, [], "a1", 7])
def test_what_is_no_object_is_refused(record: Any) -> None:
    with pytest.raises(InvalidItemError, match="is not an object"):
        parse_item(record)


def test_message_shows_little_of_a_long_value() -> None:
    with pytest.raises(InvalidItemError) as caught:
        parse(title="a" * 1_000_000)

    assert len(str(caught.value)) < 300


_TEXTS = st.text(st.characters(codec=None, exclude_categories=())) | st.sampled_from(["http://a/b", "en", "a.mp4"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=8,
)
_FIELDS = sorted({*ARTICLE, *VIDEO, "text", "html"})


@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON), st.sampled_from([ARTICLE, VIDEO, {}]))
def test_any_record_gives_an_item_or_an_error_that_names_a_field(changes: dict[str, Any], base: dict[str, Any]) -> None:
    item, error = _taken(base | changes)

    if item is not None:
        assert item.title
        json.dumps(item_record(item), ensure_ascii=False, allow_nan=False).encode()
    else:
        assert error is not None
        assert error.detail
        assert error.field.split("[")[0] in {*_FIELDS, "item"}


def _taken(record: dict[str, Any]) -> tuple[AnyItem | None, InvalidItemError | None]:
    try:
        return parse_item(record, clock=ManualClock(NOW)), None
    except InvalidItemError as error:
        return None, error


@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON), st.sampled_from([ARTICLE, VIDEO]))
def test_what_was_taken_is_taken_again_unchanged(changes: dict[str, Any], base: dict[str, Any]) -> None:
    item, _ = _taken(base | changes)

    if item is not None:
        assert _taken(item_record(item)) == (item, None)
