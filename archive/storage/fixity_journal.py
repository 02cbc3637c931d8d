"""What was done for the fixity of each file, by whom and with what outcome (PREMIS 3, events)."""

from __future__ import annotations

import getpass
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from archive.errors import HomeNotWritable
from archive.notice import Home, parse_utc, utc_text
from archive.settings import software_version

NAME = "fixity.jsonl"


class EventType(StrEnum):
    """The words of id.loc.gov/vocabulary/preservation/eventType."""

    DIGEST = "message digest calculation"
    CHECK = "fixity check"
    INGESTION = "ingestion"
    REPLICATION = "replication"
    RECOVERY = "recovery"


@dataclass(frozen=True, kw_only=True)
class FixityEvent:
    """One line of the journal."""

    type: EventType
    at: datetime
    file: str  #: below the WARC folder
    outcome: str  #: ``success``, or ``failure`` and what was wrong
    sha256: str
    octets: int
    agent: str
    detail: str = ""

    def as_line(self) -> str:
        """The event as a line of JSON."""
        return json.dumps({**asdict(self), "at": utc_text(self.at)}, ensure_ascii=False) + "\n"


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """What a closed file was when it was closed."""

    sha256: str
    octets: int
    checked_at: datetime  #: when it was last found to be so
    is_read: bool = False  #: each of its records was read and digested then, and found right


class FixityJournal:
    """An append-only file in the home's journal: the manifest of closed files, and its checks.

    Args:
        home: The archive.
        path: Another file of such lines.
    """

    def __init__(self, home: Home, *, path: Path | None = None) -> None:
        self._path = path or home.journal / NAME

    @property
    def is_writable(self) -> bool:
        """Whether an event can be kept; of a home on a read-only disk none can."""
        stands = (one for one in (self._path, *self._path.parents) if one.exists())
        return os.access(next(stands), os.W_OK)

    def note(
        self,
        kind: EventType,
        file: str,
        *,
        sha256: str,
        octets: int,
        outcome: str = "success",
        detail: str = "",
        at: datetime | None = None,
    ) -> None:
        """Append an event, and have the disk hold it.

        Raises:
            HomeNotWritable: It could not be written.
        """
        event = FixityEvent(
            type=kind,
            at=at or datetime.now(UTC),
            file=file,
            outcome=outcome,
            sha256=sha256,
            octets=octets,
            agent=agent(),
            detail=detail,
        )
        try:
            self._append(event.as_line().encode())
        except OSError as error:
            raise HomeNotWritable(
                f"{self._path} cannot be written: {error.strerror or error}.",
                next_step="What was kept is whole. Look at the disk and its permissions.",
            ) from error

    def _append(self, line: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            size = os.fstat(file).st_size
            is_torn = bool(size) and os.pread(file, 1, size - 1) != b"\n"
            os.write(file, b"\n" + line if is_torn else line)
            os.fsync(file)
        finally:
            os.close(file)

    def events(self) -> Iterator[FixityEvent]:
        """Every event, in order.

        Passed over are lines that a crash cut short, and names that lead out of the WARC folder.
        """
        if not self._path.is_file():
            return
        with self._path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                event = _read(line)
                if event is not None:
                    yield event

    def manifest(self) -> dict[str, Fixed]:
        """Every file that was ever closed, as it was then."""
        known: dict[str, Fixed] = {}
        for event in self.events():
            if event.outcome != "success":
                continue
            first = known.get(event.file)
            sha256 = first.sha256 if first else event.sha256
            is_read = event.type is EventType.CHECK and event.sha256 == sha256
            known[event.file] = Fixed(
                sha256=sha256,
                octets=first.octets if first else event.octets,
                checked_at=event.at,
                is_read=is_read or (first is not None and first.is_read),
            )
        return known


def agent() -> str:
    """Who does it: software, person and machine."""
    try:
        person = getpass.getuser()
    except (KeyError, OSError):
        person = "unknown"
    return f"Hongtou/{software_version()} ({person}@{socket.gethostname()})"


def _read(line: str) -> FixityEvent | None:
    try:
        said = json.loads(line)
        if _leads_out(said["file"]):
            return None
        return FixityEvent(
            type=EventType(said["type"]),
            at=parse_utc(said["at"]),
            **{
                name: said[name]
                for name in ("file", "outcome", "sha256", "octets", "agent", "detail")
            },
        )
    except (ValueError, KeyError, TypeError):
        return None


def _leads_out(name: str) -> bool:
    """Whether a name leads out of the WARC folder.

    A home may come from somebody else, and `mirror` copies, renames and mends what its journal
    names.
    """
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\0" in name
