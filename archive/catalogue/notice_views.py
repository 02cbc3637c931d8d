"""Everything that is known of notices, many at a time.

A feed tells of a hundred notices and an export of all of them, so each part is asked of its table
once for many notices, and not once for each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, func, select

from archive.catalogue import fates, keys
from archive.catalogue.citations import citations_of, cited_by_ids
from archive.catalogue.codes import codes_of_notices
from archive.catalogue.doubts import Conflict, are_judged_apart, conflicts
from archive.catalogue.readings import unpacked_reading
from archive.catalogue.summaries import current_ids, summaries, summary_of
from archive.catalogue.tables import (
    AttachmentRow,
    AttachmentTextRow,
    CaptureRow,
    DecisionRow,
    KeptReadingRow,
    NoticeRow,
    RedirectRow,
    SightingRow,
    SourceRow,
    StatusRow,
    VersionRow,
)
from archive.catalogue.views import (
    AttachmentView,
    CaptureView,
    DecisionView,
    DoubtView,
    NoticeSummary,
    NoticeView,
    SightingView,
    StatusView,
    VersionView,
)
from archive.notice import Attachment, Place, Repair, Trust

_AT_ONCE = 100
_IN = 500
_MOST_DOUBTS = 20
_MOST_DECISIONS = 1000
_MOST_LATER_PAGES = 500

T = TypeVar("T")
Parts = Mapping[str, tuple[T, ...]]


def notices(connection: Connection, ids: Sequence[str]) -> dict[str, NoticeView]:
    """Everything known of these notices, by the ids asked for; unknown ones are left out."""
    found: dict[str, NoticeView] = {}
    for start in range(0, len(ids), _AT_ONCE):
        current = current_ids(connection, ids[start : start + _AT_ONCE])
        views = _views(connection, sorted(set(current.values())))
        found |= {asked: views[one] for asked, one in current.items() if one in views}
    return found


def _views(connection: Connection, ids: Sequence[str]) -> dict[str, NoticeView]:
    """The views of notices that lead nowhere else, by their ids."""
    is_one = NoticeRow.id.in_(ids)
    found = connection.execute(select(NoticeRow.__table__).where(is_one)).mappings()
    rows = {row["id"]: row for row in found}
    known = {one: summary_of(row) for one, row in rows.items()}
    ids = list(rows)
    versions, sightings = _versions(connection, ids), _sightings(connection, ids)
    captures, attachments = _captures(connection, ids), _attachments(connection, ids)
    cites = citations_of(connection, {one: row["scope"] for one, row in rows.items()})
    cited_by = _cited_by(connection, rows)
    decisions, statuses = _decisions(connection, ids), statuses_of(connection, ids)
    doubts, codes = _doubts(connection, ids), codes_of_notices(connection, known)
    return {
        one: NoticeView(
            summary=known[one],
            addressees=row["addressees"],
            text=next(view.text for view in versions[one] if view.number == row["version"]),
            versions=versions[one],
            sightings=sightings.get(one, ()),
            captures=captures.get(one, ()),
            attachments=attachments.get(one, ()),
            cites=cites.get(one, ()),
            cited_by=cited_by.get(one, ()),
            decisions=decisions.get(one, ()),
            repairs=tuple(Repair(**repair) for repair in row["repairs"]),
            flags=tuple(row["flags"]),
            statuses=statuses.get(one, ()),
            withdrawn_at=row["withdrawn_at"],
            doubts=doubts.get(one, ()),
            code=codes.get(one),
        )
        for one, row in rows.items()
    }


def _grouped(rows: Iterable[RowMapping], make: Callable[[RowMapping], T]) -> Parts[T]:
    """What is made of rows, by the notice each is of, in the order of the rows."""
    found: defaultdict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[row["notice_id"]].append(make(row))
    return {one: tuple(parts) for one, parts in found.items()}


def _versions(connection: Connection, ids: Sequence[str]) -> Parts[VersionView]:
    statement = (
        select(VersionRow.__table__)
        .where(VersionRow.notice_id.in_(ids))
        .order_by(VersionRow.notice_id, VersionRow.number)
    )
    return _grouped(
        connection.execute(statement).mappings(),
        lambda row: VersionView(**{k: value for k, value in row.items() if k != "notice_id"}),
    )


def _sightings(connection: Connection, ids: Sequence[str]) -> Parts[SightingView]:
    statement = (
        select(SightingRow.__table__, SourceRow.name.label("source_name"))
        .join(SourceRow, SourceRow.id == SightingRow.source)
        .where(SightingRow.notice_id.in_(ids))
        .order_by(
            SightingRow.is_original.desc(),
            SightingRow.trust.desc(),
            SightingRow.first_seen_at,
            SightingRow.url_key,
        )
    )
    return _grouped(connection.execute(statement).mappings(), _sighting)


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


def _captures(connection: Connection, ids: Sequence[str]) -> Parts[CaptureView]:
    """Captures of a notice; of its URLs, where nobody's; of the pages on which it goes on."""
    found: defaultdict[str, dict[str, RowMapping]] = defaultdict(dict)
    own = select(CaptureRow.__table__).where(CaptureRow.notice_id.in_(ids))
    for row in connection.execute(own).mappings():
        found[row["notice_id"]][row["record_id"]] = row
    at_their_urls = (
        select(CaptureRow.__table__, SightingRow.notice_id.label("seen_as"))
        .join(SightingRow, SightingRow.url_key == CaptureRow.url_key)
        .where(SightingRow.notice_id.in_(ids), CaptureRow.notice_id.is_(None))
    )
    for row in connection.execute(at_their_urls).mappings():
        found[row["seen_as"]][row["record_id"]] = row
    later = _later_pages(connection, ids)
    for start in range(0, len(later), _IN):
        chunk = list(later)[start : start + _IN]
        pages = select(CaptureRow.__table__).where(CaptureRow.url_key.in_(chunk))
        for row in connection.execute(pages).mappings():
            for one in later[row["url_key"]]:
                found[one][row["record_id"]] = row
    return {
        one: tuple(map(_capture, sorted(rows.values(), key=_by_time)))
        for one, rows in found.items()
    }


