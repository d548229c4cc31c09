"""A catalogue of made-up articles in which paragraphs differ in what they are about.

An article has a main thread (`lexicon`) in title, first paragraph and most others; about one paragraph in five is about
another thread. So what a reader likes may stand on a card, or in the midst of something else. Texts are English
sentences by rule: the product analyses them as it does any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from reader.errors import InvalidInputError
from reader.recommend.lists import generator
from reader.replay.simulator.lexicon import PERSONS, PLACES, SOURCES, threads
from reader.types import Article

# Last publication, and over how many days before it the others are spread.
END: Final = datetime(2026, 11, 20, 18, tzinfo=UTC)
DAYS: Final = 28.0
# Of 1,100 paragraphs of wikinews_en (2019) 19.5 % are nearer in meaning to the mean of another of 110 articles than to
# the rest of their own (all-MiniLM-L6-v2, cosine).
SIDE_SHARE: Final = 0.2
# A side thread is of the article's own topic this often; ours.
SIDE_OF_TOPIC: Final = 1 / 3
# Paragraphs of an article: as in wikinews_en (mean 6.8) and the demo (7.0).
PARAGRAPHS: Final = (5, 9)
# Long-worded sentences in a paragraph: so many, each with an even chance. LIX then has a mean of 42 and a deviation of
# 14 (OneStopQA: 45 and 9), so that difficulty is plain to see.
HARD_SENTENCES: Final = 2
# Words of a paragraph to be reached: 56 in wikinews_en, 76 in the demo.
WORDS: Final = (45, 75)
_TITLES: Final = (
    "What the {a} tells us about the {b}",
    "Why every {a} needs a {b}",
    "The {a}, the {b} and a quiet change",
    "A new {a} puts the {b} to the test",
    "From {a} to {b}: a short story",
    "Behind the {a}: how the {b} came back",
    "The trouble with the {a} and its {b}",
    "No {a} without a {b}",
    "Return of the {a}, end of the {b}",
    "Inside the {a} that changed the {b}",
)
_EASY: Final = (
    "The {a} came first, and the {b} soon after.",
    "Nobody in {place} had seen such a {a} before.",
    "{person} keeps a {a} next to the {b}.",
    "Old hands still talk about the {a} with a smile.",
    "For years the {a} was all they had.",
    "Then the {b} broke, and the {a} had to do.",
    "You can hear the {a} from the gate.",
    "{person} bought a {a} and sold the {b}.",
    "It takes time to trust a {a}.",
    "With the {a} gone, the {b} stood alone.",
    "Most people in {place} chose the {a} at once.",
    "Every morning someone checks the {a} and the {b}.",
    "They say a good {a} pays for itself.",
    "Few would now do without the {a}.",
)
_HARD: Final = (
    "According to {person}, the {a} demonstrated considerable improvements whenever the {b} was maintained separately,"
    " although international comparisons remain complicated.",
    "Administrative responsibilities concerning the {a} were consequently transferred to {place}, whose preliminary"
    " recommendations regarding the {b} attracted substantial criticism.",
    "{person} emphasised that unprecedented circumstances surrounding the {a} necessitated comprehensive"
    " documentation, because conventional procedures for the {b} had proved inadequate.",
    "Notwithstanding persistent uncertainties, consultants in {place} characterised the relationship between the {a}"
    " and the {b} as mutually reinforcing.",
    "Considerable expenditure on the {a} throughout the preceding decades established prerequisites without which"
    " contemporary expectations concerning the {b} would appear unrealistic.",
    "Systematic measurements performed under realistic conditions confirmed that interactions between the {a} and the"
    " {b} frequently determine practical consequences.",
)


@dataclass(frozen=True, slots=True)
class Thread:
    """What a paragraph is about. words: that mark it."""

    topic: str
    words: tuple[str, ...]


def generate_items(count: int, seed: int = 0, *, roundups_share: float = 0.0) -> tuple[Article, ...]:
    """Return made-up articles, oldest first. Article n follows from (seed, n, count): the days are shared evenly.

    roundups_share: chance of an article to be a round-up, in which each paragraph after the first has a thread of its
    own, as in a morning briefing. Raises InvalidInputError for no articles, and for what is no share.
    """
    if count < 1:
        raise InvalidInputError("items", f"{count} are too few", "give at least 1")
    if not 0 <= roundups_share <= 1:
        raise InvalidInputError("roundups_share", f"{roundups_share} is no share", "give a number from 0 to 1")
    return tuple(_article(number, count, seed, roundups_share) for number in range(count))


def _article(number: int, count: int, seed: int, roundups_share: float) -> Article:
    rng = generator(seed, "article", str(number))
    main = _draw_thread(rng)
    # Most names in the news belong to one story: they come back only after hundreds of articles.
    own = {"person": PERSONS[number % len(PERSONS)], "place": PLACES[number % len(PLACES)]}
    paragraphs = int(rng.integers(PARAGRAPHS[0], PARAGRAPHS[1] + 1))
    # A chance of its own, so that the other articles are the same whatever the share.
    is_roundup = generator(seed, "round-up", str(number)).random() < roundups_share
    draw = _subjects_of_roundup if is_roundup else _subjects
    subjects = [main, *draw(main, paragraphs, rng)]
    title = _filled(_one(_TITLES, rng), main, own, rng)
    return Article(
        id=f"g{number:05d}",
        title=title[0].upper() + title[1:],
        published_at=END - timedelta(seconds=round(DAYS * 86_400 * (count - 1 - number) / count)),
        language="en",
        source=_one(SOURCES, rng),
        topics=(main.topic,),
        paragraphs=tuple(_paragraph(subject, own, rng) for subject in subjects),
    )


def _draw_thread(rng: np.random.Generator, topic: str | None = None) -> Thread:
    topic = topic or _one(tuple(threads()), rng)
    own = threads()[topic]
    return Thread(topic, own[int(rng.integers(len(own)))])


def _subjects(main: Thread, paragraphs: int, rng: np.random.Generator) -> Iterator[Thread]:
    """Yield what the paragraphs after the first are about; those beside the matter have one thread in common."""
    side = _draw_thread(rng, main.topic if rng.random() < SIDE_OF_TOPIC else None)
    for _ in range(paragraphs - 1):
        # The first is never a side one, so the others are a little oftener.
        yield side if rng.random() < SIDE_SHARE * paragraphs / (paragraphs - 1) else main


def _subjects_of_roundup(main: Thread, paragraphs: int, rng: np.random.Generator) -> Iterator[Thread]:
    """Yield what the paragraphs after the first are about: each has a thread of its own, of any topic."""
    for _ in range(paragraphs - 1):
        yield _draw_thread(rng)


def _paragraph(subject: Thread, own: Mapping[str, str], rng: np.random.Generator) -> str:
    """Return sentences in random order: the long-worded ones, and short ones until there are words enough."""
    hard = int(rng.binomial(HARD_SENTENCES, 0.5))
    chosen = [_HARD[place] for place in rng.permutation(len(_HARD))[:hard]]
    wanted = int(rng.integers(WORDS[0], WORDS[1] + 1))
    for place in rng.permutation(len(_EASY)).tolist():
        if sum(len(sentence.split()) for sentence in chosen) >= wanted:
            break
        chosen.append(_EASY[place])
    return " ".join(_filled(chosen[place], subject, own, rng) for place in rng.permutation(len(chosen)).tolist())


def _filled(sentence: str, subject: Thread, own: Mapping[str, str], rng: np.random.Generator) -> str:
    first, second = rng.choice(len(subject.words), 2, replace=False)
    return sentence.format(a=subject.words[first], b=subject.words[second], **own)


def _one(choices: Sequence[str], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]
