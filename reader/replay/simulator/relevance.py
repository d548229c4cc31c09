"""The formulas: what makes an item relevant, which places are looked at, how interesting an opened item is.

Opening follows the position-based model (Craswell et al., WSDM 2008; Chuklin, Markov & de Rijke, Click Models for Web
Search, 2015, section 3.3): P(open at place k) = examination[k] x relevance[item], both independent of the other places.
"""

from __future__ import annotations

import math
from collections.abc import Set

from reader.replay.simulator.readers import SimulatedReader, Taste
from reader.replay.simulator.settings import AttentionSettings, SimulationSettings, TasteSettings
from reader.replay.simulator.world import Subject

_DAY_S = 86_400.0


def sigmoid(logit: float) -> float:
    """Return 1 / (1 + e^-x).

    >>> sigmoid(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-logit))


def examination(places: int, position_bias: float) -> tuple[float, ...]:
    """Return the chance that each place is looked at: 1 / place^bias.

    >>> examination(4, 0.5)[3]
    0.5
    """
    return tuple(place**-position_bias for place in range(1, places + 1))


def topic_fit(subject: Subject, taste: Taste) -> float:
    """Return the strength of the strongest interest that the item meets, 0 to 1."""
    return max((taste.topics.get(topic, 0.0) for topic in subject.topics), default=0.0)


def keyword_fit(own: Set[str], taste: Taste, full: int) -> float:
    """Return the reader's keywords in a text, each by what is left of it, as a share of `full`, at most 1."""
    return min(1.0, sum(taste.keywords[word] for word in sorted(own & taste.keywords.keys())) / full)


def relevance(subject: Subject, reader: SimulatedReader, taste: Taste, at_s: float, settings: TasteSettings) -> float:
    """Return the chance that this reader opens the item, looking at its card at this moment (Unix time)."""
    age_days = max(0.0, at_s - subject.published_s) / _DAY_S
    logit = settings.base + reader.openness + subject.appeal
    logit += settings.topic_weight * topic_fit(subject, taste)
    logit += settings.keyword_weight * keyword_fit(subject.card, taste, settings.card_keywords_full)
    newness = 0.5 ** (age_days / settings.freshness_half_life_days)
    logit += settings.freshness_weight * newness
    logit += settings.interplay_weight * subject.length * (1 - 2 * newness)
    if subject.language != reader.language:
        logit += settings.foreign_weight
    return sigmoid(logit)


def interest(subject: Subject, taste: Taste, settings: AttentionSettings) -> float:
    """Return the interest in an opened item, 0 to 1: its fit alone, without appeal, freshness and openness."""
    fit = keyword_fit(subject.keywords, taste, settings.text_keywords_full)
    return sigmoid(settings.base + settings.topic_weight * topic_fit(subject, taste) + settings.keyword_weight * fit)


def bounce_chance(interest: float, subject: Subject, settings: AttentionSettings) -> float:
    """Return the chance to leave at once: high for bait, and for what appeals to all and is of no interest here.

    Nobody leaves what has neither text nor clip: there is nothing to stay with.
    """
    if not subject.has_body:
        return 0.0
    usual = settings.bounce_most * (1 - interest) * sigmoid(subject.appeal)
    return max(usual, settings.bait_bounce) if subject.is_bait else usual


def stay_chance(subject: Subject, taste: Taste, settings: SimulationSettings) -> float:
    """Return the chance that an opening is not left at once."""
    return 1 - bounce_chance(interest(subject, taste, settings.attention), subject, settings.attention)
