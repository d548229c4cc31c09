"""Streams as Atom: valid, with the states by which programs know what is read."""

from __future__ import annotations

from pathlib import Path

import feedparser  # type: ignore[import-untyped]  # it has no annotations
from lxml import etree  # type: ignore[import-untyped]  # it has no annotations

from tests.webapp.greader.conftest import READ, SPACE, Program

GRAMMAR = Path(__file__).parents[1] / "outlets" / "atom.rng"


def test_a_stream_as_atom(program: Program) -> None:
    (newest, *_) = program.ids(f"feed/{SPACE}")
    program.change("edit-tag", ("i", newest), ("a", READ))

    answer = program.client.get(
        f"/reader/atom/feed/{SPACE.replace('?', '%3F').replace('&', '%26')}?n=3", headers=program.headers
    )

    assert answer.content_type.startswith("application/atom+xml")
    grammar = etree.RelaxNG(etree.parse(GRAMMAR))
    assert grammar.validate(etree.fromstring(answer.data)), grammar.error_log
    parsed = feedparser.parse(answer.data)
    assert parsed.feed.title == "The space feed"
    assert [entry.title for entry in parsed.entries] == [f"A telescope on the Moon, part {n}" for n in range(3)]
    assert [[tag.label for tag in entry.tags] for entry in parsed.entries] == [
        ["read"], ["kept-unread"], ["kept-unread"],
    ]  # fmt: skip
    assert parsed.entries[0].id == f"tag:google.com,2005:reader/item/{int(newest):016x}"


def test_it_needs_the_token(program: Program) -> None:
    assert program.client.get("/reader/atom/user/-/state/com.google/starred").status_code == 401
