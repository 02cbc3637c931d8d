"""Captures out of WARC files: ours and those of other tools, through one reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archive.errors import DamagedWarc
from archive.notice import (
    Capture,
    CaptureFacts,
    Home,
    Place,
    Posting,
    Truncation,
    posting_address,
)
from archive.storage.content_coding import undo_codings
from archive.storage.damage import Damage, OnDamage, raise_damage
from archive.storage.digest import digest, holds
from archive.storage.facts_fields import read_facts
from archive.storage.holdings import Holdings
from archive.storage.http_message import ResponseMessage, parse_response
from archive.storage.posted import read_posting
from archive.storage.record import NOT_MODIFIED, WarcRecord, bare_uri, parse_warc_date
from archive.storage.record_reader import iter_records
from archive.storage.volume import Volume
from archive.storage.warc_fields import parse_fields

FindPlace = Callable[[str], Place | None]

#: Records that follow a response and may still belong to it.
COMPANIONS = 4
_CAPTURES = frozenset(("response", "revisit", "resource"))


def iter_captures(
    home: Home,
    *,
    volumes: Iterable[Volume] | None = None,
    find_place: FindPlace | None = None,
    on_damage: OnDamage = raise_damage,
) -> Iterator[Capture]:
    """Every capture of an archive, or of some WARC files, in the order in which it was kept.

    Args:
        home: The archive; its files' places are told below its WARC folder.
        volumes: Files to read instead, anywhere, of any tool.
        find_place: Tells where a revisit's original stands, when it came in no file before.
        on_damage: Told of each fault; the good captures around it come all the same.

    Raises:
        DamagedWarc: A fault, where no `on_damage` was given; captures before it have come.
        DepotUnreachable: The store that holds the files does not answer.
    """
    known = _Known(home, find_place)
    for volume in Holdings(home).volumes() if volumes is None else volumes:
        records = iter_records(volume, on_damage=on_damage)
        for event in capture_events(known.watched(records, volume)):
            try:
                capture = _read_event(event, known)
            except _UnusableRecord as fault:
                on_damage(_damage(event.record, str(fault)))
                continue
            if capture is not None:
                yield capture


def read_capture(home: Home, place: Place, *, find_place: FindPlace | None = None) -> Capture:
    """The capture whose response, revisit or resource record stands at a place.

    Raises:
        DamagedWarc: The file is missing or damaged there, or no capture stands there.
        DepotUnreachable: The store that holds it does not answer.
    """
    volume = Holdings(home).volume(place.file)
    known = _Known(home, find_place)
    records = iter_records(volume, offset=place.offset)
    for event in capture_events(records, only_first=True):
        if event.record.type == "revisit" and not event.record.field("WARC-Refers-To"):
            known.look_through(volume)  # other tools name only URI and date
        try:
            capture = _read_event(event, known)
        except _UnusableRecord as fault:
            raise _damage(event.record, str(fault)).as_error() from fault
        if capture is not None and event.record.place.offset == place.offset:
            return capture
    raise DamagedWarc(
        f"No capture stands at {place.offset} in {place.file}.",
        next_step="Run `hongtou verify`.",
        file=place.file,
        offset=place.offset,
    )


def read_record(home: Home, place: Place) -> bytes:
    """The octets of one record as stored: one gzip member of a compressed file.

    Raises:
        DamagedWarc: The file is missing or shorter than that.
        DepotUnreachable: The store that holds it does not answer.
    """
    with Holdings(home).open(place.file, place.offset) as file:
        octets = file.read(place.length)
    if len(octets) != place.length:
        raise DamagedWarc(
            f"{place.file} ends before {place.offset + place.length}.",
            next_step="Restore it from a copy, then run `hongtou verify`.",
            file=place.file,
            offset=place.offset,
        )
    return octets


class _UnusableRecord(Exception):
    """A record cannot be taken for a capture, though it should be one."""


@dataclass(frozen=True)
class CaptureEvent:
    """A record that is a capture, with the request and the metadata that belong to it."""

    record: WarcRecord
    request: bytes | None = None
    metadata: tuple[tuple[str, str], ...] = ()

    @property
    def method(self) -> str:
        """Of the request; GET where none stands there."""
        words = (self.request or b"")[:16].partition(b" ")[0]
        return words.decode("ascii", "replace") or "GET"

    @property
    def posting(self) -> Posting | None:
        """What was posted; None where nothing was."""
        return read_posting(self.request)


class _Known:
    """Where originals stand: as the catalogue says, else as seen in the files before."""

    def __init__(self, home: Home, find_place: FindPlace | None) -> None:
        self._holdings, self._find_place = Holdings(home), find_place
        self._seen: dict[str, tuple[Volume, int]] = {}

    def watched(self, records: Iterable[WarcRecord], volume: Volume) -> Iterator[WarcRecord]:
        """Pass records on, remembering those that a revisit may refer to."""
        for record in records:
            if record.type in ("response", "resource") and record.is_alone:
                where = volume, record.place.offset
                self._seen[record.id] = where
                self._seen[_moment_key(record.target, record.field("WARC-Date"))] = where
            yield record

    def look_through(self, volume: Volume) -> None:
        """Remember what stands in a file; its damage is for `verify` to tell."""
        records = iter_records(volume, on_damage=lambda _: None, block_limit=0)
        for _ in self.watched(records, volume):
            pass

    def original(self, revisit: WarcRecord) -> WarcRecord | None:
        """The record that a revisit refers to, by its id or by URI and date."""
        for volume, offset in self._places(revisit):
            try:
                record = next(iter_records(volume, offset=offset), None)
            except (DamagedWarc, OSError):
                continue  # said by `verify`; the revisit itself is flagged as without its original
            if record is not None and record.type in ("response", "resource"):
                return record
        return None

    def _places(self, revisit: WarcRecord) -> Iterator[tuple[Volume, int]]:
        wanted = bare_uri(revisit.field("WARC-Refers-To"))
        key = _moment_key(
            bare_uri(revisit.field("WARC-Refers-To-Target-URI")),
            revisit.field("WARC-Refers-To-Date"),
        )
        for seen in (self._seen.get(wanted), self._seen.get(key)):
            if seen is not None:
                yield seen
        place = self._find_place(wanted) if self._find_place and wanted else None
        if place is not None:
            yield self._holdings.volume(place.file), place.offset


def _moment_key(url: str, date: str | None) -> str:
    return f"{date} {url}" if url and date else ""


def capture_events(
    records: Iterable[WarcRecord], *, only_first: bool = False
) -> Iterator[CaptureEvent]:
    """Group captures with the records of the same event that follow or come just before."""
    requests: dict[str, bytes] = {}  # that came before their responses, as wget writes them
    waiting: CaptureEvent | None = None
    followed = 0
    try:
        for record in records:
            if waiting is not None:
                followed += 1
                if belongs(record, waiting.record) and followed <= COMPANIONS:
                    waiting = _joined(waiting, record)
                    continue
                yield waiting
                waiting = None
                if only_first:
                    return
            if record.type in _CAPTURES:
                waiting, followed = CaptureEvent(record, requests.pop(record.id, None)), 0
            elif record.type == "metadata":
                yield CaptureEvent(record, metadata=_metadata(record))
            elif record.type == "request":
                requests = dict.fromkeys(partners(record), record.block)
    except DamagedWarc:
        if waiting is not None:
            yield waiting  # what came before the damage is good
        raise
    if waiting is not None:
        yield waiting


def partners(record: WarcRecord) -> tuple[str, ...]:
    """Ids of the records that a record says are of the same event."""
    return tuple(bare_uri(value) for value in record.all("WARC-Concurrent-To"))


def belongs(record: WarcRecord, capture: WarcRecord) -> bool:
    """Whether a request or metadata record is of the event of a capture."""
    if record.type not in ("request", "metadata"):
        return False
    refers = bare_uri(record.field("WARC-Refers-To"))
    return capture.id in partners(record) or record.id in partners(capture) or refers == capture.id


def _joined(event: CaptureEvent, record: WarcRecord) -> CaptureEvent:
    if record.type == "request":
        return replace(event, request=record.block)
    return replace(event, metadata=(*event.metadata, *_metadata(record)))


def _metadata(record: WarcRecord) -> tuple[tuple[str, str], ...]:
    return parse_fields(record.block) if record.content_type.endswith("warc-fields") else ()


def _read_event(event: CaptureEvent, known: _Known) -> Capture | None:
    """The capture of an event; None for one that is no HTTP exchange."""
    record = event.record
    if record.type == "metadata":
        return _read_failure(event)
    if not record.target.lower().startswith(("http://", "https://")):
        return None
    if record.is_oversize:
        raise _UnusableRecord("its block is too long to be read as a page")
    if record.type == "resource":
        return _read_resource(event)
    if record.type == "revisit":
        return _read_revisit(event, known)
    return _read_response(event)


def _read_response(event: CaptureEvent) -> Capture:
    message = parse_response(event.record.block, method=event.method)
    if message is None:
        return _capture(event, _Parts(flags=("not-http",)))
    body, flags = undo_codings(message.entity, message.codings)
    label = digest(message.payload)
    if holds(event.record.field("WARC-Payload-Digest") or "", message.payload) is False:
        # warcio and wget digest the chunked octets (webrecorder/warcio#74): ours is the standard's
        flags = (*flags, "payload-digest-differs")
    return _capture(event, _Parts(message, body, label, flags))


def _read_resource(event: CaptureEvent) -> Capture:
    record = event.record
    said = record.field("Content-Type")
    headers = (("Content-Type", said),) if said else ()
    return _capture(event, _Parts(None, record.block, digest(record.block), (), headers, 200))


def _read_revisit(event: CaptureEvent, known: _Known) -> Capture:
    """A revisit's own head with its original's body."""
    record = event.record
    head = parse_response(record.block, method="HEAD") if record.block else None
    profile = (record.field("WARC-Profile") or "").rstrip("/")
    refers = bare_uri(record.field("WARC-Refers-To")) or None
    label = record.field("WARC-Payload-Digest") or digest(b"")
    if profile.endswith(NOT_MODIFIED.rpartition("/")[2]):
        capture = _capture(event, _Parts(head, b"", label))
        return replace(capture, revisit_of=refers, is_not_modified=True)
    original = known.original(record)
    if original is None:
        capture = _capture(event, _Parts(head, b"", label, ("original-missing",)))
        return replace(capture, revisit_of=refers, truncated=None)
    source = _read_event(CaptureEvent(original), known)
    assert source is not None
    status = head.status if head else source.status
    headers = head.headers if head else source.headers
    parts = _Parts(head, source.body, source.payload_digest, source.flags, headers, status)
    capture = _capture(event, parts)
    return replace(capture, revisit_of=source.record_id, truncated=None)


def _read_failure(event: CaptureEvent) -> Capture | None:
    """A metadata record that says an exchange came to nothing; None for any other."""
    said = {name.lower(): value for name, value in event.metadata}
    if "hongtou-outcome" not in said:
        return None
    capture = _capture(event, _Parts(flags=(said["hongtou-outcome"],)))
    return replace(
        capture,
        truncated=_truncation(said.get("hongtou-truncated")),
        ip_address=said.get("hongtou-ip-address"),
        flags=(),
    )


@dataclass(frozen=True)
class _Parts:
    """What was made of a block."""

    message: ResponseMessage | None = None
    body: bytes = b""
    payload_digest: str = ""
    flags: Sequence[str] = ()
    headers: tuple[tuple[str, str], ...] | None = None
    status: int | None = None


def _capture(event: CaptureEvent, parts: _Parts) -> Capture:
    record, message = event.record, parts.message
    status = message.status if message else 0
    return Capture(
        record_id=record.id,
        url=posting_address(record.target, event.posting),
        captured_at=_date(record),
        status=status if parts.status is None else parts.status,
        headers=(message.headers if message else ()) if parts.headers is None else parts.headers,
        body=parts.body,
        payload_digest=parts.payload_digest or digest(b""),
        place=record.place,
        facts=read_facts(event.metadata) if event.metadata else CaptureFacts(),
        truncated=_truncation(record.field("WARC-Truncated")),
        ip_address=record.field("WARC-IP-Address"),
        flags=(*(message.flags if message else ()), *parts.flags),
    )


def _truncation(text: str | None) -> Truncation | None:
    if text is None:
        return None
    try:
        return Truncation(text.strip().lower())
    except ValueError:
        return Truncation.UNSPECIFIED


def _date(record: WarcRecord) -> datetime:
    text = record.field("WARC-Date") or ""
    try:
        return parse_warc_date(text)
    except ValueError as error:
        raise _UnusableRecord(f"its WARC-Date is {text!r}") from error


def _damage(record: WarcRecord, what: str) -> Damage:
    return Damage(
        file=record.place.file,
        offset=record.place.offset,
        record_id=record.id or None,
        what=f"a {record.type} record cannot be taken as a capture: {what}",
        to_do="The other records of the file were taken.",
    )
