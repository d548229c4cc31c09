"""Folders in addresses: every name stays itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.folders import parse_path, say_path

NAMES = st.text("ab/\\›> ", min_size=1, max_size=6).map(str.strip).filter(bool)


@given(st.lists(NAMES, max_size=4).map(tuple))
def test_an_address_says_a_folder_without_doubt(path: tuple[str, ...]) -> None:
    assert parse_path(say_path(path)) == path
