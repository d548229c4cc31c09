"""The research log: who is in it, and under which names."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reader.clock import ManualClock
from reader.privacy.consents import Consents
from reader.privacy.research import research_log
from reader.records import event_record
from reader.storage.memory import MemoryStorage
from reader.storage.sqlite import SqliteStorage
from reader.types import Account, Consent
from reader.types_family import Child
from reader.types_undo import Undo
from tests.builders import ReadingStory, act, article, impression
from tests.webapp.test_cli import run

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def storage() -> MemoryStorage:
    """Ann said yes, Ben no, Cleo nothing, and Kim is a child for whom somebody wrote down a yes."""
    made = MemoryStorage()
    consents = Consents(made, ManualClock(NOW))
    for user, level in (("ann", "kept"), ("ben", "none"), ("kim", "kept")):
        consents.answer(user, "research", level)
    made.add_account(Account("kim", "Kim", "", "child", NOW))
    made.put_child(Child("kim", "ann", "", "guardian", "2031-04", NOW))
    made.put_consent(Consent("kim", "account", True, NOW, "v1"))
    for user in ("ann", "ben", "cleo", "kim"):
        made.append_events([impression(f"l-{user}", "a1", user=user), *ReadingStory(user=user).read(0, 1).close()])
    return made


def test_only_those_who_said_yes_are_in_it(storage: MemoryStorage) -> None:
    found = list(research_log(storage, Consents(storage, ManualClock(NOW)), b"key"))

    assert [event.type for event in found] == [event.type for event in storage.iter_events(user="ann")]
    assert len({event.user for event in found}) == 1


def test_a_yes_taken_back_counts_at_once(storage: MemoryStorage) -> None:
    consents = Consents(storage, ManualClock(NOW))
    consents.answer("ann", "research", "none")

    assert list(research_log(storage, consents, b"key")) == []


def test_names_are_others_and_belong_together(storage: MemoryStorage) -> None:
    """No name of the log is left; events of one view still have one view; another key gives other names."""
    consents = Consents(storage, ManualClock(NOW))
    plain = list(storage.iter_events(user="ann"))
    one, other = (list(research_log(storage, consents, key)) for key in (b"one", b"other"))

    text = json.dumps([event_record(event) for event in one])
    for event in plain:
        assert not any(
            name in text for name in (event.id, f'"{event.user}"', event.view or event.id, event.list or event.id)
        )
    assert len({event.view for event in one if event.view}) == len({event.view for event in plain if event.view})
    assert len({event.id for event in one}) == len(plain)
    assert {event.user for event in one}.isdisjoint({event.user for event in other})
    again = [replace(new, **{name: getattr(old, name) for name in ("id", "user", "session", "view", "list")})
             for new, old in zip(one, plain, strict=True)]  # fmt: skip
    assert again == plain


def test_the_command_writes_what_replay_reads(tmp_path: Path) -> None:
    store = SqliteStorage(tmp_path / "r.db")
    store.put_items([article("a1", paragraphs=("One.", "Two."))])
    Consents(store, ManualClock(NOW)).answer("ann", "research", "kept")
    store.append_events([impression("l1", "a1"), *ReadingStory().read(0, 1).close()])
    store.close()

    answer = run("research-log", "--out", tmp_path / "out", "--json", "--db", tmp_path / "r.db")

    assert json.loads(answer.stdout)["events"] == 5
    lines = (tmp_path / "out" / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["type"] for line in lines][:2] == ["impression", "open"]
    assert json.loads((tmp_path / "out" / "items.jsonl").read_text(encoding="utf-8"))["id"] == "a1"


def test_what_is_taken_back_is_named_as_the_act_is(storage: MemoryStorage) -> None:
    like = act("like", "a1", user="ann")
    undo = Undo(id="undo-1", type="undo", at=like.at, user="ann", event=like.id)
    storage.append_events([like, undo])

    *_, liked, undone = research_log(storage, Consents(storage, ManualClock(NOW)), b"key")

    assert isinstance(undone, Undo)
    assert undone.event == liked.id != like.id
