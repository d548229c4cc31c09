"""Language tags of publishers -> ISO 639-1. Guessing a language from a text is `nlp.language`'s affair."""

from __future__ import annotations

import re
from typing import Final

from nlp.language import CODES

_TAG: Final = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*", re.ASCII)
_MAX_TAG: Final = 100

# ISO 639-2, terminological and bibliographic codes, of the languages that feeds are most often tagged with.
_PAIRS: Final = """
    eng:en deu:de ger:de fra:fr fre:fr spa:es por:pt ita:it nld:nl dut:nl swe:sv dan:da nor:no nob:nb nno:nn
    fin:fi isl:is ice:is pol:pl ces:cs cze:cs slk:sk slo:sk slv:sl hun:hu ron:ro rum:ro bul:bg hrv:hr srp:sr
    bos:bs ell:el gre:el tur:tr rus:ru ukr:uk bel:be lit:lt lav:lv est:et zho:zh chi:zh jpn:ja kor:ko vie:vi
    tha:th ind:id msa:ms may:ms hin:hi ben:bn urd:ur tam:ta tel:te fas:fa per:fa ara:ar heb:he swa:sw cat:ca
    eus:eu baq:eu glg:gl gle:ga cym:cy wel:cy lat:la
"""
_THREE_LETTERS: Final = dict(pair.split(":") for pair in _PAIRS.split())


def normalise_language(tag: str) -> str:
    """Return the ISO 639-1 code of a language tag; "" where the tag names a language that has none, or no language.

    Raises ValueError if it has not the form of a tag.

    >>> [normalise_language(tag) for tag in ("en-GB", "DE", "deu", "zh_Hant_TW", "und", "nds", "")]
    ['en', 'de', 'de', 'zh', '', '', '']
    """
    tag = tag.strip()
    if not tag:
        return ""
    if len(tag) > _MAX_TAG or not _TAG.fullmatch(tag):
        raise ValueError(f"{tag[:80]!r} is no language tag")
    code = re.split("[-_]", tag)[0].lower()
    code = _THREE_LETTERS.get(code, code)
    return code if code in CODES else ""