def _by_time(row: RowMapping) -> tuple[Any, str]:
    return row["captured_at"], row["record_id"]


def _later_pages(connection: Connection, ids: Sequence[str]) -> dict[str, set[str]]:
    """Keys of the pages on which notices go on, where a site splits them, and whose they are."""
    # By way of the sightings: kept readings are found by URL before notice, and are large.
    is_kept = (KeptReadingRow.url_key == SightingRow.url_key) & (
        KeptReadingRow.notice_id == SightingRow.notice_id
    )
    statement = (
        select(SightingRow.notice_id, KeptReadingRow.reading)
        .join(KeptReadingRow, is_kept)
        .where(SightingRow.notice_id.in_(ids))
    )
    urls: defaultdict[str, set[str]] = defaultdict(set)
    for one, reading in connection.execute(statement):
        urls[one].update(unpacked_reading(reading).continued_at)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one, its in urls.items():
        for key in sorted(map(keys.text_key, its))[:_MOST_LATER_PAGES]:
            found[key].add(one)
    return dict(found)


def _capture(row: RowMapping) -> CaptureView:
    names = ["record_id", "url", "captured_at", "status", "payload_digest", "revisit_of"]
    place = Place(file=row["warc_file"], offset=row["offset"], length=row["length"])
    return CaptureView(place=place, **{name: row[name] for name in names})


