"""What could be read of the files that notices name: their text, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from archive.catalogue import keys
from archive.catalogue.tables import AttachmentRow, AttachmentTextRow
from archive.notice import Capture

#: Characters of one file that are kept; its bytes stand in the WARC.
MOST_TEXT = 1_000_000
_IN = 500


@dataclass(frozen=True, kw_only=True)
class FileText:
    """A file of a notice and its text."""

    title: str  #: as the notice names it
    url: str
    text: str


@dataclass(frozen=True, kw_only=True)
class FileNews:
    """A file has been read, or read anew; it belongs to these notices."""

    number: int  #: counts up; the order in which files were read
    notice_ids: tuple[str, ...]


def enter(
    connection: Connection, capture: Capture, kind: str, text: str, flags: Sequence[str]
) -> None:
    """Keep what was read of a file; the text of its latest capture counts."""
    key = keys.text_key(capture.url)
    is_its = AttachmentTextRow.url_key == key
    known = connection.execute(select(AttachmentTextRow.__table__).where(is_its)).first()
    values = {
        "url_key": key,
        "record_id": keys.record_key(capture.record_id),
        "captured_at": capture.captured_at,
        "kind": kind,
        "text": text[:MOST_TEXT],
        "flags": tuple(flags) if len(text) <= MOST_TEXT else (*flags, "text-cut"),
    }
    if known is not None:
        same = all(getattr(known, name) == values[name] for name in ("record_id", "text", "flags"))
        if same or known.captured_at > capture.captured_at:
            return
    # The new row before the old one goes: SQLite gives the number of a last row out again.
    connection.execute(insert(AttachmentTextRow), [values])
    if known is not None:
        connection.execute(delete(AttachmentTextRow).where(AttachmentTextRow.id == known.id))


def of_urls(connection: Connection, urls: Sequence[str]) -> tuple[str, ...]:
    """The texts of the files at these URLs, as far as they were read."""
    wanted = list(map(keys.text_key, urls))[:_IN]
    statement = select(AttachmentTextRow.url_key, AttachmentTextRow.text).where(
        AttachmentTextRow.url_key.in_(wanted)
    )
    found = {row.url_key: row.text for row in connection.execute(statement)}
    return tuple(found[key] for key in wanted if found.get(key))


def of_notices(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[FileText, ...]]:
    """The files of each notice that have a text, in the notice's order."""
    found: dict[str, list[FileText]] = {}
    for start in range(0, len(ids), _IN):
        statement = (
            select(AttachmentRow.notice_id, AttachmentRow.title, AttachmentRow.url)
            .add_columns(AttachmentTextRow.text)
            .join(AttachmentTextRow, AttachmentTextRow.url_key == AttachmentRow.url_key)
            .where(AttachmentRow.notice_id.in_(ids[start : start + _IN]))
            .where(AttachmentTextRow.text != "")
            .order_by(AttachmentRow.notice_id, AttachmentRow.position)
        )
        for notice_id, title, url, text in connection.execute(statement):
            found.setdefault(notice_id, []).append(FileText(title=title, url=url, text=text))
    return {notice_id: tuple(files) for notice_id, files in found.items()}


def news(connection: Connection, after: int, limit: int) -> tuple[FileNews, ...]:
    """What was read after that number, and whose it is."""
    read = (
        select(AttachmentTextRow.id, AttachmentTextRow.url_key)
        .where(AttachmentTextRow.id > after)
        .order_by(AttachmentTextRow.id)
        .limit(limit)
        .subquery()
    )
    statement = (
        select(read.c.id, AttachmentRow.notice_id)
        .outerjoin(AttachmentRow, AttachmentRow.url_key == read.c.url_key)
        .order_by(read.c.id, AttachmentRow.notice_id)
    )
    owners: dict[int, list[str]] = {}
    for number, notice_id in connection.execute(statement):
        owners.setdefault(number, []).extend([notice_id] if notice_id else [])
    return tuple(FileNews(number=one, notice_ids=tuple(ids)) for one, ids in owners.items())


def last_number(connection: Connection) -> int:
    """The number of the file read last; 0 before the first."""
    return connection.execute(select(func.max(AttachmentTextRow.id))).scalar() or 0
