"""The formulas: what makes an item relevant, which places are looked at, how interesting an opened item is.

Opening follows the position-based model (Craswell et al., WSDM 2008; Chuklin, Markov & de Rijke, Click Models for Web
Search, 2015, section 3.3): P(open at place k) = examination[k] x relevance[item], both independent of the other places.
"""

from __future__ import annotations

import math

from reader.replay.simulator.readers import SimulatedReader, Taste
from reader.replay.simulator.settings import AttentionSettings, TasteSettings
from reader.replay.simulator.world import Paragraph, Subject

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


def keyword_fit(own: frozenset[str], taste: Taste, full: int) -> float:
    """Return the reader's keywords that stand in a text as a share of `full`, at most 1."""
    return min(1.0, len(own & taste.keywords) / full)


def relevance(subject: Subject, reader: SimulatedReader, taste: Taste, at_s: float, settings: TasteSettings) -> float:
    """Return the chance that this reader opens the item, looking at it at this moment (Unix time)."""
    age_days = max(0.0, at_s - subject.published_s) / _DAY_S
    logit = settings.base + reader.openness + subject.appeal
    logit += settings.topic_weight * topic_fit(subject, taste)
    logit += settings.keyword_weight * keyword_fit(subject.keywords, taste, settings.keywords_full)
    logit += settings.freshness_weight * 0.5 ** (age_days / settings.freshness_half_life_days)
    if subject.language != reader.language:
        logit += settings.foreign_weight
    return sigmoid(logit)


def interest_logit(subject: Subject, taste: Taste, taste_settings: TasteSettings, settings: AttentionSettings) -> float:
    """Return the logit of the interest in an opened item: its fit alone, without appeal, freshness and openness."""
    fit = settings.topic_weight * topic_fit(subject, taste)
    return (
        settings.base
        + fit
        + settings.keyword_weight * keyword_fit(subject.keywords, taste, taste_settings.keywords_full)
    )


def paragraph_interest(paragraph: Paragraph, logit: float, taste: Taste, settings: AttentionSettings) -> float:
    """Return the interest in one paragraph, 0 to 1: that in the item, and more for own keywords in it."""
    hits = min(len(paragraph.keywords & taste.keywords), settings.keywords_full)
    return sigmoid(logit + settings.paragraph_weight * hits)


def bounce_chance(interest: float, appeal: float, settings: AttentionSettings) -> float:
    """Return the chance to leave at once: high for what appeals to all and is of no interest to this reader."""
    return settings.bounce_most * (1 - interest) * sigmoid(appeal)
