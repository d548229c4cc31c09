"""What the faces need to deal with feeds: finding them, packing what a form carries, waking who fetches.

Fetching in the background is `webapp.refreshing`'s.
"""

from __future__ import annotations

import base64
import binascii
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from itsdangerous import BadSignature, URLSafeSerializer

from reader.clock import Clock
from reader.errors import InvalidInputError
from reader.ingest.discovery import Finder, Found
from reader.ingest.fetch import Fetcher
from reader.ingest.opml import MAX_OPML_BYTES
from reader.settings import Settings

_SALT = "feeds"


@dataclass(frozen=True, slots=True)
class FeedDesk:
    """due: set when something is to be fetched at once."""

    finder: Finder
    signer: URLSafeSerializer
    due: threading.Event = field(default_factory=threading.Event)

    def seal(self, found: Sequence[Found]) -> str:
        """Return what was found for a form to carry, so that a choice needs no second search."""
        sealed = self.signer.dumps([[one.url, one.title, one.site_url] for one in found])
        return sealed if isinstance(sealed, str) else sealed.decode()

    def unseal(self, text: str) -> list[Found]:
        """Return what was sealed; InvalidInputError for what was not sealed here."""
        try:
            return [Found(*map(str, one)) for one in self.signer.loads(text)]
        except BadSignature as error:
            raise InvalidInputError("found", "is not what the page sent", "look for the feed again") from error


def make_desk(settings: Settings, key: str, clock: Clock) -> FeedDesk:
    """Return a desk; somebody waits for what it finds, so that it gives up early."""
    hasty = {
        "fetch_timeout_s": settings.feeds.discovery_timeout_s,
        "fetch_host_pause_s": settings.feeds.discovery_pause_s,
    }
    fetcher = Fetcher(settings.model_copy(update=hasty), clock=clock)
    return FeedDesk(Finder(fetcher, settings.feeds, clock), URLSafeSerializer(key, salt=_SALT))


def pack(content: bytes) -> str:
    """Return a file as text that a form can carry.

    >>> unpack(pack(b"<opml/>"))
    b'<opml/>'
    """
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode()


def unpack(text: str) -> bytes:
    """Return what was packed; InvalidInputError if it was not, or is larger than any list of feeds."""
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(base64.urlsafe_b64decode(text.encode("ascii")), MAX_OPML_BYTES)
        if unpacker.eof:
            return content
    except (ValueError, binascii.Error, zlib.error):
        pass
    raise InvalidInputError("opml", "is not what the page sent", "choose the file again")
