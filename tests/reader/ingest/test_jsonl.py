from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from reader.ingest import jsonl
from reader.ingest.jsonl import BadLine, read_items
from reader.types import AnyItem


def line(id: str = "a", **more: object) -> bytes:
    return json.dumps({"id": id, "kind": "article", "title": "Salt"} | more).encode() + b"\n"


def read(path: Path) -> tuple[list[AnyItem], list[BadLine]]:
    found = list(read_items(path))
    return [one for one in found if not isinstance(one, BadLine)], [one for one in found if isinstance(one, BadLine)]


def write(folder: Path, content: bytes, name: str = "items.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_good_lines_are_taken_and_each_bad_one_is_named(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        line("a")
        + b"{not json\n"
        + line("b", title="")
        + b"\n  \r\n"
        + b"[1]\n"
        + b'{"id":"c","kind":"article","title":"caf\xe9"}\n'
        + line("d"),
    )

    items, bad = read(path)

    assert [item.id for item in items] == ["a", "d"]
    assert [(one.file, one.line, one.field) for one in bad] == [
        (str(path), 2, "line"),
        (str(path), 3, "title"),
        (str(path), 6, "item"),
        (str(path), 7, "line"),
    ]
    assert "not JSON" in bad[0].detail
    assert "not UTF-8" in bad[3].detail
    assert str(bad[1]).startswith(f"{path}:3: title: ")


def test_byte_order_mark_carriage_returns_and_a_missing_last_newline_do_no_harm(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + line("a").replace(b"\n", b"\r\n") + line("b").rstrip()

    items, bad = read(write(tmp_path, content))

    assert ([item.id for item in items], bad) == (["a", "b"], [])


def test_utf_16_is_told_once(tmp_path: Path) -> None:
    path = write(tmp_path, (line("a") + line("b")).decode().encode("utf-16"))

    assert read(path) == ([], [BadLine(str(path), 1, "line", "the file is in UTF-16; save it as UTF-8")])


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    items, bad = read(write(tmp_path, gzip.compress(line("a") + line("b")), "items.jsonl.gz"))

    assert ([item.id for item in items], bad) == (["a", "b"], [])


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(line("a") * 1000, mtime=0)[:-20]])
def test_damaged_gzip_is_told_and_what_came_before_is_taken(tmp_path: Path, content: bytes) -> None:
    _, bad = read(write(tmp_path, content, "items.jsonl.gz"))

    assert "gzip data are damaged" in bad[-1].detail


def test_huge_line_is_passed_over_and_the_next_one_taken(tmp_path: Path) -> None:
    huge = line("huge", title="a" * (jsonl.MAX_LINE_BYTES * 2))

    items, bad = read(write(tmp_path, huge + line("b")))

    assert [item.id for item in items] == ["b"]
    assert [(one.line, one.field) for one in bad] == [(1, "line")]
    assert "longer than 10,000,000 bytes" in bad[0].detail


def test_of_equal_ids_the_last_counts_and_the_earlier_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, line("a", title="Old") + line("b") + line("a", title="New"))

    items, bad = read(path)

    assert [item.title for item in items] == ["Old", "Salt", "New"]
    assert bad == [BadLine(str(path), 1, "id", "'a' comes again in line 3, which counts")]


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5_000, '{"a":' * 50_000, '{"id":' + "1" * 5000 + "}"])
def test_monstrous_json_is_a_bad_line(tmp_path: Path, text: str) -> None:
    items, bad = read(write(tmp_path, text.encode() + b"\n" + line("b")))

    assert [item.id for item in items] == ["b"]
    assert len(bad) == 1


def test_lines_may_be_given_without_a_file() -> None:
    found = list(read_items([line("a"), line("b").decode(), "{"]))

    assert [type(one).__name__ for one in found] == ["Article", "Article", "BadLine"]
    assert isinstance(found[2], BadLine)
    assert (found[2].file, found[2].line) == ("-", 3)


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(read_items(tmp_path / "none.jsonl"))
