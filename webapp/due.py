"""What falls due with accounts, and does not wait for the night: done beside saving, wherever a server runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from reader.privacy.retention import pending_step
from reader.recommend.recommender import Recommender
from webapp.services import EXTENSION


def due_of(app: Flask, recommender: Recommender) -> dict[str, Callable[[], object]]:
    """Return by name: second mails to guardians, and the end of requests that nobody answered."""
    guardians = app.extensions[EXTENSION].guardians
    if guardians is None:
        return {}
    kept_for = timedelta(days=recommender.settings.family.request_days)
    ending = pending_step(recommender.storage, kept_for, recommender.clock)
    return {
        "write to guardians again": lambda: guardians.take_due_steps(recommender.clock()),
        "delete old requests to guardians": lambda: ending.delete(False),
    }
