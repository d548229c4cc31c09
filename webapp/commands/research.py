"""research-log: what readers have given for research."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.commands.common import db_option, emit, json_option, note, open_storage


@click.command("research-log")
@db_option
@json_option
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder; made if missing."
)
def research_log(db: Path, as_json: bool, out: Path) -> None:
    """Write the events of readers who said yes to research, under other names, with their items, for `reread replay`.

    The names are made with a key that is thrown away: no two exports can be put together.
    """
    import json
    import secrets

    from reader.clock import system_clock
    from reader.privacy.consents import Consents
    from reader.privacy.research import research_log as events_of
    from reader.records import event_record, item_record

    out.mkdir(parents=True, exist_ok=True)
    users: set[str] = set()
    items: dict[str, None] = {}
    count = 0
    with open_storage(db) as storage, (out / "events.jsonl").open("w", encoding="utf-8") as lines:
        for event in events_of(storage, Consents(storage, system_clock), secrets.token_bytes(32)):
            lines.write(json.dumps(event_record(event), ensure_ascii=False) + "\n")
            users.add(event.user)
            items |= dict.fromkeys(shown.item for shown in getattr(event, "items", ()))
            items |= {event.item: None} if event.item else {}
            count += 1
        with (out / "items.jsonl").open("w", encoding="utf-8") as file:
            for item in storage.items(list(items)).values():
                file.write(json.dumps(item_record(item), ensure_ascii=False) + "\n")
    if as_json:
        emit({"events": count, "readers": len(users), "items": len(items), "out": str(out)})
    else:
        note(f"{count:,} events of {len(users):,} readers, {len(items):,} items, in {out}")
