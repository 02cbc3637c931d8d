"""The want list: numbers and works that notices cite and the archive does not hold."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, or_, select

from archive.catalogue import keys
from archive.catalogue.tables import CitationRow, NoticeRow


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Something that is cited and not here."""

    number: str | None
    title: str | None
    cited_by: int  #: how many notices cite it
    example: str  #: id of the latest of them


def wanted(connection: Connection, limit: int, *, numbers_only: bool = False) -> tuple[Wanted, ...]:
    """What is cited most and not here, the most cited first."""
    is_here = exists().where(
        or_(
            NoticeRow.number_key == CitationRow.cited_key,
            NoticeRow.title_key == CitationRow.cited_key,
        )
    )
    count = func.count(CitationRow.notice_id.distinct())
    statement = (
        select(
            func.min(CitationRow.number).label("number"),
            func.min(CitationRow.title).label("title"),
            count.label("cited_by"),
            func.max(CitationRow.notice_id).label("example"),
        )
        .where(CitationRow.cited_key != 0, ~is_here)
        .group_by(CitationRow.cited_key)
        .order_by(count.desc(), func.min(CitationRow.number), func.min(CitationRow.title))
        .limit(limit)
    )
    if numbers_only:
        statement = statement.where(CitationRow.number.is_not(None))
    return tuple(
        Wanted(number=row.number, title=row.title, cited_by=row.cited_by, example=row.example)
        for row in connection.execute(statement)
    )


def citing(connection: Connection, written: str, limit: int) -> tuple[str, ...]:
    """Ids of the notices that cite a number or title, the latest change first."""
    wanted_keys = [keys.number_key(written)]
    title_key = keys.cited_title_key(written)
    if title_key is not None:
        wanted_keys.append(title_key)
    statement = (
        select(CitationRow.notice_id, NoticeRow.seq)
        .join(NoticeRow, NoticeRow.id == CitationRow.notice_id)
        .where(CitationRow.cited_key.in_(wanted_keys))
        .distinct()
        .order_by(NoticeRow.seq.desc())
        .limit(limit)
    )
    return tuple(row.notice_id for row in connection.execute(statement))
