"""Addresses without what is in them only to follow who came from where. Knows no network.

Pictures that count readers are left out where a text comes in (`reader.ingest.markup.picture`).
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote_plus, urlsplit, urlunsplit

# Beginnings of names of parameters: campaigns of Google Analytics, Matomo and Piwik, AT Internet, HubSpot, Olytics.
_PREFIXES: Final = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "at_campaign", "at_medium", "at_custom", "hsa_", "oly_")
# Ids of clicks, mails and campaigns. Names that also mean something else ("ref", "source", "id") are left alone.
_NAMES: Final = frozenset(
    """fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid ttclid li_fat_id igshid igsh yclid ysclid _openstat
    mc_cid mc_eid _hsenc _hsmi hsctatracking mkt_tok vero_id vero_conv wickedid rb_clickid s_cid s_kwcid ml_subscriber
    ml_subscriber_hash ref_src ref_url cmpid ns_campaign ns_mchannel ns_source ns_linkname xtor ftag guccounter
    guce_referrer guce_referrer_sig __twitter_impression spm scm epik srsltid mibextid _ga _gl""".split()  # noqa: SIM905  # a list would fill half a page
)


def without_tracking(url: str) -> str:
    """Return the address without parameters that only follow the reader; all else stays as it was, letter by letter.

    >>> without_tracking("https://news.example/a?id=7&utm_source=rss&utm_medium=feed#part-2")
    'https://news.example/a?id=7#part-2'
    >>> without_tracking("https://news.example/a?utm_source=rss#utm_medium=feed&xtor=RSS-1")
    'https://news.example/a'
    """
    parts = urlsplit(url)
    query, fragment = _kept(parts.query), parts.fragment
    # A fragment in the form of a query is one for scripts; an anchor is none.
    if "=" in fragment:
        fragment = _kept(fragment)
    if (query, fragment) == (parts.query, parts.fragment):
        return url
    return urlunsplit(parts._replace(query=query, fragment=fragment))


def _kept(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if not _follows(pair))


def _follows(pair: str) -> bool:
    name = unquote_plus(pair.split("=", 1)[0]).lower().removeprefix("amp;")
    return name in _NAMES or name.startswith(_PREFIXES)
