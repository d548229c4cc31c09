"""Scripts and style sheets as they travel: without comments and indentation.

The sources are written to be read, and there is no build: what a page loads is made from them once, when it is first
asked for (`webapp.files`). In a script of ours a comment stands behind a space or begins a line, and ` // ` stands in
no string (a test looks); a string of several lines loses its indentation.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from typing import Final

_COMMENT: Final = re.compile(r"(^|\s)// .*$", re.MULTILINE)
_SHEET_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_START: Final = re.compile(r"\n\s*")


def slim(source: str) -> str:
    """Return a script without what only people read. Lines stay lines, so no statement runs into the next.

    >>> slim('// Counts.\\n\\nexport function next(n) {\\n  return n + 1; // from 0\\n}\\n')
    'export function next(n) {\\nreturn n + 1;\\n}\\n'
    """
    return _LINE_START.sub("\n", _COMMENT.sub("", source)).strip() + "\n"


def slim_sheet(source: str) -> str:
    """Return a style sheet without what only people read.

    >>> slim_sheet('/* Words */\\np {\\n  margin: 0; /* none */\\n}\\n')
    'p {\\nmargin: 0; \\n}\\n'
    """
    return _LINE_START.sub("\n", _SHEET_COMMENT.sub("", source)).strip() + "\n"


@lru_cache(maxsize=64)
def compressed(text: str) -> bytes:
    """Return a text as UTF-8 after gzip, the same bytes every time."""
    return gzip.compress(text.encode(), 9, mtime=0)
