"""What this installation signs: receipts of erasures, and data grants.

Ed25519, so that anybody can check it who is told the public key.

The key follows from the secret that signs cookies, which is made at first use in a file that only its owner may read:
so one secret is kept, and a backup brings it along.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Record = dict[str, Any]

_PURPOSE: Final = b"reread signing 1"
SIGNATURE: Final = "signature"
KEY: Final = "key"


class Signing:
    """Signs records, and makes digests that nobody else can make."""

    def __init__(self, secret: str) -> None:
        """secret: that of the installation, of any length."""
        self._seed = hmac.new(secret.encode(), _PURPOSE, hashlib.sha256).digest()
        self._private = Ed25519PrivateKey.from_private_bytes(self._seed)

    @property
    def key(self) -> str:
        """The public key, hex."""
        return self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def signed(self, record: Record) -> Record:
        """Return the record with the public key and the signature of all of it."""
        whole = {**record, KEY: self.key}
        return {**whole, SIGNATURE: base64.b64encode(self._private.sign(_bytes(whole))).decode()}

    def is_ours(self, record: Record) -> bool:
        """Whether this installation has signed a record, and nothing of it was changed."""
        return record.get(KEY) == self.key and is_genuine(record)

    def digest(self, *parts: str) -> str:
        """Return a keyed digest of some texts, 128 bits in hex."""
        return hmac.new(self._seed, "\0".join(parts).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def is_genuine(record: Record) -> bool:
    """Whether a record is as the owner of the key in it has signed it."""
    whole = {name: value for name, value in record.items() if name != SIGNATURE}
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(str(record.get(KEY, ""))))
        public.verify(base64.b64decode(str(record.get(SIGNATURE, "")), validate=True), _bytes(whole))
    except (InvalidSignature, ValueError):
        return False
    return True


def _bytes(record: Record) -> bytes:
    """Return what is signed: the record as JSON, names in order, without blanks."""
    return json.dumps(record, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
