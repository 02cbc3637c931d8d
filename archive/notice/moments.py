"""Points in time: always aware, always UTC inside the archive."""

from __future__ import annotations

from datetime import UTC, datetime

from archive.errors import NaiveDatetime


def aware_utc(moment: datetime) -> datetime:
    """Return the moment in UTC.

    Raises:
        NaiveDatetime: The moment has no zone. It is not assumed to be any: Beijing and UTC
            differ by eight hours, which is the difference between two publication days.
    """
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise NaiveDatetime(f"{moment!r} has no time zone.")
    return moment.astimezone(UTC)


def utc_text(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC, with microseconds only where there are any."""
    return aware_utc(moment).isoformat().replace("+00:00", "Z")


def parse_utc(text: str) -> datetime:
    """Read what `utc_text` wrote.

    Raises:
        NaiveDatetime: The text names no zone.
        ValueError: The text is no RFC 3339 moment.
    """
    return aware_utc(datetime.fromisoformat(text))
