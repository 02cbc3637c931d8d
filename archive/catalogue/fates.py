"""What other notices say of a notice: 废止, 修改. Found whenever somebody looks, like citations.

Nothing of it is kept with the notice, so that it is the same in whatever order the two arrived and
whatever is merged or corrected later; only what was announced is remembered, to announce it once.
No single weak sign takes a notice's force: it must be cited by its number, or by a title that only
it bears, in a notice (no draft, no explainer) of the body that issued it or of one above.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from archive.catalogue.citations import NATION, led_to, targets_of
from archive.catalogue.places import is_one_body, may_be_one_body
from archive.catalogue.relations import AMENDS, REPEALS
from archive.catalogue.statuses import status_row
from archive.catalogue.tables import ChangeRow, CitationRow, NoticeRow, SightingRow, StatusRow
from archive.catalogue.views import StatusView
from archive.notice import ChangeKind

#: What a relation makes of the notice that is cited.
_MAKES = {REPEALS: "废止", AMENDS: "修改"}
_SAYS_NOTHING = ("解读", "新闻", "图解", "问答", "报道")
_DRAFT = ("征求意见", "公开征集", "草案", "解读", "答记者问")
#: Notices that speak of one; more are a page of rankings or a hostile one.
_MOST = 200
#: Characters of a title by which alone a notice can be told.
_LEAST_TITLE = 10


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What one notice says of another."""

    notice_id: str
    status: str
    by: str  #: id of the notice that says so
    since: date | None
    at: datetime  #: when both were known
    told: str
    doubt: str | None  #: why it is not certain; None: it is


def fates_of(connection: Connection, notice_ids: Collection[str]) -> tuple[Fate, ...]:
    """What is said of these notices, and what they say of others, the first learned first."""
    found = dict.fromkeys((*_said_of(connection, notice_ids), *_said_by(connection, notice_ids)))
    return tuple(sorted(found, key=lambda fate: (fate.at, fate.notice_id, fate.by, fate.status)))


def statuses_by_others(
    connection: Connection, notice_ids: Sequence[str]
) -> dict[str, tuple[StatusView, ...]]:
    """What other notices say of each of these."""
    found: dict[str, list[StatusView]] = {one: [] for one in notice_ids}
    for fate in fates_of(connection, notice_ids):
        if fate.notice_id in found:
            view = StatusView(
                status=fate.status,
                since=fate.since,
                at=fate.at,
                evidence=fate.by,
                told=fate.told,
                doubt=fate.doubt,
            )
            found[fate.notice_id].append(view)
    return {one: tuple(views) for one, views in found.items() if views}


def announce(
    connection: Connection, notice_ids: Collection[str], at: datetime, last_seq: int
) -> int:
    """Tell once in the change log what is now known of these notices' force; its last number."""
    if not notice_ids:
        return last_seq
    for fate in fates_of(connection, notice_ids):
        if fate.doubt is not None or _was_told(connection, fate):
            continue
        last_seq += 1
        row = status_row(
            fate.notice_id, fate.status, at=at, evidence=fate.by, told=fate.told, since=fate.since
        )
        connection.execute(insert(StatusRow), [row])
        connection.execute(insert(ChangeRow), [_line(connection, fate, at, last_seq)])
        is_it = NoticeRow.id == fate.notice_id
        connection.execute(update(NoticeRow).where(is_it).values(seq=last_seq, changed_at=at))
    return last_seq


def _was_told(connection: Connection, fate: Fate) -> bool:
    same = (
        (StatusRow.notice_id == fate.notice_id)
        & (StatusRow.evidence == fate.by)
        & (StatusRow.status == fate.status)
    )
    return connection.execute(select(StatusRow.id).where(same).limit(1)).first() is not None


def _line(connection: Connection, fate: Fate, at: datetime, seq: int) -> dict[str, Any]:
    speaker = (
        select(SightingRow.source, SightingRow.url)
        .where(SightingRow.notice_id == fate.by)
        .order_by(SightingRow.is_original.desc(), SightingRow.url_key)
        .limit(1)
    )
    said = connection.execute(speaker).one()
    version = select(NoticeRow.version).where(NoticeRow.id == fate.notice_id)
    return {
        "seq": seq,
        "at": at,
        "change": ChangeKind.STATUS.value,
        "notice_id": fate.notice_id,
        "source": said.source,
        "url": said.url,
        "version": connection.execute(version).scalar_one(),
    }


# -- finding them

