"""One exchange on the wire, before anyone interpreted it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.notice.moments import aware_utc


class Truncation(StrEnum):
    """Why a response is known not to be whole (WARC 1.1, 5.14)."""

    LENGTH = "length"
    TIME = "time"
    DISCONNECT = "disconnect"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """The bytes of one request and of what came back, as they went over the wire."""

    url: str  #: the URL asked for: absolute, percent-encoded, without a fragment
    started_at: datetime  #: when the request was sent, aware
    request: bytes  #: request line, headers, body
    response: bytes  #: status line, headers, body as framed and coded; b"" when nothing came
    ip_address: str | None = None  #: of the peer
    truncated: Truncation | None = None
    duration_ms: int | None = None  #: from sending the request to the last byte received

    def __post_init__(self) -> None:
        object.__setattr__(self, "started_at", aware_utc(self.started_at))
