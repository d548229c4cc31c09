"""What the doctor asks of a running installation: its newest backup, the jobs of its server, its way to send mail.

Each finding is what is so, and what to do about it, as in `doctor_files`.
"""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from reader.records import parse_time
from reader.settings import Settings
from reader.settings_family import FamilySettings
from webapp.commands.doctor_files import Told
from webapp.operating.jobs import Job, read_jobs
from webapp.operating.notes import BACKED_UP, JOBS, beside, read_note
from webapp.purging import PURGE
from webapp.saving import SAVE

# A week, and a day for whoever comes late. Ours.
LONGEST_WITHOUT_BACKUP: Final = timedelta(days=8)
# A server does something at least this often; one that did nothing for longer is not there. Ours.
LONGEST_SILENCE: Final = timedelta(hours=1)
# Nobody waits longer for the doctor, however long mails may take.
MAIL_TIMEOUT_S: Final = 5.0


def look_at_backup(db: Path, now: datetime) -> Told:
    """Tell how old the newest copy by `reread backup` is; of copies by other means nothing is known."""
    said = read_note(beside(db, BACKED_UP))
    try:
        at, path = parse_time(said["at"]), str(said["path"])
    except (KeyError, TypeError, ValueError):
        return "backup", False, "none is known; make one with `reread backup PATH`, on another disk"
    gone = "" if Path(path).exists() else ", no longer there"
    told = f"the newest is {_age(now - at)} old ({path}{gone})"
    if now - at <= LONGEST_WITHOUT_BACKUP:
        return "backup", True, told
    return "backup", False, f"{told}; make one with `reread backup PATH`"


def look_at_jobs(db: Path, settings: Settings, now: datetime) -> Told:
    """Tell which jobs of the server failed at their last run, or have not run as often as the settings say."""
    jobs = {job.name: job for job in read_jobs(beside(db, JOBS))}
    newest = max((job.started_at for job in jobs.values() if job.started_at), default=None)
    if newest is None:
        return "jobs", True, "none has run yet; `reread serve` does them"
    expected = _expected(settings)
    # A job that was switched off stays failed for ever, and is nobody's trouble.
    failed = [
        f"{job.name} failed {_since(job, now)}: {job.error}"
        for job in jobs.values()
        if job.error and (job.name in expected or _ran(job, now, LONGEST_SILENCE))
    ]
    if now - newest > _silence(settings):
        failed.append(f"no server has done any for {_age(now - newest)}; start `reread serve`")
        return "jobs", False, "; ".join(failed)
    # One that has never run may be due in a minute.
    late = [name for name, every in expected.items() if name in jobs and not _ran(jobs[name], now, every)]
    failed += [f"{name} has not run for too long; start the server anew" for name in late]
    return "jobs", not failed, "; ".join(failed) or f"{len(jobs)} went well at their last run"


def _expected(settings: Settings) -> dict[str, timedelta]:
    expected = {SAVE: timedelta(seconds=settings.learning.saved_every_s)}
    if settings.retention.enabled:
        expected[PURGE] = timedelta(hours=settings.retention.every_h)
    return expected


def _silence(settings: Settings) -> timedelta:
    return max(LONGEST_SILENCE, 2 * timedelta(seconds=settings.learning.saved_every_s))


def _ran(job: Job, now: datetime, every: timedelta) -> bool:
    # Twice as long: a run takes its time, and a server may have been started anew.
    return job.started_at is not None and now - job.started_at <= max(LONGEST_SILENCE, 2 * every)


def _since(job: Job, now: datetime) -> str:
    return f"{_age(now - job.started_at)} ago" if job.started_at else "at its last run"


def _age(age: timedelta) -> str:
    """Say how long something is.

    >>> _age(timedelta(days=3)), _age(timedelta(hours=30)), _age(timedelta(seconds=90))
    ('3 days', '30 h', '1 min')
    """
    if age >= timedelta(days=2):
        return f"{age.days} days"
    minutes = int(age.total_seconds()) // 60
    return f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"


def look_at_mail(settings: FamilySettings) -> Told:
    """Tell whether mail is set up and its server answers. Nothing is sent, and nobody logs in."""
    if not settings.smtp_host:
        return "mail", True, "not set up; nobody is asked by e-mail"
    place = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        with _connected(settings) as server:
            server.ehlo()
            if settings.smtp_tls == "starttls" and not server.has_extn("starttls"):
                return "mail", False, f"{place} offers no STARTTLS; set family.smtp_tls to what it has"
    except (OSError, smtplib.SMTPException) as error:
        return "mail", False, f"{place} does not answer ({type(error).__name__}); check family.smtp_host and smtp_port"
    return "mail", True, f"{place} answers"


def _connected(settings: FamilySettings) -> smtplib.SMTP:
    place, timeout_s = (settings.smtp_host, settings.smtp_port), min(MAIL_TIMEOUT_S, settings.smtp_timeout_s)
    if settings.smtp_tls == "tls":
        return smtplib.SMTP_SSL(*place, timeout=timeout_s, context=ssl.create_default_context())
    return smtplib.SMTP(*place, timeout=timeout_s)
