"""Names of WARC files (WARC 1.1, Annex C)."""

from __future__ import annotations

import re
import socket
from datetime import datetime, timedelta

from archive.notice import aware_utc

PREFIX = "hongtou"
OPEN_SUFFIX = ".open"
_MOMENT = timedelta(milliseconds=1)
_STAMP = re.compile(rf"{PREFIX}-(\d{{17}})-")
WARC_NAME = re.compile(r".{1,240}\.warc(?:\.gz)?(?:\.open)?\Z")


def behind(newest: datetime | None, now: datetime) -> datetime:
    """When a new file is said to begin: now, or just behind the newest file there is.

    The order of names is the order of keeping, in which a rebuild admits; a clock that was set
    back must not turn it round.
    """
    return aware_utc(now) if newest is None else max(aware_utc(now), newest + _MOMENT)


def moment_of(name: str) -> datetime | None:
    """The moment in a name; None when it holds none."""
    found = _STAMP.match(name)
    try:
        return datetime.strptime(f"{found[1]}000+0000", "%Y%m%d%H%M%S%f%z") if found else None
    except ValueError:  # seventeen digits that are no moment: no name of ours
        return None


def stamp_of(moment: datetime) -> str:
    """The 17 digits of a moment in UTC, to the millisecond."""
    at = aware_utc(moment)
    return f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}"


def warc_name(moment: datetime, serial: int, host: str | None = None) -> str:
    """``YYYY/MM/hongtou-<17 digits>-<serial>-<host>.warc.gz``, below the WARC folder."""
    at = aware_utc(moment)
    crawl_host = re.sub(r"[^A-Za-z0-9._-]", "-", host or socket.gethostname())[:60] or "localhost"
    return f"{at:%Y/%m}/{PREFIX}-{stamp_of(at)}-{serial:05d}-{crawl_host}.warc.gz"
