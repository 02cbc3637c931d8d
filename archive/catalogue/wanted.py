"""The want list: numbers and works that notices cite and the archive does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, exists, func, or_, select

from archive.catalogue import keys
from archive.catalogue.codes import codes
from archive.catalogue.tables import CitationRow, NoticeRow
from archive.notice import DocumentNumber, NumberForm


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Something that is cited and not here."""

    number: str | None
    title: str | None
    cited_by: int  #: how many notices cite it
    example: str  #: id of the latest of them
    issuing_bodies: tuple[str, ...] = ()  #: whose the number is by its code, where that is known
    jurisdiction: str | None = None  #: GB/T 2260, of those


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
    return _with_issuers(
        connection,
        [
            Wanted(number=row.number, title=row.title, cited_by=row.cited_by, example=row.example)
            for row in connection.execute(statement)
        ],
    )


def _with_issuers(connection: Connection, found: Sequence[Wanted]) -> tuple[Wanted, ...]:
    """Each with the body whose code its number has: there a person may ask for it."""
    numbers = [DocumentNumber.parse(one.number) if one.number else None for one in found]
    asked = {
        number.issuer_code
        for number in numbers
        if number is not None and number.form is NumberForm.BRACKET
    }
    known = {view.code: view for view in codes(connection, asked) if view.is_known}
    views = [known.get(number.issuer_code) if number else None for number in numbers]
    return tuple(
        replace(one, issuing_bodies=view.bodies, jurisdiction=view.jurisdiction) if view else one
        for one, view in zip(found, views, strict=True)
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
