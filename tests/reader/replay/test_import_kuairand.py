"""Rows of our own in KuaiRand's layout, and the real clips, -> items."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reader.clock import ManualClock
from reader.errors import InvalidInputError
from reader.ingest.items import parse_item
from reader.records import item_from_record
from reader.replay.importers import Imported, import_log
from reader.types import AnyItem, Video

HEADER = "video_id,author_id,video_type,upload_dt,upload_type,video_duration,music_id,music_type,tag"
ROWS = (
    "0,7349781,NORMAL,2022-04-10,LongImport,87433.0,9155697141,9.0,39",
    '7,7349781,NORMAL,2022-04-11,PictureSet,,0,,"20,67"',
)


def run(folder: Path, *rows: str, header: str = HEADER) -> tuple[Imported, dict[str, AnyItem]]:
    """Import these rows; return the outcome and the items by id."""
    folder.mkdir(exist_ok=True)
    path = folder / "video_features_basic_pure.csv.gz"
    path.write_bytes(gzip.compress("\n".join((header, *rows, "")).encode()))
    imported = import_log("kuairand", [path], folder / "out")
    lines = (folder / "out" / "items.jsonl").read_text(encoding="utf-8").splitlines()
    return imported, {item.id: item for item in map(item_from_record, map(json.loads, lines))}


def test_author_is_the_creator_music_the_sound_and_the_title_says_no_more_than_the_data(tmp_path: Path) -> None:
    imported, items = run(tmp_path, *ROWS)

    assert items["kuairand-0"] == Video(
        id="kuairand-0",
        title="Video 0",
        published_at=datetime(2022, 4, 10, tzinfo=UTC),
        source="KuaiRand-Pure",
        creator="Author 7349781",
        creator_id="kuairand:author:7349781",
        sound="Music 9155697141",
        sound_id="kuairand:music:9155697141",
        tags=("tag 39",),
        duration_s=87.433,
    )
    show = items["kuairand-7"]
    assert isinstance(show, Video)
    assert (show.duration_s, show.sound, show.sound_id, show.tags) == (None, "", "", ("tag 20", "tag 67"))
    assert (imported.items, imported.events, imported.users, imported.skipped) == (2, 0, 0, ())
    assert "simulated" in imported.notes[0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",1,NORMAL,2022-04-10,Web,1000,1,9,1", "video_id: is empty"),
        ("1,1,NORMAL,yesterday,Web,1000,1,9,1", "upload_dt: 'yesterday' is no day"),
        ("1,1,NORMAL,2022-04-10,Web,-5,1,9,1", "video_duration: '-5' is no number of milliseconds"),
        ("1,1,NORMAL,2022-04-10,Web,nan,1,9,1", "video_duration: 'nan' is no number"),
        ("1,1,NORMAL", "columns: the row has more or fewer cells"),
    ],
)
def test_wrong_row_is_named_and_costs_itself(tmp_path: Path, row: str, words: str) -> None:
    imported, items = run(tmp_path, row, ROWS[0])

    assert list(items) == ["kuairand-0"]
    (skipped,) = imported.skipped
    assert skipped.startswith(f"video_features_basic_pure.csv.gz line 2: {words}")


def test_missing_column_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="has no music_id"):
        run(tmp_path, header=HEADER.replace("music_id", "song"))

    assert not (tmp_path / "out" / "items.jsonl").exists()
    with pytest.raises(InvalidInputError, match="was not found"):
        import_log("kuairand", [tmp_path / "out"], tmp_path / "out")


@pytest.mark.data
def test_all_real_clips_are_taken(tmp_path: Path) -> None:
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(os.environ.get("REREAD_TEST_DATA", beside)) / "kuairand_pure_items"
    if not folder.is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{folder} is missing")

    imported = import_log("kuairand", [folder], tmp_path)
    lines = (tmp_path / "items.jsonl").read_text(encoding="utf-8").splitlines()

    clips = [parse_item(json.loads(line), clock=ManualClock(datetime(2026, 1, 1, tzinfo=UTC))) for line in lines]

    videos = [clip for clip in clips if isinstance(clip, Video)]
    assert (imported.items, len(videos), imported.skipped) == (7_583, 7_583, ())
    creators, sounds = (Counter(clip.entity(kind) for clip in videos) for kind in ("creator", "sound"))
    assert (len(creators), max(creators.values())) == (6_510, 26)
    assert len(sounds) == 7_202  # the data's own number: without music 0, and with none
    assert sum(clip.duration_s is None for clip in videos) == 239
    assert len({clip.tags for clip in videos}) == 111
