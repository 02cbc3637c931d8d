"""What was read before, for a newer reader to be held against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from archive.catalogue.corrections import corrected
from archive.catalogue.readings import packed_reading, unpacked_reading
from archive.catalogue.tables import (
    CaptureRow,
    CorrectionRow,
    KeptReadingRow,
    SetAsideRow,
    SightingRow,
)
from archive.notice import Place, Purpose, Reading

#: Fields that say how and where something was read, not what.
_NOT_READ = frozenset(("reader_version", "file", "url", "removed", "found"))
_PLACE = (CaptureRow.record_id, CaptureRow.warc_file, CaptureRow.offset, CaptureRow.length)
_STALE = (
    select(SightingRow.record_id)
    .where(SightingRow.url_key.in_(bindparam("url_keys", expanding=True)))
    .where(SightingRow.reader_version != bindparam("reader_version"))
    .order_by(SightingRow.record_id)
)
READ_FIELDS = tuple(one.name for one in fields(Reading) if one.name not in _NOT_READ)


@dataclass(frozen=True, kw_only=True)
class ReadBefore:
    """A capture, and what came of reading it: a sighting of a notice, or a reason against it."""

    record_id: str
    place: Place
    url: str
    notice_id: str | None = None
    reader_version: str | None = None
    packed: bytes | None = None  #: the reading as it is kept
    set_aside: str | None = None
    corrections: Mapping[str, str] | None = None  #: a person's, of this page

    def changes(self, now: Reading) -> dict[str, tuple[Any, Any]]:
        """The fields that are read otherwise now, each as it was and as it is."""
        assert self.packed is not None
        before = unpacked_reading(self.packed)
        if self.corrections:
            now = corrected(now, dict(self.corrections))
        now = unpacked_reading(packed_reading(now))  # as it would be kept
        pairs = {name: (getattr(before, name), getattr(now, name)) for name in READ_FIELDS}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def stale(connection: Connection, url_keys: Sequence[str], reader_version: str) -> tuple[str, ...]:
    """Records that another reader version read what stands at these URLs from."""
    asked = {"url_keys": list(url_keys), "reader_version": reader_version}
    return tuple(connection.scalars(_STALE, asked))


def read_before(connection: Connection, source: str | None) -> Iterator[ReadBefore]:
    """Captures that notices were read from, then those set aside, each in the order of capture."""
    corrections: dict[str, dict[str, str]] = {}
    for row in connection.execute(select(CorrectionRow.__table__)):
        corrections.setdefault(row.url_key, {})[row.field] = row.value
    for row in _streamed(connection, _sightings(source)):
        yield ReadBefore(
            record_id=row.record_id,
            place=Place(file=row.warc_file, offset=row.offset, length=row.length),
            url=row.url,
            notice_id=row.notice_id,
            reader_version=row.reader_version,
            packed=row.reading,
            corrections=corrections.get(row.url_key),
        )
    yield from _as_set_aside(connection, _set_asides(source))


def off_topic(connection: Connection, source: str | None) -> Iterator[ReadBefore]:
    """Captures that were read and set aside as off topic, in the order of capture."""
    is_off = SetAsideRow.reason.startswith("off topic")
    yield from _as_set_aside(connection, _set_asides(source).where(is_off))


def _as_set_aside(
    connection: Connection, statement: Select[*tuple[Any, ...]]
) -> Iterator[ReadBefore]:
    for row in _streamed(connection, statement):
        yield ReadBefore(
            record_id=row.record_id,
            place=Place(file=row.warc_file, offset=row.offset, length=row.length),
            url=row.url,
            set_aside=row.reason,
        )


def _streamed(connection: Connection, statement: Select[*tuple[Any, ...]]) -> Any:
    return connection.execution_options(yield_per=200).execute(statement)


def _sightings(source: str | None) -> Select[*tuple[Any, ...]]:
    statement = (
        select(
            *_PLACE,
            SightingRow.url,
            SightingRow.url_key,
            SightingRow.notice_id,
            SightingRow.reader_version,
            KeptReadingRow.reading,
        )
        .join(SightingRow, SightingRow.record_id == CaptureRow.record_id)
        .join(
            KeptReadingRow,
            (KeptReadingRow.url_key == SightingRow.url_key)
            & (KeptReadingRow.notice_id == SightingRow.notice_id),
        )
        .order_by(CaptureRow.captured_at, CaptureRow.record_id)
    )
    return statement if source is None else statement.where(SightingRow.source == source)


def _set_asides(source: str | None) -> Select[*tuple[Any, ...]]:
    statement = (
        select(
            *_PLACE,
            SetAsideRow.url,
            SetAsideRow.reason,
        )
        .join(SetAsideRow, SetAsideRow.record_id == CaptureRow.record_id)
        .where(CaptureRow.purpose == Purpose.NOTICE.value, CaptureRow.status == 200)
        .order_by(CaptureRow.captured_at, CaptureRow.record_id)
    )
    return statement if source is None else statement.where(SetAsideRow.source == source)
