"""How long what is kept, and deleting what is older: a list of steps, which other parts may add to.

What belongs here: what each class is, by which setting it goes, and going through them. What does not: when it is done
(`webapp.purging`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from reader.clock import Clock
from reader.settings import Settings
from reader.storage.own_data import OldKind
from reader.storage.protocol import Storage
from reader.types_feeds import Subscription

# Deletes what is older, or with True only counts it; returns how many.
Delete = Callable[[bool], int]


@dataclass(frozen=True, slots=True)
class Step:
    """One class of what is kept. keeps: what a reader is told; setting: its name; kept_for: its present value.

    kept_for: None for good, that is until the reader deletes it. goes_at_once: a job of its own sees to it.
    """

    name: str
    keeps: str
    setting: str
    kept_for: timedelta | None
    delete: Delete
    goes_at_once: bool = False


def steps(storage: Storage, settings: Settings, clock: Clock) -> list[Step]:
    """Return the steps for what this package knows of."""

    def step(name: OldKind, keeps: str, setting: str, kept_for: timedelta) -> Step:
        def delete(only_count: bool) -> int:
            return storage.drop_old(name, clock() - kept_for, only_count=only_count)

        return Step(name, keeps, setting, kept_for, delete)

    login, own = settings.login, settings.retention
    return [
        step(
            "lists",
            "lists that were made for a reader, for paging",
            "ranking.list_kept_min",
            timedelta(minutes=settings.ranking.list_kept_min),
        ),
        step("logins", "logins, from their beginning", "login.longest_h", timedelta(hours=login.longest_h)),
        step(
            "idle logins",
            "logins, from their last use",
            "login.longest_rest_h",
            timedelta(hours=login.longest_rest_h),
        ),
        step("attempts", "counts of wrong logins", "login.attempts_kept_h", timedelta(hours=login.attempts_kept_h)),
        step(
            "invitations",
            "links that make accounts or set passwords, after they have expired",
            "retention.expired_invitations_days",
            timedelta(days=own.expired_invitations_days),
        ),
        step(
            "audits",
            "what others did to a reader's account or data",
            "retention.audits_days",
            timedelta(days=own.audits_days),
        ),
    ]


def subscriptions_step(storage: Storage, kept_for: timedelta, clock: Clock) -> Step:
    """Return the step for feeds that are no longer followed."""

    def is_old(one: Subscription, before: datetime) -> bool:
        return one.ended_at is not None and one.ended_at < before

    def delete(only_count: bool) -> int:
        before = clock() - kept_for
        if only_count:
            return sum(is_old(one, before) for one in storage.subscriptions())
        return storage.drop_subscriptions_ended_before(before)

    return Step("ended subscriptions", "feeds that are no longer followed, to take that back", "", kept_for, delete)


def pending_step(storage: Storage, kept_for: timedelta, clock: Clock) -> Step:
    """Return the step for children who wait for a guardian's yes, of whom only the guardian's contact is kept."""

    def delete(only_count: bool) -> int:
        old = storage.guardian_requests_before(clock() - kept_for)
        return len(old) if only_count else sum(storage.take_guardian_request(one.digest) for one in old)

    keeps = "requests of children that nobody has answered, with the contact of a guardian"
    return Step("pending accounts", keeps, "family.request_days", kept_for, delete, goes_at_once=True)


def purge(chosen: Iterable[Step], *, dry_run: bool = False) -> dict[str, int]:
    """Delete what is too old, or only count it; return counts by class. A second time at once deletes nothing."""
    return {step.name: step.delete(dry_run) for step in chosen}
