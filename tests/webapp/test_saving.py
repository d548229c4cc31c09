"""The server saves what it learns: from time to time, at its end, and a failure is no end of serving."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from reader.clock import ManualClock
from reader.errors import StorageError
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from webapp.operating.jobs import Jobs
from webapp.saving import Saver

HOUR_S = 3600.0
PATIENCE_S = 60.0


def learn(recommender: Recommender, clock: ManualClock) -> None:
    """Have a list teach."""
    recommender.recommend(Request("ann"))
    clock.at += timedelta(hours=1)
    recommender.recommend(Request("ann"))


def test_the_end_saves(recommender: Recommender, clock: ManualClock) -> None:
    saver = Saver(recommender, HOUR_S)
    saver.start()
    learn(recommender, clock)

    saver.stop()

    assert recommender.learner.progress.taught == 1
    assert not recommender.save_learned(), "there is nothing left to save"


def test_it_saves_now_and_then(recommender: Recommender, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = threading.Event()
    save = recommender.save_learned

    def tell() -> bool:
        done = save()
        if done:
            saved.set()
        return done

    monkeypatch.setattr(recommender, "save_learned", tell)
    learn(recommender, clock)
    saver = Saver(recommender, 0.01)
    saver.start()

    assert saved.wait(PATIENCE_S)
    saver.stop()


def test_a_full_disk_is_logged_and_tried_again(
    recommender: Recommender, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("no room")

    learn(recommender, clock)
    saver = Saver(recommender, HOUR_S)
    saver.start()
    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr("reader.recommend.learning.keeping.save", full)
        saver.stop()

    assert [entry["error"] for entry in logs] == ["no room"]
    assert recommender.save_learned(), "it is tried again, parts of readers included"
    assert recommender.storage.parts().keys() == {"ann"}


def test_what_falls_due_is_done_each_time_and_its_failure_stops_nothing(recommender: Recommender) -> None:
    """Each under a name of its own in the record of jobs."""
    done = threading.Event()

    def fail() -> None:
        raise StorageError("no mail")

    jobs = Jobs(recommender.clock)
    with capture_logs() as logs:
        saver = Saver(recommender, 0.001, jobs, {"write": fail, "delete": done.set})
        saver.start()
        assert done.wait(30)
        saver.stop()

    assert {(entry["job"], entry["error"]) for entry in logs} == {("write", "no mail")}
    assert [(job.name, job.error) for job in jobs.all()][:2] == [("delete", ""), ("save what was learned", "")]


def test_the_end_saves_and_does_nothing_else(recommender: Recommender) -> None:
    """Else Ctrl+C would first write letters."""
    done: list[int] = []
    saver = Saver(recommender, HOUR_S, also={"write": lambda: done.append(1)})
    saver.start()

    saver.stop()

    assert done == []
