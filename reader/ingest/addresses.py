"""Which network addresses a stranger's URL may lead to. Knows no socket and no name; see `connections` for both."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address

_CGNAT: Final = ip_network("100.64.0.0/10")  # RFC 6598
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: how networks without IPv4 write every IPv4 address
_V4_MAPPED: Final = IPv6Network("::ffff:0:0/96")  # RFC 4291, section 2.5.5.2
_SIX_TO_FOUR: Final = IPv6Network("2002::/16")  # RFC 3056
_V4_COMPATIBLE: Final = IPv6Network("::/96")  # RFC 4291, section 2.5.5.1
# ISATAP (RFC 5214): the last 64 bits are this, or the same with the bit for "unique", and then the IPv4 address.
_ISATAP_MARKS: Final = (0x0000_5EFE, 0x0200_5EFE)
# Some versions of Python call these global: 6to4 relays (RFC 7526), addresses of examples (RFC 9637).
_NOT_GLOBAL: Final = (ip_network("192.88.99.0/24"), ip_network("3fff::/20"))


def refusal(address: str) -> str:
    """Return why the address is refused, in words; "" if it is public.

    An IPv6 address that carries an IPv4 one (mapped, compatible, 6to4, Teredo, NAT64, ISATAP) is refused with it.

    >>> refusal("127.0.0.1"), refusal("::ffff:10.0.0.1"), refusal("93.184.215.14")
    ('a loopback address', 'a private address', '')
    """
    # A scope ("fe80::1%eth0") belongs to link-local addresses, and says nothing about the rest.
    parsed = ip_address(address.split("%")[0])
    carried = list(_carried(parsed))
    # These are IPv4 addresses in all but spelling, and versions of Python differ in what they call the spelling.
    is_spelling = any(parsed in network for network in (_NAT64, _V4_MAPPED, _SIX_TO_FOUR))
    checked = carried if is_spelling else [*carried, parsed]
    reasons = (_refusal(one) for one in checked)
    return next((reason for reason in reasons if reason), "")


def _refusal(address: Address) -> str:
    # In order of precision: the later ones hold for many of the earlier, too.
    kinds = (
        ("an unspecified address", address.is_unspecified),
        ("a loopback address", address.is_loopback),
        ("a link-local address", address.is_link_local),
        ("a multicast address", address.is_multicast),
        ("a carrier-grade NAT address", address in _CGNAT),
        ("a site-local address", isinstance(address, IPv6Address) and address.is_site_local),
        ("a reserved address", address.is_reserved),
        ("a private address", not address.is_global or any(address in network for network in _NOT_GLOBAL)),
    )
    return next((name for name, holds in kinds if holds), "")


def _carried(address: Address) -> Iterator[IPv4Address]:
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    is_isatap = int(address) >> 32 & 0xFFFF_FFFF in _ISATAP_MARKS
    if is_isatap or address in _NAT64 or (address in _V4_COMPATIBLE and int(address) > 1):
        yield IPv4Address(int(address) & 0xFFFFFFFF)
