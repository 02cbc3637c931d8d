"""What those who only read are told: rows made into frozen views."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, or_, select

from archive.catalogue import fates, keys
from archive.catalogue.citations import citations_of, cited_by_ids
from archive.catalogue.codes import code_of_notice
from archive.catalogue.doubts import Conflict, are_judged_apart, conflicts
from archive.catalogue.readings import unpacked_reading
from archive.catalogue.tables import (
    AttachmentRow,
    AttachmentTextRow,
    CaptureRow,
    ChangeRow,
    DecisionRow,
    KeptReadingRow,
    NoticeRow,
    RedirectRow,
    SetAsideRow,
    SightingRow,
    SourceRow,
    StatusRow,
    VersionRow,
)
from archive.catalogue.views import (
    AttachmentView,
    CaptureView,
    ChangeView,
    DecisionView,
    DoubtView,
    FacetView,
    NoticeSummary,
    NoticeView,
    SetAsideView,
    SightingView,
    SourceCountView,
    StatusView,
    VersionView,
)
from archive.notice import Attachment, ChangeKind, DocumentNumber, Place, Repair, Trust

_IN = 500
_SUMMARY = tuple(field.name for field in fields(NoticeSummary))
_SUMMARY_COLUMNS = [NoticeRow.__table__.c[name] for name in _SUMMARY]
#: Redirects followed in a row; more would be a ring.
_MOST_REDIRECTS = 20
_MOST_DOUBTS = 20


def notice(connection: Connection, notice_id: str) -> NoticeView | None:
    """Everything known of a notice."""
    notice_id = _current_id(connection, notice_id)
    is_it = NoticeRow.id == notice_id
    row = connection.execute(select(NoticeRow.__table__).where(is_it)).mappings().first()
    if row is None:
        return None
    versions = _versions(connection, notice_id)
    text = next(view.text for view in versions if view.number == row["version"])
    return NoticeView(
        summary=_summary(row),
        addressees=row["addressees"],
        text=text,
        versions=versions,
        sightings=_sightings(connection, notice_id),
        captures=_captures(connection, notice_id),
        attachments=_attachments(connection, notice_id),
        cites=citations_of(connection, notice_id, row["scope"]),
        cited_by=summaries(connection, cited_by_ids(connection, row)),
        decisions=_decisions(connection, _is_of(connection, notice_id)),
        repairs=tuple(Repair(**repair) for repair in row["repairs"]),
        flags=tuple(row["flags"]),
        statuses=statuses(connection, notice_id),
        withdrawn_at=row["withdrawn_at"],
        doubts=_doubts(connection, notice_id),
        code=code_of_notice(connection, _summary(row)),
    )


def _current_id(connection: Connection, notice_id: str) -> str:
    for _ in range(_MOST_REDIRECTS):
        onward = select(RedirectRow.new_id).where(RedirectRow.old_id == notice_id)
        new_id = connection.execute(onward).scalar()
        if new_id is None:
            return notice_id
        notice_id = new_id
    return notice_id


def _summary(row: RowMapping) -> NoticeSummary:
    return NoticeSummary(**{name: row[name] for name in _SUMMARY})


def summaries(connection: Connection, ids: Sequence[str]) -> tuple[NoticeSummary, ...]:
    """Summaries in the order of the ids."""
    found: dict[str, NoticeSummary] = {}
    for start in range(0, len(ids), _IN):
        is_one = NoticeRow.id.in_(ids[start : start + _IN]) & NoticeRow.merged_into.is_(None)
        for row in connection.execute(select(*_SUMMARY_COLUMNS).where(is_one)).mappings():
            found[row["id"]] = _summary(row)
    return tuple(found[one] for one in ids if one in found)


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
    statement = select(*_SUMMARY_COLUMNS).where(is_it)
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
    return tuple(_summary(row) for row in connection.execute(statement).mappings())


def by_url(connection: Connection, url: str) -> NoticeSummary | None:
    """The notice last seen at a URL."""
    statement = (
        select(*_SUMMARY_COLUMNS)
        .join(SightingRow, SightingRow.notice_id == NoticeRow.id)
        .where(SightingRow.url_key == keys.text_key(url))
        .order_by(SightingRow.last_seen_at.desc(), NoticeRow.id)
        .limit(1)
    )
    return next(iter(_summaries(connection, statement)), None)


# -- the parts of a notice


def _versions(connection: Connection, notice_id: str) -> tuple[VersionView, ...]:
    is_it = VersionRow.notice_id == notice_id
    statement = select(VersionRow.__table__).where(is_it).order_by(VersionRow.number)
    return tuple(
        VersionView(**{name: value for name, value in row.items() if name != "notice_id"})
        for row in connection.execute(statement).mappings()
    )


def _sightings(connection: Connection, notice_id: str) -> tuple[SightingView, ...]:
    statement = (
        select(SightingRow.__table__, SourceRow.name.label("source_name"))
        .join(SourceRow, SourceRow.id == SightingRow.source)
        .where(SightingRow.notice_id == notice_id)
        .order_by(
            SightingRow.is_original.desc(),
            SightingRow.trust.desc(),
            SightingRow.first_seen_at,
            SightingRow.url_key,
        )
    )
    return tuple(_sighting(row) for row in connection.execute(statement).mappings())


def _sighting(row: RowMapping) -> SightingView:
    names = [
        "url",
        "source",
        "source_name",
        "is_original",
        "first_seen_at",
        "last_seen_at",
        "state",
        "gone_since",
        "denials",
        "look_due_at",
    ]
    return SightingView(trust=Trust(row["trust"]), **{name: row[name] for name in names})


def _captures(connection: Connection, notice_id: str) -> tuple[CaptureView, ...]:
    at_its_urls = CaptureRow.url_key.in_(
        select(SightingRow.url_key).where(SightingRow.notice_id == notice_id)
    )
    of_its_articles = CaptureRow.url_key.in_(_later_pages(connection, notice_id))
    is_its = or_(
        CaptureRow.notice_id == notice_id,
        at_its_urls & CaptureRow.notice_id.is_(None),
        of_its_articles,
    )
    order = (CaptureRow.captured_at, CaptureRow.record_id)
    statement = select(CaptureRow.__table__).where(is_its).order_by(*order)
    return tuple(_capture(row) for row in connection.execute(statement).mappings())


def _later_pages(connection: Connection, notice_id: str) -> list[str]:
    """Keys of the pages on which a notice goes on, where a site splits it over several."""
    # By way of the sightings: kept readings are found by URL before notice, and are large.
    is_kept = (KeptReadingRow.url_key == SightingRow.url_key) & (
        KeptReadingRow.notice_id == SightingRow.notice_id
    )
    statement = (
        select(KeptReadingRow.reading)
        .join(SightingRow, is_kept)
        .where(SightingRow.notice_id == notice_id)
    )
    kept = connection.execute(statement).scalars()
    urls = {url for reading in kept for url in unpacked_reading(reading).continued_at}
    return sorted(map(keys.text_key, urls))[:_IN]


def _capture(row: RowMapping) -> CaptureView:
    names = ["record_id", "url", "captured_at", "status", "payload_digest", "revisit_of"]
    place = Place(file=row["warc_file"], offset=row["offset"], length=row["length"])
    return CaptureView(place=place, **{name: row[name] for name in names})


def _attachments(connection: Connection, notice_id: str) -> tuple[AttachmentView, ...]:
    rank = func.row_number().over(
        partition_by=CaptureRow.url_key, order_by=CaptureRow.captured_at.desc()
    )
    fetched = (
        select(CaptureRow.__table__, rank.label("rank"))
        .where(CaptureRow.status == 200)
        .where(
            CaptureRow.url_key.in_(
                select(AttachmentRow.url_key).where(AttachmentRow.notice_id == notice_id)
            )
        )
        .subquery()
    )
    latest = (fetched.c.url_key == AttachmentRow.url_key) & (fetched.c.rank == 1)
    statement = (
        select(
            AttachmentRow.title,
            AttachmentRow.url,
            fetched.c.record_id,
            fetched.c.media_type,
            fetched.c.size,
            AttachmentTextRow.kind,
            AttachmentTextRow.flags,
            func.length(AttachmentTextRow.text).label("characters"),
        )
        .outerjoin(fetched, latest)
        .outerjoin(AttachmentTextRow, AttachmentTextRow.url_key == AttachmentRow.url_key)
        .where(AttachmentRow.notice_id == notice_id)
        .order_by(AttachmentRow.position)
    )
    return tuple(
        AttachmentView(
            attachment=Attachment(title=row.title, url=row.url),
            record_id=row.record_id,
            media_type=row.media_type,
            size=row.size,
            kind=row.kind,
            characters=row.characters or 0,
            flags=row.flags or (),
        )
        for row in connection.execute(statement)
    )


def _decisions(connection: Connection, match: Any) -> tuple[DecisionView, ...]:
    order = DecisionRow.id
    statement = select(DecisionRow.__table__).where(match).order_by(order).limit(1000)
    return tuple(
        DecisionView(
            at=row["at"],
            outcome=row["outcome"],
            url=row["url"],
            reasons=tuple(row["reasons"]),
            notice_id=row["notice_id"],
        )
        for row in connection.execute(statement).mappings()
    )


def _is_of(connection: Connection, notice_id: str) -> Any:
    """Decisions about a notice, also under ids that lead to it."""
    return DecisionRow.notice_id.in_(_its_ids(connection, notice_id))


def _its_ids(connection: Connection, notice_id: str) -> list[str]:
    led = connection.execute(select(RedirectRow.old_id).where(RedirectRow.new_id == notice_id))
    return [notice_id, *led.scalars()]


def _doubts(connection: Connection, notice_id: str) -> tuple[DoubtView, ...]:
    """The notices that contradict this one and are another still."""
    found: dict[str, Conflict] = {}
    for conflict in conflicts(connection, _its_ids(connection, notice_id)):
        for one in conflict.notice_ids:
            other = _current_id(connection, one)
            if other != notice_id:
                found.setdefault(other, conflict)
    open_ones = [
        one for one in [*found][:_MOST_DOUBTS] if not are_judged_apart(connection, notice_id, one)
    ]
    return tuple(
        DoubtView(other=summary, at=found[summary.id].at, reason=found[summary.id].reason)
        for summary in summaries(connection, open_ones)
    )


def decisions(connection: Connection, url_or_id: str) -> tuple[DecisionView, ...]:
    """What was decided of a URL or a notice, in order."""
    found = _decisions(connection, _is_of(connection, _current_id(connection, url_or_id)))
    return found or _decisions(connection, DecisionRow.url_key == keys.text_key(url_or_id))


def statuses(connection: Connection, notice_id: str) -> tuple[StatusView, ...]:
    """What became of a notice by its own pages and by others' words, as it was learned."""
    notice_id = _current_id(connection, notice_id)
    names = ["status", "since", "at", "evidence", "told"]
    statement = (
        select(StatusRow.__table__)
        .outerjoin(NoticeRow, NoticeRow.id == StatusRow.evidence)
        .where(StatusRow.notice_id == notice_id, NoticeRow.id.is_(None))
        .order_by(StatusRow.id)
    )
    rows = connection.execute(statement).mappings()
    own = [StatusView(**{name: row[name] for name in names}) for row in rows]
    return tuple(
        sorted((*own, *fates.statuses_by_others(connection, notice_id)), key=lambda one: one.at)
    )


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
