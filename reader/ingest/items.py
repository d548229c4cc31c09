"""Foreign JSON -> items. Rejects with field, value and remedy.

What belongs here: the rules of the public item format (docs/items.md). What does not: where records come from (`jsonl`,
`feeds`, `pages`) and how HTML becomes paragraphs (`html`).
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from nlp.paragraphs import split_paragraphs
from nlp.words import clean
from reader.clock import Clock, system_clock
from reader.errors import InvalidItemError
from reader.ingest.html import body_of
from reader.ingest.languages import normalise_language
from reader.ingest.markup import safe_markup
from reader.ingest.players import player_address
from reader.ingest.tracking import without_tracking
from reader.records import parse_time
from reader.types import AnyItem, Article, Caption, Video

# Limits of the format, in characters or entries; ours. Longer values are mistakes or attacks, not news.
MAX_ID: Final = 200
MAX_TITLE: Final = 1_000
MAX_NAME: Final = 200
MAX_LABELS: Final = 50
MAX_LABEL: Final = 100
MAX_URL: Final = 2_000
MAX_PARAGRAPHS: Final = 2_000
MAX_DURATION_S: Final = 7 * 86_400
MAX_CAPTIONS: Final = 20_000
# All text of one item together, in bytes of UTF-8.
MAX_TEXT_BYTES: Final = 2_000_000
MAX_MARKUP: Final = 4_000_000
# Clocks and time zones of publishers are wrong by hours, not by more.
MAX_AHEAD: Final = timedelta(days=2)

_RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS_URL: Final = re.compile('[\x00-\x20\x7f-\x9f\ud800-\udfff\\\\<>"]')

_REMEDIES: Final = {
    "id": f"give 1 to {MAX_ID} printable characters, as a text",
    "title": f"give a text of 1 to {MAX_TITLE:,} characters",
    "url": f"give a whole http:// or https:// address of at most {MAX_URL:,} characters, or leave it out",
    "published_at": "use RFC 3339 with a zone, as in 2026-11-20T08:00:00Z, at most 2 days ahead",
    "language": "use a language tag, as in en or de-CH, or leave it out",
    "topics": f"give a list of at most {MAX_LABELS} texts of at most {MAX_LABEL} characters",
    "tags": f"give a list of at most {MAX_LABELS} texts of at most {MAX_LABEL} characters",
    "paragraphs": f"give a list of at most {MAX_PARAGRAPHS:,} texts, none of them blank",
    "markup": 'give a list with the HTML of each paragraph, "" where it is plain, or leave it out',
    "duration_s": f"give seconds, more than 0 and at most {MAX_DURATION_S:,}, or leave it out",
    "media_url": "give an http(s) address or a relative path without .., or leave it out",
    "audio_url": "give an http(s) address or a relative path without .., or leave it out",
    "poster_url": "give an http(s) address or a relative path without .., or leave it out",
    "embed_url": "give the address of a player of YouTube's or, over https, of PeerTube's, or leave it out",
    "provider": "give youtube or peertube, as embed_url has it, or leave it out",
    "captions": f"give at most {MAX_CAPTIONS:,} objects with from_s, a greater to_s, and text, or leave it out",
    "captions_url": "give an http(s) address or a relative path without .., or leave it out",
    "author": f"give a text of at most {MAX_NAME} characters",
    "source": f"give a text of at most {MAX_NAME} characters",
    "creator": f"give a text of at most {MAX_NAME} characters",
    "creator_id": f"give a text of at most {MAX_NAME} characters",
    "sound": f"give a text of at most {MAX_NAME} characters",
    "sound_id": f"give a text of at most {MAX_NAME} characters",
}


def parse_item(record: Mapping[str, object], *, clock: Clock = system_clock) -> AnyItem:
    """Return the item that a JSON object of the item format describes.

    White space within texts becomes single spaces; control characters and lone surrogates become spaces (in `id`, which
    must not change, they are refused). null means: not given. Fields that the kind does not have are ignored. An
    article may have one of `paragraphs`, `text` (blank lines part paragraphs) and `html`. A blank paragraph in a list
    is refused and not dropped, since events count paragraphs. Times are cut to the millisecond.

    Raises InvalidItemError, which names the first wrong field.

    >>> parse_item({"id": "a1", "kind": "article", "title": "Salt", "text": "One.\\n\\nTwo."}).paragraphs
    ('One.', 'Two.')
    """
    if not isinstance(record, Mapping):
        raise InvalidItemError("item", f"{show(record)} is not an object", "give a JSON object")
    kind = record.get("kind")
    if kind == "article":
        item: AnyItem = _article(_validated(_ArticleRecord, _with_paragraphs(record)))
    elif kind == "video":
        item = _video(_validated(_VideoRecord, record))
    else:
        detail = "is missing" if kind is None else f"{show(kind)} is unknown"
        raise InvalidItemError("kind", detail, "use article or video")
    _check_time(item.published_at, clock)
    _check_size(item)
    return item


def show(value: object) -> str:
    """Return a short picture of any value, for a message."""
    try:
        return _short.repr(value)
    except (ValueError, RecursionError):  # an int of more digits than Python prints; a value that nests for ever
        return f"this {type(value).__name__}"


_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = 80


def _id(value: str) -> str:
    if not value.strip() or len(value) > MAX_ID or _CONTROL.search(value):
        raise ValueError(f"{show(value)} is empty, too long or not printable")
    return value


def _line(value: Any) -> Any:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


def _paragraph(value: str) -> str:
    if not value:
        raise ValueError("is blank")
    return value


def _labels(values: list[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _time(value: object) -> datetime:
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError(f"{show(value)} is no moment with a zone")
    try:
        at = parse_time(value.upper())
    except OverflowError as error:
        raise ValueError(f"{show(value)} is no moment") from error
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _web_url(value: str) -> str:
    if value and not is_web_url(value):
        raise ValueError(f"{show(value)} is no http(s) address")
    return without_tracking(value)


def _media_url(value: str) -> str:
    if value and not is_web_url(value) and not is_relative_path(value):
        raise ValueError(f"{show(value)} is neither an http(s) address nor a relative path")
    return value


def is_web_url(value: str) -> bool:
    """Say whether this is a whole http(s) address that can stand in an attribute."""
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an IPv6 address, a port that is no number
        return False
    return whole and _is_clean_url(value)


def is_relative_path(value: str) -> bool:
    """Say whether this is a path on this site that cannot lead elsewhere or upward.

    >>> [is_relative_path(path) for path in ("clips/a.mp4", "/static/a.mp4", "//host/a", "../a", "javascript:a")]
    [True, True, False, False, False]
    """
    path = unquote(re.split("[?#]", value, maxsplit=1)[0])
    if not path or not _is_clean_url(value) or value.startswith("//") or "\\" in path:
        return False
    return ":" not in path.split("/")[0] and ".." not in path.split("/")


def _player_url(value: str) -> str:
    address, _ = player_address(value)
    if value and not address:
        raise ValueError(f"{show(value)} is no player that is known here")
    return address


def _is_clean_url(value: str) -> bool:
    return len(value) <= MAX_URL and not _BREAKS_URL.search(value)


_Line = Annotated[str, BeforeValidator(_line)]
_Name = Annotated[str, Field(max_length=MAX_NAME), BeforeValidator(_line)]
_Url = Annotated[str, BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value)]
_Labels = Annotated[
    list[Annotated[str, Field(max_length=MAX_LABEL), BeforeValidator(_line)]],
    Field(max_length=MAX_LABELS),
    AfterValidator(_labels),
]


class _Record(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)

    id: Annotated[str, AfterValidator(_id)]
    title: Annotated[str, Field(min_length=1, max_length=MAX_TITLE), BeforeValidator(_line)]
    url: Annotated[_Url, AfterValidator(_web_url)] = ""
    published_at: Annotated[datetime | None, BeforeValidator(_time)] = None
    language: Annotated[str, AfterValidator(normalise_language)] = ""
    source: _Name = ""
    topics: _Labels = Field(default_factory=list)


class _ArticleRecord(_Record):
    author: _Name = ""
    paragraphs: Annotated[list[Annotated[_Line, AfterValidator(_paragraph)]], Field(max_length=MAX_PARAGRAPHS)] = Field(
        default_factory=list
    )
    markup: Annotated[list[str], Field(max_length=MAX_PARAGRAPHS)] = Field(default_factory=list)
    audio_url: Annotated[_Url, AfterValidator(_media_url)] = ""


class _CaptionRecord(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)

    from_s: Annotated[float, Field(ge=0)]
    to_s: Annotated[float, Field(le=MAX_DURATION_S)]
    text: Annotated[_Line, AfterValidator(_paragraph)]

    @model_validator(mode="after")
    def _runs_forward(self) -> _CaptionRecord:
        if self.from_s >= self.to_s:
            raise ValueError(f"to_s {self.to_s} is not after from_s {self.from_s}")
        return self


def _captions(values: list[_CaptionRecord]) -> list[Caption]:
    return sorted((Caption(one.from_s, one.to_s, one.text) for one in values), key=lambda one: (one.from_s, one.to_s))


class _VideoRecord(_Record):
    description: _Line = ""
    creator: _Name = ""
    creator_id: _Name = ""
    sound: _Name = ""
    sound_id: _Name = ""
    tags: _Labels = Field(default_factory=list)
    duration_s: Annotated[float, Field(gt=0, le=MAX_DURATION_S)] | None = None
    media_url: Annotated[_Url, AfterValidator(_media_url)] = ""
    poster_url: Annotated[_Url, AfterValidator(_media_url)] = ""
    embed_url: Annotated[_Url, AfterValidator(_player_url)] = ""
    provider: str = ""
    transcript: _Line = ""
    captions: Annotated[list[_CaptionRecord], Field(max_length=MAX_CAPTIONS), AfterValidator(_captions)] = Field(
        default_factory=list
    )
    captions_url: Annotated[_Url, AfterValidator(_media_url)] = ""


def _article(values: dict[str, Any]) -> Article:
    """Return the article, its markup made safe; where nothing is more than plain there is none."""
    given = values["markup"]
    if given and len(given) != len(values["paragraphs"]):
        counts = f"has {len(given):,} entries for {len(values['paragraphs']):,} paragraphs"
        raise InvalidItemError("markup", counts, _REMEDIES["markup"])
    if sum(map(len, given)) > MAX_MARKUP:
        raise InvalidItemError("markup", f"has more than {MAX_MARKUP:,} characters", "leave it out")
    markup = tuple(safe_markup(clean(look), values["url"]) for look in given)
    return Article(**{**values, "markup": markup if any(markup) else ()})


def _video(values: dict[str, Any]) -> Video:
    """Return the clip; whose its player is follows from the address, and without a transcript the captions are it."""
    _, provider = player_address(values["embed_url"])
    if values["provider"] not in ("", provider):
        raise InvalidItemError(
            "provider", f"{show(values['provider'])} is not whose embed_url is", _REMEDIES["provider"]
        )
    transcript = values["transcript"] or " ".join(caption.text for caption in values["captions"])
    return Video(**{**values, "provider": provider, "transcript": transcript})


def _with_paragraphs(record: Mapping[str, object]) -> Mapping[str, object]:
    """Return the record with `text` or `html` made `paragraphs`."""
    given = [name for name in ("paragraphs", "text", "html") if record.get(name) is not None]
    if len(given) > 1:
        raise InvalidItemError(given[1], f"stands beside {given[0]}", "give one of paragraphs, text and html")
    if not given or given == ["paragraphs"]:
        return record
    (name,) = given
    value = record[name]
    if not isinstance(value, str):
        raise InvalidItemError(name, f"{show(value)} is not a text", "give one text")
    if name == "text":
        return {**record, "paragraphs": split_paragraphs(value)}
    body = body_of(value)
    return {**record, "paragraphs": list(body.paragraphs), "markup": list(body.markup)}


def _validated(model: type[_Record], record: Mapping[str, object]) -> dict[str, Any]:
    given = {name: record[name] for name in model.model_fields if record.get(name) is not None}
    try:
        valid = model.model_validate(given)
    except ValidationError as error:
        raise _invalid(error) from error
    values = {name: getattr(valid, name) for name in model.model_fields}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def _invalid(error: ValidationError) -> InvalidItemError:
    first = error.errors(include_url=False)[0]
    name, *places = first["loc"]
    field = str(name) + "".join(f"[{place}]" if isinstance(place, int) else f".{place}" for place in places)
    if first["type"] == "missing":
        detail = "is missing"
    elif first["type"] == "value_error":
        detail = str(first["ctx"]["error"])
    else:
        detail = f"{show(first['input'])}: {first['msg']}"
    return InvalidItemError(field, detail, _REMEDIES.get(str(name), "give a text"))


def _check_time(at: datetime | None, clock: Clock) -> None:
    if at is not None and at - clock().astimezone(UTC) > MAX_AHEAD:
        raise InvalidItemError("published_at", f"{at.isoformat()} lies in the future", _REMEDIES["published_at"])


def _check_size(item: AnyItem) -> None:
    captions = item.captions if isinstance(item, Video) else ()
    size = sum(len(text.encode()) for text in (*item.paragraphs, *(caption.text for caption in captions)))
    if size > MAX_TEXT_BYTES:
        field = "paragraphs" if isinstance(item, Article) else "transcript"
        raise InvalidItemError(
            field, f"holds {size:,} bytes of text", f"at most {MAX_TEXT_BYTES:,} bytes; part it into several items"
        )
