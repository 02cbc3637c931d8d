"""Citations: to which notice a cited number or title leads, asked whenever somebody looks.

Nothing is stored about the target, so a notice that arrives later is led to from the moment it
is here, and a merge or a better number needs no repair. Both ways are one look-up by key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, RowMapping, or_, select

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
    connection: Connection, notice_id: str, scope: str | None
) -> tuple[CitationView, ...]:
    """What a notice cites, in its order, each with the notice it leads to."""
    statement = (
        select(CitationRow.__table__)
        .where(CitationRow.notice_id == notice_id)
        .order_by(CitationRow.position)
    )
    cited = connection.execute(statement).all()
    targets = targets_of(connection, {row.cited_key for row in cited if row.cited_key})
    return tuple(
        CitationView(
            number=row.number,
            title=row.title,
            notice_id=led_to(targets.get(row.cited_key, ()), scope, notice_id, row.number),
            relation=row.relation,
        )
        for row in cited
    )


def cited_by_ids(connection: Connection, notice: RowMapping) -> list[str]:
    """Ids of the notices that cite this one, the latest change first."""
    own = [key for key in (notice["number_key"], notice["title_key"]) if key is not None]
    if not own:
        return []
    statement = (
        select(CitationRow.notice_id, CitationRow.cited_key, CitationRow.number, NoticeRow.scope)
        .join(NoticeRow, NoticeRow.id == CitationRow.notice_id)
        .where(CitationRow.cited_key.in_(own), CitationRow.notice_id != notice["id"])
        .order_by(NoticeRow.seq.desc())
        .limit(_MOST_CITING)
    )
    targets = targets_of(connection, own)
    return list(
        dict.fromkeys(
            row.notice_id
            for row in connection.execute(statement)
            if led_to(targets[row.cited_key], row.scope, row.notice_id, row.number) == notice["id"]
        )
    )


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
