"""What a package is to hold, kept on the disk: an archive has more captures than memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from archive.errors import HomeNotWritable
from archive.notice import Place

#: Tells where a record stands, by its id.
FindPlace = Callable[[str], Place | None]

_TABLES = """
CREATE TABLE capture (
    file TEXT, offset INTEGER, record_id TEXT, is_packed INTEGER DEFAULT 0,
    PRIMARY KEY (file, offset)
) WITHOUT ROWID;
CREATE TABLE line (text TEXT);
"""


class PackingList:
    """The captures to pack, each once and file by file, and the lines of their index, sorted."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")  # a file of SQLite's own, gone when it is closed
        self._rows.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget it all.

        Raises:
            HomeNotWritable: The disk was full.
        """
        self._rows.close()
        if isinstance(error, sqlite3.OperationalError):
            raise HomeNotWritable(
                f"There is no room for the packing list: {error}.",
                next_step="Make room, or point TMPDIR to a larger disk.",
            ) from error

    def add(self, record_id: str, place: Place) -> None:
        """Note a capture; the same one again changes nothing."""
        self._rows.execute(
            "INSERT OR IGNORE INTO capture (file, offset, record_id) VALUES (?, ?, ?)",
            (place.file, place.offset, record_id),
        )

    def take(self) -> Iterator[tuple[str, dict[int, str]]]:
        """Hand over what is not packed yet, until there is no more: a file, offsets, record ids.

        What is added on the way is handed over too.
        """
        while (first := self._first()) is not None:
            wanted = self._rows.execute(
                "SELECT offset, record_id FROM capture WHERE file = ? AND NOT is_packed", (first,)
            )
            captures = dict(wanted.fetchall())
            self._rows.execute("UPDATE capture SET is_packed = 1 WHERE file = ?", (first,))
            yield first, captures

    def _first(self) -> str | None:
        statement = "SELECT file FROM capture WHERE NOT is_packed ORDER BY file LIMIT 1"
        row = self._rows.execute(statement).fetchone()
        return None if row is None else str(row[0])

    def __len__(self) -> int:
        count: int = self._rows.execute("SELECT count(*) FROM capture").fetchone()[0]
        return count

    def add_line(self, text: str) -> None:
        """Note a line of the index."""
        self._rows.execute("INSERT INTO line VALUES (?)", (text,))

    def lines(self) -> Iterator[str]:
        """The lines of the index, sorted by their octets."""
        for (text,) in self._rows.execute("SELECT text FROM line ORDER BY text"):
            yield text
