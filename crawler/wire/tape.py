"""What went over the wire for one request, octet for octet."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from archive.notice import Exchange, Truncation


class Tape:
    """Records one request and what comes back, until it is made into an `Exchange`.

    A request that the connection pool sends again on a fresh connection, because the kept one
    had been closed by the server, begins the tape anew: nothing had come back.
    """

    def __init__(self, url: str, limit: int) -> None:
        self._url = url
        self._limit = limit  # octets received; 0: no limit
        self.begin(None)

    def begin(self, ip_address: str | None) -> None:
        """A request is about to be sent to a peer."""
        self._sent: list[bytes] = []
        self._received: list[bytes] = []
        self._received_size = 0
        self._ip_address = ip_address
        self._started_at = datetime.now(UTC)
        self._clock = self._last = time.monotonic()
        self.has_surplus = False  #: octets came behind the end of the response
        self.is_full = False  #: more came than is kept

    def sent(self, octets: bytes) -> None:
        """Take in octets that go out."""
        self._sent.append(octets)

    def received(self, octets: bytes) -> None:
        """Take in octets that came, up to the limit."""
        self._last = time.monotonic()
        if self._limit and self._received_size + len(octets) > self._limit:
            octets = octets[: self._limit - self._received_size]
            self.is_full = True
        self._received.append(octets)
        self._received_size += len(octets)

    def exchange(self, truncated: Truncation | None) -> Exchange:
        """The exchange as far as it got."""
        return Exchange(
            url=self._url,
            started_at=self._started_at,
            request=b"".join(self._sent),
            response=b"".join(self._received),
            ip_address=self._ip_address,
            truncated=truncated,
            duration_ms=round((self._last - self._clock) * 1000),
        )
