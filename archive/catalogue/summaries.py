"""Notices as a list shows them, and where an id leads that was merged away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import Connection, RowMapping, select

from archive.catalogue.tables import NoticeRow, RedirectRow
from archive.catalogue.views import NoticeSummary

_IN = 500
_NAMES = tuple(field.name for field in fields(NoticeSummary))
SUMMARY_COLUMNS = [NoticeRow.__table__.c[name] for name in _NAMES]
#: Redirects followed in a row; more would be a ring.
_MOST_REDIRECTS = 20


def summary_of(row: RowMapping) -> NoticeSummary:
    """A notice's row as a summary."""
    return NoticeSummary(**{name: row[name] for name in _NAMES})


def summaries(connection: Connection, ids: Sequence[str]) -> tuple[NoticeSummary, ...]:
    """Summaries in the order of the ids; unknown ids are left out."""
    found: dict[str, NoticeSummary] = {}
    for start in range(0, len(ids), _IN):
        is_one = NoticeRow.id.in_(ids[start : start + _IN]) & NoticeRow.merged_into.is_(None)
        for row in connection.execute(select(*SUMMARY_COLUMNS).where(is_one)).mappings():
            found[row["id"]] = summary_of(row)
    return tuple(found[one] for one in ids if one in found)


def current_ids(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """To which notice each id leads by now: most lead to themselves."""
    current = {one: one for one in ids}
    for _ in range(_MOST_REDIRECTS):
        is_one = RedirectRow.old_id.in_(set(current.values()))
        found = connection.execute(select(RedirectRow.old_id, RedirectRow.new_id).where(is_one))
        onward = dict(found.all())
        if not onward:
            break
        current = {one: onward.get(to, to) for one, to in current.items()}
    return current
