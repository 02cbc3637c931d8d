"""What the server itself remembers of one exchange, to hold against the archive's WARC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One exchange as the server saw it, byte for byte, inside TLS."""

    host: str
    path: str  #: with its query string
    method: str
    request_bytes: bytes  #: as received: request line, headers, body
    response_bytes: bytes  #: as sent, so far; b"" when nothing was
    at: datetime  #: when the request was complete, aware UTC


@dataclass(kw_only=True)
class Entry:
    """A line of the log while it is being written: bytes are noted before they are sent."""

    host: str
    path: str
    method: str
    request: bytes
    response: bytearray = field(default_factory=bytearray)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def freeze(self) -> Sent:
        """The line as it stands now."""
        return Sent(
            host=self.host,
            path=self.path,
            method=self.method,
            request_bytes=self.request,
            response_bytes=bytes(self.response),
            at=self.at,
        )
