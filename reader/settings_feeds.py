"""The settings of refreshing and finding feeds; part of `reader.settings`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class FeedSettings(BaseModel):
    """When feeds are fetched, and how many at once (reader.ingest: schedule, refreshing, discovery). Ours, untuned."""

    model_config = ConfigDict(frozen=True)

    # Whether `reread serve` fetches feeds in the background.
    refresh: bool = True
    # Hosts that are asked at once; of one host, one feed at a time, with `fetch_host_pause_s` between.
    workers: int = Field(default=8, ge=1, le=64)
    # From one try to the next at least.
    shortest_s: float = Field(default=900.0, gt=0)
    # From one try to the next, as long as nothing is known of a feed.
    usual_s: float = Field(default=3_600.0, gt=0)
    # From one try to the next at most.
    longest_s: float = Field(default=86_400.0, gt=0)
    # Share of the usual time between two entries after which the next is looked for.
    gap_share: float = Field(default=0.5, gt=0, le=1)
    # Gaps between the newest entries that tell the usual one.
    gaps_seen: int = Field(default=10, ge=1)
    # Wait after the first failure; doubled with each further one up to `longest_s`.
    failed_first_s: float = Field(default=900.0, gt=0)
    # A server's Retry-After is believed up to this.
    retry_after_longest_s: float = Field(default=7 * 86_400.0, gt=0)
    # Every wait is drawn within this share around its length, so that feeds do not come due all at once.
    jitter: float = Field(default=0.1, ge=0, lt=1)
    # Failures of a host in a row after which its other feeds are put off.
    host_failures: int = Field(default=2, ge=1)
    # Items that are analysed and stored at a time: the lock of the recommender is held for one such batch.
    batch_items: int = Field(default=16, ge=1)
    # Pages of one feed with full text that are fetched in one go.
    full_text_pages: int = Field(default=20, ge=0)
    # The background looks for due feeds this often.
    tick_s: float = Field(default=30.0, gt=0)
    # Finding the feeds of a site: seconds for one answer.
    discovery_timeout_s: float = Field(default=8.0, gt=0)
    # Finding the feeds of a site: seconds between two questions to one host.
    discovery_pause_s: float = Field(default=0.1, ge=0)
    # Finding the feeds of a site: questions at most.
    discovery_questions: int = Field(default=12, ge=1)
