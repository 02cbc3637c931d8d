"""Names of the places that GB/T 2260 codes stand for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

NATION = "000000"
LEVELS = ("nation", "province", "city", "county")

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
    if code == NATION:
        return "全国"
    padded = code.ljust(6, "0")
    own = _names().get(padded)
    if own is None:
        return None
    above = (padded[:2] + "0000", padded[:4] + "00")
    parts = [_names().get(outer) for outer in above if outer != padded] + [own]
    return "".join(dict.fromkeys(part for part in parts if part))


def region_names() -> Iterable[str]:
    """The own names of all regions, also of those no longer in use: 巴南区, 高县."""
    return _names().values()


def provinces() -> tuple[tuple[str, str], ...]:
    """The province-level regions in use: two digits and the name."""
    return tuple((code[:2], name) for code, name in _names().items() if code.endswith("0000"))


def level_of(code: str) -> str:
    """The level of a region by its code: nation, province, city or county.

    Counties that stand under a province itself, such as those of Chongqing, are counties.
    """
    if code == NATION:
        return "nation"
    return "province" if code[2:] == "0000" else "city" if code[4:] == "00" else "county"


def regions_within(prefix: str) -> tuple[str, ...]:
    """The codes right below a region, given by its beginning; "" for nation and provinces."""
    if not prefix:
        return (NATION, *(code for code in _names() if level_of(code) == "province"))
    if prefix == NATION or len(prefix) > 4:
        return ()
    below = (code for code in _names() if code.startswith(prefix))
    if len(prefix) == 4:
        return tuple(code for code in below if level_of(code) == "county")
    return tuple(
        code
        for code in below
        if level_of(code) == "city"
        or (level_of(code) == "county" and code[:4] + "00" not in _names())
    )


def regions_above(prefix: str) -> tuple[str, ...]:
    """The beginnings of the codes above a region, from its province down."""
    if prefix == NATION:
        return ()
    lengths = (length for length in (2, 4) if length < len(prefix))
    return tuple(prefix[:length] for length in lengths if prefix[:length].ljust(6, "0") in _names())
