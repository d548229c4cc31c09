"""What can go wrong, as one tree.

RereadError
  InvalidInputError       a value from outside is wrong: names field, value and remedy
    InvalidItemError
    InvalidEventError
  FetchError              a URL could not be fetched
    ForbiddenAddressError   it leads to an address that the settings do not allow
  StorageError            the store could not be used: missing, locked, of a newer version
  NotFoundError           no such item, list or token
  ExpiredError            a cursor whose list is no longer kept
  MissingPackageError     an optional package is not installed
"""

from __future__ import annotations


class RereadError(Exception):
    """Base of all errors that a caller may want to handle."""


class InvalidInputError(RereadError):
    """A value from outside is wrong.

    field: where; detail: the value and what is wrong with it; remedy: what to give instead.
    """

    def __init__(self, field: str, detail: str, remedy: str = "") -> None:
        self.field = field
        self.detail = detail
        self.remedy = remedy
        super().__init__(f"{field}: {detail}" + (f"; {remedy}" if remedy else ""))


class InvalidItemError(InvalidInputError):
    """An item that cannot be taken."""


class InvalidEventError(InvalidInputError):
    """An event that cannot be taken."""


class FetchError(RereadError):
    """A URL could not be fetched; the message names it and the cause.

    trouble: what kind of cause it is (`reader.ingest.trouble`); status: of the answer, 0 without one; retry_after: the
    header, "" without one.
    """

    def __init__(self, url: str, cause: str, *, trouble: str = "other", status: int = 0, retry_after: str = "") -> None:
        self.url = url
        self.cause = cause
        self.trouble = trouble
        self.status = status
        self.retry_after = retry_after
        super().__init__(f"{url}: {cause}")


class ForbiddenAddressError(FetchError):
    """A URL, or a redirect from it, leads where the fetcher may not go."""


class StorageError(RereadError):
    """The store could not be used; the message names the file and the remedy."""


class NotFoundError(RereadError):
    """There is no such thing; the message names kind and id."""


class ExpiredError(RereadError):
    """A cursor points into a list that is no longer kept."""


class MissingPackageError(RereadError):
    """An optional package is not installed; the message names the extra that brings it."""

    def __init__(self, package: str, extra: str, cause: str) -> None:
        super().__init__(f"{package} cannot be used ({cause}); install it with `pip install 'reread[{extra}]'`")
