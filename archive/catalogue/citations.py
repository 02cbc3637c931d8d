"""Citations: to which notice a cited number or title leads, asked whenever somebody looks.

Nothing is stored about the target, so a notice that arrives later is led to from the moment it
is here, and a merge or a better number needs no repair. Both ways are one look-up by key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, func, or_, select

from archive.catalogue.tables import CitationRow, NoticeRow
from archive.catalogue.views import CitationView

NATION = "000000"
#: Notices of one key that are looked at; a number that more share is told apart by its scope.
_MOST_TARGETS = 200
_MOST_CITING = 500
_IN = 500
#: Codes that name no place: without knowing who cites them, nobody can tell whose they are.
_EVERYWHERE = re.compile(r"[政府办党委县区市卫医发财人民]")

#: A notice that a key leads to: id, scope, seq, first_seen_at, number_key, title_key.
Target = Row[str, str | None, int, datetime, int | None, int | None]


def citations_of(
    connection: Connection, scopes: Mapping[str, str | None]
) -> dict[str, tuple[CitationView, ...]]:
    """What notices cite, in each one's order, each with the notice it leads to.

    Args:
        connection: To the catalogue.
        scopes: The ids of the notices, each with its jurisdiction.
    """
    statement = (
        select(CitationRow.__table__)
        .where(CitationRow.notice_id.in_(list(scopes)))
        .order_by(CitationRow.notice_id, CitationRow.position)
    )
    cited = connection.execute(statement).all()
    targets = targets_of(connection, {row.cited_key for row in cited if row.cited_key})
    found: dict[str, list[CitationView]] = {}
    for row in cited:
        one, among = row.notice_id, targets.get(row.cited_key, ())
        view = CitationView(
            number=row.number,
            title=row.title,
            notice_id=led_to(among, scopes[one], one, row.number),
            relation=row.relation,
        )
        found.setdefault(one, []).append(view)
    return {one: tuple(views) for one, views in found.items()}


def cited_by_ids(connection: Connection, notices: Iterable[RowMapping]) -> dict[str, list[str]]:
    """Ids of the notices that cite each of these, the latest change first."""
    ids = {notice["id"] for notice in notices}
    own = {key for one in notices for key in (one["number_key"], one["title_key"]) if key}
    found: dict[str, dict[str, None]] = {}
    targets = targets_of(connection, own)
    for row in _citing(connection, sorted(own)):
        cited = led_to(targets[row.cited_key], row.scope, row.notice_id, row.number)
        if cited is not None and cited in ids:
            found.setdefault(cited, {})[row.notice_id] = None
    return {one: list(citing)[:_MOST_CITING] for one, citing in found.items()}


def _citing(connection: Connection, cited: Sequence[int]) -> list[Row[Any]]:
    """Who cites these keys, of each the latest, the latest change first."""
    nth = func.row_number().over(partition_by=CitationRow.cited_key, order_by=NoticeRow.seq.desc())
    found: list[Row[Any]] = []
    for start in range(0, len(cited), _IN):
        numbered = (
            select(
                CitationRow.notice_id,
                CitationRow.cited_key,
                CitationRow.number,
                NoticeRow.scope,
                NoticeRow.seq,
                nth.label("nth"),
            )
            .join(NoticeRow, NoticeRow.id == CitationRow.notice_id)
            .where(CitationRow.cited_key.in_(cited[start : start + _IN]))
            .subquery()
        )
        found += connection.execute(select(numbered).where(numbered.c.nth <= _MOST_CITING))
    return sorted(found, key=lambda row: -row.seq)


def led_to(
    targets: Sequence[Target], scope: str | None, citing_id: str, number: str | None
) -> str | None:
    """The one notice that is meant, or None where it is not here or cannot be told.

    A number is meant as one's own jurisdiction uses it, or one above: a district cites
    政办发〔2024〕5号 of its own government or of its city's, never of its neighbour.
    """
    others = [target for target in targets if target.id != citing_id]
    if number is not None:
        others = [target for target in others if _may_mean(scope, target.scope, number)]
    nearest = sorted(others, key=lambda target: (-_nearness(scope, target.scope), target.seq))
    if not nearest:
        return None
    best = _nearness(scope, nearest[0].scope)
    rivals = [target for target in nearest if _nearness(scope, target.scope) == best]
    if len(rivals) > 1 and number is not None:
        return None
    return str(min(rivals, key=lambda target: (target.first_seen_at, target.id)).id)


def _may_mean(citing: str | None, target: str | None, number: str) -> bool:
    if target == NATION:
        return True
    if citing is None or citing == NATION:
        return not _EVERYWHERE.match(number)
    return target is None or citing.startswith(_level(target))


def _nearness(citing: str | None, target: str | None) -> int:
    """How near a target's jurisdiction is to the citing one; its own is the nearest."""
    if target is None or citing is None:
        return 0
    if citing == target:
        return 7
    level = _level(target)
    return len(level) if citing.startswith(level) else 0


def _level(code: str) -> str:
    """A jurisdiction code without the zeros of the levels below it."""
    for width in (2, 4):
        if code[width:].strip("0") == "":
            return code[:width]
    return code


def targets_of(connection: Connection, wanted: Iterable[int]) -> dict[int, list[Target]]:
    """The notices that each key may lead to."""
    keys = list(dict.fromkeys(wanted))
    found: dict[int, list[Target]] = {key: [] for key in keys}
    for start in range(0, len(keys), _IN):
        chunk = keys[start : start + _IN]
        statement = select(
            NoticeRow.id,
            NoticeRow.scope,
            NoticeRow.seq,
            NoticeRow.first_seen_at,
            NoticeRow.number_key,
            NoticeRow.title_key,
        ).where(or_(NoticeRow.number_key.in_(chunk), NoticeRow.title_key.in_(chunk)))
        for row in connection.execute(statement.limit(_MOST_TARGETS * len(chunk))):
            for key in {row.number_key, row.title_key} & found.keys():
                found[key].append(row)
    return found
