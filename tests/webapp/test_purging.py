"""How long what is kept: what the document says, what the page says, what is deleted."""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from reader.clock import ManualClock
from reader.privacy.retention import purge
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.settings_grants import GrantSettings
from reader.settings_retention import RetentionSettings
from reader.storage.memory import MemoryStorage
from reader.storage.protocol import Storage
from reader.storage.sqlite import SqliteStorage
from reader.types_feeds import Subscription
from tests.reader.storage.builders import NOW
from tests.reader.storage.steps import fill
from tests.webapp.test_cli import run
from webapp.operating.jobs import Jobs
from webapp.pages.policy import say_time
from webapp.paths import site_db
from webapp.purging import all_steps, make_purger

PRIVACY = Path(__file__).parents[2] / "docs" / "privacy.md"
KINDS = ("lists", "logins", "attempts", "invitations", "audits", "ended subscriptions")


def test_the_document_states_the_defaults() -> None:
    """Both ways: each row is a class with its setting and default, and each class has a row."""
    part = PRIVACY.read_text(encoding="utf-8").split("## How long", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| ([a-z ]+) \| (?:`([\w.]+)`)? ?\| ([\w ]+) \|$", part, re.MULTILINE)
    documented = {name: (setting, default) for name, setting, default in rows if name != "class"}

    steps = all_steps(MemoryStorage(), Settings(), ManualClock(NOW))

    assert documented == {step.name: (step.setting, say_time(step.kept_for)) for step in steps}


def test_every_step_goes_by_the_setting_that_it_names() -> None:
    for step in all_steps(MemoryStorage(), Settings(), ManualClock(NOW)):
        if step.setting:
            value, unit = Settings(), step.setting.rsplit("_", 1)[1]
            for name in step.setting.split("."):
                value = getattr(value, name)
            span = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "days": timedelta(days=1)}[unit]
            kept_for = value * span  # type: ignore[operator]  # a number by now
            is_event_class = step.setting.startswith("retention.") and "invitations" not in step.setting
            assert step.kept_for == (kept_for or None if is_event_class else kept_for)


@pytest.fixture(params=["sqlite", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return SqliteStorage(tmp_path / "old.db") if request.param == "sqlite" else MemoryStorage()


def filled(storage: Storage, at: datetime = NOW) -> None:
    fill(storage, "ada")
    storage.put_subscriptions([Subscription("ada", "https://a/", ended_at=at)])
    storage.count_attempt("key", at, at)


def test_what_is_old_goes_and_the_rest_stays(storage: Storage) -> None:
    """A dry run counts the same and deletes nothing; a second time there is nothing left."""
    filled(storage)
    events = storage.event_counts("ada")
    young = all_steps(storage, Settings(), ManualClock(NOW))
    old = all_steps(storage, Settings(), ManualClock(NOW + timedelta(days=1000)))

    assert purge(young)["audits"] == 0
    counted = purge(old, dry_run=True)
    deleted = purge(old)

    # A login goes once, by whichever of its times comes first.
    assert {**counted, "idle logins": 0} == deleted
    assert deleted["logins"] == 2
    assert all(
        deleted[kind] for kind in ("lists", "logins", "attempts", "invitations", "audits", "ended subscriptions")
    )
    assert not any(purge(old).values())
    assert storage.event_counts("ada") == events
    assert storage.account("ada") is not None
    assert len(storage.consents("ada")) == 2


def test_the_command_reports_counts(tmp_path: Path) -> None:
    db = tmp_path / "reread.db"
    with closing(SqliteStorage(db)) as storage:
        filled(storage, NOW - timedelta(days=1000))

    dry = run("purge", "--dry-run", "--json", "--db", db)
    done = run("purge", "--json", "--db", db)
    again = run("purge", "--json", "--db", db)

    assert json.loads(dry.stdout)["purged"]["attempts"] == 1
    assert json.loads(done.stdout)["purged"]["attempts"] == 1
    assert not any(json.loads(again.stdout)["purged"].values())


def test_the_server_purges_when_it_starts(recommender: Recommender) -> None:
    filled(recommender.storage, NOW - timedelta(days=1000))
    purger = make_purger(recommender, Jobs(recommender.clock))
    assert purger is not None

    with capture_logs():
        purger.start()
        purger.stop()

    assert recommender.storage.attempts(["key"]) == {}


def test_stores_of_sites_are_purged_too(recommender: Recommender, tmp_path: Path) -> None:
    """By the server and by the command; one that is broken is named, and holds up none of the others."""
    db, broken, site = (
        tmp_path / "reread.db",
        site_db(tmp_path / "reread.db", "wa"),
        site_db(tmp_path / "reread.db", "wb"),
    )
    with closing(SqliteStorage(site)) as storage:
        filled(storage, NOW - timedelta(days=1000))
    broken.write_bytes(b"no database at all, but a text that is long enough to look at" * 20)
    purger = make_purger(recommender, Jobs(recommender.clock), db)
    assert purger is not None

    refused = run("purge", "--dry-run", "--db", db)
    with capture_logs() as logs:
        purger.start()
        purger.stop()
    with closing(SqliteStorage(site)) as storage:
        assert storage.attempts(["key"]) == {}
        storage.count_attempt("key", NOW - timedelta(days=1000), NOW - timedelta(days=1000))
    broken.unlink()
    done = run("purge", "--json", "--db", db)

    assert refused.exit_code == 2
    assert str(broken) in refused.stderr
    assert str(broken) in next(log["error"] for log in logs if log["log_level"] == "error")
    assert json.loads(done.stdout)["purged"]["attempts"] == 1


def test_the_page_follows_the_settings(client: FlaskClient, recommender: Recommender) -> None:
    before = client.get("/about/privacy").get_data(as_text=True)
    retention = RetentionSettings(audits_days=2, enabled=False)
    changed = {"retention": retention, "grants": GrantSettings(longest_days=90)}
    recommender.settings = recommender.settings.model_copy(update=changed)

    after = client.get("/about/privacy").get_data(as_text=True)

    assert "365 days" in before
    assert "no advertisements" in before
    assert "365 days" not in after
    assert "2 days" in after
    assert "90 days" in after
    assert "reread purge" in after


def test_the_age_of_the_oldest_event_is_measured(
    client: FlaskClient, clock: ManualClock, recommender: Recommender
) -> None:
    assert "reread_oldest_event_days 0.0" in client.get("/metrics").get_data(as_text=True)
    recommender.storage.append_events([])
    client.get("/api/v1/recommendations")
    clock.at += timedelta(days=3)

    assert "reread_oldest_event_days 3.0" in client.get("/metrics").get_data(as_text=True)
