"""Settings of the trees that challenge what is learned online; part of `reader.settings`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ChallengerSettings(BaseModel):
    """Trees that may serve beside the learner (reader.recommend.challenger); docs/adr/0015 has what was tried."""

    model_config = ConfigDict(frozen=True)

    # Lists with something chosen below which nothing is fitted; ours: below, no fit of three logs found anything.
    least_lists: int = Field(default=300, ge=2)
    # Places of lists, the newest, that trees are fitted to: at 2,793 factors 559 MB on disk and 279 MB in memory.
    sample_places: int = Field(default=100_000, ge=100)
    # Share of lists, the newest, that say when to stop: with the share below, 10 % of all.
    stopping_share: float = Field(default=0.125, gt=0, lt=1)
    # Share of lists, the newest, on which learner and challenger are compared.
    judged_share: float = Field(default=0.2, gt=0, lt=1)
    # Lists that a comparison needs, and readers; with fewer readers whole days of readers are resampled, as many at
    # least. Ours: a percentile interval over fewer is too narrow (reader.replay.off_policy).
    least_judged_lists: int = Field(default=200, ge=2)
    least_clusters: int = Field(default=20, ge=2)
    # In replay's policy `challenger`: whether trees are fitted on the way, and after how many lists again.
    refits: bool = False
    refit_every_lists: int = Field(default=500, ge=1)
    # Strong regularisation: published tuning on news ended at depth 6, 221 places a leaf, L2 111 (FeatureSalad, RecSys
    # Challenge 2024). Leaves and L2 are less here, since a softmax gives a place about a fifth of the curvature.
    leaves: int = Field(default=15, ge=2)
    depth: int = Field(default=6, ge=1)
    least_leaf_places: int = Field(default=100, ge=1)
    l2: float = Field(default=50.0, ge=0)
    # Shares of factors and of places that each tree sees.
    factor_share: float = Field(default=0.5, gt=0, le=1)
    place_share: float = Field(default=0.7, gt=0, le=1)
    # Steps into which the values of a factor are cut; how far each tree goes; how many trees at most, and how many
    # without a gain on newer lists end the fit. Ours.
    bins: int = Field(default=31, ge=2, le=255)
    learning_rate: float = Field(default=0.05, gt=0)
    rounds: int = Field(default=400, ge=1)
    patience_rounds: int = Field(default=40, ge=1)
    # How far each tree goes in the first fit, which only chooses factors.
    choosing_rate: float = Field(default=0.1, gt=0)
