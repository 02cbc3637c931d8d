"""The records of one exchange: response or revisit, request, metadata; in this order.

The metadata record comes last, so that its presence says the exchange is whole: after a crash,
an exchange without it is cut off (`archive.storage.recovery`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archive.notice import CaptureFacts, Exchange, Original, posting_address, split_address
from archive.storage.digest import digest
from archive.storage.facts_fields import facts_fields
from archive.storage.http_message import ResponseMessage, parse_response
from archive.storage.posted import read_posting
from archive.storage.record import (
    HTTP_REQUEST,
    HTTP_RESPONSE,
    IDENTICAL,
    NOT_MODIFIED,
    WARC_FIELDS,
    new_record_id,
    render_record,
    warc_date,
)
from archive.storage.uri import rfc3986
from archive.storage.warc_fields import escape_octets, render_fields

Field = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class CaptureRecords:
    """An exchange's records, ready to be compressed, and what was found out on the way."""

    rendered: tuple[bytes, ...]
    record_id: str  #: of the first: response, revisit, or metadata when nothing came
    target: str  #: WARC-Target-URI; of what answered a POST, its address
    payload_digest: str
    message: ResponseMessage | None  #: None when no status line came
    revisit_of: str | None = None
    is_not_modified: bool = False
    original: Original | None = None  #: what later captures may refer to


def capture_records(
    exchange: Exchange,
    facts: CaptureFacts,
    *,
    warcinfo_id: str,
    find_original: Callable[[str, bool], Original | None],
    not_modified: Original | None,
) -> CaptureRecords:
    """Make the records of an exchange.

    `find_original` is given the payload digest, and whether the response came in chunks.
    """
    method = exchange.request[:16].partition(b" ")[0].decode("ascii", "replace") or "GET"
    message = parse_response(exchange.response, method=method)
    event = _Event(exchange, facts, method, warcinfo_id)
    if message is None or not exchange.request:
        return _failure(event)
    payload_digest = digest(message.payload)
    if message.status == 304 and not_modified is not None:
        return _revisit(event, message, not_modified.payload_digest, not_modified, NOT_MODIFIED)
    if message.payload and exchange.truncated is None:
        original = find_original(payload_digest, message.is_chunked)
        if original is not None and original.captured_at <= exchange.started_at:
            return _revisit(event, message, payload_digest, original, IDENTICAL)
    return _response(event, message, payload_digest)


class _Event:
    """What all records of one exchange share."""

    def __init__(
        self, exchange: Exchange, facts: CaptureFacts, method: str, warcinfo_id: str
    ) -> None:
        self.exchange, self.facts, self.method = exchange, facts, method
        self.target = rfc3986(exchange.url)
        self.answered = posting_address(self.target, read_posting(exchange.request))
        self.date = warc_date(exchange.started_at)
        self.warcinfo_id = warcinfo_id
        self.first_id, self.request_id = new_record_id(), new_record_id()

    def fields(self, kind: str, record_id: str) -> list[Field]:
        """The fields that every record of the event begins with."""
        return [
            ("WARC-Type", kind),
            ("WARC-Record-ID", f"<{record_id}>"),
            ("WARC-Date", self.date),
            ("WARC-Target-URI", self.target),
            ("WARC-Warcinfo-ID", f"<{self.warcinfo_id}>"),
        ]

    def address(self) -> list[Field]:
        """WARC-IP-Address, where the peer is known."""
        address = self.exchange.ip_address
        return [("WARC-IP-Address", address)] if address else []

    def truncation(self) -> list[Field]:
        """WARC-Truncated, where the response is known not to be whole."""
        truncated = self.exchange.truncated
        return [("WARC-Truncated", truncated.value)] if truncated else []

    def request(self) -> bytes:
        """The request record."""
        fields = [
            *self.fields("request", self.request_id),
            ("WARC-Concurrent-To", f"<{self.first_id}>"),
            *self.address(),
        ]
        return render_record(fields, self.exchange.request, HTTP_REQUEST)

    def metadata(self, more: list[Field], record_id: str | None = None) -> bytes:
        """The metadata record: facts, duration, and whatever else is to be said."""
        fields = self.fields("metadata", record_id or new_record_id())
        if record_id is None:
            fields.append(("WARC-Concurrent-To", f"<{self.first_id}>"))
        said = facts_fields(self.facts)
        if self.exchange.duration_ms is not None:
            said.append(("fetchTimeMs", str(self.exchange.duration_ms)))
        if self.method != "GET":
            said.append(("hongtou-method", self.method))
        return render_record(fields, render_fields([*said, *more]), WARC_FIELDS)


