"""The issuer codes (机关代字) of the archive: asked of its notices, beside the vocabulary."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, func, select

from archive.catalogue.judge import scopes_differ
from archive.catalogue.learnt_codes import CodeView, Vote, view_of
from archive.catalogue.places import is_specific, may_be_one_body
from archive.catalogue.tables import NoticeRow, SightingRow, SourceRow
from archive.catalogue.views import NoticeSummary
from archive.notice import DocumentNumber, NumberForm, Trust
from archive.notice.issuer_codes import built_in_codes

_BELIEVED = int(Trust.GOVERNMENT)
_IN = 500
_CHUNK = 200


def codes(connection: Connection, wanted: Iterable[str]) -> tuple[CodeView, ...]:
    """Whose these codes are, whether a notice bears them or not; in the order of characters."""
    asked = sorted(set(wanted))
    votes: dict[str, list[Vote]] = {code: [] for code in asked}
    for start in range(0, len(asked), _IN):
        is_one = NoticeRow.issuer_code.in_(asked[start : start + _IN])
        for code, vote in _votes(connection, _statement().where(is_one)):
            votes[code].append(vote)
    listed = built_in_codes()
    return tuple(view_of(code, votes[code], listed.find(code)) for code in asked)


def codes_here(connection: Connection, after: str = "") -> Iterator[CodeView]:
    """Whose the codes are that notices here bear, in the database's own order of texts.

    Read as far as somebody wants to know: an archive has thousands of them.
    """
    while True:
        statement = (
            select(NoticeRow.issuer_code)
            .where(NoticeRow.issuer_code > after)
            .distinct()
            .order_by(NoticeRow.issuer_code)
            .limit(_CHUNK)
        )
        chunk = [code or "" for code in connection.execute(statement).scalars()]
        if not chunk:
            return
        is_borne = _is_numbered() & NoticeRow.issuer_code.in_(chunk)
        borne = connection.execute(select(NoticeRow.issuer_code).where(is_borne).distinct())
        found = {view.code: view for view in codes(connection, map(str, borne.scalars()))}
        yield from (found[code] for code in chunk if code in found)
        after = chunk[-1]


def codes_of_notices(
    connection: Connection, notices: Mapping[str, NoticeSummary]
) -> dict[str, CodeView]:
    """The codes of notices, where they tell more than the page does, or something else.

    A page that names no issuing body has, by its number, the body whose code that is; it is said
    beside the notice, and never becomes a field of it. A page whose body is not the code's is in
    doubt, unless notices on believed sites show that the code is both bodies'.
    """
    asked = {one: code for one, summary in notices.items() if (code := _open_code(summary))}
    known = {view.code: view for view in codes(connection, asked.values())}
    return {
        one: known[code]
        for one, code in asked.items()
        if _tells_something(known[code], notices[one])
    }


def _open_code(summary: NoticeSummary) -> str | None:
    """The code of a notice's number, unless the vocabulary gives it to the notice's own body."""
    number = DocumentNumber.parse(summary.document_number or "")
    if number is None or number.form is not NumberForm.BRACKET:
        return None
    listed = built_in_codes().find(number.issuer_code)
    if listed is not None and _agree(summary, listed.bodies, listed.jurisdiction):
        return None
    return number.issuer_code


def _tells_something(view: CodeView, summary: NoticeSummary) -> bool:
    if not view.is_known or _agree(summary, view.bodies, view.jurisdiction):
        return False
    is_shared = built_in_codes().find(view.code) is not None and bool(view.doubts)
    return not (is_shared and summary.issuing_bodies)


def _agree(summary: NoticeSummary, bodies: Collection[str], jurisdiction: str | None) -> bool:
    """Whether a notice names one of the bodies as its own."""
    if not summary.issuing_bodies or not bodies:
        return False
    if jurisdiction != "100000" and scopes_differ(summary.jurisdiction, jurisdiction):
        return False
    return any(may_be_one_body(mine, body) for mine in summary.issuing_bodies for body in bodies)


def _is_numbered() -> Any:
    """Whether a notice has a number with a code: orders and 公告 have a body's name instead."""
    return (
        NoticeRow.merged_into.is_(None)
        & NoticeRow.issuer_code.is_not(None)
        & NoticeRow.number_year.is_not(None)
        & NoticeRow.document_number.like("%〔%")
    )


def _statement() -> Select[Any]:
    """Notices on believed sites that still show them, by code, body, place and site."""
    its_own = (SightingRow.url_key == NoticeRow.original_key) & (
        SightingRow.notice_id == NoticeRow.id
    )
    by: tuple[Any, ...] = (
        NoticeRow.issuer_code,
        NoticeRow.issuing_bodies,
        NoticeRow.jurisdiction,
        NoticeRow.scope,
        NoticeRow.trust.label("shown_as"),
        SourceRow.trust.label("is_now"),
        SightingRow.source,
    )
    return (
        select(
            *by,
            func.count(NoticeRow.number_key.distinct()).label("numbers"),
            func.min(NoticeRow.first_seen_at).label("first_seen_at"),
            func.min(NoticeRow.id).label("example"),
        )
        .join(SightingRow, its_own)
        .join(SourceRow, SourceRow.id == SightingRow.source)
        .where(_is_numbered(), NoticeRow.number_key.is_not(None))
        .where(NoticeRow.withdrawn_at.is_(None))
        .where(NoticeRow.trust >= _BELIEVED, SourceRow.trust >= _BELIEVED)
        .group_by(*by)
    )


def _votes(connection: Connection, statement: Select[Any]) -> Iterator[tuple[str, Vote]]:
    for row in connection.execute(statement):
        if not row.issuing_bodies:
            continue
        body = row.issuing_bodies[0]
        is_own = min(row.shown_as, row.is_now) >= Trust.ISSUER
        if not is_own and not is_specific(body):
            continue  # 市政府办公室 on another government's site: of which city?
        # A page's jurisdiction is its site's before all; another's site says nothing by it.
        place = (row.jurisdiction or row.scope) if is_own else None
        yield (
            row.issuer_code,
            Vote(
                body=body,
                jurisdiction=place,
                source=row.source,
                is_own=is_own,
                numbers=row.numbers,
                first_seen_at=row.first_seen_at,
                example=row.example,
            ),
        )
