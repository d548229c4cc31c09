"""What is kept, how long, and what the business is: a page made from the settings in force."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.pages.blueprint import pages
from webapp.purging import all_steps
from webapp.services import services


@pages.get("/about/privacy")
def policy() -> ResponseReturnValue:
    """Show the policy of this installation."""
    recommender = services().recommender
    settings = recommender.settings
    return render_template(
        "about_privacy.html",
        steps=[(step, say_time(step.kept_for)) for step in all_steps(recommender.storage, settings, recommender.clock)],
        settings=settings,
        has_purger=settings.retention.enabled,
        every=say_time(timedelta(hours=settings.retention.every_h)),
        sitting=say_time(timedelta(minutes=settings.consent.sitting_rest_min)),
        key=services().signing.key,
        grants_last=say_time(timedelta(days=settings.grants.longest_days)),
    )


def say_time(span: timedelta | None) -> str:
    """Return a span in the largest unit that it is at least one of. None: for good.

    >>> say_time(timedelta(minutes=30)), say_time(timedelta(hours=24)), say_time(timedelta(0)), say_time(None)
    ('30 minutes', '1 day', 'no time', 'until you delete it')
    """
    if span is None:
        return "until you delete it"
    seconds = span.total_seconds()
    for name, unit in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        if seconds >= unit:
            count = f"{seconds / unit:.4g}"
            return f"{count} {name}" + ("" if count == "1" else "s")
    return "no time"
