"""What was concluded from captures, row by row: the same from a crawl and from its rebuild."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Table, insert, inspect, select, text

from archive.catalogue.database import Database
from archive.catalogue.tables import AlarmRow, Base, RunRow, WatchRow

#: What the control room noted while it worked; no capture tells it.
LIVE = (RunRow.__table__, WatchRow.__table__, AlarmRow.__table__)
#: Numbers the database hands out: their order counts, their values do not.
_HANDED_OUT = frozenset((("attachment_text", "id"), ("decision", "id"), ("status", "id")))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A row that two catalogues do not share."""

    table: str
    here: tuple[Any, ...] | None
    there: tuple[Any, ...] | None

    def __str__(self) -> str:
        return f"{self.table}: {self.here} / {self.there}"


def differences(here: str, there: str) -> Iterator[Difference]:
    """The rows in which the conclusions of two catalogues differ, each given by its URL."""
    one = Database(here, create=False, read_only=True)
    other = Database(there, create=False, read_only=True)
    try:
        with one.reading() as left, other.reading() as right:
            for table in Base.metadata.sorted_tables:
                if table not in LIVE:
                    yield from _differ(table, left, right)
    finally:
        one.close()
        other.close()


def carry_over(old: str, new: str) -> None:
    """Copy what only a live process can have noted: runs, watches and alarms.

    Raises:
        CatalogueUnavailable: The old catalogue cannot be read.
    """
    source = Database(old, create=False, read_only=True)
    target = Database(new, create=False, read_only=False)
    try:
        with source.reading() as reading, target.writing() as writing:
            for table in LIVE:
                _copy(table, reading, writing)
    finally:
        source.close()
        target.close()


def _copy(table: Any, reading: Connection, writing: Connection) -> None:
    rows = [dict(row) for row in reading.execute(select(table)).mappings()]
    writing.execute(table.delete())
    if rows:
        writing.execute(insert(table), rows)
    if writing.dialect.name == "postgresql" and inspect(writing).has_table("alarm"):
        writing.execute(
            text("SELECT setval('alarm_id_seq', (SELECT coalesce(max(id), 1) FROM alarm))")
        )


def _differ(table: Table, left: Connection, right: Connection) -> Iterator[Difference]:
    for here, there in zip_longest(_rows(table, left), _rows(table, right)):
        if here != there:
            yield Difference(table=table.name, here=here, there=there)


def _rows(table: Table, connection: Connection) -> Iterator[tuple[Any, ...]]:
    """A table's rows in the order of their key."""
    shown = [c for c in table.columns if (table.name, c.name) not in _HANDED_OUT]
    for row in connection.execute(select(*shown).order_by(*table.primary_key)):
        yield tuple(row)