_CITING = (
    select(CitationRow.cited_key, CitationRow.number, CitationRow.title.label("cited_title"))
    .add_columns(CitationRow.relation, NoticeRow.__table__)
    .join(NoticeRow, NoticeRow.id == CitationRow.notice_id)
    .where(CitationRow.relation.in_(list(_MAKES)), CitationRow.cited_key != 0)
    .order_by(NoticeRow.first_seen_at, NoticeRow.id, CitationRow.position)
)


def _said_of(connection: Connection, notice_ids: Collection[str]) -> Iterator[Fate]:
    keys = select(NoticeRow.number_key, NoticeRow.title_key).where(NoticeRow.id.in_(notice_ids))
    wanted = {key for row in connection.execute(keys) for key in row if key is not None}
    if not wanted:
        return
    is_of = CitationRow.cited_key.in_(wanted)
    citing = connection.execute(_CITING.where(is_of).limit(_MOST * len(wanted))).all()
    yield from (fate for fate in _fates(connection, citing) if fate.notice_id in notice_ids)


def _said_by(connection: Connection, notice_ids: Collection[str]) -> Iterator[Fate]:
    is_by = CitationRow.notice_id.in_(notice_ids)
    citing = connection.execute(_CITING.where(is_by).limit(_MOST * len(notice_ids))).all()
    yield from _fates(connection, citing)


def _fates(connection: Connection, citing: Sequence[Row[Any]]) -> Iterator[Fate]:
    citing = [row for row in citing if _speaks(row)]
    if not citing:
        return
    targets = targets_of(connection, {row.cited_key for row in citing})
    led = {
        (row.id, row.cited_key): led_to(targets[row.cited_key], row.scope, row.id, row.number)
        for row in citing
    }
    wanted = {one for one in led.values() if one is not None}
    known = select(NoticeRow.__table__).where(or_(NoticeRow.id.in_(wanted)))
    notices = {row.id: row for row in connection.execute(known)} if wanted else {}
    for row in citing:
        target = notices.get(led[row.id, row.cited_key] or "")
        if target is not None and _is_earlier(target, row):
            rivals = [one for one in targets[row.cited_key] if one.id not in (row.id, target.id)]
            yield _fate(row, target, has_rivals=bool(rivals))


def _speaks(row: Row[Any]) -> bool:
    is_about = any(word in (row.kind or "") for word in _SAYS_NOTHING)
    return not is_about and not any(word in row.title for word in _DRAFT)


def _is_earlier(target: Row[Any], citing: Row[Any]) -> bool:
    """A notice takes no force from one that is younger than itself."""
    mine, theirs = target.written_on or target.published_on, citing.written_on
    return mine is None or theirs is None or mine <= theirs


def _fate(citing: Row[Any], target: Row[Any], *, has_rivals: bool) -> Fate:
    named = citing.number or f"《{citing.cited_title}》"
    doubt = _doubt(citing, target, has_rivals=has_rivals)
    status = _MAKES[citing.relation]
    who = citing.document_number or f"《{citing.title[:120]}》"
    return Fate(
        notice_id=target.id,
        status=status,
        by=citing.id,
        since=citing.effective_on or citing.written_on or citing.published_on,
        at=max(citing.first_seen_at, target.first_seen_at),
        told=f"{who} says so of {named}"[:900],
        doubt=doubt,
    )


def _doubt(citing: Row[Any], target: Row[Any], *, has_rivals: bool) -> str | None:
    if citing.number is None and has_rivals:
        return "several notices bear the title"
    if citing.number is None and len(target.title_core) < _LEAST_TITLE:
        return "the title alone is too short to tell"
    if not _has_the_power(citing, target):
        return "it is not the issuing body's own word, nor that of one above"
    return None


def _has_the_power(citing: Row[Any], target: Row[Any]) -> bool:
    """Whether who speaks may: the body that issued it, or what stands above it."""
    if target.number_key is not None and target.issuer_code == citing.issuer_code:
        return bool(target.scope == citing.scope)
    pairs = [(a, b) for a in citing.issuing_bodies for b in target.issuing_bodies]
    if any(is_one_body(a, b) for a, b in pairs):
        return True
    mine, theirs = _place(citing), _place(target)
    if theirs == NATION:
        return mine == NATION and any(may_be_one_body(a, b) for a, b in pairs)
    return mine == NATION or bool(mine and theirs and theirs.startswith(mine.rstrip("0")))


def _place(row: Row[Any]) -> str | None:
    place: str | None = row.scope or row.jurisdiction
    return NATION if place == "100000" else place