def _attachments(connection: Connection, ids: Sequence[str]) -> Parts[AttachmentView]:
    rank = func.row_number().over(
        partition_by=CaptureRow.url_key, order_by=CaptureRow.captured_at.desc()
    )
    named = select(AttachmentRow.url_key).where(AttachmentRow.notice_id.in_(ids))
    fetched = (
        select(CaptureRow.__table__, rank.label("rank"))
        .where(CaptureRow.status == 200, CaptureRow.url_key.in_(named))
        .subquery()
    )
    latest = (fetched.c.url_key == AttachmentRow.url_key) & (fetched.c.rank == 1)
    statement = (
        select(
            AttachmentRow.notice_id,
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
        .where(AttachmentRow.notice_id.in_(ids))
        .order_by(AttachmentRow.notice_id, AttachmentRow.position)
    )
    return _grouped(connection.execute(statement).mappings(), _attachment)


def _attachment(row: RowMapping) -> AttachmentView:
    return AttachmentView(
        attachment=Attachment(title=row["title"], url=row["url"]),
        record_id=row["record_id"],
        media_type=row["media_type"],
        size=row["size"],
        kind=row["kind"],
        characters=row["characters"] or 0,
        flags=row["flags"] or (),
    )


def _cited_by(
    connection: Connection, rows: Mapping[str, RowMapping]
) -> dict[str, tuple[NoticeSummary, ...]]:
    citing = cited_by_ids(connection, rows.values())
    wanted = list(dict.fromkeys(one for its in citing.values() for one in its))
    known = {summary.id: summary for summary in summaries(connection, wanted)}
    return {
        one: tuple(known[citing_id] for citing_id in its if citing_id in known)
        for one, its in citing.items()
    }


def _their_ids(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The ids under which these notices go and went: theirs, and those that lead to them."""
    led = select(RedirectRow.old_id, RedirectRow.new_id).where(RedirectRow.new_id.in_(ids))
    return {one: one for one in ids} | dict(connection.execute(led).all())


def _decisions(connection: Connection, ids: Sequence[str]) -> Parts[DecisionView]:
    """Decisions about notices, also under ids that lead to them."""
    named = _their_ids(connection, ids)
    found: defaultdict[str, list[tuple[int, DecisionView]]] = defaultdict(list)
    names = list(named)
    for start in range(0, len(names), _IN):
        is_one = DecisionRow.notice_id.in_(names[start : start + _IN])
        nth = func.row_number().over(partition_by=DecisionRow.notice_id, order_by=DecisionRow.id)
        numbered = select(DecisionRow.__table__, nth.label("nth")).where(is_one).subquery()
        statement = select(numbered).where(numbered.c.nth <= _MOST_DECISIONS)
        for row in connection.execute(statement).mappings():
            found[named[row["notice_id"]]].append((row["id"], decision_of(row)))
    return {
        one: tuple(view for _, view in sorted(its, key=_by_number)[:_MOST_DECISIONS])
        for one, its in found.items()
    }


def _by_number(numbered: tuple[int, DecisionView]) -> int:
    return numbered[0]


def decision_of(row: RowMapping) -> DecisionView:
    """A row as a view."""
    return DecisionView(
        at=row["at"],
        outcome=row["outcome"],
        url=row["url"],
        reasons=tuple(row["reasons"]),
        notice_id=row["notice_id"],
    )


def decisions_of(connection: Connection, notice_id: str) -> tuple[DecisionView, ...]:
    """What was decided of one notice, in order."""
    return _decisions(connection, [notice_id]).get(notice_id, ())


def statuses(connection: Connection, notice_id: str) -> tuple[StatusView, ...]:
    """What became of one notice, under whatever id."""
    current = current_ids(connection, [notice_id])[notice_id]
    return statuses_of(connection, [current]).get(current, ())


def statuses_of(connection: Connection, ids: Sequence[str]) -> Parts[StatusView]:
    """What became of notices by their own pages and by others' words, as it was learned."""
    names = ["status", "since", "at", "evidence", "told"]
    statement = (
        select(StatusRow.__table__)
        .outerjoin(NoticeRow, NoticeRow.id == StatusRow.evidence)
        .where(StatusRow.notice_id.in_(ids), NoticeRow.id.is_(None))
        .order_by(StatusRow.id)
    )
    own = _grouped(
        connection.execute(statement).mappings(),
        lambda row: StatusView(**{name: row[name] for name in names}),
    )
    others = fates.statuses_by_others(connection, ids)
    return {
        one: tuple(sorted((*own.get(one, ()), *others.get(one, ())), key=lambda view: view.at))
        for one in {*own, *others}
    }


def _doubts(connection: Connection, ids: Sequence[str]) -> Parts[DoubtView]:
    """The notices that contradict these and are others still."""
    named = _their_ids(connection, ids)
    found: defaultdict[str, dict[str, Conflict]] = defaultdict(dict)
    for conflict in conflicts(connection, list(named)):
        now = current_ids(connection, conflict.notice_ids)
        for one in {now[old] for old in conflict.notice_ids} & set(ids):
            for other in now.values():
                if other != one:
                    found[one].setdefault(other, conflict)
    return {one: _open_doubts(connection, one, its) for one, its in found.items()}


def _open_doubts(
    connection: Connection, notice_id: str, found: Mapping[str, Conflict]
) -> tuple[DoubtView, ...]:
    open_ones = [
        one for one in [*found][:_MOST_DOUBTS] if not are_judged_apart(connection, notice_id, one)
    ]
    return tuple(
        DoubtView(other=summary, at=found[summary.id].at, reason=found[summary.id].reason)
        for summary in summaries(connection, open_ones)
    )
