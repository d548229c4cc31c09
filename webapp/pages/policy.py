"""What is kept, how long, and what the business is: a page made from the settings in force."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.language.catalogue import N_
from webapp.language.saying import _
from webapp.pages.blueprint import pages
from webapp.pages.words import say_units
from webapp.purging import all_steps
from webapp.services import services

# What `reader.privacy.retention` and `webapp.purging` say of their steps.
KEPT: Final = (
    N_("how texts were read and clips played, stretch by stretch; then it is folded: a sum for each view is left"),
    N_("lists that were made for a reader, for paging"),
    N_("logins, from their beginning"),
    N_("logins, from their last use"),
    N_("counts of wrong logins"),
    N_("links that make accounts or set passwords, after they have expired"),
    N_("what others did to a reader's account or data"),
    N_("feeds that are no longer followed, to take that back"),
    N_("requests of children that nobody has answered, with the contact of a guardian"),
)


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
        sitting=say_time(timedelta(minutes=settings.consent.sitting_rest_min), dative=True),
        key=services().signing.key,
        grants_last=say_time(timedelta(days=settings.grants.longest_days)),
    )


def say_time(span: timedelta | None, *, dative: bool = False) -> str:
    """Return a span in the largest unit that it is at least one of. None: for good; dative: see `say_duration`.

    >>> say_time(timedelta(minutes=30)), say_time(timedelta(hours=24)), say_time(timedelta(0)), say_time(None)
    ('30 minutes', '1 day', 'no time', 'until you delete it')
    """
    if span is None:
        return _("until you delete it")
    seconds = span.total_seconds()
    unit_s = next((unit_s for unit_s in (86_400, 3_600, 60, 1) if seconds >= unit_s), 0)
    return say_units(float(f"{seconds / unit_s:.4g}"), unit_s, dative=dative) if unit_s else _("no time")
