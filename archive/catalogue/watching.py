"""Runs, watches and alarms: what the control room keeps in the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, select, update

from archive.catalogue import keys
from archive.catalogue.tables import AlarmRow, RunRow, WatchRow
from archive.catalogue.views import AlarmView, RunView, WatchView
from archive.errors import UsageError
from archive.notice import Alarm, AlarmKind

COUNTS = ("leads", "new", "revised", "copies", "unchanged", "set_aside", "errors")
#: Outcomes of a run that could look at its source.
GOOD = ("ok", "partial")
#: Characters of an alarm's sentences that are kept; a page's own words can be endless.
_MOST_TOLD = 2_000


# -- runs


def start_run(connection: Connection, source: str, column: str | None, at: datetime) -> str:
    """Open a run."""
    same = and_(RunRow.source == source, RunRow.column == column, RunRow.started_at == at)
    attempt = connection.execute(select(func.count()).where(same)).scalar_one()
    run_id = keys.run_id(source, column, at, attempt)
    row = dict.fromkeys(COUNTS, 0)
    connection.execute(
        insert(RunRow).values(
            id=run_id, source=source, column=column, started_at=at, outcome="running", **row
        )
    )
    return run_id


def end_run(
    connection: Connection, run_id: str, at: datetime, outcome: str, counts: Mapping[str, int]
) -> None:
    """Close a run."""
    unknown = set(counts) - set(COUNTS)
    if unknown:
        raise UsageError(f"A run does not count {', '.join(sorted(unknown))}.")
    ended = update(RunRow).where(RunRow.id == run_id)
    result = connection.execute(ended.values(ended_at=at, outcome=outcome, **dict(counts)))
    if not result.rowcount:
        raise UsageError(f"There is no run {run_id}.")


def interrupt_runs(connection: Connection, at: datetime) -> int:
    """Mark runs that a killed process left running."""
    left = update(RunRow).where(RunRow.outcome == "running")
    return connection.execute(left.values(outcome="interrupted", ended_at=at)).rowcount


def runs(connection: Connection, limit: int, source: str | None) -> tuple[RunView, ...]:
    """The latest runs, newest first."""
    statement = select(RunRow.__table__).order_by(RunRow.started_at.desc(), RunRow.id).limit(limit)
    if source is not None:
        statement = statement.where(RunRow.source == source)
    return tuple(RunView(**row) for row in connection.execute(statement).mappings())


def last_good_looks(connection: Connection) -> dict[str, datetime]:
    """When the last run of each source ended that could look at it."""
    statement = (
        select(RunRow.source, func.max(RunRow.ended_at).label("ended_at"))
        .where(RunRow.outcome.in_(GOOD), RunRow.ended_at.is_not(None))
        .group_by(RunRow.source)
    )
    return {row.source: row.ended_at for row in connection.execute(statement)}


# -- watches


def schedule(
    connection: Connection, source: str, column: str, every: timedelta, due_at: datetime
) -> None:
    """Have a column looked at; its due time stands when it has one."""
    seconds = int(every.total_seconds())
    there = update(WatchRow).where(WatchRow.source == source, WatchRow.column == column)
    if not connection.execute(there.values(every_seconds=seconds)).rowcount:
        values = {"source": source, "column": column, "every_seconds": seconds, "due_at": due_at}
        connection.execute(insert(WatchRow).values(values))


def set_due(connection: Connection, source: str, column: str, due_at: datetime) -> None:
    """Set when a column is looked at next."""
    there = update(WatchRow).where(WatchRow.source == source, WatchRow.column == column)
    if not connection.execute(there.values(due_at=due_at)).rowcount:
        raise UsageError(f"There is no watch for {source}/{column}.")


def unschedule(connection: Connection, source: str, column: str) -> None:
    """Have a column looked at no more."""
    connection.execute(delete(WatchRow).where(WatchRow.source == source, WatchRow.column == column))


def watches(connection: Connection) -> tuple[WatchView, ...]:
    """All watches, the next due first."""
    order = (WatchRow.due_at, WatchRow.source, WatchRow.column)
    rows = connection.execute(select(WatchRow.__table__).order_by(*order)).mappings().all()
    last = _last_runs(connection)
    running = set(
        connection.execute(select(RunRow.source).where(RunRow.outcome == "running")).scalars()
    )
    return tuple(
        WatchView(
            source=row["source"],
            column=row["column"],
            every=timedelta(seconds=row["every_seconds"]),
            due_at=row["due_at"],
            last_run=_latest(
                last.get((row["source"], row["column"])), last.get((row["source"], None))
            ),
            running=row["source"] in running,
        )
        for row in rows
    )


def due(connection: Connection, now: datetime) -> tuple[WatchView, ...]:
    """Watches whose time has come; what was missed while nobody looked is due once."""
    return tuple(
        watch for watch in watches(connection) if watch.due_at <= now and not watch.running
    )


def _last_runs(connection: Connection) -> dict[tuple[str, str | None], RunView]:
    rank = func.row_number().over(
        partition_by=(RunRow.source, RunRow.column), order_by=RunRow.started_at.desc()
    )
    ranked = select(RunRow.__table__, rank.label("rank")).subquery()
    rows = connection.execute(select(ranked).where(ranked.c.rank == 1)).mappings()
    views = [RunView(**{k: v for k, v in row.items() if k != "rank"}) for row in rows]
    return {(view.source, view.column): view for view in views}


def _latest(*views: RunView | None) -> RunView | None:
    return max((v for v in views if v), key=lambda v: v.started_at, default=None)


# -- alarms


def raise_alarm(connection: Connection, alarm: Alarm) -> int:
    """Enter an alarm, or raise the open one of its kind, source and column again."""
    same = (
        AlarmRow.kind == alarm.kind.value,
        AlarmRow.source.is_not_distinct_from(alarm.source),
        AlarmRow.column.is_not_distinct_from(alarm.column),
        AlarmRow.closed_at.is_(None),
    )
    values = _alarm_values(alarm)
    known = connection.execute(select(AlarmRow.id, AlarmRow.times).where(*same)).first()
    if known is not None:
        again = update(AlarmRow).where(AlarmRow.id == known.id)
        connection.execute(again.values(times=known.times + 1, **values))
        return int(known.id)
    first = insert(AlarmRow).values(
        kind=alarm.kind.value,
        source=alarm.source,
        column=alarm.column,
        raised_at=alarm.raised_at,
        times=1,
        **values,
    )
    key = connection.execute(first).inserted_primary_key
    assert key is not None
    return int(key[0])


def _alarm_values(alarm: Alarm) -> dict[str, Any]:
    return {
        "url": alarm.url,
        "expected": alarm.expected[:_MOST_TOLD],
        "came": alarm.came[:_MOST_TOLD],
        "to_do": alarm.to_do[:_MOST_TOLD],
        "last_raised_at": alarm.raised_at,
    }


def close_alarms(
    connection: Connection,
    source: str | None,
    column: str | None,
    kinds: Collection[AlarmKind],
    at: datetime,
) -> int:
    """Close the open alarms of these kinds."""
    statement = update(AlarmRow).where(
        AlarmRow.source.is_not_distinct_from(source),
        AlarmRow.column.is_not_distinct_from(column),
        AlarmRow.kind.in_([kind.value for kind in kinds]),
        AlarmRow.closed_at.is_(None),
    )
    return connection.execute(statement.values(closed_at=at)).rowcount


def close_alarm(connection: Connection, alarm_id: int, at: datetime) -> bool:
    """Close one alarm."""
    statement = update(AlarmRow).where(AlarmRow.id == alarm_id, AlarmRow.closed_at.is_(None))
    return bool(connection.execute(statement.values(closed_at=at)).rowcount)


def alarms(connection: Connection, *, open_only: bool, limit: int) -> tuple[AlarmView, ...]:
    """Alarms, the most recently raised first."""
    order = (AlarmRow.last_raised_at.desc(), AlarmRow.id.desc())
    statement = select(AlarmRow.__table__).order_by(*order).limit(limit)
    if open_only:
        statement = statement.where(AlarmRow.closed_at.is_(None))
    return tuple(_alarm_view(row) for row in connection.execute(statement).mappings())


def _alarm_view(row: RowMapping) -> AlarmView:
    told = ("raised_at", "expected", "came", "to_do", "source", "column", "url")
    alarm = Alarm(kind=AlarmKind(row["kind"]), **{name: row[name] for name in told})
    return AlarmView(
        id=row["id"],
        alarm=alarm,
        times=row["times"],
        last_raised_at=row["last_raised_at"],
        closed_at=row["closed_at"],
    )
