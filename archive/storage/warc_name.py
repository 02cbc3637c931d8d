"""Names of WARC files (WARC 1.1, Annex C) and where they stand in a home."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from archive.errors import DamagedWarc
from archive.notice import Home, aware_utc

PREFIX = "hongtou"
OPEN_SUFFIX = ".open"
WARC_NAME = re.compile(r".{1,240}\.warc(?:\.gz)?(?:\.open)?\Z")


def warc_name(moment: datetime, serial: int, host: str | None = None) -> str:
    """``YYYY/MM/hongtou-<17 digits>-<serial>-<host>.warc.gz``, below the WARC folder."""
    at = aware_utc(moment)
    stamp = f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}"
    crawl_host = re.sub(r"[^A-Za-z0-9._-]", "-", host or socket.gethostname())[:60] or "localhost"
    return f"{at:%Y/%m}/{PREFIX}-{stamp}-{serial:05d}-{crawl_host}.warc.gz"


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
