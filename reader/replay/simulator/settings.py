"""Every number of the simulated world, with unit and origin.

"ours" means: set by hand, fitted to nothing. "The scroll log" is scroll_readability (Gooding et al., CoNLL 2021: 606
readings by 303 people), as the product derives it; `python -m tests.bench.bench_readers` prints its figures beside
those of simulated readers with the same texts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, get_args

from reader.errors import InvalidInputError

Logging = Literal["uniform", "mixed"]
ScrollBacks = Literal["interest", "difficulty", "both", "none"]


@dataclass(frozen=True, slots=True)
class CatalogueSettings:
    """How topics and keywords are found in a catalogue; all ours."""

    # A topic needs this many items; at most this many topics a language, the largest first.
    least_topic_items: int = 3
    topics_a_language: int = 40
    # Where fewer than this share of a language's items name a topic, topics are derived from the texts instead.
    least_named_share: float = 0.5
    derived_topics: int = 12
    # Neither a derived topic nor a keyword stands in more than this share of the items.
    most_common_share: float = 0.2
    # Keywords that the readers of a topic draw from, and the letters one has at least.
    keywords_a_topic: int = 60
    keyword_letters: int = 4
    # Items without a date are spread evenly over so many days before the start.
    undated_days: float = 7.0
    # The simulation starts only when this share of the items is out.
    published_at_start: float = 1 / 3
    # Start where no item has a date: a Monday, any other would do.
    start: datetime = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TasteSettings:
    """What readers like and how that becomes the chance of an opening; all ours."""

    topics_least: int = 2
    topics_most: int = 4
    strength_least: float = 0.4
    keywords_a_topic: int = 3
    # Logits: of an item that fits in nothing; at a fit of 1 in topic and in keywords.
    base: float = -1.5
    topic_weight: float = 2.0
    keyword_weight: float = 1.5
    # Own keywords on a card (title and first paragraph) from which more of them change nothing.
    card_keywords_full: int = 2
    # Standard deviations, in logits, of an item's appeal to everybody and of a reader's openness to everything.
    appeal_sd: float = 0.7
    openness_sd: float = 0.4
    # Logits that a hot item, and one whose source promises more than it holds, have on top.
    hot_appeal: float = 2.5
    bait_appeal: float = 1.5
    # Logits of an item that was just published, and the days after which half of that is gone.
    freshness_weight: float = 0.6
    freshness_half_life_days: float = 3.0
    # Logits of an item in a language that is not the reader's.
    foreign_weight: float = -2.0
    # Logits by which the shortest text gains on the middling while it is new, and the longest once it is old: a truth
    # of two properties of which neither tells anything alone. 0: there is none.
    interplay_weight: float = 0.0
    # A new interest: its strength, the half-life of the one it drives out, and when it may come (shares of the time).
    change_strength: float = 0.9
    fading_half_life_days: float = 1.0
    change_from: float = 0.3
    change_to: float = 0.7


@dataclass(frozen=True, slots=True)
class HabitSettings:
    """How readers differ from one another."""

    # Brysbaert 2019: silent reading of English non-fiction, words/min.
    words_per_min_en: float = 238.0
    # 238 x 179/228, the ratio of German to English in IReST (Trauzettel-Klosinski & Dietz 2012).
    words_per_min_de: float = 187.0
    # Standard deviations of logarithms; the first about as in Brysbaert 2019 (51 of 238), the others ours.
    speed_sd: float = 0.21
    activity_sd: float = 0.5
    going_back_sd: float = 0.5
    # Beta(a, b) of the chance to go on after a dull paragraph, so that about half of the openings not left at once come
    # to the end of the text. EB-NeRD's sample: 47 % of 5,828 reads of 5 s and more came to its last tenth.
    patience: tuple[float, float] = (8.0, 1.4)
    # Hours (UTC) around which visits fall, and how far (standard deviation) they stray. Ours.
    visit_hours: tuple[float, ...] = (7.5, 12.5, 20.0)
    visit_hours_sd: float = 1.2
    sound_on_share: float = 0.4


@dataclass(frozen=True, slots=True)
class AttentionSettings:
    """What happens after an opening. Reading follows the flow of the text; going back tells what mattered in it."""

    # Logits of interest in what was opened: without any fit; at a fit of 1 in topic and in keywords. Ours, as are the
    # own keywords in a whole text, and in a paragraph, from which more of them change nothing.
    base: float = -1.0
    topic_weight: float = 1.5
    keyword_weight: float = 1.5
    text_keywords_full: int = 3
    keywords_full: int = 2
    # Chance to leave at once something that is of no interest and of boundless appeal; the time till then.
    bounce_most: float = 0.4
    bounce_s: tuple[float, float] = (1.0, 4.5)
    # Chance to leave at once what promised more than it holds, whatever the interest. Ours.
    bait_bounce: float = 0.75
    # Chance to read a paragraph word by word: the first one, one after another that was read, one after another that
    # was not. The scroll log: 0.67, 0.71, 0.17.
    read_first: float = 0.67
    read_on: float = 0.71
    read_again: float = 0.17
    # Logits that interest in the item adds to these (half of it below and half above them, ours), and that own keywords
    # in the paragraph add at most. Weak: adults have been found to read interesting sentences no longer than others
    # (Shirey & Reynolds, Journal of Educational Psychology 80, 1988). Ours.
    item_reading: float = 2.0
    paragraph_reading: float = 0.5
    # Reading time over words / speed: at no and at full interest in the item (ours); scatter from paragraph to
    # paragraph (sd of the logarithm), so that what neither text nor reading explains is as in the scroll log (0.47).
    pace_dull: float = 0.75
    pace_keen: float = 1.25
    pace_sd: float = 0.5
    # Share of the reading time that skimming takes; ours (the scroll log: 0.01 to 0.12 of what counts as skimmed).
    skim: tuple[float, float] = (0.01, 0.2)
    settle_s: float = 0.5
    # The part of a stay in which the page still moves.
    scroll_s: float = 0.25
    # What full interest takes off the chance to stop; ours.
    keen_stays: float = 0.8
    # Times that a reader goes back, for each paragraph passed and at the end of the text. The scroll log has 0.025 (52
    # in 2,067 passages) and 0.76 (328 at 431 ends), so that 44 % of its readings have a scroll-back. More are meant
    # here than come about, since nobody goes back from what they skim, nor twice to the same.
    return_rate: float = 0.033
    return_rate_end: float = 1.0
    # Share of these that have to do with the place alone; ours, unknown. The others are out of interest, of difficulty,
    # or evenly of both.
    place_share: float = 1 / 3
    # The pull of a place is e^(-slope x place, 0 to 1). The scroll log, by fifths: 0.60, 0.24, 0.20, 0.09, 0.05.
    place_slope: float = 3.0
    # How likely a text has something to go back to, as known at its end: means over simulated readings of generated
    # items. A cause is divided by it, so that the rates above hold whatever the cause.
    interest_usual: float = 0.15
    difficulty_usual: float = 0.64
    # Standard deviations of LIX above the mean at which a paragraph of `hard_words` is as hard as can be; ours.
    hard_strain: float = 2.0
    hard_words: int = 65
    # How many paragraphs back a reader remembers: as many as the texts of the scroll log have.
    memory_paragraphs: int = 6
    # No return without a front held for so long, and none shorter at rest than this: clearly beyond DESIGN 4.
    front_held_s: float = 1.2
    rest_s: float = 1.0
    # Time of a return over words / speed, log-normal, whatever the cause: median, sd of the logarithm, most. The scroll
    # log: 0.40, 1.22; 95 % below 2.2. Share of returns after which the reader leaves: 0.16 there.
    return_pace: float = 0.4
    return_pace_sd: float = 1.2
    return_pace_most: float = 3.0
    exit_share: float = 0.16
    # A paragraph crossed on the way; chance to scroll up a little for nothing.
    crossing_s: tuple[float, float] = (0.08, 0.24)
    adjusting_share: float = 0.04
    # docs/events.md: then the next part of a visit begins.
    part_s: float = 15.0
    # Length of clips that do not tell theirs; chance to play a whole one again, at full interest.
    clip_s: float = 30.0
    replay_share: float = 0.3
    # Looking at a card, s; going from one thing to the next, s.
    card_s: tuple[float, float] = (1.0, 2.5)
    pause_s: tuple[float, float] = (0.3, 1.5)
    # Likes and saves of what was of more interest than this, hides of cards less relevant than this.
    liked_from: float = 0.6
    like_share: float = 0.06
    save_share: float = 0.04
    hidden_below: float = 0.03
    hide_share: float = 0.02


@dataclass(frozen=True, slots=True)
class SimulationSettings:
    """The arguments of a simulation, and under them the constants of the world.

    readers, days, candidates: whole numbers; lists_a_day: mean over readers; exploration: share of lists;
    changes_share: of readers, each of whom takes up `changes` new interests; hot_share: of items; clickbait_share: of
    sources; position_bias: exponent of 1/place. Raises InvalidInputError for a value out of range.
    """

    readers: int = 100
    days: int = 14
    lists_a_day: float = 3.0
    candidates: int = 20
    logging: Logging = "uniform"
    exploration: float = 0.3
    scroll_backs: ScrollBacks = "both"
    changes_share: float = 0.5
    changes: int = 1
    hot_share: float = 0.0
    clickbait_share: float = 0.0
    position_bias: float = 0.7
    catalogue: CatalogueSettings = field(default_factory=CatalogueSettings)
    taste: TasteSettings = field(default_factory=TasteSettings)
    habits: HabitSettings = field(default_factory=HabitSettings)
    attention: AttentionSettings = field(default_factory=AttentionSettings)

    def __post_init__(self) -> None:
        """Refuse what makes no world."""
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most:  # NaN is refused, too
                raise InvalidInputError(name, f"{value} is out of range", f"give a number from {least} to {most}")
        for name, choices in _CHOICES.items():
            if (value := getattr(self, name)) not in choices:
                raise InvalidInputError(name, f"{value!r} is unknown", f"use one of {', '.join(choices)}")


_RANGES: dict[str, tuple[float, float]] = {
    "readers": (1, 1_000_000),
    "days": (1, 3650),
    "lists_a_day": (0.01, 100),
    "candidates": (1, 500),
    "exploration": (0, 1),
    "changes_share": (0, 1),
    "changes": (1, 100),
    "hot_share": (0, 1),
    "clickbait_share": (0, 1),
    "position_bias": (0, 10),
}
_CHOICES: dict[str, tuple[str, ...]] = {"logging": get_args(Logging), "scroll_backs": get_args(ScrollBacks)}
