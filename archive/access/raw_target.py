"""Addresses with Chinese in them as people type them: encoded before the parser sees them.

``curl http://…/search?q=医改`` sends UTF-8 octets where RFC 3986 wants percent-encoding, and h11
answers 400. Browsers encode them; other programs are understood all the same.
"""

from __future__ import annotations

import re

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_LINE_END = b"\r\n"
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class LenientTarget(H11Protocol):
    """Speaks HTTP as uvicorn does, with the octets of a request line made ASCII."""

    def data_received(self, data: bytes) -> None:
        """Encode what stands before the first line's end of a request that begins here."""
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            data = encoded_line(data)
        super().data_received(data)


def encoded_line(data: bytes) -> bytes:
    """The octets with those of their first line percent-encoded that are no ASCII."""
    line, end, rest = data.partition(_LINE_END)
    return _NOT_ASCII.sub(lambda match: b"%%%02X" % match[0][0], line) + end + rest
