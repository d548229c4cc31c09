"""The `reread` command. Each command lives in webapp/commands."""

from __future__ import annotations

import click

from webapp.commands.account import account
from webapp.commands.backup import backup, restore
from webapp.commands.common import Commands
from webapp.commands.config import config
from webapp.commands.demo import demo
from webapp.commands.doctor import doctor
from webapp.commands.grants import grants
from webapp.commands.ingest import ingest, refresh
from webapp.commands.lists import factors, keywords, recommend
from webapp.commands.privacy import erase, export, import_me, verify_erasure
from webapp.commands.purge import purge
from webapp.commands.replay import import_log, replay
from webapp.commands.research import research_log
from webapp.commands.search import search
from webapp.commands.serve import serve
from webapp.commands.simulate import simulate
from webapp.commands.site import site
from webapp.commands.tokens import token
from webapp.commands.train import train


@click.group(cls=Commands)
@click.version_option(package_name="reread", prog_name="reread")
def main() -> None:
    """Reread: a news and video reader that learns from how you read."""


COMMANDS: tuple[click.Command, ...] = (
    serve,
    demo,
    ingest,
    refresh,
    recommend,
    search,
    keywords,
    factors,
    import_log,
    replay,
    simulate,
    train,
    account,
    token,
    site,
    export,
    research_log,
    grants,
    import_me,
    erase,
    verify_erasure,
    purge,
    backup,
    restore,
    config,
    doctor,
)
for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main()
