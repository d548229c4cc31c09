"""Settings of searching; part of `reader.settings`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class SearchSettings(BaseModel):
    """What counts for how much when items are looked for (reader.search). Ours, untuned."""

    model_config = ConfigDict(frozen=True)

    # Weights of a word by where it stands: in the title, among source, author, creator, sound and topics, in the first
    # paragraph, in the others.
    title_weight: float = Field(default=8.0, ge=0)
    makers_weight: float = Field(default=4.0, ge=0)
    summary_weight: float = Field(default=2.0, ge=0)
    body_weight: float = Field(default=1.0, ge=0)
    # The same of a base form, in the title and anywhere: less, so that the word as it was typed comes first.
    title_base_weight: float = Field(default=4.0, ge=0)
    base_weight: float = Field(default=0.5, ge=0)

    @property
    def weights(self) -> tuple[float, ...]:
        """The weights in the order of `reader.types_search.SEARCH_FIELDS`."""
        written = (self.title_weight, self.makers_weight, self.summary_weight, self.body_weight)
        return (*written, self.title_base_weight, self.base_weight)