def _response(event: _Event, message: ResponseMessage, payload_digest: str) -> CaptureRecords:
    fields = [
        *event.fields("response", event.first_id),
        ("WARC-Concurrent-To", f"<{event.request_id}>"),
        *event.address(),
        *event.truncation(),
        ("WARC-Payload-Digest", payload_digest),
    ]
    is_whole = bool(message.payload) and event.exchange.truncated is None
    return CaptureRecords(
        rendered=(
            render_record(fields, message.head + message.framed, HTTP_RESPONSE),
            event.request(),
            event.metadata(_heard_before(message)),
        ),
        record_id=event.first_id,
        target=event.answered,
        payload_digest=payload_digest,
        message=message,
        original=Original(
            record_id=event.first_id,
            url=event.answered,
            captured_at=event.exchange.started_at.replace(microsecond=0),
            payload_digest=payload_digest,
        )
        if is_whole
        else None,
    )


def _revisit(
    event: _Event,
    message: ResponseMessage,
    payload_digest: str,
    original: Original,
    profile: str,
) -> CaptureRecords:
    """A revisit with its own headers (WARC 1.1, 6.7); the body stands in the original."""
    fields = [
        *event.fields("revisit", event.first_id),
        ("WARC-Concurrent-To", f"<{event.request_id}>"),
        *event.address(),
        ("WARC-Profile", profile),
        ("WARC-Refers-To", f"<{original.record_id}>"),
        ("WARC-Refers-To-Target-URI", rfc3986(split_address(original.url)[0])),
        ("WARC-Refers-To-Date", warc_date(original.captured_at)),
        ("WARC-Payload-Digest", payload_digest),
    ]
    if profile == IDENTICAL:
        fields.append(("WARC-Truncated", "length"))
    return CaptureRecords(
        rendered=(
            render_record(fields, message.head, HTTP_RESPONSE),
            event.request(),
            event.metadata(_heard_before(message)),
        ),
        record_id=event.first_id,
        target=event.answered,
        payload_digest=payload_digest,
        message=message,
        revisit_of=original.record_id,
        is_not_modified=profile == NOT_MODIFIED,
    )


def _heard_before(message: ResponseMessage) -> list[Field]:
    """1xx responses are messages of their own: replay would take them for the answer."""
    return [("hongtou-interim", escape_octets(message.interim))] if message.interim else []


def _failure(event: _Event) -> CaptureRecords:
    """Nothing came, or nothing that is HTTP: a response record would have to invent a status."""
    exchange = event.exchange
    said: list[Field] = [("hongtou-outcome", "not-http" if exchange.response else "no-response")]
    if exchange.truncated is not None:
        said.append(("hongtou-truncated", exchange.truncated.value))
    if exchange.ip_address is not None:
        said.append(("hongtou-ip-address", exchange.ip_address))
    if exchange.request:
        said.append(("hongtou-request", escape_octets(exchange.request)))
    if exchange.response:
        said.append(("hongtou-received", escape_octets(exchange.response)))
    return CaptureRecords(
        rendered=(event.metadata(said, event.first_id),),
        record_id=event.first_id,
        target=event.target,
        payload_digest=digest(b""),
        message=None,
    )
