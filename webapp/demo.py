"""The demo catalogue: articles and clips made for this project, so that a first start needs no network."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from reader.ingest.items import parse_item
from reader.recommend.recommender import Recommender
from reader.records import Record
from reader.storage.protocol import Storage
from reader.types import AnyItem, Article

ANALYSES = "analyses.zip"
DEMO_MEDIA_URL = "/media/demo"
# The newest item of the demo is this old at the moment of loading, so that freshness has something to tell.
NEWEST_AGE = timedelta(hours=1)
_HERE = Path(__file__).parent
_MEDIA_FIELDS = ("media_url", "poster_url", "captions_url")


def demo_folder() -> Path | None:
    """Return where the demo lies: in the installed package, or in the fixtures of a checkout; None if in neither."""
    folders = (_HERE / "demo", _HERE.parent / "fixtures" / "demo")
    return next((folder for folder in folders if (folder / "items").is_dir()), None)


def load_demo(recommender: Recommender, items: list[AnyItem], *, progress: Callable[[int], None] | None = None) -> None:
    """Add the items of the demo with what is known of their texts."""
    recommender.storage.put_analyses(demo_analyses())
    recommender.add_items(items, progress=progress)


def demo_items(now: datetime) -> list[AnyItem]:
    """Return the demo's items as if they had been published up to an hour ago; empty if there is no demo."""
    return shift_times(_items(), now)


def demo_analyses() -> Iterator[tuple[str, bytes]]:
    """Yield what analysing the demo with the default models gave, so that a first start loads none of them."""
    folder = demo_folder()
    if folder is not None and (folder / ANALYSES).is_file():
        with zipfile.ZipFile(folder / ANALYSES) as archive:
            yield from ((key, archive.read(key)) for key in archive.namelist())


def shift_times(items: list[AnyItem], now: datetime) -> list[AnyItem]:
    """Move all times by the same span, so that the newest item is one hour old."""
    times = [item.published_at for item in items if item.published_at is not None]
    if not times:
        return items
    span = now - NEWEST_AGE - max(times)
    return [replace(item, published_at=item.published_at + span) if item.published_at else item for item in items]


@dataclass(frozen=True, slots=True)
class Demo:
    """What a store has of the demo, by id: what everybody gets, and since when what was taken out is out."""

    listed: tuple[str, ...]
    out: Mapping[str, datetime]


def demo_in(storage: Storage) -> Demo:
    """Return what a store has of the demo.

    An id alone says nothing, since anybody may give an item that id: the demo's has the demo's address, too.
    """
    addresses = _addresses()
    out = storage.withdrawn_items(list(addresses))
    stored = storage.items([item for item in addresses if item not in out])
    return Demo(tuple(item for item, one in stored.items() if _address(one) == addresses[item]), out)


def take_out(storage: Storage, at: datetime) -> int:
    """Have a store's items of the demo be listed for nobody; return how many were. They stay stored.

    So what readers did with them is about something, and the store is not empty: it is not filled anew.
    """
    found = demo_in(storage).listed
    if found:
        storage.withdraw_items(found, at)
    return len(found)


def put_back(storage: Storage) -> int:
    """Have what was taken out be for everybody again; return how many items."""
    found = list(demo_in(storage).out)
    if found:
        storage.give_items(found)
    return len(found)


@lru_cache(maxsize=1)
def _addresses() -> Mapping[str, str]:
    return {item.id: _address(item) for item in _items()}


def _address(item: AnyItem) -> str:
    # Of names in .invalid nobody has one (RFC 2606), and the clips' path leads into this installation.
    return item.url if isinstance(item, Article) else item.media_url


def _items() -> list[AnyItem]:
    folder = demo_folder()
    if folder is None:
        return []
    # The times are moved anyway, so none is too far ahead here.
    return [parse_item(_with_own_media(record), clock=_end_of_time) for record in _records(folder)]


def _end_of_time() -> datetime:
    return datetime.max.replace(tzinfo=UTC)


def _records(folder: Path) -> Iterator[Record]:
    for path in sorted((folder / "items").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def _with_own_media(record: Record) -> Record:
    """Return the record with names of files made links to them."""
    own = {name: f"{DEMO_MEDIA_URL}/{Path(record[name]).name}" for name in _MEDIA_FIELDS if record.get(name)}
    return {**record, **own}
