"""The database behind the catalogue: SQLite or PostgreSQL, opened the same way."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    StatementError,
)

from archive.errors import CatalogueUnavailable, HomeNotWritable, HongtouError, NoCatalogue

#: Seconds a writer waits for another one's transaction.
BUSY_SECONDS = 30

#: Key of the advisory lock that PostgreSQL writers take: "hongtou" in ASCII, read as a number.
WRITERS_LOCK = int.from_bytes(b"hongtou", "big")


class Database:
    """Connections for reading and for writing.

    A writing transaction holds the one writers' lock from its beginning to its commit, so that
    the change log is numbered in the order of commit and no reader sees line n+1 before n.
    SQLite has such a lock in ``BEGIN IMMEDIATE``; on PostgreSQL it is an advisory one.
    """

    def __init__(self, url: str, *, create: bool, read_only: bool) -> None:
        self.url = _parse(url)
        self.read_only = read_only
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = _sqlite(self.url, create=create, read_only=read_only)
            self._reader = self.engine
        else:
            self.engine = _postgresql(self.url)
            self._reader = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @property
    def shown(self) -> str:
        """The database as it may be shown to a person: without a password."""
        return self.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; nothing can be written through it."""
        with self._translating(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is kept at the end, or nothing."""
        if self.read_only:
            raise HomeNotWritable(f"The catalogue {self.shown} was opened for reading only.")
        writer = self.engine.execution_options(hongtou_writes=True)
        with self._translating(), writer.begin() as connection:
            if not self.is_sqlite:
                connection.execute(_LOCK_WRITERS, {"key": WRITERS_LOCK})
            yield connection

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _meaning(error, self.shown) from error
        except StatementError as error:
            if isinstance(error.orig, HongtouError):  # a naive datetime, met when it was written
                raise error.orig from error
            raise


_LOCK_WRITERS = text("SELECT pg_advisory_xact_lock(:key)")


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise CatalogueUnavailable(
            f"{url!r} is no database URL.",
            next_step="Use sqlite:///path/to/catalogue.sqlite or postgresql://user@host/name.",
        ) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return parsed
    raise CatalogueUnavailable(
        f"The catalogue cannot live in {backend}.", next_step="Use sqlite:/// or postgresql://."
    )


def _sqlite(url: URL, *, create: bool, read_only: bool) -> Engine:
    path = Path(url.database or "")
    if not url.database or url.database == ":memory:":
        raise CatalogueUnavailable("An embedded catalogue needs a file.")
    if not path.exists() and not create:
        raise NoCatalogue(f"There is no catalogue at {path}.")
    if create:
        _make_folder(path.parent)

    def connect() -> sqlite3.Connection:
        mode = "ro" if read_only else "rwc" if create else "rw"
        still = "&immutable=1" if read_only and _is_still(path) else ""
        uri = f"{path.absolute().as_uri()}?mode={mode}{still}"
        return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, query_cache_size=500)
    event.listen(engine, "connect", _set_up_sqlite_read_only if read_only else _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _is_still(path: Path) -> bool:
    """Whether nobody can write to it: on a disk that is read-only, and closed before it was.

    SQLite would want to make its shared memory beside it, also for those who only read.
    """
    log = Path(f"{path}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    return not has_log and not os.access(path.parent, os.W_OK)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HomeNotWritable(f"{folder} cannot be made: {error.strerror}.") from error


def _set_up_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    """Settings of a writing connection; SQLite forgets them when it is closed."""
    connection.isolation_level = None  # the driver begins no transactions behind our back
    connection.execute("PRAGMA journal_mode = WAL")  # readers do not wait for the writer
    # FULL, not NORMAL: with NORMAL a power cut can take back the last commits, and numbers of
    # the change log that a feed reader has seen would come again for other notices. It costs
    # one fsync a batch, not a notice.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # 16 MB, not 4: the index pages a batch touches are copied back into the file less often.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    connection.execute("PRAGMA cache_size = -32000")  # 32 MB: bands are written all over


def _set_up_sqlite_read_only(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = ON")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("hongtou_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            query_cache_size=500,
            pool_pre_ping=True,
            connect_args={"options": "-c timezone=utc", "connect_timeout": 10},
        )
    except NoSuchModuleError as error:
        raise CatalogueUnavailable(f"The driver of {url.drivername} is missing.") from error


def _meaning(error: DBAPIError, shown: str) -> CatalogueUnavailable | HomeNotWritable:
    """What a driver's error means to the person at the keyboard."""
    said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no answer"
    if "readonly" in said or "read-only" in said:
        return HomeNotWritable(f"The catalogue {shown} cannot be written to: {said}.")
    if "disk is full" in said or "No space left" in said:
        return HomeNotWritable(
            f"The disk is full: {shown} was left as it was.", next_step="Free some space."
        )
    if "disk I/O" in said:
        return HomeNotWritable(
            f"The disk under {shown} fails: {said}.",
            next_step="What was kept is whole. Look at the disk and its limits.",
        )
    if "malformed" in said or "not a database" in said:
        return CatalogueUnavailable(
            f"The catalogue {shown} is damaged: {said}.",
            next_step="Make it again from the WARCs with `hongtou rebuild`.",
        )
    if "unable to open" in said:
        return CatalogueUnavailable(
            f"The catalogue {shown} cannot be opened: {said}.",
            next_step="On a disk that cannot be written, only one that was closed can be read: "
            "copy the home to another disk.",
        )
    if "locked" in said:
        return CatalogueUnavailable(
            f"Another process has been writing to {shown} for {BUSY_SECONDS} seconds.",
            next_step="Let it finish, then try again.",
        )
    if isinstance(error, IntegrityError):
        return CatalogueUnavailable(
            f"What was to be written contradicts what the catalogue {shown} holds: {said}.",
            next_step="Nothing of it was written. Make it again from the WARCs with "
            "`hongtou rebuild`; should it come again, report it with this sentence.",
        )
    return CatalogueUnavailable(f"The catalogue {shown} does not answer: {said}.")
