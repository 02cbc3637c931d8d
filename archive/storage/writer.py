"""Writing captures: an exchange in, records on the disk, a `Capture` out."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from archive.errors import DamagedWarc, DepotUnreachable, HomeNotWritable
from archive.notice import (
    Capture,
    CaptureFacts,
    Exchange,
    Home,
    Original,
    Place,
    posting_address,
    split_address,
)
from archive.storage.capture_reader import read_capture
from archive.storage.capture_records import CaptureRecords, capture_records
from archive.storage.cdxj import REVISIT, entry_line
from archive.storage.content_coding import undo_codings
from archive.storage.digest import digest
from archive.storage.gzip_member import LEVEL, gzip_member
from archive.storage.posted import read_posting
from archive.storage.record import WARC_FIELDS, new_record_id, render_record, warc_date
from archive.storage.replay_index import ReplayIndex
from archive.storage.uri import rfc3986
from archive.storage.warc_fields import render_fields
from archive.storage.warc_file import WarcFile

FindOriginal = Callable[[str], Original | None]
FindPlace = Callable[[str], Place | None]

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

#: Digests of what was just written, which the catalogue has not yet heard of.
RECENT_DIGESTS = 4096


def _knows_none(_: str) -> Original | None:
    return None


def _knows_no_place(_: str) -> Place | None:
    return None


def _now() -> datetime:
    return datetime.now(UTC)


class WarcWriter:
    """Writes every exchange to WARC files of a home, and opens and closes these.

    The first file is made by the first exchange. Nothing may be concluded from a capture until
    `sync` has returned after it.
    """

    def __init__(
        self,
        home: Home,
        *,
        software: str,
        operator: str,
        user_agent: str,
        robots: str = "obey",
        settings_digest: str = "",
        description: str = "Notices of Chinese government sites and their reprints",
        clock: Callable[[], datetime] = _now,
        max_bytes: int = 10**9,
        max_age: timedelta = timedelta(days=1),
        level: int = LEVEL,
    ) -> None:
        self._home = home
        self._about = (
            ("software", software),
            ("format", "WARC File Format 1.1"),
            ("conformsTo", CONFORMS_TO),
            ("operator", operator),
            ("robots", robots),
            ("http-header-user-agent", user_agent),
            ("description", description),
            *((("hongtou-settings-digest", settings_digest),) if settings_digest else ()),
        )
        self._clock, self._level = clock, level
        self._max_bytes, self._max_age = max_bytes, max_age
        self._file: WarcFile | None = None
        self._error: HomeNotWritable | None = None
        self._index: list[str] = []  # CDXJ lines of the file under way
        self._warcinfo_id = ""
        self._serial = 0
        self._recent: OrderedDict[str, tuple[Original, bool]] = OrderedDict()

    def __enter__(self) -> Self:
        """Nothing is opened until there is something to write."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file under way."""
        self.close()

    def write(
        self,
        exchange: Exchange,
        facts: CaptureFacts,
        *,
        find_original: FindOriginal = _knows_none,
        find_place: FindPlace = _knows_no_place,
        not_modified: Original | None = None,
    ) -> Capture:
        """Append an exchange's records.

        Args:
            exchange: What went over the wire, failed or not.
            facts: What its bytes do not say.
            find_original: Tells the earlier response with a payload digest, if there is one.
            find_place: Tells where such a response stands, so that its framing can be looked at.
            not_modified: The capture that a 304 stands for.

        Raises:
            HomeNotWritable: The disk is full or fails; nothing of the exchange is kept.
        """
        self._check()
        file = self._ready_file()
        records = capture_records(
            exchange,
            facts,
            warcinfo_id=self._warcinfo_id,
            find_original=lambda label, is_chunked: _for_address(
                posting_address(rfc3986(exchange.url), read_posting(exchange.request)),
                self._original(label, is_chunked, find_original, find_place),
            ),
            not_modified=not_modified,
        )
        places = file.append([gzip_member(record, self._level) for record in records.rendered])
        self._remember(records)
        capture = _capture(records, exchange, facts, places[0])
        if records.message is not None and not records.is_not_modified:
            self._index.append(_index_line(capture, exchange))
        return capture

    def sync(self) -> None:
        """Have the disk hold everything written so far.

        Raises:
            HomeNotWritable: The disk says it could not.
        """
        self._check()
        if self._file is not None:
            try:
                self._file.sync()
            except HomeNotWritable as error:
                self._error = error
                raise

    def close(self) -> None:
        """Close the file under way; the next exchange opens another.

        Raises:
            HomeNotWritable: The disk says it could not hold it; the file stays ``….open``.
        """
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except HomeNotWritable as error:
                self._error = error
                raise
            self._write_index(file.name)

    def close_when_due(self) -> None:
        """Close the file under way where it is large or old enough; raises as `close` does."""
        file = self._file
        if file is not None and (
            file.size >= self._max_bytes or self._clock() - file.opened_at >= self._max_age
        ):
            self.close()

    def _write_index(self, name: str) -> None:
        lines, self._index = self._index, []
        with contextlib.suppress(OSError):  # it is made again from the WARC when it is needed
            ReplayIndex(self._home).write_part(name, lines)

    @property
    def is_broken(self) -> bool:
        """Whether a sync failed: what was written since the one before may be lost."""
        return self._error is not None

    def _check(self) -> None:
        """Refuse to go on after a failed sync: the system reports such a loss only once."""
        if self._error is not None:
            raise self._error

    def _ready_file(self) -> WarcFile:
        self.close_when_due()
        return self._file or self._open(self._clock())

    def _open(self, now: datetime) -> WarcFile:
        self._serial += 1
        file = WarcFile(self._home, now, self._serial)
        self._warcinfo_id = new_record_id()
        fields = (
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", f"<{self._warcinfo_id}>"),
            ("WARC-Date", warc_date(now)),
            ("WARC-Filename", file.name.rpartition("/")[2]),
        )
        record = render_record(fields, render_fields(self._about), WARC_FIELDS)
        file.append([gzip_member(record, self._level)])
        self._file = file
        return file

    def _original(
        self, label: str, is_chunked: bool, find_original: FindOriginal, find_place: FindPlace
    ) -> Original | None:
        """The earlier response that a revisit may refer to, or None: then all is written again.

        A revisit replays with its own headers over its original's block. Without "chunked" in
        the one and with chunks in the other, pywb 2.10 shows an empty page.
        """
        recent = self._recent.get(label)
        if recent is not None:
            original, was_chunked = recent
            return original if is_chunked or not was_chunked else None
        found = find_original(label)
        if found is None or is_chunked or self._has_no_chunks(find_place(found.record_id)):
            return found
        return None

    def _has_no_chunks(self, place: Place | None) -> bool:
        if place is None:
            return True
        try:
            capture = read_capture(self._home, place)
        except (DamagedWarc, DepotUnreachable):
            return False
        return "chunked" not in (capture.header("transfer-encoding") or "").lower()

    def _remember(self, records: CaptureRecords) -> None:
        if records.original is None:
            return
        is_chunked = records.message is not None and records.message.is_chunked
        self._recent[records.payload_digest] = records.original, is_chunked
        if len(self._recent) > RECENT_DIGESTS:
            self._recent.popitem(last=False)


