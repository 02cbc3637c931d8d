"""What those who only read are told: rows made into frozen views."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from archive.catalogue import keys
from archive.catalogue.notice_views import decision_of, decisions_of
from archive.catalogue.summaries import SUMMARY_COLUMNS, current_ids, summary_of
from archive.catalogue.tables import (
    ChangeRow,
    DecisionRow,
    NoticeRow,
    SetAsideRow,
    SightingRow,
    SourceRow,
    VersionRow,
)
from archive.catalogue.views import (
    ChangeView,
    DecisionView,
    FacetView,
    NoticeSummary,
    SetAsideView,
    SourceCountView,
)
from archive.notice import ChangeKind, DocumentNumber, Trust

_IN = 500


def texts(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The current text of each notice."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), _IN):
        statement = (
            select(VersionRow.notice_id, VersionRow.text)
            .join(NoticeRow, NoticeRow.id == VersionRow.notice_id)
            .where(NoticeRow.version == VersionRow.number)
            .where(NoticeRow.id.in_(ids[start : start + _IN]))
        )
        found.update({row.notice_id: row.text for row in connection.execute(statement)})
    return found


def by_number(connection: Connection, text: str) -> tuple[NoticeSummary, ...]:
    """Notices of a number, the first seen first."""
    is_it = _is_numbered(text)
    statement = select(*SUMMARY_COLUMNS).where(is_it)
    order = (NoticeRow.first_seen_at, NoticeRow.id)
    return _summaries(connection, statement.order_by(*order).limit(1000))


def _is_numbered(text: str) -> Any:
    """公告 2026年第5号 is asked for without its body too: then it is every ministry's."""
    parsed = DocumentNumber.parse(text, labelled=True)
    if parsed is None or parsed.issuer_code:
        return NoticeRow.number_key == keys.number_key(text)
    is_printed = NoticeRow.document_number == str(parsed)
    return (NoticeRow.number_year == parsed.year) & (NoticeRow.serial == parsed.serial) & is_printed


def _summaries(connection: Connection, statement: Select[Any]) -> tuple[NoticeSummary, ...]:
    return tuple(summary_of(row) for row in connection.execute(statement).mappings())


def by_url(connection: Connection, url: str) -> NoticeSummary | None:
    """The notice last seen at a URL."""
    statement = (
        select(*SUMMARY_COLUMNS)
        .join(SightingRow, SightingRow.notice_id == NoticeRow.id)
        .where(SightingRow.url_key == keys.text_key(url))
        .order_by(SightingRow.last_seen_at.desc(), NoticeRow.id)
        .limit(1)
    )
    return next(iter(_summaries(connection, statement)), None)


# -- one notice's decisions


def decisions(connection: Connection, url_or_id: str) -> tuple[DecisionView, ...]:
    """What was decided of a URL or a notice, in order."""
    current = current_ids(connection, [url_or_id])[url_or_id]
    found = decisions_of(connection, current)
    if found:
        return found
    is_at_url = DecisionRow.url_key == keys.text_key(url_or_id)
    statement = select(DecisionRow.__table__).where(is_at_url).order_by(DecisionRow.id)
    return tuple(map(decision_of, connection.execute(statement.limit(1000)).mappings()))


# -- the change log


def changes(connection: Connection, after: int, limit: int) -> tuple[ChangeView, ...]:
    """The change log after a number."""
    statement = select(ChangeRow.__table__).where(ChangeRow.seq > after)
    return _changes(connection, statement.order_by(ChangeRow.seq).limit(limit))


def latest_changes(
    connection: Connection,
    limit: int,
    kinds: Collection[ChangeKind] | None,
    before: int | None,
) -> tuple[ChangeView, ...]:
    """The change log from its end."""
    statement = select(ChangeRow.__table__).order_by(ChangeRow.seq.desc()).limit(limit)
    if kinds is not None:
        statement = statement.where(ChangeRow.change.in_([kind.value for kind in kinds]))
    if before is not None:
        statement = statement.where(ChangeRow.seq < before)
    return _changes(connection, statement)


def _changes(connection: Connection, statement: Select[Any]) -> tuple[ChangeView, ...]:
    return tuple(
        ChangeView(**{**row, "change": ChangeKind(row["change"])})
        for row in connection.execute(statement).mappings()
    )


def last_seq(connection: Connection) -> int:
    """The newest number of the change log."""
    return connection.execute(select(func.max(ChangeRow.seq))).scalar() or 0


# -- the whole

_COUNT = select(func.count()).select_from(NoticeRow).where(NoticeRow.merged_into.is_(None))


def count_notices(connection: Connection) -> int:
    """How many notices there are."""
    return connection.execute(_COUNT).scalar_one()


def set_asides(
    connection: Connection, limit: int, before: datetime | None
) -> tuple[SetAsideView, ...]:
    """What was set aside, newest first."""
    order = (SetAsideRow.at.desc(), SetAsideRow.url_key)
    statement = select(SetAsideRow.__table__).order_by(*order).limit(limit)
    if before is not None:
        statement = statement.where(SetAsideRow.at < before)
    names = ["url", "title", "source", "column", "reason", "at"]
    rows = connection.execute(statement).mappings()
    return tuple(SetAsideView(**{name: row[name] for name in names}) for row in rows)


def source_counts(connection: Connection) -> tuple[SourceCountView, ...]:
    """What each source brought, by its id."""
    originals = func.count().filter(SightingRow.is_original.is_(True))
    statement = (
        select(
            SourceRow.id,
            SourceRow.name,
            SourceRow.trust,
            func.count(SightingRow.notice_id.distinct()).label("notices"),
            originals.label("originals"),
            func.max(SightingRow.last_seen_at).label("last_seen_at"),
        )
        .outerjoin(SightingRow, SightingRow.source == SourceRow.id)
        .group_by(SourceRow.id, SourceRow.name, SourceRow.trust)
        .order_by(SourceRow.id)
    )
    return tuple(
        SourceCountView(
            source=row.id,
            name=row.name,
            trust=Trust(row.trust),
            notices=row.notices,
            originals=row.originals,
            last_seen_at=row.last_seen_at,
        )
        for row in connection.execute(statement)
    )


def facets(connection: Connection) -> tuple[FacetView, ...]:
    """How many notices share a value, the commonest of each field first."""
    year = func.extract("year", func.coalesce(NoticeRow.written_on, NoticeRow.published_on))
    found = {
        "kind": _counted(connection, NoticeRow.kind),
        "jurisdiction": _counted(connection, NoticeRow.jurisdiction),
        "year": _counted(connection, year),
        "issuing_body": _counted(connection, NoticeRow.issuing_bodies),
        "topic": _counted(connection, NoticeRow.topics),
        "source": {view.source: view.notices for view in source_counts(connection)},
    }
    return tuple(
        FacetView(field=field, value=value, notices=count)
        for field, counts in found.items()
        for value, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _counted(connection: Connection, column: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value, count in connection.execute(_by_value(column)):
        for one in _listed(value):
            counts[one] = counts.get(one, 0) + count
    return counts


def _by_value(column: Any) -> Select[Any]:
    is_here = NoticeRow.merged_into.is_(None)
    return select(column, func.count()).where(is_here).group_by(column)


def _listed(value: Any) -> Iterable[str]:
    if value is None:
        return ()
    return dict.fromkeys(value) if isinstance(value, tuple) else (str(value),)
