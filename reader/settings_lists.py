"""Settings of stories and of who may stand where in a list; part of `reader.settings`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class StorySettings(BaseModel):
    """When two items tell the same story (reader.recommend.sketches, ADR 0011).

    From own reports of 13 events (fixtures/stories), the demo and wikinews_en, with both embedders: between the
    nearest pair that is not one story and the farthest that must hang together.
    """

    model_config = ConfigDict(frozen=True)

    # Hours between two reports; what is further apart is linked through others, or another story.
    window_h: float = Field(default=72.0, gt=0)
    # Cosine of their words, and of their vectors.
    words: float = Field(default=0.48, gt=0, le=1)
    meaning: float = Field(default=0.6, ge=-1, le=1)
    # One maker's: only what is nearly the same text, since a column looks alike every day; ours.
    same_maker_words: float = Field(default=0.8, gt=0, le=1)
    # Titles alone: shared words, cosine of words, of vectors; and of the vectors of a title and a text.
    title_shared: int = Field(default=3, ge=1)
    title_words: float = Field(default=0.6, gt=0, le=1)
    title_meaning: float = Field(default=0.7, ge=-1, le=1)
    mixed_meaning: float = Field(default=0.5, ge=-1, le=1)


class QuietSettings(BaseModel):
    """How news of sources that publish rarely is lifted (reader.recommend.quiet). Ours, untuned."""

    model_config = ConfigDict(frozen=True)

    # A source that a reader likes or follows is quiet with so many items a week, over the last four.
    items_a_week: float = Field(default=1.0, ge=0)
    # What its news gains, in standard deviations of the scores of the candidates, and over how many days it falls to
    # nothing. A weight of 0 lifts nothing.
    weight: float = Field(default=1.0, ge=0)
    days: float = Field(default=14.0, gt=0)


class CapSettings(BaseModel):
    """How often one maker may stand in a list (reader.recommend.lineup). Ours, untuned."""

    model_config = ConfigDict(frozen=True)

    # At most so many of one source, creator and sound in any stretch of so many places.
    stretch: int = Field(default=10, ge=1)
    source: int = Field(default=3, ge=1)
    creator: int = Field(default=2, ge=1)
    sound: int = Field(default=2, ge=1)
    # Places between two clips of one creator or with one sound.
    apart: int = Field(default=1, ge=0)
    # Of one topic, the first that an item names, as long as nothing is known of the reader.
    topic: int = Field(default=3, ge=1)
