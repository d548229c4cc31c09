from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.ingest.addresses import refusal


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("0.0.0.0", "an unspecified address"),
        ("127.0.0.1", "a loopback address"),
        ("127.255.255.254", "a loopback address"),
        ("10.0.0.1", "a private address"),
        ("172.16.0.1", "a private address"),
        ("172.31.255.255", "a private address"),
        ("192.168.0.1", "a private address"),
        ("198.18.0.1", "a private address"),
        ("192.0.2.1", "a private address"),
        ("169.254.169.254", "a link-local address"),
        ("100.64.0.1", "a carrier-grade NAT address"),
        ("100.127.255.255", "a carrier-grade NAT address"),
        ("224.0.0.1", "a multicast address"),
        ("240.0.0.1", "a reserved address"),
        ("255.255.255.255", "a reserved address"),
        ("::", "an unspecified address"),
        ("::1", "a loopback address"),
        ("fe80::1", "a link-local address"),
        ("fe80::1%eth0", "a link-local address"),
        ("fec0::1", "a site-local address"),
        ("fd00::1", "a private address"),
        ("ff02::1", "a multicast address"),
        ("2001:db8::1", "a private address"),
        ("::ffff:127.0.0.1", "a loopback address"),
        ("::ffff:169.254.169.254", "a link-local address"),
        ("::127.0.0.1", "a loopback address"),
        ("2002:7f00:1::", "a loopback address"),
        ("2002:a00:1::1", "a private address"),
        ("64:ff9b::7f00:1", "a loopback address"),
        ("64:ff9b::a00:1", "a private address"),
        ("64:ff9b::a9fe:a9fe", "a link-local address"),
        ("64:ff9b:1::7f00:1", "a reserved address"),
        ("2002:a9fe:a9fe::", "a link-local address"),
        ("2002:c0a8:101::1", "a private address"),
        ("2001:470::5efe:10.0.0.1", "a private address"),
        ("2001:470::200:5efe:127.0.0.1", "a loopback address"),
        ("2001:0:1::", "a private address"),
        ("2001:0:5db8:d70e::80ff:fffe", "a loopback address"),
        ("::ffff:0:127.0.0.1", "a reserved address"),
        ("192.88.99.1", "a private address"),
        ("3fff::1", "a private address"),
        ("5f00::1", "a reserved address"),
    ],
)
def test_what_is_not_public_is_refused(address: str, reason: str) -> None:
    assert refusal(address) == reason


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.215.14",
        "172.32.0.1",
        "100.128.0.1",
        "2606:4700::1111",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
        "2606::5efe:1.1.1.1",
    ],
)
def test_what_is_public_is_allowed(address: str) -> None:
    assert refusal(address) == ""


@given(st.ip_addresses(v=4))
def test_an_address_in_ipv6_dress_is_judged_as_the_one_it_carries(address: IPv4Address) -> None:
    number = int(address)
    dresses = [IPv6Address(0xFFFF << 32 | number), IPv6Address((0x2002 << 112) | (number << 80))]
    if refusal(str(address)):
        assert all(refusal(str(dress)) for dress in dresses)
    else:
        assert [refusal(str(dress)) for dress in dresses] == ["", ""]
