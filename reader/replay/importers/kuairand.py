"""The clips of KuaiRand-Pure as our items; its log of watching is no part of this.

File (csv with a header): `video_features_basic_pure.csv` with video_id, author_id, upload_dt, video_duration (ms),
music_id, tag. Further columns (kind of upload, size of the picture) are left out. What becomes of them:

- A clip has no text, no file and no player: its title is "Video" and its number, which says no more than the data do.
- author_id is the creator, music_id the sound, each known by the data's number and called so ("Author 7349781"). Music
  0 stands for none. Tags are numbers too ("tag 39"); some clips have several, some none.
- Clips without a length are slide shows. A clip is published on its day at midnight UTC: the data know no hour.
- There are no events, and `notes` says so: `reread simulate` can make some up, and says that they are.

Source: Gao et al., KuaiRand: An unbiased sequential recommendation dataset with randomly exposed videos, CIKM 2022;
CC BY-SA 4.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from reader.errors import InvalidInputError
from reader.replay.importers._csv import check_whole, read_rows
from reader.replay.importers._files import PROGRESS_ROWS, Progress, find_files, require
from reader.replay.importers._log import Log
from reader.types import Video

VIDEOS_FILE = "video_features_basic_pure.csv"
VIDEOS_COLUMNS = ("video_id", "author_id", "upload_dt", "video_duration", "music_id", "tag")
SOURCE = "KuaiRand-Pure"
NO_MUSIC = "0"


def read_log(paths: Sequence[Path], out: Path, progress: Progress | None) -> Log:
    """Read video_features_basic_pure.csv (plain or .gz) from `paths`."""
    files = require(find_files(paths, [VIDEOS_FILE]), VIDEOS_FILE)
    skipped: list[str] = []
    notes = ["no events: the data have clips alone; a log of watching can be simulated (reread simulate --watch)"]
    videos = list(_videos(files, skipped, progress))
    return Log(iter(()), lambda: videos, skipped, notes)


def _videos(files: Sequence[Path], skipped: list[str], progress: Progress | None) -> Iterator[Video]:
    count = 0
    for file in files:
        for line, cells in read_rows(file, VIDEOS_COLUMNS):
            try:
                yield parse_video(cells)
            except InvalidInputError as error:
                skipped.append(f"{file.name} line {line}: {error}")
            count += 1
            if progress and count % PROGRESS_ROWS == 0:
                progress(count)
    if progress:
        progress(count)


def parse_video(cells: Mapping[str, str]) -> Video:
    """Return the clip of one row; InvalidInputError names what is wrong."""
    check_whole(cells)
    number, author, music = (cells[name].strip() for name in ("video_id", "author_id", "music_id"))
    if not number:
        raise InvalidInputError("video_id", "is empty")
    has_music = music not in ("", NO_MUSIC)
    return Video(
        id=f"kuairand-{number}",
        title=f"Video {number}",
        published_at=_parse_day(cells["upload_dt"]),
        source=SOURCE,
        creator=f"Author {author}" if author else "",
        creator_id=f"kuairand:author:{author}" if author else "",
        sound=f"Music {music}" if has_music else "",
        sound_id=f"kuairand:music:{music}" if has_music else "",
        tags=tuple(f"tag {tag.strip()}" for tag in cells["tag"].split(",") if tag.strip()),
        duration_s=_parse_duration_s(cells["video_duration"]),
    )


def _parse_day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidInputError("upload_dt", f"{text!r:.80} is no day", "give it as in 2022-04-10") from error


def _parse_duration_s(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        duration_ms = float(text)
        if not 0 < duration_ms < float("inf"):
            raise ValueError("no length is 0, negative or infinite")
    except ValueError as error:
        raise InvalidInputError("video_duration", f"{text!r:.80} is no number of milliseconds above 0") from error
    return duration_ms / 1000
