"""purge: delete what is kept no longer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from webapp.commands.common import db_option, emit, json_option, note, open_storage


@click.command()
@db_option
@json_option
@click.option("--dry-run", is_flag=True, help="Only count what would be deleted.")
def purge(db: Path, as_json: bool, dry_run: bool) -> None:
    """Delete what is kept no longer, by class, as the settings say; `serve` does so every night by itself.

    In the stores of publishers' sites, too.
    """
    from reader.clock import system_clock
    from reader.privacy.retention import purge as delete
    from reader.settings import Settings
    from webapp.purging import all_steps, purge_sites

    with open_storage(db) as storage:
        counts = Counter(delete(all_steps(storage, Settings(), system_clock), dry_run=dry_run))
    counts.update(purge_sites(db, Settings(), system_clock, dry_run=dry_run))
    if as_json:
        emit({"dry_run": dry_run, "purged": counts})
    else:
        note(("Would delete: " if dry_run else "Deleted: ") + ", ".join(f"{n} {name}" for name, n in counts.items()))
