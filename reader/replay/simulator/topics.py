"""What a catalogue is about, per language: its topics, and the keywords that the readers of a topic may have.

Named topics (or tags) are taken as they are. Where they are missing, a topic is a word: by greedy coverage, the word
that most items without a topic so far share. No vectors and no keyword weights of the recommender are used, so that
the truth of a simulation does not follow from what is being judged.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from nlp.terms import index_terms
from reader.replay.simulator.settings import CatalogueSettings
from reader.types import AnyItem, Video

# Items that do not say their language.
LANGUAGE_UNKNOWN = "en"


@dataclass(frozen=True, slots=True)
class LanguageTopics:
    """The topics of the items of one language.

    items: how many items there are; counts: topic -> items; keywords: topic -> terms, best first; of_item: item -> its
    topics, sorted; stands_in: keyword -> the blocks (titles and paragraphs, numbered) that it stands in.
    """

    items: int
    counts: dict[str, int]
    keywords: dict[str, tuple[str, ...]]
    of_item: dict[str, tuple[str, ...]]
    stands_in: dict[str, frozenset[int]]

    def companions(self, topic: str, word: str, count: int) -> tuple[str, ...]:
        """Return the keywords of a topic that most stand with one of them, closest first, ties by word.

        Closeness is the cosine: blocks with both / sqrt(blocks with the one x blocks with the other). Those that never
        stand together come last.
        """
        own = self.stands_in[word]

        def closeness(other: str) -> float:
            blocks = self.stands_in[other]
            return len(own & blocks) / math.sqrt(len(own) * len(blocks))

        others = sorted((-closeness(other), other) for other in self.keywords[topic] if other != word)
        return tuple(other for _, other in others[:count])


def language_of(item: AnyItem) -> str:
    """Return the item's language, English if it does not say."""
    return item.language or LANGUAGE_UNKNOWN


def content_words(text: str, language: str, least_letters: int) -> frozenset[str]:
    """Return the lemmas of a text that say something: no stop words, no numbers, nothing short."""
    terms = index_terms(text, language)
    return frozenset(term for term in terms if len(term) >= least_letters and term.isalpha())


def item_words(item: AnyItem, settings: CatalogueSettings) -> frozenset[str]:
    """Return the content words of the title and all paragraphs."""
    text = "\n".join((item.title, *item.paragraphs))
    return content_words(text, language_of(item), settings.keyword_letters)


def find_topics(items: Iterable[AnyItem], settings: CatalogueSettings) -> dict[str, LanguageTopics]:
    """Return language -> topics, languages in alphabetical order."""
    by_language: dict[str, list[AnyItem]] = defaultdict(list)
    for item in items:
        by_language[language_of(item)].append(item)
    return {language: _language_topics(by_language[language], settings) for language in sorted(by_language)}


def _language_topics(items: Sequence[AnyItem], settings: CatalogueSettings) -> LanguageTopics:
    document_frequency = Counter(word for item in items for word in item_words(item, settings))
    most = max(2.0, settings.most_common_share * len(items))
    shared = {word: count for word, count in document_frequency.items() if 2 <= count <= most}
    of_item = _named(items, settings)
    if len(of_item) < settings.least_named_share * len(items):
        of_item = _derived(items, shared, settings)
    counts = Counter(topic for topics in of_item.values() for topic in topics)
    # In a catalogue of few words none may be shared; then any word will do.
    keywords = _keywords(items, of_item, shared or dict(document_frequency), settings)
    stands_in = _stands_in(items, {word for words in keywords.values() for word in words}, settings)
    return LanguageTopics(len(items), dict(sorted(counts.items())), keywords, of_item, stands_in)


def _named(items: Sequence[AnyItem], settings: CatalogueSettings) -> dict[str, tuple[str, ...]]:
    """Return the topics that items name themselves, without the rare ones; items without any are left out."""
    named = {item.id: _labels(item) for item in items}
    counts = Counter(label for labels in named.values() for label in labels)
    ordered = sorted(counts, key=lambda label: (-counts[label], label))[: settings.topics_a_language]
    kept = {label for label in ordered if counts[label] >= settings.least_topic_items}
    of_item = {id: tuple(sorted(kept.intersection(labels))) for id, labels in named.items()}
    return {id: topics for id, topics in of_item.items() if topics}


def _labels(item: AnyItem) -> frozenset[str]:
    return frozenset(item.topics or (item.tags if isinstance(item, Video) else ()))


def _derived(
    items: Sequence[AnyItem], shared: dict[str, int], settings: CatalogueSettings
) -> dict[str, tuple[str, ...]]:
    """Choose words that cover the items, each the commonest among those not yet covered (ties by word)."""
    words = {item.id: item_words(item, settings) & shared.keys() for item in items}
    uncovered = dict(words)
    chosen: list[str] = []
    while uncovered and len(chosen) < settings.derived_topics:
        counts = Counter(word for own in uncovered.values() for word in own)
        if not counts:
            break
        best = min(counts, key=lambda word: (-counts[word], word))
        chosen.append(best)
        uncovered = {id: own for id, own in uncovered.items() if best not in own}
    of_item = {id: tuple(sorted(own.intersection(chosen))) for id, own in words.items()}
    return {id: topics for id, topics in of_item.items() if topics}


def _stands_in(items: Sequence[AnyItem], words: Set[str], settings: CatalogueSettings) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    blocks = ((text, language_of(item)) for item in items for text in (item.title, *item.paragraphs))
    for number, (text, language) in enumerate(blocks):
        for word in content_words(text, language, settings.keyword_letters) & words:
            found[word].add(number)
    return {word: frozenset(found[word]) for word in sorted(found)}


def _keywords(
    items: Sequence[AnyItem],
    of_item: dict[str, tuple[str, ...]],
    document_frequency: dict[str, int],
    settings: CatalogueSettings,
) -> dict[str, tuple[str, ...]]:
    """Return for each topic the words that mark it: items of the topic with the word x ln(items / items with it)."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        words = item_words(item, settings) & document_frequency.keys() if item.id in of_item else frozenset()
        for topic in of_item.get(item.id, ()):
            counts[topic].update(words)

    def by_worth(topic: str, word: str) -> tuple[float, str]:
        return -counts[topic][word] * math.log((1 + len(items)) / document_frequency[word]), word

    return {
        topic: tuple(sorted(counts[topic], key=lambda word: by_worth(topic, word))[: settings.keywords_a_topic])
        for topic in sorted(counts)
    }
