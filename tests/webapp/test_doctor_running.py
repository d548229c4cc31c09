"""What the doctor says of backups, of the jobs of a server, and of its way to send mail."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from reader.clock import ManualClock, system_clock
from reader.errors import StorageError
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.settings_family import FamilySettings
from reader.settings_retention import RetentionSettings
from tests.webapp.accounts.verifying import running_mail
from webapp.app import create_app
from webapp.cli import main
from webapp.commands.doctor_running import look_at_backup, look_at_jobs, look_at_mail
from webapp.operating.jobs import Jobs
from webapp.operating.notes import BACKED_UP, JOBS, beside, read_note, write_note
from webapp.purging import PURGE
from webapp.saving import SAVE
from webapp.services import EXTENSION

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "reread.db"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def jobs(db: Path, clock: ManualClock) -> Jobs:
    return Jobs(clock, beside(db, JOBS))


def run(jobs: Jobs, *names: str) -> None:
    for name in names:
        with jobs.running(name):
            pass


# Backups


def test_the_newest_backup_has_an_age(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.touch()
    write_note(beside(db, BACKED_UP), {"at": "2026-11-20T12:00:00.000Z", "path": str(copy)})

    assert look_at_backup(db, NOW) == ("backup", True, f"the newest is 3 days old ({copy})")
    copy.unlink()
    thing, well, detail = look_at_backup(db, NOW + timedelta(days=6))
    assert (thing, well) == ("backup", False)
    assert detail == f"the newest is 9 days old ({copy}, no longer there); make one with `reread backup PATH`"


@pytest.mark.parametrize("said", [None, "[]", "{}", '{"at": "soon", "path": ""}', "no JSON"])
def test_without_a_note_none_is_known(db: Path, said: str | None) -> None:
    if said is not None:
        beside(db, BACKED_UP).write_text(said, "utf-8")

    assert look_at_backup(db, NOW)[1:] == (False, "none is known; make one with `reread backup PATH`, on another disk")


def test_a_backup_is_noted_when_it_is_made(recommender: Recommender, tmp_path: Path) -> None:
    db, copy = tmp_path / "reread.db", tmp_path / "copy.db"

    assert CliRunner().invoke(main, ["backup", str(copy), "--db", str(db)]).exit_code == 0
    assert look_at_backup(db, system_clock())[1:] == (True, f"the newest is 0 min old ({copy})")
    before = read_note(beside(db, BACKED_UP))
    assert CliRunner().invoke(main, ["backup", str(copy), "--db", str(db)]).exit_code == 2
    assert read_note(beside(db, BACKED_UP)) == before


# Jobs


def test_jobs_that_went_well(db: Path, jobs: Jobs) -> None:
    assert look_at_jobs(db, Settings(), NOW) == ("jobs", True, "none has run yet; `reread serve` does them")
    run(jobs, SAVE, PURGE)

    assert look_at_jobs(db, Settings(), NOW + HOUR) == ("jobs", True, "2 went well at their last run")
    assert beside(db, JOBS).stat().st_mode & 0o777 == 0o600


def test_a_job_that_failed_is_named_until_it_goes_well(db: Path, jobs: Jobs, clock: ManualClock) -> None:
    run(jobs, SAVE)
    with pytest.raises(StorageError), jobs.running(PURGE):
        raise StorageError("the disk is full")
    clock.at += timedelta(minutes=5)

    assert look_at_jobs(db, Settings(), clock())[1:] == (False, f"{PURGE} failed 5 min ago: the disk is full")
    run(jobs, PURGE)
    assert look_at_jobs(db, Settings(), clock())[1]


def test_a_job_that_does_not_run_though_the_server_does(db: Path, jobs: Jobs, clock: ManualClock) -> None:
    """Each as often as the settings say, and twice that long at most."""
    settings = Settings(retention=RetentionSettings(every_h=10))
    run(jobs, SAVE, PURGE)
    clock.at += timedelta(hours=21)
    run(jobs, SAVE)

    assert look_at_jobs(db, settings, clock())[1:] == (
        False,
        f"{PURGE} has not run for too long; start the server anew",
    )
    never = Settings(retention=RetentionSettings(enabled=False))
    assert look_at_jobs(db, never, clock())[1]


def test_a_server_that_has_just_started_is_no_trouble(db: Path, jobs: Jobs, clock: ManualClock) -> None:
    """It deletes what is kept no longer at once, and saves what was learned a minute later."""
    run(jobs, PURGE)
    clock.at += timedelta(seconds=20)

    assert look_at_jobs(db, Settings(), clock())[1]
    clock.at += timedelta(hours=3)
    assert not look_at_jobs(db, Settings(), clock())[1]


def test_a_server_that_is_gone(db: Path, jobs: Jobs) -> None:
    run(jobs, SAVE, PURGE)

    assert look_at_jobs(db, Settings(), NOW + 3 * HOUR)[1:] == (
        False,
        "no server has done any for 3 h; start `reread serve`",
    )


def test_a_new_server_keeps_what_the_last_one_wrote_until_it_has_done_it_itself(
    db: Path, jobs: Jobs, clock: ManualClock
) -> None:
    with pytest.raises(StorageError), jobs.running(PURGE):
        raise StorageError("the disk is full")
    anew = Jobs(clock, beside(db, JOBS))
    run(anew, SAVE)

    assert "the disk is full" in look_at_jobs(db, Settings(), NOW)[2]
    assert [job.name for job in anew.all()] == [SAVE]


@pytest.mark.parametrize("said", ["no JSON", "{}", '[{"name": 3}]', '[{"name": "x", "started_at": "soon"}]', "[7]"])
def test_a_broken_note_is_none(db: Path, said: str, clock: ManualClock) -> None:
    beside(db, JOBS).write_text(said, "utf-8")

    assert look_at_jobs(db, Settings(), NOW)[1]
    run(Jobs(clock, beside(db, JOBS)), SAVE, PURGE)
    assert look_at_jobs(db, Settings(), NOW)[2] == "2 went well at their last run"


def test_a_note_that_cannot_be_written_ends_no_job(tmp_path: Path, clock: ManualClock) -> None:
    jobs = Jobs(clock, tmp_path / "no such folder" / "reread.db.jobs")

    run(jobs, SAVE)

    assert [job.error for job in jobs.all()] == [""]


def test_the_jobs_of_an_app_are_written_beside_its_database(recommender: Recommender, tmp_path: Path) -> None:
    app = create_app(recommender, db=tmp_path / "reread.db")

    run(app.extensions[EXTENSION].metrics.jobs, SAVE)

    assert [job["name"] for job in read_note(tmp_path / "reread.db.jobs")] == [SAVE]


# Mail


def test_without_a_host_no_mail_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    assert look_at_mail(FamilySettings()) == ("mail", True, "not set up; nobody is asked by e-mail")


def test_a_mail_server_is_asked_whether_it_is_there_and_for_nothing_else() -> None:
    with running_mail() as (post, port):
        settings = FamilySettings(smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none", smtp_user="ann")

        assert look_at_mail(settings) == ("mail", True, f"127.0.0.1:{port} answers")
        offers = look_at_mail(settings.model_copy(update={"smtp_tls": "starttls"}))
        assert offers[1:] == (False, f"127.0.0.1:{port} offers no STARTTLS; set family.smtp_tls to what it has")
    assert post.mails == []


def test_a_mail_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    thing, well, detail = look_at_mail(FamilySettings(smtp_host="127.0.0.1", smtp_port=port))

    assert (thing, well) == ("mail", False)
    assert detail.startswith(f"127.0.0.1:{port} does not answer (ConnectionRefusedError); check family.smtp_host")


def test_the_doctor_tells_all_of_it(recommender: Recommender, tmp_path: Path) -> None:
    """None of it is needed, but mail where guardians are asked by it."""
    found = CliRunner().invoke(main, ["doctor", "--db", str(tmp_path / "reread.db"), "--json"])

    told = {each["thing"]: (each["well"], each["needed"]) for each in json.loads(found.stdout)}
    assert {thing: told[thing] for thing in ("backup", "jobs", "mail")} == {
        "backup": (False, False),
        "jobs": (True, False),
        "mail": (True, False),
    }
