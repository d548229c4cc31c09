"""Receipts: signed, checked, and without a name in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.errors import InvalidInputError
from reader.privacy.receipts import Receipt, is_of, new_erasure, read_receipt, write_receipt
from reader.privacy.signing import Signing, is_genuine

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
OURS, OTHERS = Signing("one secret"), Signing("another secret")
ERASURE = new_erasure(AT)


def written(user: str = "u0123456789abcdef") -> dict[str, object]:
    return write_receipt(OURS, user, ERASURE, {"events": 7, "accounts": 1}, 99)


def test_a_receipt_says_what_was_deleted_and_can_be_checked() -> None:
    receipt = written()

    assert receipt["deleted"] == {"events": 7, "accounts": 1}
    assert receipt["at"] == "2026-11-26T09:00:00.000Z"
    assert is_genuine(receipt)
    found = read_receipt(OURS, json.loads(json.dumps(receipt)))
    assert found == Receipt(ERASURE, str(receipt["subject"]), 99)


def test_a_receipt_names_nobody_but_can_be_matched_here() -> None:
    """By this installation alone, and two receipts of one reader have nothing in common."""
    receipt = read_receipt(OURS, written())
    again = read_receipt(OURS, write_receipt(OURS, "u0123456789abcdef", new_erasure(AT), {}, 99))

    assert "u0123456789abcdef" not in json.dumps(written())
    assert is_of(OURS, receipt, "u0123456789abcdef")
    assert not is_of(OURS, receipt, "ann")
    assert not is_of(OTHERS, receipt, "u0123456789abcdef")
    assert receipt.subject != again.subject


@given(st.sampled_from(sorted(written())), st.text(max_size=5))
def test_whatever_is_changed_is_noticed(name: str, value: str) -> None:
    receipt = written()
    receipt[name] = value

    assert not OURS.is_ours(receipt)
    with pytest.raises(InvalidInputError, match="was changed"):
        read_receipt(OURS, receipt)


def test_a_receipt_of_another_installation_is_genuine_but_not_ours() -> None:
    receipt = write_receipt(OTHERS, "ann", ERASURE, {}, 1)

    assert is_genuine(receipt)
    assert not OURS.is_ours(receipt)


@pytest.mark.parametrize("record", [{}, {"key": "x"}, {"key": OURS.key, "signature": "%"}, {"key": 3, "signature": 4}])
def test_what_is_no_receipt_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        read_receipt(OURS, record)


def test_what_is_signed_but_no_receipt_is_told_apart() -> None:
    with pytest.raises(InvalidInputError, match="no receipt"):
        read_receipt(OURS, OURS.signed({"grant": "g1"}))
