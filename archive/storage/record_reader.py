"""Reading the records of a WARC file, whoever wrote it; damage is reported and passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from isal import isal_zlib

from archive.notice import Place
from archive.storage.damage import RESTORE, Damage, OnDamage, raise_damage
from archive.storage.digest import LabelCheck
from archive.storage.gzip_member import DAMAGE_ERRORS
from archive.storage.octets import CHUNK, BrokenOctets, Octets
from archive.storage.record import RecordFields, WarcRecord, bare_uri
from archive.storage.volume import Volume

#: Blocks up to this stay in memory; longer ones are passed over, and said to be so.
BLOCK_LIMIT = 256 << 20
FIELDS_LIMIT = 1 << 18
FIELD_LINES_LIMIT = 1000

_VERSION = re.compile(r"WARC/[0-9]\.[0-9]{1,2}\Z")
_FOLD = re.compile(r"\r\n[ \t]+")
_RECORD_BEGINS = re.compile(rb"\x1f\x8b\x08|\nWARC/[0-9]\.")


class _BadRecord(Exception):
    """A record does not follow WARC's grammar."""


def iter_records(
    volume: Volume,
    *,
    offset: int = 0,
    on_damage: OnDamage = raise_damage,
    block_limit: int = BLOCK_LIMIT,
) -> Iterator[WarcRecord]:
    """Every readable record of a file, from an offset at which one begins.

    Args:
        volume: A WARC file, compressed or not, of version 1.0 or 1.1.
        offset: Where to begin.
        on_damage: Told of each fault; reading goes on with the next record that can be found.
            Left out, the first fault raises.
        block_limit: Blocks longer than this are not kept.
    """
    called = volume.name
    with volume.open(offset) as file:
        while True:
            octets = Octets(file, offset)
            reader = _Reader(octets, called, block_limit)
            try:
                yield from reader.records()
            except (BrokenOctets, _BadRecord) as fault:
                on_damage(_damage(called, reader, fault))
                offset = _next_beginning(file, reader.record_at + 1)
                if offset < 0:
                    return
            else:
                return


class _Reader:
    """Takes records from octets until there are no more or one is damaged."""

    def __init__(self, octets: Octets, name: str, block_limit: int) -> None:
        self._octets, self._name, self._block_limit = octets, name, block_limit
        self.record_at = octets.offset
        self.record_id: str | None = None

    def records(self) -> Iterator[WarcRecord]:
        while True:
            is_between = self._octets.is_between_records()
            if is_between:
                self.record_at = self._octets.offset
            self.record_id = None
            record = self._lone_record() if is_between else None
            if record is None:
                if self._octets.is_at_end():
                    return
                record = self._record(is_between)
            if record is not None:
                yield record

    def _lone_record(self) -> WarcRecord | None:
        """The record that fills the next gzip member, as nearly all do; None for all others.

        It says nothing of what is wrong: `_record` reads the same octets again, step by step.
        """
        member = self._octets.whole_member()
        if not (member.startswith(b"WARC/") and member.endswith(b"\r\n\r\n")):
            return None
        block_at = member.find(b"\r\n\r\n", 0, FIELDS_LIMIT) + 4
        version, fields = _parse_head(member[:block_at])
        length = len(member) - block_at - 4
        if length > self._block_limit or fields.first.get("content-length") != str(length):
            return None
        self._octets.take_member()
        at = self.record_at
        return WarcRecord(
            version=version,
            fields=fields,
            block=bytes(memoryview(member)[block_at:-4]),
            place=Place(file=self._name, offset=at, length=self._octets.offset - at),
        )

    def _record(self, is_between: bool) -> WarcRecord | None:
        head = self._head()
        if head is None:
            return None
        version, fields = head
        self.record_id = bare_uri(fields.first.get("warc-record-id")) or None
        block, is_oversize, holds = self._block(fields.first)
        is_alone = is_between and self._octets.is_between_records()
        end = self._octets.offset if is_alone else self.record_at
        return WarcRecord(
            version=version,
            fields=fields,
            block=block,
            place=Place(file=self._name, offset=self.record_at, length=end - self.record_at),
            is_alone=is_alone,
            is_oversize=is_oversize,
            block_holds=holds,
        )

    def _head(self) -> tuple[str, RecordFields] | None:
        """The version and the fields; None where only blank lines follow."""
        for _ in range(8):
            if self._octets.follows(b"WARC/"):
                break
            if self._octets.is_at_end():
                return None
            if line := self._octets.line(FIELDS_LIMIT).strip():
                raise _BadRecord(_what_begins(line))
        octets = self._octets.until_blank_line(FIELDS_LIMIT)
        if not octets:
            raise _BadRecord("a record's fields do not end")
        return _parse_head(octets)

    def _block(self, named: dict[str, str]) -> tuple[bytes, bool, bool | None]:
        """The block; whether it is too long to keep, and then whether its digest is right."""
        said = named.get("content-length", "")
        if not (said.isascii() and said.isdigit() and len(said) <= 18):
            raise _BadRecord(f"a record's Content-Length is {said[:30]!r}")
        length = int(said)
        if length > self._block_limit:
            holds = self._pass_over(length, named.get("warc-block-digest", ""))
            block = b""
        else:
            block, holds = self._octets.read(length), None
            if len(block) < length:
                raise _BadRecord(f"a record is cut off: {len(block)} of {length} octets")
        if not self._octets.follows(b"\r\n\r\n"):
            raise _BadRecord("a record is cut off or its Content-Length is wrong")
        self._octets.read(4)
        return block, length > self._block_limit, holds

    def _pass_over(self, length: int, label: str) -> bool | None:
        check = LabelCheck(label)
        while length:
            part = self._octets.read(min(length, CHUNK))
            if not part:
                raise _BadRecord(f"a record is cut off: {length} octets are missing")
            check.update(part)
            length -= len(part)
        return check.holds()


