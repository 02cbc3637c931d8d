"""Digests as WARC writes them: ``algorithm:value`` (WARC 1.1, 5.8 and 5.9)."""

from __future__ import annotations

import base64
import hashlib

# sha256 in hexadecimal, as Browsertrix writes it: warcio check, FastWARC, cdxj-indexer and pywb
# read it (tried with 1.8.1, 2.0.1, 1.5.0 and 2.10.0). sha1 can be forged since 2017, and an
# archive that proves what was published must not rest on it.
ALGORITHM = "sha256"

_KNOWN = frozenset(("md5", "sha1", "sha224", "sha256", "sha384", "sha512"))


def digest(octets: bytes) -> str:
    """The label of some octets, such as ``sha256:e3b0…``."""
    return f"{ALGORITHM}:{hashlib.sha256(octets).hexdigest()}"


class LabelCheck:
    """Checks octets, fed piece by piece, against a label of any common algorithm and alphabet."""

    def __init__(self, label: str) -> None:
        name, _, self._value = label.strip().partition(":")
        algorithm = name.lower().replace("-", "")
        known = algorithm in _KNOWN and bool(self._value)
        self._hash = hashlib.new(algorithm, usedforsecurity=False) if known else None

    def update(self, octets: bytes | memoryview) -> None:
        """Take in the next octets."""
        if self._hash is not None:
            self._hash.update(octets)

    def holds(self) -> bool | None:
        """Whether the octets are those of the label; None for an algorithm we do not know."""
        if self._hash is None:
            return None
        octets, value = self._hash.digest(), self._value
        return (
            value.lower() == octets.hex()
            or value.upper().rstrip("=") == base64.b32encode(octets).decode().rstrip("=")
            or value.rstrip("=") == base64.b64encode(octets).decode().rstrip("=")
            or value.rstrip("=") == base64.urlsafe_b64encode(octets).decode().rstrip("=")
        )


def holds(label: str, octets: bytes | memoryview) -> bool | None:
    """Whether a label is that of the octets; None for an algorithm we do not know."""
    if label.startswith("sha256:") and label[7:] == hashlib.sha256(octets).hexdigest():
        return True  # ours; the rest is for the many ways in which others write theirs
    check = LabelCheck(label)
    check.update(octets)
    return check.holds()
