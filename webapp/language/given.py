"""Texts for readers that come whole from `reader`, in English, and are said by `webapp.language.saying.said_plainly`.

`reader` knows no catalogue: it gives names and sentences without values, and they are looked up by themselves. What has
values is given as values, and the sentence is made here in `webapp`. The catalogues have all of this list.
"""

from __future__ import annotations

from collections.abc import Iterator

from reader.privacy.granted import MEANINGS
from reader.recommend.families import CLASS_WORDS, FAMILIES


def given_texts() -> Iterator[str]:
    """Yield all of them; a text may come twice."""
    yield from CLASS_WORDS.values()
    yield from MEANINGS.values()
    for family in FAMILIES.values():
        yield from (family.label, family.description)
