"""One HTTP exchange kept in WARC."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from archive.notice.exchange import Truncation
from archive.notice.moments import aware_utc


class Purpose(StrEnum):
    """What a URL was fetched for; the bytes do not say."""

    LIST = "list"
    NOTICE = "notice"
    CONTINUATION = "continuation"  #: a later page of a notice that is split over several
    ATTACHMENT = "attachment"
    ROBOTS = "robots"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class CaptureFacts:
    """What is known of a capture and does not stand in its bytes.

    Kept in a ``metadata`` record beside the capture, so that the WARCs alone suffice to
    rebuild the catalogue.
    """

    purpose: Purpose = Purpose.OTHER
    source: str | None = None  #: id of the `Source`
    column: str | None = None  #: id of the `Column` within it
    lead_title: str | None = None  #: the title as the list showed it
    lead_url: str | None = None  #: as the list named it; redirects may have led elsewhere
    lead_published_on: date | None = None
    lead_document_number: str | None = None  #: as the list showed it
    via: str | None = None  #: the page that named this URL
    run: str | None = None  #: id of the `Run`
    hops: str | None = None  #: Heritrix's discovery path letters, such as ``LL`` or ``LE``
    failure: str | None = None  #: why no whole answer came; it is asked for again
    refusal: str | None = None  #: why it was never asked for: robots.txt; it is not asked for again


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a record stands: what a CDXJ line says of it."""

    file: str  #: path below the home's WARC folder, with ``/``
    offset: int  #: of the record's first octet in the file
    length: int  #: octets, compressed as stored


@dataclass(frozen=True, kw_only=True)
class Original:
    """The earlier response that a revisit record refers to (WARC 1.1, 6.7)."""

    record_id: str
    url: str  #: of a POST, its address
    captured_at: datetime
    payload_digest: str


@dataclass(frozen=True, kw_only=True)
class Capture:
    """One HTTP exchange kept in WARC, read back for those who interpret it."""

    record_id: str  #: WARC-Record-ID of the response or revisit record, ``urn:uuid:…``
    url: str  #: of a POST, its address: see `archive.notice.posting`
    captured_at: datetime  #: WARC-Date, aware UTC
    status: int  #: HTTP status code; 0 when no status line could be read
    headers: tuple[tuple[str, str], ...]  #: as received, in order, repeats kept; latin-1
    body: bytes  #: the entity with its content coding undone; of a revisit, its original's
    payload_digest: str  #: ``sha256:…`` of the entity before content coding is undone
    place: Place
    facts: CaptureFacts = field(default_factory=CaptureFacts)
    revisit_of: str | None = None  #: record id of the response with the identical payload
    is_not_modified: bool = False  #: a 304: the body is empty, the earlier capture holds
    truncated: Truncation | None = None
    ip_address: str | None = None
    flags: tuple[str, ...] = ()  #: e.g. ``content-coding-broken``, ``body-limit``
    left_out: int = 0  #: octets of a body that is not here; see `without_body`

    def __post_init__(self) -> None:
        object.__setattr__(self, "captured_at", aware_utc(self.captured_at))

    def header(self, name: str) -> str | None:
        """The first value of a response header, by its name in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def size(self) -> int:
        """Octets of the body, here or left out."""
        return len(self.body) + self.left_out

    def without_body(self) -> Self:
        """The same capture for those who need no bytes, such as another process."""
        return replace(self, body=b"", left_out=self.size)

    @property
    def media_type(self) -> str:
        """The media type of Content-Type, lower case, without parameters; "" when absent."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()