def settings_digest(text: str) -> str:
    """The digest of a configuration as it was used, for the warcinfo record."""
    return digest(text.encode())


def _for_address(address: str, original: Original | None) -> Original | None:
    """The original, unless replay would not find it from a capture of that address.

    A revisit names its original by URL and date; pywb finds the answer of a POST by its form alone.
    """
    if original is None or original.url == address:
        return original
    return original if split_address(original.url)[0] == original.url else None


def _index_line(capture: Capture, exchange: Exchange) -> str:
    return entry_line(
        posting=read_posting(exchange.request),
        url=rfc3986(exchange.url),
        at=capture.captured_at,
        media_type=REVISIT if capture.revisit_of else capture.media_type,
        status=capture.status,
        digest=capture.payload_digest,
        place=capture.place,
    )


def _capture(
    records: CaptureRecords, exchange: Exchange, facts: CaptureFacts, place: Place
) -> Capture:
    message = records.message
    body, flags = undo_codings(message.entity, message.codings) if message else (b"", ())
    return Capture(
        record_id=records.record_id,
        url=records.target,
        captured_at=exchange.started_at.replace(microsecond=0),
        status=message.status if message else 0,
        headers=message.headers if message else (),
        body=body,
        payload_digest=records.payload_digest,
        place=place,
        facts=facts,
        revisit_of=records.revisit_of,
        is_not_modified=records.is_not_modified,
        truncated=exchange.truncated,
        ip_address=exchange.ip_address,
        flags=(*message.flags, *flags) if message else (),
    )
