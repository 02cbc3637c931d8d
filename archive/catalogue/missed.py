"""Files that notices name and nobody has fetched: a look was killed, or they failed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, and_, exists, func, select

from archive.catalogue.tables import AttachmentRow, CaptureRow, SightingRow

#: Attempts after which a file that never came is left alone: five looks of three.
PATIENCE = 15
#: Files of one notice that are ever asked for.
MOST_OF_ONE = 50


@dataclass(frozen=True, kw_only=True)
class MissedAttachment:
    """A file to ask for again."""

    title: str
    url: str
    of_url: str  #: of the page that names it
    column: str | None


def missed_attachments(
    connection: Connection, source: str, limit: int
) -> tuple[MissedAttachment, ...]:
    """Files of a source's notices for which no answer was ever kept, whatever its status."""
    there = CaptureRow.url_key == AttachmentRow.url_key
    answered = exists().where(there, CaptureRow.status != 0)
    attempts = select(func.count()).where(there).scalar_subquery()
    page = CaptureRow.__table__.alias("page")
    statement = (
        select(AttachmentRow.title, AttachmentRow.url, SightingRow.url.label("of_url"))
        .add_columns(page.c.column)
        .join(
            SightingRow,
            and_(SightingRow.notice_id == AttachmentRow.notice_id, SightingRow.is_original),
        )
        .outerjoin(page, page.c.record_id == SightingRow.record_id)
        .where(SightingRow.source == source, AttachmentRow.position < MOST_OF_ONE)
        .where(~answered, attempts < PATIENCE)
        .order_by(SightingRow.url_key, AttachmentRow.position)
        .limit(limit)
    )
    return tuple(
        MissedAttachment(title=row.title, url=row.url, of_url=row.of_url, column=row.column)
        for row in connection.execute(statement)
    )
