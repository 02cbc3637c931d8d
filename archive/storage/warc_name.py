"""Names of WARC files (WARC 1.1, Annex C) and where they stand in a home."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from archive.errors import DamagedWarc
from archive.notice import Home, aware_utc

PREFIX = "hongtou"
OPEN_SUFFIX = ".open"
_MOMENT = timedelta(milliseconds=1)
_STAMP = re.compile(rf"{PREFIX}-(\d{{17}})-")
WARC_NAME = re.compile(r".{1,240}\.warc(?:\.gz)?(?:\.open)?\Z")


def next_moment(folder: Path, now: datetime) -> datetime:
    """When a new file is said to begin: now, or just behind the newest file there is.

    The order of names is the order of keeping, in which a rebuild admits; a clock that was set
    back must not turn it round.
    """
    last = _newest(folder)
    return aware_utc(now) if last is None else max(aware_utc(now), last + _MOMENT)


def _newest(folder: Path) -> datetime | None:
    """The moment of the newest name, looked for from the latest month back."""
    months = (month for year in _dated(folder, 4) for month in _dated(year, 2))
    for month in months:
        moments = [moment for path in month.iterdir() if (moment := _moment_of(path.name))]
        if moments:
            return max(moments)
    return None


def _moment_of(name: str) -> datetime | None:
    """The moment in a name; None when it holds none."""
    found = _STAMP.match(name)
    try:
        return datetime.strptime(f"{found[1]}000+0000", "%Y%m%d%H%M%S%f%z") if found else None
    except ValueError:  # seventeen digits that are no moment: no name of ours
        return None


def _dated(folder: Path, digits: int) -> list[Path]:
    """Folders named by a year or month, the latest first."""
    if not folder.is_dir():
        return []
    named = [path for path in folder.iterdir() if len(path.name) == digits]
    return sorted((path for path in named if path.name.isdigit() and path.is_dir()), reverse=True)


def stamp_of(moment: datetime) -> str:
    """The 17 digits of a moment in UTC, to the millisecond."""
    at = aware_utc(moment)
    return f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}"


def warc_name(moment: datetime, serial: int, host: str | None = None) -> str:
    """``YYYY/MM/hongtou-<17 digits>-<serial>-<host>.warc.gz``, below the WARC folder."""
    at = aware_utc(moment)
    crawl_host = re.sub(r"[^A-Za-z0-9._-]", "-", host or socket.gethostname())[:60] or "localhost"
    return f"{at:%Y/%m}/{PREFIX}-{stamp_of(at)}-{serial:05d}-{crawl_host}.warc.gz"


def warc_files(folder: Path) -> Iterator[Path]:
    """The WARC files below a folder, in the order of their names; symbolic links are left out."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if WARC_NAME.match(path.name) and path.is_file() and not path.is_symlink():
            yield path


def place_name(home: Home, path: Path) -> str:
    """A file's name in a `Place`: it stays the same when the file is closed."""
    return path.relative_to(home.warc).as_posix().removesuffix(OPEN_SUFFIX)


def find_file(home: Home, name: str) -> Path:
    """The file of a place, closed or still being written.

    Raises:
        DamagedWarc: It is missing, or the name leads out of the WARC folder.
    """
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise DamagedWarc(f"{name!r} is not below {home.warc}.", file=name)
    for path in (home.warc / parts, home.warc / f"{name}{OPEN_SUFFIX}"):
        if path.is_file() and path.resolve().is_relative_to(home.warc.resolve()):
            return path
    raise DamagedWarc(
        f"{name} is missing from {home.warc}.",
        next_step="Restore it from a copy, then run `hongtou verify`.",
        file=name,
    )
