"""What one card of a list shows: items and places in, cards out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace

from nlp.paragraphs import count_words
from reader.behaviour.speed import prior_words_per_min
from reader.settings import ReadingSettings
from reader.types import AnyItem, Recommended, Video
from webapp.language.saying import ngettext
from webapp.makers import maker_of
from webapp.prefix import own_url

EXCERPT_LENGTH = 220


@dataclass(frozen=True, slots=True)
class Card:
    """minutes: reading time, at least 1 for an article with text, else 0. seen: opened before.

    more: other items that report the same.
    """

    item: AnyItem
    place: Recommended | None
    list_id: str
    minutes: int
    excerpt: str
    seen: bool
    poster_url: str
    media_url: str
    more: tuple[AnyItem, ...] = ()

    @property
    def maker(self) -> str:
        """The name of whoever made it; empty where nobody is known."""
        return maker_of(self.item)

    @property
    def more_words(self) -> str:
        """Say how many others report the same, and whether each is of a source of its own."""
        sources = {item.source for item in self.more if item.source} - {self.item.source}
        if len(sources) == len(self.more):
            return ngettext("%(num)s more source", "%(num)s more sources", len(self.more))
        return ngettext("%(num)s more report", "%(num)s more reports", len(self.more))


def make_cards(
    places: Iterable[Recommended],
    items: Mapping[str, AnyItem],
    seen: Set[str],
    settings: ReadingSettings,
    *,
    list_id: str = "",
) -> list[Card]:
    """Return the cards of the places whose items are still there."""
    known = (place for place in places if place.item in items)
    return [
        replace(
            make_card(items[place.item], place, list_id, place.item in seen, settings),
            more=tuple(items[other] for other in (place.story.more if place.story else ()) if other in items),
        )
        for place in known
    ]


def make_card(item: AnyItem, place: Recommended | None, list_id: str, seen: bool, settings: ReadingSettings) -> Card:
    """Return one card."""
    video = item if isinstance(item, Video) else None
    return Card(
        item=item,
        place=place,
        list_id=list_id,
        minutes=reading_minutes(item, settings),
        excerpt=excerpt_of(item),
        seen=seen,
        poster_url=own_url(own_poster(video)) if video else "",
        media_url=own_url(video.media_url) if video else "",
    )


def own_poster(clip: Video) -> str:
    """Return the poster, but none of another site for a clip that plays in another's player alone.

    Nothing is asked of a provider before its player is asked for, and its pictures lie with the provider, too.

    >>> player = "https://www.youtube-nocookie.com/embed/abc"
    >>> own_poster(Video(id="v", title="V", embed_url=player, poster_url="https://i.ytimg.com/vi/abc/hq.jpg"))
    ''
    """
    embedded = clip.embed_url and not clip.media_url
    return "" if embedded and "://" in clip.poster_url else clip.poster_url


def reading_minutes(item: AnyItem, settings: ReadingSettings) -> int:
    """Return how long an article takes at the population's speed, rounded, at least 1; 0 for what is not read."""
    if isinstance(item, Video) or not item.paragraphs:
        return 0
    words = sum(count_words(paragraph) for paragraph in item.paragraphs)
    return max(1, round(words / prior_words_per_min(item.language, settings)))


def excerpt_of(item: AnyItem) -> str:
    """Return the beginning of the text, cut at a word.

    >>> from reader.types import Article
    >>> excerpt_of(Article(id="a", title="A", paragraphs=("Short.",)))
    'Short.'
    """
    text = item.paragraphs[0] if item.paragraphs else ""
    if len(text) <= EXCERPT_LENGTH:
        return text
    return text[:EXCERPT_LENGTH].rsplit(None, 1)[0].rstrip(" ,;:–-") + "…"