def _what_begins(line: bytes) -> str:
    if line.startswith(b"filedesc://"):
        return "this is an ARC file: `hongtou ingest` takes it in"
    return "no WARC record begins here"


def _parse_head(octets: bytes | bytearray) -> tuple[str, RecordFields]:
    """The version and the fields, from all up to the blank line and this."""
    version, _, text = octets[:-4].decode("utf-8", "replace").partition("\r\n")
    if not _VERSION.match(version):
        raise _BadRecord("no WARC record begins here")
    if "\r\n " in text or "\r\n\t" in text:
        text = _FOLD.sub(" ", text)
    lines = text.split("\r\n")
    if len(lines) > FIELD_LINES_LIMIT:
        raise _BadRecord("a record has too many fields")
    try:
        return version, RecordFields([line.split(":", 1) for line in lines])
    except ValueError:
        bad = next(line for line in lines if ":" not in line)
        raise _BadRecord(f"a record's field has no colon: {bad[:60]!r}") from None


def _damage(name: str, reader: _Reader, fault: Exception) -> Damage:
    return Damage(
        file=name,
        offset=reader.record_at,
        record_id=reader.record_id,
        what=str(fault),
        to_do=RESTORE,
    )


def _next_beginning(file: BinaryIO, offset: int) -> int:
    """Where the next record may begin, at or after an offset; -1 when there is none."""
    at = offset
    while True:
        file.seek(at)
        window = file.read(CHUNK)
        if len(window) < 4:
            return -1
        for found in _RECORD_BEGINS.finditer(window):
            start = at + found.start() + (found[0][:1] == b"\n")
            if _is_beginning(file, start):
                return start
        at += len(window) - 8 if len(window) == CHUNK else len(window)


def _is_beginning(file: BinaryIO, offset: int) -> bool:
    """Whether what stands there can be read as a record's beginning."""
    file.seek(offset)
    octets = file.read(256)
    if not octets.startswith(b"\x1f\x8b"):
        return octets.startswith(b"WARC/")
    try:
        begun: bytes = isal_zlib.decompressobj(31).decompress(octets, 16)
    except DAMAGE_ERRORS:
        return False
    return begun.startswith(b"WARC/")
