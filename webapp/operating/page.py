"""The admin page: how an installation fares, in figures, with nothing of what anybody reads.

For administrators; without accounts for the one local reader, from this machine alone.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from apiflask import APIBlueprint
from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from reader.recommend.lists import model_name
from reader.recommend.recommender import Recommender
from webapp.identity import browser_caller, require_admin
from webapp.language.catalogue import N_
from webapp.operating.charts import HEIGHT, WIDTH, bars, curve, hours, quantile
from webapp.pages.blueprint import ask_to_log_in
from webapp.services import now, services

operating = APIBlueprint("operating", __name__, enable_openapi=False)

# Weights that differ by less are as they were; float64 sums leave that much.
_UNMOVED = 1e-12
# Routes with a row in the table of latency, those most asked for.
_ROUTES_SHOWN = 20


@operating.before_request
def know_operator() -> ResponseReturnValue | None:
    """Let the operator through, and nobody else."""
    caller = browser_caller()
    if services().accounts is not None:
        if caller is None:
            return ask_to_log_in()
        require_admin()
    # Without accounts whoever comes is the local reader: then only from this machine.
    elif caller is None or caller.by != "local" or not _is_from_here():
        raise NotFound
    g.user = caller.user
    return None


def _is_from_here() -> bool:
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


@operating.get("/admin")
def overview() -> ResponseReturnValue:
    """Show how the installation fares."""
    recommender, metrics = services().recommender, services().metrics
    steps, moment = metrics.history.steps(), now()
    return render_template(
        "admin.html",
        since=metrics.history.since,
        items=recommender.storage.item_count(),
        events=recommender.storage.last_event_seq(),
        width=WIDTH,
        height=HEIGHT,
        curve=curve(steps, moment),
        steps=[step for step in steps if step.auc == step.auc][-12:],
        lists=bars(hours(steps, moment, "lists")),
        requests=bars(hours(steps, moment, "requests")),
        modes=metrics.lists_by_mode(),
        latencies=_latencies(),
        jobs=metrics.jobs.all(),
        feeds=_feeds(recommender),
        readers=_readers(recommender),
        **_model(recommender),
    )


def _model(recommender: Recommender) -> dict[str, Any]:
    """Return what was learned, and what serves."""
    moved = np.abs(recommender.weights - recommender.registry.priors) > _UNMOVED
    return {
        "model": model_name(recommender.trees),
        "progress": recommender.learner.progress,
        "learns": recommender.learner.enabled,
        "moved": int(moved.sum()),
        "factors": len(moved),
        "trees": recommender.trees is not None,
        "notice": recommender.learned_notice,
    }


def _latencies() -> list[dict[str, Any]]:
    return [
        {
            "route": one.route,
            "requests": one.requests,
            "failures": one.failures,
            "p50_ms": 1000 * quantile(0.5, one.counts),
            "p95_ms": 1000 * quantile(0.95, one.counts),
        }
        for one in services().metrics.latencies()[:_ROUTES_SHOWN]
    ]


def _feeds(recommender: Recommender) -> dict[str, Any]:
    """Return how feeds fare: counts, and the hosts of those that fail. Which these are is their readers' affair."""
    feeds, moment = recommender.storage.feeds(), now()
    failing = Counter((urlsplit(feed.url).hostname or "", feed.trouble or "fetch") for feed in feeds if feed.failures)
    return {
        "all": len(feeds),
        "well": sum(not feed.failures and feed.succeeded_at is not None for feed in feeds),
        "failing": sum(failing.values()),
        "due": sum(feed.next_at is None or feed.next_at <= moment for feed in feeds),
        "hosts": sorted(((*where, count) for where, count in failing.items()), key=lambda row: (-row[2], row)),
    }


def _readers(recommender: Recommender) -> dict[str, int]:
    """Return counts of accounts; no more, since among few readers even totals tell who reads."""
    if services().accounts is None:
        return {N_("Readers with anything in the log"): len(recommender.storage.users())}
    known, moment = recommender.storage.accounts(), now()
    roles = Counter(account.role for account in known)
    pending = [one for one in recommender.storage.invitations() if one.expires_at > moment]
    return {
        N_("Accounts"): len(known),
        N_("Administrators"): roles["admin"],
        N_("Children"): roles["child"],
        N_("Closed"): sum(account.disabled for account in known),
        N_("Open links"): len(pending),
    }
