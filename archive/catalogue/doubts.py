"""What is doubtful: notices that contradict each other, until a person has judged.

A conflict is decided once, of the notice that came second; both are marked. It is settled when
the two have become one, or when a person has said that they stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, String, and_, literal_column, or_, select, type_coerce

from archive.catalogue.tables import DecisionRow, SightingRow, TieRow

#: Conflicts of one notice that are read; a number that more pages contradict is a forger's.
_MOST = 200
_OTHER = re.compile(r": ([0-9a-f]{8,64})$")


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A notice that was decided to contradict another."""

    notice_ids: tuple[str, ...]  #: the one that came second, and the other
    at: datetime
    reason: str


def conflicts(connection: Connection, ids: Sequence[str]) -> Iterator[Conflict]:
    """The conflicts that name one of these ids, the latest first."""
    # Written as it is in the index, which holds conflicts only: a parameter would hide that.
    is_conflict = DecisionRow.outcome == literal_column("'conflict'")
    told = type_coerce(DecisionRow.reasons, String)
    is_either = or_(DecisionRow.notice_id.in_(ids), *(told.like(f"%: {one}%") for one in ids))
    statement = (
        select(DecisionRow.notice_id, DecisionRow.at, DecisionRow.reasons)
        .where(is_conflict, is_either)
        .order_by(DecisionRow.at.desc(), DecisionRow.id.desc())
        .limit(_MOST * len(ids))
    )
    for row in connection.execute(statement):
        other = _OTHER.search(row.reasons[0]) if row.reasons else None
        if other is not None and row.notice_id is not None:
            pair = (row.notice_id, other[1])
            yield Conflict(notice_ids=pair, at=row.at, reason=row.reasons[0])


def are_judged_apart(connection: Connection, one: str, other: str) -> bool:
    """Whether a person has parted a sighting of the one notice from one of the other."""
    mine, theirs = (
        select(SightingRow.url_key).where(SightingRow.notice_id == notice_id)
        for notice_id in (one, other)
    )
    across = or_(
        and_(TieRow.a.in_(mine), TieRow.b.in_(theirs)),
        and_(TieRow.b.in_(mine), TieRow.a.in_(theirs)),
    )
    statement = select(TieRow.a).where(TieRow.together.is_(False), across).limit(1)
    return connection.execute(statement).first() is not None
