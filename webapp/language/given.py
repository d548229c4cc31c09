"""Texts for readers that come whole from `reader`, in English, and are said by `webapp.language.saying.said_plainly`.

`reader` knows no catalogue: it gives names and sentences without values, and they are looked up by themselves. What has
values is given as values, and the sentence is made here in `webapp`. The catalogues have all of this list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from werkzeug.exceptions import NotFound
from werkzeug.http import HTTP_STATUS_CODES

from reader.accounts.verifiers import EmailPlus, External, LocalGuardian, SignedForms
from reader.ingest.trouble import TROUBLES
from reader.privacy.granted import MEANINGS
from reader.recommend.describing import OFF, SECTIONS, describe_settings
from reader.recommend.families import CLASS_WORDS, FAMILIES
from reader.recommend.old_events import CLASSES
from reader.settings import Settings

# Statuses that a page of ours may come with.
_SHOWN = (400, 401, 403, 404, 405, 410, 413, 422, 429, 500, 503)


def given_texts() -> Iterator[str]:
    """Yield all of them; a text may come twice."""
    yield from CLASS_WORDS.values()
    yield from MEANINGS.values()
    yield from (HTTP_STATUS_CODES[status] for status in _SHOWN)
    # What werkzeug says where no page of ours is.
    yield NotFound.description
    for family in FAMILIES.values():
        yield from (family.label, family.description)
    yield from (words for _setting, _types, words in CLASSES.values())
    yield from SECTIONS.values()
    yield from ("Off", *OFF.values())
    settings = Settings()
    for section in SECTIONS:
        yield from (each.text for each in describe_settings(getattr(settings, section), section))
    for trouble in TROUBLES.values():
        yield from (trouble.words, trouble.remedy)
    for way in (LocalGuardian, SignedForms):
        yield from (way.label, way.hint)
    for made in (EmailPlus, External):
        yield from (str(field.default) for field in fields(made) if field.name in ("label", "hint"))
