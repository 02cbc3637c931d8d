"""Captures: where their bytes stand, and what the next request for their URL can say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from archive.catalogue import keys
from archive.catalogue.rows import attachment_capture_row
from archive.catalogue.tables import AttachmentRow, CaptureRow, SetAsideRow, SightingRow
from archive.notice import Capture, Original, Place, aware_utc

_IN = 500

# Made once: the writer of WARCs asks this of every page, and building the statement would cost
# five times what running it does.
_ORIGINAL = (
    select(CaptureRow.record_id, CaptureRow.url, CaptureRow.captured_at)
    .where(CaptureRow.payload_digest == bindparam("payload_digest"))
    .where(CaptureRow.revisit_of.is_(None), CaptureRow.truncated.is_(None))
    .order_by(CaptureRow.captured_at, CaptureRow.record_id)
    .limit(1)
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The last whole answer for a URL: what a conditional request is made from."""

    etag: str | None
    last_modified: str | None
    original: Original


def original_of(connection: Connection, payload_digest: str) -> Original | None:
    """The earliest response with this payload."""
    row = connection.execute(_ORIGINAL, {"payload_digest": payload_digest[:160]}).first()
    if row is None:
        return None
    return Original(
        record_id=row.record_id,
        url=row.url,
        captured_at=row.captured_at,
        payload_digest=payload_digest,
    )


def enter_attachment(connection: Connection, capture: Capture, of_url: str) -> None:
    """Take in the capture of a file; the same one again changes nothing."""
    if not missing(connection, [capture.record_id]):
        return
    of_notice = (
        select(SightingRow.notice_id)
        .where(SightingRow.url_key == keys.text_key(of_url))
        .order_by(SightingRow.last_seen_at.desc(), SightingRow.notice_id)
        .limit(1)
    )
    notice_id = connection.execute(of_notice).scalar()
    if notice_id is None and not of_url:  # of another tool, which does not say whose it is
        names_it = AttachmentRow.url_key == keys.text_key(capture.url)
        owners = select(func.min(AttachmentRow.notice_id)).where(names_it)
        notice_id = connection.execute(owners).scalar()
    row = {**attachment_capture_row(capture), "notice_id": notice_id}
    connection.execute(insert(CaptureRow), [row])


def place_of(connection: Connection, record_id: str) -> Place | None:
    """Where a record stands."""
    statement = select(CaptureRow.warc_file, CaptureRow.offset, CaptureRow.length).where(
        CaptureRow.record_id == keys.record_key(record_id)
    )
    row = connection.execute(statement).first()
    return Place(file=row.warc_file, offset=row.offset, length=row.length) if row else None


def knows_file(connection: Connection, warc_file: str) -> bool:
    """Whether any record of a WARC file was taken in."""
    statement = select(CaptureRow.record_id).where(CaptureRow.warc_file == warc_file).limit(1)
    return connection.execute(statement).first() is not None


def pointers(connection: Connection) -> Iterator[tuple[str, Place]]:
    """Every record and where it stands, streamed."""
    statement = select(
        CaptureRow.record_id, CaptureRow.warc_file, CaptureRow.offset, CaptureRow.length
    )
    for row in connection.execution_options(yield_per=5000).execute(statement):
        yield row.record_id, Place(file=row.warc_file, offset=row.offset, length=row.length)


def missing(connection: Connection, record_ids: Iterable[str]) -> set[str]:
    """Those of the records that are not here."""
    wanted = list(dict.fromkeys(record_ids))
    absent = set(wanted)
    for start in range(0, len(wanted), _IN):
        by_key = {keys.record_key(one): one for one in wanted[start : start + _IN]}
        is_one = CaptureRow.record_id.in_(list(by_key))
        for row in connection.execute(select(CaptureRow.record_id).where(is_one)):
            absent.discard(by_key[row.record_id])
    return absent


def latest_answers(connection: Connection, url_keys: Sequence[str]) -> dict[str, Answer]:
    """The latest whole 200 answer of each URL, by its key.

    A revisit counts with its own headers, but stands for the response it refers to.
    """
    found: dict[str, Answer] = {}
    for start in range(0, len(url_keys), _IN):
        is_one = CaptureRow.url_key.in_(url_keys[start : start + _IN])
        is_whole = (
            (CaptureRow.status == 200)
            & CaptureRow.truncated.is_(None)
            & CaptureRow.is_not_modified.is_(False)
        )
        rank = func.row_number().over(
            partition_by=CaptureRow.url_key,
            order_by=(CaptureRow.captured_at.desc(), CaptureRow.record_id),
        )
        ranked = select(CaptureRow.__table__, rank.label("rank")).where(is_one, is_whole)
        inner = ranked.subquery()
        first = CaptureRow.__table__.alias("first")
        whole = (
            select(inner, first.c.url.label("first_url"), first.c.captured_at.label("first_at"))
            .outerjoin(first, first.c.record_id == inner.c.revisit_of)
            .where(inner.c.rank == 1)
        )
        found.update({row.url_key: _answer(row) for row in connection.execute(whole)})
    return found


def last_asked(connection: Connection, urls: Sequence[str]) -> dict[str, datetime]:
    """When each of these URLs was asked for last, whatever came of it."""
    by_key = {keys.text_key(url): url for url in urls}
    statement = (
        select(CaptureRow.url_key, func.max(CaptureRow.captured_at).label("at"))
        .where(CaptureRow.url_key.in_(list(by_key)[:_IN]))
        .group_by(CaptureRow.url_key)
    )
    return {by_key[row.url_key]: aware_utc(row.at) for row in connection.execute(statement)}


def last_answered(connection: Connection, urls: Sequence[str]) -> dict[str, datetime]:
    """When each of these URLs gave a whole answer last."""
    found: dict[str, datetime] = {}
    by_key = {keys.text_key(url): url for url in urls}
    for start in range(0, len(by_key), _IN):
        statement = (
            select(CaptureRow.url_key, func.max(CaptureRow.captured_at).label("at"))
            .where(CaptureRow.url_key.in_(list(by_key)[start : start + _IN]))
            .where(CaptureRow.status == 200, CaptureRow.truncated.is_(None))
            .group_by(CaptureRow.url_key)
        )
        rows = connection.execute(statement)
        found.update({by_key[row.url_key]: aware_utc(row.at) for row in rows})
    return found


def is_set_aside(connection: Connection, record_id: str) -> bool:
    """Whether that capture is why its URL stands among what was set aside."""
    url_key = select(CaptureRow.url_key).where(CaptureRow.record_id == keys.record_key(record_id))
    statement = select(SetAsideRow.record_id).where(
        SetAsideRow.url_key == url_key.scalar_subquery()
    )
    return connection.execute(statement).scalar() == keys.record_key(record_id)


def last_whole(connection: Connection, url: str) -> str | None:
    """The record of the latest whole 200 answer for a URL, its own where it is a revisit."""
    statement = (
        select(CaptureRow.record_id)
        .where(CaptureRow.url_key == keys.text_key(url), CaptureRow.status == 200)
        .where(CaptureRow.truncated.is_(None), CaptureRow.is_not_modified.is_(False))
        .order_by(CaptureRow.captured_at.desc(), CaptureRow.record_id)
        .limit(1)
    )
    return connection.execute(statement).scalar()


def _answer(row: Row[Any]) -> Answer:
    original = Original(
        record_id=row.revisit_of or row.record_id,
        url=row.first_url or row.url,
        captured_at=row.first_at or row.captured_at,
        payload_digest=row.payload_digest,
    )
    return Answer(etag=row.etag, last_modified=row.last_modified, original=original)
