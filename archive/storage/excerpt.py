"""Captures taken out of a home: octet for octet, with all the records that belong to them."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Self

from archive.errors import DamagedWarc
from archive.notice import Home, Place
from archive.storage.adoption import is_adopted
from archive.storage.capture_reader import COMPANIONS, belongs, partners
from archive.storage.damage import RESTORE, Damage, raise_damage
from archive.storage.digest import holds
from archive.storage.gzip_member import LEVEL
from archive.storage.holdings import Holdings
from archive.storage.octets import GZIP_MAGIC
from archive.storage.record import WarcRecord
from archive.storage.record_reader import iter_records

PART = 1 << 18

#: The records of one capture: response, revisit or resource first, then request and metadata.
Event = tuple[WarcRecord, ...]


class ExcerptReader:
    """Reads captures out of one WARC file, whoever wrote it.

    Each record of ours is held against its block digest. What another tool wrote is taken as it
    is: its file's own digest, noted when it was taken in, vouches for it.
    """

    def __init__(self, home: Home, file: str) -> None:
        """Open a file as a `Place` names it, closed or still being written.

        Raises:
            DamagedWarc: It is missing.
            DepotUnreachable: The store that holds it does not answer.
        """
        self._name = file
        self._volume = Holdings(home).volume(file)
        self._is_adopted = is_adopted(Place(file=file, offset=0, length=0))
        self._file = self._volume.open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def warcinfo(self) -> WarcRecord | None:
        """The record with which the file begins, where that says how it was written."""
        first = next(iter_records(self._volume), None)
        return first if first is not None and first.type == "warcinfo" else None

    def events(self, wanted: Mapping[int, str]) -> Iterator[Event]:
        """The records of captures, each capture first, in the order of the file.

        Args:
            wanted: Where captures stand in the file, and their record ids.

        Raises:
            DamagedWarc: What is wanted is not there, or not whole.
        """
        before: Mapping[int, Event] | None = None
        for offset, record_id in sorted(wanted.items()):
            event = self._event(offset, record_id)
            if self._is_adopted and not any(record.type == "request" for record in event):
                if before is None:  # wget and Common Crawl write the request first
                    before = self._companions_before(wanted)
                event = (*event, *before.get(offset, ()))
            elif not self._is_adopted:
                self._check(event)
            yield event

    def member(self, place: Place) -> Iterator[bytes]:
        """A record as a gzip member, in parts: as it is stored, or compressed now if it is not.

        Raises:
            DamagedWarc: The file ends before the record does.
        """
        parts = self._parts(place)
        first = next(parts, b"")
        if first.startswith(GZIP_MAGIC):
            yield first
            yield from parts
            return
        member = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        yield member.compress(first)
        for part in parts:
            yield member.compress(part)
        yield member.flush()

    def _parts(self, place: Place) -> Iterator[bytes]:
        self._file.seek(place.offset)
        left = place.length
        while left:
            part = self._file.read(min(left, PART))
            if not part:
                raise self._damaged(place.offset, None, "the file ends within the record")
            left -= len(part)
            yield part

    def _event(self, offset: int, record_id: str) -> Event:
        """The record at a place, and those behind it that belong to it."""
        ended: list[Damage] = []
        event: list[WarcRecord] = []
        for record in iter_records(self._volume, offset=offset, on_damage=ended.append):
            if ended or (event and not belongs(record, event[0])) or len(event) > COMPANIONS:
                break
            event.append(record)
            if record.type == "metadata" and not self._is_adopted:
                break  # ours ends with it; damage behind it is not its own
        if not event or event[0].id != record_id:
            raise self._damaged(offset, record_id, "the record that should stand there does not")
        if ended and not self._volume.is_unfinished:
            raise_damage(ended[0])
        return tuple(event)

    def _check(self, event: Event) -> None:
        """See that a capture of ours is whole: its digests, and all the records it names."""
        here = {record.id for record in event}
        for record in event:
            label = record.field("WARC-Block-Digest") or ""
            fits = record.block_holds if record.is_oversize else holds(label, record.block)
            if fits is False:
                raise self._damaged(record.place.offset, record.id, "its block is not as digested")
            if missing := [one for one in partners(record) if one not in here]:
                what = f"the record {missing[0]}, which it names, is not beside it"
                raise self._damaged(record.place.offset, record.id, what)

    def _companions_before(self, wanted: Mapping[int, str]) -> Mapping[int, Event]:
        """The request and metadata records that stand before captures, by these' offsets."""
        found: dict[int, Event] = {}
        recent: deque[WarcRecord] = deque(maxlen=COMPANIONS)
        last = max(wanted)
        for record in iter_records(self._volume, on_damage=lambda _: None):
            if record.place.offset in wanted:
                found[record.place.offset] = tuple(r for r in recent if belongs(r, record))
            if record.place.offset >= last:
                break
            recent.append(record)
        return found

    def _damaged(self, offset: int, record_id: str | None, what: str) -> DamagedWarc:
        damage = Damage(
            file=self._name, offset=offset, record_id=record_id, what=what, to_do=RESTORE
        )
        return damage.as_error()
