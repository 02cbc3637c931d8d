"""Names of the places that GB/T 2260 codes stand for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("regions.tsv")


@cache
def _names() -> dict[str, str]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return dict((code, name) for code, name in rows)  # noqa: C402 - says what a row is


def region_name(code: str) -> str | None:
    """The full name of a region, from its province down: 500113 is 重庆市巴南区.

    The names of districts alone say little: there are eight 城关区 and 鼓楼区. None when no
    place has ever had the code.
    """
    padded = code.ljust(6, "0")
    own = _names().get(padded)
    if own is None:
        return None
    above = (padded[:2] + "0000", padded[:4] + "00")
    parts = [_names().get(outer) for outer in above if outer != padded] + [own]
    return "".join(dict.fromkeys(part for part in parts if part))


def provinces() -> tuple[tuple[str, str], ...]:
    """The province-level regions in use: two digits and the name."""
    return tuple((code[:2], name) for code, name in _names().items() if code.endswith("0000"))
