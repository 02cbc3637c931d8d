"""Spans and hours as a source.toml writes them: ``6h``, ``30m``, ``22:00-06:00``."""

from __future__ import annotations

import re
from datetime import time, timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(\d{1,5})([smhdw])")
_QUIET = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


def parse_span(text: str) -> timedelta:
    """Read a span such as ``6h``.

    Raises:
        ValueError: It is not a number with one of s, m, h, d, w.
    """
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no span such as 30m, 6h or 7d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def write_span(span: timedelta) -> str:
    """Write a span in its largest whole unit: what `parse_span` reads."""
    seconds = int(span.total_seconds())
    for unit, size in (("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def parse_quiet(text: str) -> tuple[time, time]:
    """Read quiet hours such as ``22:00-06:00``, Beijing time.

    Raises:
        ValueError: They are not two times of day.
    """
    found = _QUIET.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no pair of hours such as 22:00-06:00")
    h1, m1, h2, m2 = map(int, found.groups())
    try:
        return time(h1, m1), time(h2, m2)
    except ValueError as error:
        raise ValueError(f"{text!r} names an hour that does not exist") from error
