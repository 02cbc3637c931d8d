"""The rows that a batch of arrivals may touch: fetched together, changed here, written together.

A notice takes some fifteen statements when each is sent alone, and most of the time goes into
sending them. So a batch fetches what it may need in a handful of queries, works on plain dicts,
and writes each table once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select, update

from archive.catalogue.likeness import CROWD, ENOUGH, GRAM_CROWD, unpacked
from archive.catalogue.tables import (
    AttachmentRow,
    Base,
    CaptureRow,
    ChangeRow,
    CitationRow,
    CorrectionRow,
    DecisionRow,
    KeptReadingRow,
    NoticeRow,
    SetAsideRow,
    SightingRow,
    SourceRow,
    StatusRow,
    TieRow,
    VersionRow,
    WordingRow,
)
from archive.notice import Fingerprint, Outcome

Row = dict[str, Any]
K = TypeVar("K")
#: Values in one IN (…): within what SQLite and PostgreSQL take, and few enough to keep the
#: statement's text short.
_IN = 500
_OUTCOMES = frozenset(outcome.value for outcome in Outcome)

_BANDS_SQLITE = (
    "SELECT value, notice_id FROM band WHERE value IN (SELECT value FROM json_each(?)) "
    "ORDER BY value, notice_id"
)
_BANDS_POSTGRESQL = (
    "SELECT value, notice_id FROM band WHERE value = ANY(%s::bigint[]) ORDER BY value, notice_id"
)


class Drawer:
    """The rows of one table that a batch knows, by primary key."""

    def __init__(self, model: type[Base]) -> None:
        self.table: Table = model.__table__  # type: ignore[assignment] # declared as FromClause
        self._keys = tuple(column.name for column in self.table.primary_key)
        self._rows: dict[tuple[Any, ...], Row] = {}
        self._new: dict[tuple[Any, ...], Row] = {}
        self._dirty: dict[tuple[Any, ...], Row] = {}
        self._gone: dict[tuple[Any, ...], None] = {}

    def get(self, *key: Any) -> Row | None:
        """The row of a primary key, as far as the batch has fetched or added it."""
        return self._rows.get(key)

    def among(self, name: str, value: Any) -> list[Row]:
        """The rows of one part of the key, in the order of the key."""
        place = self._keys.index(name)
        return [row for key, row in sorted(self._rows.items()) if key[place] == value]

    def fetched(self, row: Row) -> None:
        """Lay in a row as the database has it; what the batch changed already stays."""
        key = self._key(row)
        if key not in self._gone:
            self._rows.setdefault(key, row)

    def add(self, row: Row) -> None:
        """Add a row that is not in the database."""
        key = self._key(row)
        self._rows[key] = self._new[key] = row

    def change(self, row: Row, **values: Any) -> None:
        """Change a row that was fetched or added."""
        row.update(values)
        key = self._key(row)
        if key not in self._new:
            self._dirty[key] = row

    def put(self, row: Row) -> None:
        """Add a row, also in place of one of the same key that was dropped."""
        key = self._key(row)
        if key in self._gone:
            del self._gone[key]
            self._rows[key] = self._dirty[key] = row
        else:
            self.add(row)

    def drop(self, row: Row) -> None:
        """Take a row out of the database."""
        key = self._key(row)
        self._rows.pop(key, None)
        self._dirty.pop(key, None)
        if self._new.pop(key, None) is None:
            self._gone[key] = None

    def write(self, connection: Connection) -> None:
        """Write what was added, changed and dropped."""
        for key in self._gone:
            pairs = zip(self._keys, key, strict=True)
            where = [self.table.c[name] == value for name, value in pairs]
            connection.execute(delete(self.table).where(*where))
        self._gone = {}
        if self._new:
            connection.execute(insert(self.table), list(self._new.values()))
        if self._dirty:
            connection.execute(self._update(), [_bound(row) for row in self._dirty.values()])
        self._new, self._dirty = {}, {}

    def _key(self, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in self._keys)

    def _update(self) -> Any:
        others = [column for column in self.table.columns if column.name not in self._keys]
        where = [self.table.c[name] == bindparam(f"b_{name}") for name in self._keys]
        new: dict[str, Any] = {column.name: bindparam(f"b_{column.name}") for column in others}
        return update(self.table).where(*where).values(new)


def _bound(row: Row) -> Row:
    return {f"b_{name}": value for name, value in row.items()}


class Shelf:
    """All that a batch of arrivals needs of the database, and what it will write to it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.ties: dict[tuple[str, str], bool] = {}
        self.corrections: dict[str, dict[str, str]] = {}
        self.read_anew: dict[str, None] = {}  #: notices that are new, or read otherwise now
        self._fetch_judgements()
        self._empty()

    def _empty(self) -> None:
        self.sources = Drawer(SourceRow)
        self.captures = Drawer(CaptureRow)
        self.notices = Drawer(NoticeRow)
        self.versions = Drawer(VersionRow)
        self.sightings = Drawer(SightingRow)
        self.set_asides = Drawer(SetAsideRow)
        self.kept = Drawer(KeptReadingRow)
        self.wordings: dict[str, dict[str, Fingerprint]] = {}
        self.decided: dict[str, Row] = {}
        self.appended: dict[type[Base], list[Row]] = {
            kind: [] for kind in (WordingRow, DecisionRow, ChangeRow, StatusRow)
        }
        self._new_bands: list[tuple[int, str]] = []
        self._at_url: dict[str, list[str]] = {}
        self._of_notice: dict[str, dict[str, Row]] = {}
        self._bands: dict[int, list[str]] = {}
        self._replaced: dict[type[Base], dict[str, list[Row]]] = {
            AttachmentRow: {},
            CitationRow: {},
        }
        self._lifted: dict[str, None] = {}

    def start_anew(self) -> None:
        """Write what is pending and forget what was fetched: the tables are changed directly."""
        self.write()
        self._empty()

    # -- fetching

    def _fetch_judgements(self) -> None:
        """What people have judged: a few rows, wanted by every batch."""
        for tie in self.connection.execute(select(TieRow.a, TieRow.b, TieRow.together)):
            self.ties[tie.a, tie.b] = tie.together
        for row in self.connection.execute(select(CorrectionRow.__table__)):
            self.corrections.setdefault(row.url_key, {})[row.field] = row.value

    def fetch(
        self,
        *,
        record_ids: Collection[str],
        source_ids: Collection[str],
        url_keys: Collection[str],
        values: Collection[int],
    ) -> None:
        """Fetch what is known under these keys, and not yet here."""
        self._fetch_into(self.captures, CaptureRow.record_id, record_ids)
        self._fetch_into(self.sources, SourceRow.id, source_ids)
        self._fetch_into(self.set_asides, SetAsideRow.url_key, url_keys)
        for row in self._rows(DecisionRow, DecisionRow.record_id, record_ids):
            if row["outcome"] in _OUTCOMES:  # not what came of its notice later, such as a merge
                self.decided[row["record_id"]] = row
        for row in self._rows(SightingRow, SightingRow.url_key, url_keys):
            self._stand(row)
            self._at_url.setdefault(row["url_key"], []).append(row["notice_id"])
        for value, notice_id in self._shelved_under(values):
            self._bands.setdefault(value, []).append(notice_id)

    def fetch_notices(self, ids: Iterable[str]) -> None:
        """Fetch notices and their wordings that are not here yet."""
        wanted = [one for one in dict.fromkeys(ids) if self.notices.get(one) is None]
        self._fetch_into(self.notices, NoticeRow.id, wanted)
        for row in self._rows(WordingRow, WordingRow.notice_id, wanted):
            wording = _fingerprint(row)
            self.wordings.setdefault(row["notice_id"], {})[wording.text_digest] = wording
        for row in self._rows(SightingRow, SightingRow.notice_id, wanted):
            self._stand(row)

    def _stand(self, row: Row) -> None:
        """Have a sighting that was fetched stand at its URL and under its notice, once."""
        self.sightings.fetched(row)
        known = self.sightings.get(row["url_key"], row["notice_id"])
        if known is not None:
            self._of_notice.setdefault(row["notice_id"], {})[row["url_key"]] = known

    def sightings_of(self, notice_id: str) -> list[Row]:
        """All sightings of a notice that was fetched, by URL."""
        return list(self._of_notice.get(notice_id, {}).values())

    def kept_reading(self, url_key: str, notice_id: str) -> Row | None:
        """What is kept of a sighting's latest reading."""
        known = self.kept.get(url_key, notice_id)
        if known is None:
            match = (KeptReadingRow.url_key == url_key) & (KeptReadingRow.notice_id == notice_id)
            for row in self._select(KeptReadingRow, match):
                self.kept.fetched(row)
            known = self.kept.get(url_key, notice_id)
        return known

    def versions_of(self, notice_id: str) -> list[Row]:
        """All versions of a notice, by number."""
        for row in self._select(VersionRow, VersionRow.notice_id == notice_id):
            self.versions.fetched(row)
        return self.versions.among("notice_id", notice_id)

    def version(self, notice_id: str, number: int) -> Row:
        """One version of a notice."""
        known = self.versions.get(notice_id, number)
        if known is None:
            match = (VersionRow.notice_id == notice_id) & (VersionRow.number == number)
            self.versions.fetched(self._one(VersionRow, match))
            known = self.versions.get(notice_id, number)
        assert known is not None
        return known

    def sighting(self, url_key: str, notice_id: str) -> Row | None:
        """The sighting of a notice at a URL."""
        known = self.sightings.get(url_key, notice_id)
        if known is None:
            match = (SightingRow.url_key == url_key) & (SightingRow.notice_id == notice_id)
            for row in self._select(SightingRow, match):
                self.sightings.fetched(row)
            known = self.sightings.get(url_key, notice_id)
        return known

    @staticmethod
    def fingerprint(row: Row) -> Fingerprint:
        """The fingerprint that a row of the wording table keeps."""
        return _fingerprint(row)

    # -- looking

    def notice(self, notice_id: str) -> Row:
        """A notice that was fetched or added."""
        row = self.notices.get(notice_id)
        assert row is not None
        return row

    def seen_at(self, url_key: str) -> tuple[str, ...]:
        """Ids of the notices seen at a URL."""
        return tuple(dict.fromkeys(self._at_url.get(url_key, ())))

    def sharing(self, values: Mapping[int, int], most: int) -> tuple[str, ...]:
        """Ids of the notices that share enough of these values, the most alike first."""
        shared: dict[str, int] = {}
        for value, counts in values.items():
            for notice_id in self._bands.get(value, ()):
                shared[notice_id] = shared.get(notice_id, 0) + counts
        ranked = sorted(
            (-count, notice_id) for notice_id, count in shared.items() if count >= ENOUGH
        )
        return tuple(notice_id for _, notice_id in ranked[:most])

    # -- changing

    def see(self, row: Row) -> None:
        """Add a sighting."""
        self.sightings.add(row)
        self._of_notice.setdefault(row["notice_id"], {})[row["url_key"]] = row
        self._at_url.setdefault(row["url_key"], []).append(row["notice_id"])

    def shelve_under(self, notice_id: str, values: Mapping[int, int]) -> None:
        """Have the notice found under these values, except where there is a crowd already."""
        for value, counts in values.items():
            there = self._bands.setdefault(value, [])
            crowd = CROWD if counts >= ENOUGH else GRAM_CROWD
            if notice_id not in there and len(there) < crowd:
                there.append(notice_id)
                self._new_bands.append((value, notice_id))

    def append(self, model: type[Base], row: Row) -> None:
        """Add a row to a table that is only ever added to."""
        self.appended[model].append(row)

    def replace(self, model: type[Base], notice_id: str, rows: Sequence[Row]) -> None:
        """Have a notice's attachments or citations be these."""
        self._replaced[model][notice_id] = list(rows)
        self.read_anew[notice_id] = None

    def lift_set_aside(self, url_key: str) -> None:
        """Take a URL off the list of what was set aside."""
        if self.set_asides.get(url_key) is not None:
            self._lifted[url_key] = None

    def put_aside(self, row: Row) -> None:
        """Put a URL on that list, or tell its newer reason."""
        self._lifted.pop(row["url_key"], None)
        known = self.set_asides.get(row["url_key"])
        if known is None:
            self.set_asides.add(row)
        else:
            self.set_asides.change(known, **row)

    # -- writing

    def write(self) -> None:
        """Write all that was added and changed; what is pending afterwards is nothing."""
        for drawer in (self.sources, self.captures, self.notices, self.versions, self.sightings):
            drawer.write(self.connection)
        self.kept.write(self.connection)
        self.set_asides.write(self.connection)
        for model, rows in self.appended.items():
            if rows:
                self.connection.execute(insert(model), rows)
                self.appended[model] = []
        if self._new_bands:
            self._write_bands()
        for model, replaced in self._replaced.items():
            self._write_replaced(model, replaced)
            self._replaced[model] = {}
        for url_key in self._lifted:
            self.connection.execute(delete(SetAsideRow).where(SetAsideRow.url_key == url_key))
        self._lifted = {}

    def _write_bands(self) -> None:
        """Write the band rows: forty a notice, so they go to the driver as they are."""
        is_sqlite = self.connection.dialect.name == "sqlite"
        marks = "?, ?" if is_sqlite else "%s, %s"
        self._new_bands.sort()  # neighbours in the index are written together
        statement = f"INSERT INTO band (value, notice_id) VALUES ({marks})"  # noqa: S608 - marks only
        self.connection.exec_driver_sql(statement, self._new_bands)
        self._new_bands = []

    def _write_replaced(self, model: type[Base], replaced: dict[str, list[Row]]) -> None:
        table: Table = model.__table__  # type: ignore[assignment] # declared as FromClause
        known = [one for one in replaced if self.notices.get(one) is not None]
        for chunk in _chunks(known, _IN):
            self.connection.execute(delete(table).where(table.c.notice_id.in_(chunk)))
        rows = [row for listed in replaced.values() for row in listed]
        if rows:
            self.connection.execute(insert(table), rows)

    # -- queries

    def alike(self, values: Mapping[int, int], most: int) -> tuple[str, ...]:
        """Ids of notices that share enough of these values, fetched for the purpose."""
        fresh = [value for value in values if value not in self._bands]
        for value in fresh:
            self._bands[value] = []
        for value, notice_id in self._shelved_under(fresh):
            self._bands[value].append(notice_id)
        found = self.sharing(values, most)
        self.fetch_notices(found)
        return found

    def _shelved_under(self, values: Collection[int]) -> Iterable[tuple[int, str]]:
        """The band rows of many values, in one statement whose text does not depend on them.

        A batch asks for thousands; spelled out as IN (…) they cost more to write than to find.
        """
        listed = list(dict.fromkeys(values))
        if self.connection.dialect.name == "sqlite":
            found = self.connection.exec_driver_sql(_BANDS_SQLITE, (json.dumps(listed),))
        else:
            found = self.connection.exec_driver_sql(_BANDS_POSTGRESQL, (listed,))
        return [(row[0], row[1]) for row in found]

    def _fetch_into(self, drawer: Drawer, column: Any, keys: Collection[Any]) -> None:
        missing = [key for key in dict.fromkeys(keys) if drawer.get(key) is None]
        for row in self._by(drawer.table, column, missing):
            drawer.fetched(row)

    def _rows(self, model: type[Base], column: Any, keys: Iterable[Any]) -> Iterator[Row]:
        table: Table = model.__table__  # type: ignore[assignment] # declared as FromClause
        return self._by(table, column, list(dict.fromkeys(keys)))

    def _by(self, table: Table, column: Any, keys: Sequence[Any]) -> Iterator[Row]:
        for chunk in _chunks(keys, _IN):
            statement = select(table).where(column.in_(chunk)).order_by(*table.primary_key)
            names = table.columns.keys()
            for row in self.connection.execute(statement):
                yield dict(zip(names, row, strict=True))

    def _select(self, model: type[Base], match: ColumnElement[bool]) -> list[Row]:
        table: Table = model.__table__  # type: ignore[assignment] # declared as FromClause
        found = self.connection.execute(select(table).where(match))
        return [dict(row) for row in found.mappings()]

    def _one(self, model: type[Base], match: ColumnElement[bool]) -> Row:
        return self._select(model, match)[0]


def _chunks(values: Sequence[K], size: int) -> Iterator[Sequence[K]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _fingerprint(row: Row) -> Fingerprint:
    return Fingerprint(
        text_digest=row["digest"],
        title_core=row["title_core"],
        length=row["length"],
        minhash=unpacked(row["minhash"]),
        sample=unpacked(row["sample"]),
        figures=row["figures"],
    )
